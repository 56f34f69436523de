"""What people say around a question, and what asks, by language."""

from collections.abc import Mapping
from typing import Final

from answerdesk.answering.message.manners.english import ENGLISH
from answerdesk.answering.message.manners.germanic import DUTCH, GERMAN
from answerdesk.answering.message.manners.other_scripts import ARABIC, JAPANESE
from answerdesk.answering.message.manners.polish import POLISH
from answerdesk.answering.message.manners.romance import FRENCH, SPANISH
from answerdesk.answering.message.manners.southern import ITALIAN, PORTUGUESE
from answerdesk.answering.message.manners.words import Manners

MANNERS: Final[Mapping[str, Manners]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
    "nl": DUTCH,
    "pl": POLISH,
    "ja": JAPANESE,
    "ar": ARABIC,
}
