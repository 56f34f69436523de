"""Questions with two parts, which two sources may answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.answering.extractive.choose import Choice
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.rewrite import standalone
from answerdesk.answering.types import Exchange
from answerdesk.kit.spans import Span
from answerdesk.kit.words import words_of

_LEAST_PART_CONFIDENCE: Final = 0.3
"""Minimum confidence in each half before two sources are combined."""

_LEAST_WORDS: Final = 3

_ASKING: Final = (
    r"what|how|when|where|who|which|why|whom|whose"
    r"|(?:is|are|do|does|did|can|could|will|would|should|may|must|have|has)"
    r" (?:i|we|you|it|they|he|she|there|the|my|your|a|an)"
    r"|was|wie|wann|wo|wer|wen|wem|warum|wieso|welche[rsnm]?|wohin|woher|wofür"
    r"|(?:kann|gibt|ist|sind|muss|darf) (?:ich|man|es|der|die|das)"
    r"|quand|comment|combien|où|qui|quel(?:le)?s?|pourquoi|est-ce"
    r"|qué|cómo|cuándo|dónde|quién|cuál(?:es)?|cuánt[oa]s?"
    r"|quanto|quando|como|come|dove|onde|chi|quem|perché|qua(?:l|le|li|is)"
    r"|wat|hoe|wanneer|waar|waarom|welke?"
)
# `standalone` leaves only single white space.
_AND: Final = re.compile(
    rf"\s?,?\s(?:and|und|et|y|e|en)\s(?:(?:also|auch|aussi)\s)?(?=(?:{_ASKING})\b)",
    re.IGNORECASE,
)
_TWO_SENTENCES: Final = re.compile(r"(?<=[?？])\s")
_COMPARED: Final = re.compile(
    r"(?:(?:the )?differences? between|unterschiede? zwischen|compare) "
    r"(?P<one>.{1,200}?) (?:and|und|with|to) (?P<other>[^?]+)"
    r"|how (?:does|do) (?P<left>.{1,200}?) compare (?:to|with) (?P<right>[^?]+)",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"^(?:an?|the|eine?[mnr]?|der|die|das|den|dem)\s", re.IGNORECASE)
# Words in the second half that may refer to something in the first.
_REFERRING: Final = re.compile(
    r"\b(?:it|its|they|them|their|he|she|his|her|one|er|sie|ihn|ihm|ihr|ihre|damit|dafür|davon"
    r"|ils?|elles?|lui|leurs?|él|ella|ellos|ellas)\b"
)


@dataclass(frozen=True, slots=True)
class Halves:
    """The two questions that make up one; `sides` are the two things that it compares, if any."""

    first: str
    second: str
    sides: tuple[str, str] | None = None


def halves_of(text: str) -> Halves | None:
    """Return the two questions in `text`, each standing alone; None if it is one question."""
    compared = _COMPARED.search(text)
    if compared is not None:
        return _sides(compared)
    parts = [part for part in _TWO_SENTENCES.split(text.strip()) if part]
    if len(parts) == 1:
        parts = _AND.split(text.strip())
    if len(parts) != 2 or not all(_is_question(part) for part in parts):
        return None
    first = f"{parts[0].rstrip(' ,;?')}?"
    second = parts[1]
    if _REFERRING.search(second):
        second = standalone(second, (Exchange(first, ""),))
    return Halves(first, second)


def _is_question(part: str) -> bool:
    return len(part.split()) >= _LEAST_WORDS


def _sides(compared: re.Match[str]) -> Halves | None:
    one, other = compared["one"] or compared["left"], compared["other"] or compared["right"]
    other = other.strip(" \n.!?")
    if not other or not one.strip():
        return None
    last = other.split()[-1]
    # "The free and the pro plan": the noun of the first stands with the second.
    short = len(one.split()) <= 2 and last not in one and len(other.split()) > 1
    sides = (f"{one} {last}" if short else one, other)
    asking = "Was ist" if compared[0].casefold().startswith("unterschied") else "What is"
    first, second = (f"{asking} {_ARTICLE.sub('', side)}?" for side in sides)
    return Halves(first, second, sides)


def combined(plain: Choice, first: Choice, second: Choice, halves: Halves) -> Choice | None:
    """Return both halves' answers as one; None if the answer to the whole is no worse.

    The confidence is that of the less certain half.
    """
    confidence = min(first.confidence, second.confidence)
    if not first.parts or not second.parts or confidence < _LEAST_PART_CONFIDENCE:
        return None
    if halves.sides and _compares(plain, halves.sides, first, second, confidence):
        return None
    merged = merged_parts([*first.parts, *second.parts])
    if _shown(merged) <= _shown(plain.parts) or _shown(first.parts) == _shown(second.parts):
        return None
    return Choice(merged, confidence)


def _compares(
    plain: Choice, sides: Sequence[str], first: Choice, second: Choice, confidence: float
) -> bool:
    """Tell whether an answer compares: it names both sides, and they have no own sections."""
    return (
        plain.confidence >= confidence / 2
        and _names_all(plain, sides)
        and not _have_sections(sides, first, second)
    )


def _have_sections(sides: Sequence[str], *choices: Choice) -> bool:
    """Tell whether each side is answered from its own section."""
    return all(
        _ARTICLE.sub("", side).casefold() in {line.casefold() for line in _headings(ranked)}
        for side, choice in zip(sides, choices, strict=True)
        for ranked, _ in choice.parts
    )


def _headings(ranked: Ranked) -> tuple[str, ...]:
    return (ranked.found.chunk.title, *ranked.found.chunk.heading_path)


def _names_all(choice: Choice, sides: Sequence[str]) -> bool:
    """Tell whether the shown text names everything that is compared."""
    said = {
        word.lower
        for ranked, spans in choice.parts
        for span in spans
        for word in words_of(span.of(ranked.found.chunk.text), "en")
    }
    return all(
        any(word.lower in said for word in words_of(side, "en") if not word.stop) for side in sides
    )


_Parts = tuple[tuple[Ranked, tuple[Span, ...]], ...]


def merged_parts(parts: list[tuple[Ranked, tuple[Span, ...]]]) -> _Parts:
    """Merge the spans of each passage, in the order of its text."""
    by_chunk: dict[object, tuple[Ranked, set[Span]]] = {}
    for ranked, spans in parts:
        by_chunk.setdefault(ranked.found.chunk.id, (ranked, set()))[1].update(spans)
    return tuple((ranked, tuple(sorted(spans))) for ranked, spans in by_chunk.values())


def _shown(parts: _Parts) -> set[tuple[object, Span]]:
    return {(ranked.found.chunk.id, span) for ranked, spans in parts for span in spans}
