"""What a passage holds, by sentence: analysed once, asked often."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.kinds import Mention, mentions
from answerdesk.answering.extractive.question import is_negated
from answerdesk.answering.extractive.words import Word, words_of
from answerdesk.kit.spans import Span

_FEW_WORDS: Final = 2
"""Such as "Examples:", which says nothing without what follows."""

_QUESTION_MARKS: Final = ("?", "？", "؟")
_SENTENCE_GAP: Final = 3
"""Words that a sentence's end counts as distance."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage taken apart.

    `places` has (sentence, position) for each content term and `forms` the positions of each
    lower-case word, in order; `lower` is all words by position, `spoken` those of each sentence.
    `asks` tells which sentences are questions, `announces` which only announce the next,
    and `lengths` counts words, each (sentences,).
    `above` has the terms of the title and of the headings that the passage stands under.
    """

    places: dict[str, tuple[tuple[int, int], ...]]
    forms: dict[str, tuple[int, ...]]
    lower: tuple[str, ...]
    spoken: tuple[frozenset[str], ...]
    mentions: tuple[tuple[Mention, ...], ...]
    negated: tuple[bool, ...]
    asks: NDArray[np.bool_]
    announces: NDArray[np.bool_]
    lengths: NDArray[np.float32]
    above: frozenset[str]

    @property
    def left_open(self) -> NDArray[np.bool_]:
        """Which sentences are questions that the next one does not answer, shape (sentences,)."""
        followed = np.append(self.asks[1:], True)
        unanswered: NDArray[np.bool_] = self.asks & followed
        return unanswered

    def said(self, window: slice) -> frozenset[str]:
        """Return the lower-case words of some neighbouring sentences."""
        return frozenset().union(*self.spoken[window])


@lru_cache(maxsize=8192)
def take_passage_apart(
    text: str, sentences: tuple[Span, ...], language: str, headings: tuple[str, ...] = ()
) -> Passage:
    """Analyse a passage; the most recent are remembered."""
    parts = _by_sentence(words_of(text, language), sentences)
    places: dict[str, list[tuple[int, int]]] = {}
    forms: dict[str, list[int]] = {}
    lower: list[str] = []
    for number, part in enumerate(parts):
        for word in part:
            forms.setdefault(word.lower, []).append(len(lower))
            if not word.stop:
                places.setdefault(word.term, []).append((number, len(lower)))
            lower.append(word.lower)
        lower.extend([""] * _SENTENCE_GAP)
    return Passage(
        places={term: tuple(found) for term, found in places.items()},
        forms={form: tuple(found) for form, found in forms.items()},
        lower=tuple(lower),
        spoken=tuple(frozenset(word.lower for word in part) for part in parts),
        mentions=tuple(
            mentions(part, text[span.start : span.end], language)
            for part, span in zip(parts, sentences, strict=True)
        ),
        negated=tuple(is_negated(tuple(part), language) for part in parts),
        announces=np.array(
            [
                span.of(text).endswith(":") and len(part) <= _FEW_WORDS
                for span, part in zip(sentences, parts, strict=True)
            ],
            np.bool_,
        ),
        asks=np.array([span.of(text).endswith(_QUESTION_MARKS) for span in sentences], np.bool_),
        lengths=np.array([len(part) for part in parts], dtype=np.float32),
        above=frozenset(
            word.term for line in headings for word in words_of(line, language) if not word.stop
        ),
    )


def _by_sentence(found: Sequence[Word], sentences: Sequence[Span]) -> list[list[Word]]:
    parts: list[list[Word]] = [[] for _ in sentences]
    number = 0
    for word in found:
        while number < len(sentences) - 1 and word.start >= sentences[number].end:
            number += 1
        if parts:
            parts[number].append(word)
    return parts
