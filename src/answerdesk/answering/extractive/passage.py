"""The content of a passage by sentence: analysed once, used often."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.designations import (
    Designations,
    designations_in,
    identifiers_of,
)
from answerdesk.answering.extractive.forms import (
    Form,
    defined_in,
    instructs,
    locates,
    only_notes,
    outward_forms,
    points_elsewhere,
    presupposes,
    says_what,
)
from answerdesk.answering.extractive.kinds import Mention, mentions
from answerdesk.answering.extractive.marks import is_raw_mark
from answerdesk.answering.extractive.pieces import Segment, captions_of, segments_of
from answerdesk.answering.extractive.question import is_negated
from answerdesk.kit.spans import Span
from answerdesk.kit.words import Word, words_of

_FEW_WORDS: Final = 2
"""For example "Examples:", which says nothing without what follows."""

_NUMBERING: Final = re.compile(
    r"^(?:chapter |section |kapitel |abschnitt )?\d+(?:\.\d+)*\.? ", re.IGNORECASE
)
"""The numbers of a manual's headings."""

_QUESTION_MARKS: Final = ("?", "？", "؟")
_SENTENCE_GAP: Final = 3
"""Distance in words that the end of a sentence adds."""


@dataclass(frozen=True, slots=True)
class Passage:
    """An analysed passage.

    `places` has (sentence, position) for each content term, and `forms` the positions of each
    lower-case word, in order; `lower` has all words by position, `spoken` the words of each
    sentence, `content` its content terms. `asks` marks the sentences that are questions,
    `left_open` the questions that the next sentence doesn't answer, `announces` the sentences that
    only announce the next; `lengths` counts words; each has shape (sentences,). `above` has the
    terms of the title and the headings above the passage, and `headings` the same by line;
    `captions` has the number of the sentence that names a row's table, for each sentence.
    `negated_above` says whether one of them contains a negation. `outward` has each sentence's
    outward form, `subjects` the terms of what it defines. `instructs`, `elsewhere`, `remarks`,
    `presupposes` and `locates` mark sentences that say what to do, that say where to read, that
    remark on what came before, that are for people who have done something, and that have a file's
    path; each has shape (sentences,).
    `designations` are those of the text and the headings, `identifiers` those of the last heading
    if it is about them. `hidden` marks the sentences that are never shown, such as captions;
    `segments` are what belongs together.
    """

    places: dict[str, tuple[tuple[int, int], ...]]
    forms: dict[str, tuple[int, ...]]
    lower: tuple[str, ...]
    spoken: tuple[frozenset[str], ...]
    content: tuple[frozenset[str], ...]
    mentions: tuple[tuple[Mention, ...], ...]
    negated: tuple[bool, ...]
    asks: NDArray[np.bool_]
    left_open: NDArray[np.bool_]
    announces: NDArray[np.bool_]
    lengths: NDArray[np.float32]
    above: frozenset[str]
    headings: tuple[frozenset[str], ...]
    captions: tuple[int | None, ...]
    negated_above: bool
    outward: tuple[Form, ...]
    subjects: tuple[frozenset[str], ...]
    instructs: NDArray[np.bool_]
    elsewhere: NDArray[np.bool_]
    remarks: NDArray[np.bool_]
    presupposes: NDArray[np.bool_]
    locates: NDArray[np.bool_]
    designations: Designations
    identifiers: frozenset[str]
    hidden: NDArray[np.bool_]
    segments: tuple[Segment, ...]

    def said(self, sentences: Sequence[int]) -> frozenset[str]:
        """Return the lower-case words of some sentences."""
        return frozenset().union(*(self.spoken[one] for one in sentences))


@lru_cache(maxsize=8192)
def take_passage_apart(
    text: str,
    sentences: tuple[Span, ...],
    language: str,
    headings: tuple[str, ...] = (),
    kind: str = "paragraph",
) -> Passage:
    """Analyse a passage; recent results are cached."""
    titles = [words_of(_NUMBERING.sub("", line), language) for line in headings]
    lines = tuple(frozenset(word.term for word in line if not word.stop) for line in titles)
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
    asks = np.array([span.of(text).endswith(_QUESTION_MARKS) for span in sentences], np.bool_)
    outward = outward_forms(text, sentences, kind, language)
    hidden = _hidden(text, sentences)
    segments = segments_of(text, sentences, outward, hidden.tolist())
    return Passage(
        places={term: tuple(found) for term, found in places.items()},
        forms={form: tuple(found) for form, found in forms.items()},
        lower=tuple(lower),
        spoken=tuple(frozenset(word.lower for word in part) for part in parts),
        content=tuple(frozenset(word.term for word in part if not word.stop) for part in parts),
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
        asks=asks,
        left_open=asks & np.append(asks[1:], True),
        lengths=np.array([len(part) for part in parts], dtype=np.float32),
        above=frozenset().union(*lines),
        headings=lines,
        captions=captions_of(text, sentences, segments),
        negated_above=any(is_negated(tuple(line), language) for line in titles),
        outward=outward,
        instructs=np.array([instructs(span.of(text)) for span in sentences], np.bool_),
        elsewhere=np.array([points_elsewhere(span.of(text)) for span in sentences], np.bool_),
        remarks=np.array([only_notes(span.of(text)) for span in sentences], np.bool_),
        presupposes=np.array([presupposes(span.of(text)) for span in sentences], np.bool_),
        locates=np.array([locates(span.of(text)) for span in sentences], np.bool_),
        subjects=_subjects(text, sentences, language, lines),
        designations=designations_in([*headings, text]),
        identifiers=identifiers_of(headings[-1]) if headings else frozenset(),
        hidden=hidden,
        segments=segments,
    )


def _hidden(text: str, sentences: Sequence[Span]) -> NDArray[np.bool_]:
    """Mark left-over markup and captions, and lines that only repeat a caption, as alt texts do."""
    said = [span.of(text).strip() for span in sentences]
    raw = [is_raw_mark(one) for one in said]
    captions = [one.casefold() for one, is_raw in zip(said, raw, strict=True) if is_raw]
    return np.array(
        [is_raw or _repeats(one, captions) for one, is_raw in zip(said, raw, strict=True)],
        np.bool_,
    )


def _repeats(line: str, captions: Sequence[str]) -> bool:
    if line.endswith((".", "!", ":")) or not line:
        return False
    return any(caption.endswith(line.casefold()) for caption in captions)


def _subjects(
    text: str, sentences: Sequence[Span], language: str, headings: Sequence[frozenset[str]]
) -> tuple[frozenset[str], ...]:
    """Return the terms of what each sentence defines; for a glossary entry, its heading's."""
    subjects = [_subject(span.of(text), language) for span in sentences]
    if subjects and not subjects[0] and headings and says_what(sentences[0].of(text)):
        subjects[0] = headings[-1]
    return tuple(subjects)


def _subject(sentence: str, language: str) -> frozenset[str]:
    subject = defined_in(sentence, language)
    return frozenset(word.term for word in words_of(subject, language) if not word.stop)


def _by_sentence(found: Sequence[Word], sentences: Sequence[Span]) -> list[list[Word]]:
    parts: list[list[Word]] = [[] for _ in sentences]
    number = 0
    for word in found:
        while number < len(sentences) - 1 and word.start >= sentences[number].end:
            number += 1
        if parts:
            parts[number].append(word)
    return parts
