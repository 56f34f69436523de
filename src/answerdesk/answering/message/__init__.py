"""Reads a message: what it asks, and what is only said around it.

A message is small talk, a request for a person, or asks something: in questions, in complaints
("I can't …"), or by naming a subject. Greeting, story and signature are its rest. Nothing asked is
lost: where it is unsure what a message is, all of it is the question.

Short replies ("yes please", "no") are small talk of the kind "ok": the assistant asks nothing that
they could answer, except for its actions, which read a reply themselves before this does.
"""

from collections.abc import Sequence
from typing import Final

from answerdesk.answering.human_request import asks_for_human
from answerdesk.answering.message.asked import Asking, asking_of
from answerdesk.answering.message.social import ONE_LANGUAGE, Phrase
from answerdesk.answering.message.types import AskedPart, Form, ReadMessage, SmallTalkKind
from answerdesk.answering.message.units import Unit, units_of
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.normalisation import normalised
from answerdesk.kit.spans import Span
from answerdesk.kit.whitespace import squeezed

MOST_QUESTIONS: Final = 3

LONGEST_PART: Final = 2000
"""Characters of a part, and of the rest: of a longer text, the beginning and the end are used."""

_ASKS: Final = frozenset("?？؟")
_LONGEST_MESSAGE: Final = 8000
_LONGEST_SMALL_TALK: Final = 200

_KINDS: Final[dict[Phrase, SmallTalkKind]] = {
    "who_are_you": "who_are_you",
    "how_are_you": "how_are_you",
    "offering": "hello",
    "bye": "bye",
    "closing": "bye",
    "thanks": "thanks",
    "hello": "hello",
    "pleasantry": "hello",
    "ok": "ok",
}
"""What small talk is that has several phrases: the first of these that it has."""

_PICTURES: Final[dict[str, SmallTalkKind]] = {
    "👋": "hello",
    "🙏": "thanks",
    "❤": "thanks",
    "🥰": "thanks",
    "👍": "ok",
    "👌": "ok",
    "✅": "ok",
    "😊": "ok",
    "🙂": "ok",
    "😀": "ok",
    "🎉": "ok",
}


def read_message(text: str) -> ReadMessage:
    """Return what a message is, and what it asks."""
    if asks_for_human(text):
        return ReadMessage("person", detect_language(text[:_LONGEST_MESSAGE]))
    return read_question(text)


def read_question(text: str) -> ReadMessage:
    """Return what a message asks that isn't a request for a person."""
    text = _shortened(normalised(squeezed(text), "NFC"), _LONGEST_MESSAGE)
    plain = _lower(text)
    language = detect_language(text)
    units = units_of(text, plain, language)
    if not any(unit.says for unit in units):
        kind = _small_talk(text, units)
        if kind is not None and len(text) <= _LONGEST_SMALL_TALK:
            return ReadMessage("small_talk", _spoken(text, plain, language), kind)
        return ReadMessage("question", language, None, (_whole(text),))
    parts = _parts(text, [unit for unit in units if unit.says], language)
    chosen = parts if len(parts) <= MOST_QUESTIONS else [parts[0], *parts[1 - MOST_QUESTIONS :]]
    asked = tuple(part.asked(text) for part in chosen)
    rest = _rest(text, [span for part in chosen for span in part.spans])
    return ReadMessage("question", language, None, asked, rest)


def is_small_talk(text: str) -> bool:
    """Tell whether a message is small talk, without reading more of it than that takes."""
    if len(text) > _LONGEST_SMALL_TALK:
        return False
    text = normalised(squeezed(text), "NFC")
    units = units_of(text, _lower(text), UNKNOWN)
    return not any(unit.says for unit in units) and _small_talk(text, units) is not None


class _Part:
    """Sentences that ask one thing together."""

    def __init__(self, unit: Unit, form: Form, read_as: str) -> None:
        self.spans = [unit.body]
        self.form: Form = form
        self.read_as = read_as
        self._asks = unit.marked

    def joined(self, unit: Unit, form: Form, read_as: str) -> None:
        """Add a sentence that leans on this part."""
        self.spans.append(unit.body)
        self.form, self.read_as = form, read_as
        self._asks = unit.marked

    def asked(self, text: str) -> AskedPart:
        said = _joined(text, self.spans)
        # Politeness at the end may have taken the mark with it.
        mark = "?" if self._asks and _ASKS.isdisjoint(said[-3:]) else ""
        read_as = self.read_as
        if mark and read_as.endswith(said):
            read_as += mark
        return AskedPart(
            _shortened(f"{said}{mark}", LONGEST_PART), self.form, _shortened(read_as, LONGEST_PART)
        )


