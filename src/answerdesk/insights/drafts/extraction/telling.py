"""What a person's message tells, apart from the talk around it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from answerdesk.insights.drafts.extraction.personal import is_personal
from answerdesk.insights.drafts.extraction.phrases import (
    CONTINUES,
    CORRECTION,
    DOUBT,
    EARLIER,
    FAREWELL,
    INTRODUCTION,
    OF_A_CASE,
    OF_ALL_CASES,
    PERSONAL,
    SIGNS,
    TRANSIENT,
    WAITING,
    WANTS_TO_KNOW,
)
from answerdesk.insights.drafts.extraction.sentences import (
    Sentence,
    sentences_of,
    without_courtesy,
)

Kind = Literal["tells", "talk", "own", "asks", "corrects", "corrects_earlier"]
"""`own` is about this visitor or this moment alone, or unsure."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a person's message. `separator` stands between it and the one before.

    Of one that corrects, `text` is what is right instead, if it says so.
    """

    kind: Kind
    text: str
    separator: str


def read_telling(
    text: str, language: str, names: Collection[str], before: Told | None = None
) -> Sequence[Told]:
    """Return the sentences of a person's message with what each is.

    `before` is the last sentence of the same person's message just before.
    """
    found: list[Told] = []
    for whole in sentences_of(text, language):
        if SIGNS.search(whole.lowered):
            break
        separator = "\n" if not found or whole.begins_line else " "
        corrects = CORRECTION.search(whole.lowered) is not None
        sentence = _corrected(whole) if corrects else without_courtesy(whole)
        text = "" if sentence is None else sentence.text
        kind: Kind = "talk" if sentence is None else _kind(sentence, names)
        if corrects:
            text = text if kind == "tells" else ""
            kind = "corrects_earlier" if EARLIER.search(whole.lowered) else "corrects"
        elif kind == "tells" and _hangs_on(found[-1] if found else before, sentence, language):
            kind = "own"
        found.append(Told(kind, text, separator))
    return found


def _corrected(sentence: Sentence) -> Sentence | None:
    """Return what follows the admission: "Sorry, that was wrong: it's 30 days"."""
    for mark in (": ", " - ", " – ", "; "):
        place = sentence.text.find(mark)
        if place > 0 and not CORRECTION.search(sentence.lowered[place:]):
            return without_courtesy(sentence.rest(place + len(mark)))
    return None


def _hangs_on(before: Told | None, sentence: Sentence | None, language: str) -> bool:
    if before is None or before.kind not in ("own", "asks") or sentence is None:
        return False
    return CONTINUES.get(language, CONTINUES["en"]).match(sentence.lowered) is not None


def _kind(sentence: Sentence, names: Collection[str]) -> Kind:
    lowered = sentence.lowered
    if any(one.search(lowered) for one in (FAREWELL, INTRODUCTION, WAITING)):
        return "talk"
    if sentence.asks or WANTS_TO_KNOW.search(lowered):
        return "asks"
    if any(one.search(lowered) for one in (PERSONAL, DOUBT, TRANSIENT)) or _is_of_a_case(lowered):
        return "own"
    return "own" if is_personal(sentence.text, names) else "tells"


def _is_of_a_case(lowered: str) -> bool:
    found = OF_A_CASE.search(lowered)
    return found is not None and OF_ALL_CASES.search(lowered, 0, found.end()) is None
