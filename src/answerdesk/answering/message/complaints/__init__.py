"""Complaints, and the questions that they are: "I can't …" asks how, "it doesn't …" why."""

from collections.abc import Mapping
from typing import Final

from answerdesk.answering.message.complaints.english import ENGLISH
from answerdesk.answering.message.complaints.germanic import DUTCH, GERMAN
from answerdesk.answering.message.complaints.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH
from answerdesk.answering.message.complaints.rule import Complaints
from answerdesk.answering.message.complaints.slavic import POLISH

_COMPLAINTS: Final[Mapping[str, Complaints]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
    "nl": DUTCH,
    "pl": POLISH,
}


_LONGEST: Final = 300
"""Characters of a complaint: a longer sentence tells a story, and would be searched for long."""


def complaint_as_question(sentence: str, language: str) -> str | None:
    """Return the question that a complaint asks; None if the sentence complains of nothing.

    The sentence has plain apostrophes, and no mark at its end.
    """
    known = _COMPLAINTS.get(language) if len(sentence) <= _LONGEST else None
    if known is None or known.signs.search(sentence) is None:
        return None
    for rule in known.rules:
        found = rule.pattern.match(sentence)
        if found is not None:
            return rule.question(found)
    return None