def _parts(text: str, units: Sequence[Unit], language: str) -> list[_Part]:
    """Return what a message asks: in questions, else complaints, else wishes, else all of it."""
    asking = [asking_of(unit.body.of(text), language, marked=unit.marked) for unit in units]
    ways = {one.way for one in asking}
    if "asks" in ways or ("vague" in ways and len(units) > 0):
        return _questions(text, units, asking)
    if not ways.isdisjoint({"complains", "vainly"}):
        return _complaints(text, units, asking)
    wishes = [
        _Part(unit, "statement", one.read_as)
        for unit, one in zip(units, asking, strict=True)
        if one.way == "wants"
    ]
    return wishes or [_statement(text, units)]


def _questions(text: str, units: Sequence[Unit], asking: Sequence[Asking]) -> list[_Part]:
    parts: list[_Part] = []
    for place, (unit, one) in enumerate(zip(units, asking, strict=True)):
        before = place - 1
        if one.way not in ("asks", "vague"):
            continue
        follows = bool(parts) and before >= 0 and parts[-1].spans[-1] == units[before].body
        said = unit.body.of(text)
        if follows and one.refers:
            if one.way == "asks":
                parts[-1].joined(unit, "question", f"{parts[-1].read_as} {one.read_as}")
            continue
        if one.way == "vague" and before >= 0:
            parts.append(_leaning(text, units[before], asking[before], unit))
        elif one.way == "vague" and len(units) > 1 and place == 0:
            parts.append(_Part(unit, "question", said))
            parts[-1].joined(units[1], "question", _joined(text, [unit.body, units[1].body]))
        elif one.refers and before >= 0 and asking[before].way in ("complains", "vainly"):
            part = _Part(units[before], "complaint", asking[before].read_as)
            part.joined(unit, "question", _joined(text, [units[before].body, unit.body]))
            parts.append(part)
        else:
            parts.append(_Part(unit, "question", one.read_as))
    return parts


def _leaning(text: str, before: Unit, asked: Asking, unit: Unit) -> _Part:
    """Return a vague question with the sentence before it, which tells what it is about."""
    if asked.way == "complains":
        part = _Part(before, "complaint", asked.read_as)
        part.joined(unit, "complaint", asked.read_as)
        return part
    part = _Part(before, "question", "")
    part.joined(unit, "question", _joined(text, [before.body, unit.body]))
    return part


def _complaints(text: str, units: Sequence[Unit], asking: Sequence[Asking]) -> list[_Part]:
    parts: list[_Part] = []
    only_vain = not any(one.way == "complains" for one in asking)
    for place, (unit, one) in enumerate(zip(units, asking, strict=True)):
        if one.way == "complains":
            parts.append(_Part(unit, "complaint", one.read_as))
        elif one.way == "vainly" and only_vain:
            if len(units) == 1:
                return [_Part(unit, "complaint", one.read_as)]
            other = units[place - 1] if place else units[1]
            part = _Part(unit, "complaint", "")
            part.joined(other, "complaint", f"{other.body.of(text).strip()} {one.read_as}")
            part.spans.sort()
            return [part]
    return parts


def _statement(text: str, units: Sequence[Unit]) -> _Part:
    """Return all that a message says, which neither asks nor complains."""
    part = _Part(units[0], "statement", "")
    part.spans = [unit.body for unit in units]
    part.read_as = _joined(text, part.spans)
    return part


def _whole(text: str) -> AskedPart:
    said = _shortened(text, LONGEST_PART)
    return AskedPart(said, "statement", said)


def _joined(text: str, spans: Sequence[Span]) -> str:
    """Return the text of some sentences, with what is between them unless that says something."""
    said = ""
    end = spans[0].start
    for span in spans:
        between = text[end : span.start]
        said += " " if any(one.isalnum() for one in between) or span.start < end else between
        said += span.of(text)
        end = span.end
    return said.strip()


def _rest(text: str, asked: Sequence[Span]) -> str:
    pieces: list[str] = []
    place = 0
    for span in sorted(asked):
        pieces.append(text[place : span.start])
        place = max(place, span.end)
    pieces.append(text[place:])
    said = (piece.strip(" \n,;") for piece in pieces)
    return _shortened(
        " ".join(one for one in said if any(sign.isalnum() for sign in one)), LONGEST_PART
    )


def _small_talk(text: str, units: Sequence[Unit]) -> SmallTalkKind | None:
    said = {phrase for unit in units for phrase in unit.phrases}
    for phrase, kind in _KINDS.items():
        if phrase in said:
            return kind
    return next((kind for picture, kind in _PICTURES.items() if picture in text), None)


def _spoken(text: str, plain: str, detected: str) -> str:
    """Return the language of small talk: of those that have all its words, if it is one."""
    whole = Span(0, len(text))
    spoken = []
    for language, vocabulary in ONE_LANGUAGE.items():
        lead = vocabulary.lead(text, plain, whole, only=True)
        if lead.phrases and not any(one.isalnum() for one in text[lead.end :]):
            spoken.append(language)
    if len(spoken) == 1:
        return spoken[0]
    return detected if not spoken or detected in spoken else UNKNOWN


def _lower(text: str) -> str:
    """Return the text in lower case, each character in its place."""
    text = text.replace("’", "'")
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n{text[-half + 1 :]}"
