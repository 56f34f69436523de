"""The model's tokenizer: the most probable pieces of each word, by the model's own vocabulary.

Like SentencePiece's unigram model (https://arxiv.org/abs/1808.06226): of all ways to write a word
as pieces, the one whose log probabilities have the greatest sum.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.e5.architecture import PASSAGE_PREFIX, QUESTION_PREFIX, WINDOW
from answerdesk.providers.e5.weights import Vocabulary
from answerdesk.providers.embedder import Passage
from answerdesk.providers.in_process.windows import (
    QUESTION_CHARACTERS,
    Ids,
    TokenisedPassage,
    cut,
    encodable,
    pieces,
)

_WORD_BEGINS: Final = "▁"
_UNLIKELY: Final = 10.0
"""How much less probable an unknown character is than the rarest piece."""

_REMEMBERED_WORDS: Final = 16_384
_REMEMBERED_CHARACTERS: Final = 32
"""Longer words are rarely repeated."""

_LONGEST_WORD: Final = 200
"""Longer ones of ASCII characters are no words, but keys or data: a single unknown token."""

MOST_WINDOWS: Final = 64
"""Windows of a passage that are read: 16,000 tokens, more than any answer of an item has."""

_WORD: Final = re.compile("[^ ]+")

Segments = tuple[tuple[int, int], ...]
"""The pieces of a word: each one's id, and the number of its characters."""


class UnigramTokenizer:
    """Tokenises any string, in time proportional to its length."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._ids = vocabulary.ids
        self._scores = vocabulary.scores
        self._unknown = vocabulary.unknown
        self._unknown_score = min(vocabulary.scores) - _UNLIKELY
        self._longest = max(map(len, vocabulary.ids))
        self._normal = vocabulary.normal
        self._lengths = np.ones(max(vocabulary.normal) + 2, np.int64)
        for character, text in vocabulary.normal.items():
            self._lengths[character] = len(text)
        self._remembered = lru_cache(_REMEMBERED_WORDS)(self._segment)
        self._end = (vocabulary.end,)
        self._before_question = (vocabulary.begin, *self._prefix(QUESTION_PREFIX))
        self._before_passage = (vocabulary.begin, *self._prefix(PASSAGE_PREFIX))
        self._content = WINDOW - len(self._before_passage) - len(self._end)

    def question(self, text: str) -> Ids:
        """Return a question's tokens as the model reads them, cut to one window."""
        ids, _ = self._encode(text[:QUESTION_CHARACTERS])
        most = WINDOW - len(self._before_question) - len(self._end)
        return np.concatenate([self._before_question, ids[:most], self._end]).astype(np.int64)

    def passage(self, passage: Passage) -> TokenisedPassage:
        """Return the passage's tokens; a token belongs to the sentence in which it starts.

        At most `MOST_WINDOWS` are read; a sentence after them has no token.
        """
        most = MOST_WINDOWS * self._content
        ids: list[Ids] = []
        starts: list[Ids] = []
        count = 0
        for first, end in pieces(passage.text):
            tokens, places = self._encode(passage.text[first:end])
            ids.append(tokens)
            starts.append(places + first)
            count += len(tokens)
            if count >= most:
                break
        read = np.concatenate(ids)[:most]
        bounds = np.array(passage.sentences, np.int64).reshape(-1, 2)
        ranges = np.searchsorted(np.concatenate(starts)[:most], bounds).tolist()
        sentences = tuple((first, end) for first, end in ranges)
        windows = cut([first for first, _ in sentences], len(read), self._content)
        return TokenisedPassage(
            ids=read,
            sentences=sentences,
            windows=tuple(windows),
            lead=self._before_passage,
            trail=self._end,
        )

    def _prefix(self, word: str) -> Iterator[int]:
        return (number for number, _ in self._segment(word))

    def _encode(self, text: str) -> tuple[Ids, Ids]:
        """Return the ids of a text's tokens, and where each starts in it."""
        text = encodable(text)
        normal = text.translate(self._normal)
        ids: list[int] = []
        starts: list[int] = []
        for match in _WORD.finditer(normal):
            word, at = match.group(), match.start()
            short = len(word) <= _REMEMBERED_CHARACTERS
            # The mark of the word's beginning is no character of the text.
            place = at - 1
            for number, length in self._remembered(word) if short else self._segment(word):
                ids.append(number)
                starts.append(max(place, at))
                place += length
        origins = self._origins(text)
        return np.array(ids, np.int64), origins[np.array(starts, np.int64)]

    def _origins(self, text: str) -> NDArray[np.int64]:
        """Return the place in the text of each character of the normalised text."""
        characters = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.int64)
        lengths = self._lengths[np.minimum(characters, len(self._lengths) - 1)]
        return np.repeat(np.arange(len(text)), lengths)

    def _segment(self, word: str) -> Segments:
        """Return the most probable pieces of a word."""
        if len(word) > _LONGEST_WORD and word.isascii():
            return ((self._unknown, len(word) + 1),)
        text = _WORD_BEGINS + word
        ids, scores = self._ids, self._scores
        best = [0.0] + [float("-inf")] * len(text)
        came = [(0, self._unknown)] * (len(text) + 1)
        for start in range(len(text)):
            score = best[start]
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                number = ids.get(text[start:end])
                if number is not None and score + scores[number] > best[end]:
                    best[end], came[end] = score + scores[number], (start, number)
            if score + self._unknown_score > best[start + 1]:
                best[start + 1] = score + self._unknown_score
                came[start + 1] = (start, self._unknown)
        found: list[tuple[int, int]] = []
        end = len(text)
        while end:
            start, number = came[end]
            found.append((number, end - start))
            end = start
        return tuple(reversed(found))
