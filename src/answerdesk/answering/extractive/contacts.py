"""A question for a phone number is answered by a number, or by a text about the phone.

Whatever speaks of support is near "the phone number of your support", in words and in meaning.
"""

import re
from typing import Final

from answerdesk.answering.extractive.kinds import NAME, OTHER, QUANTITY
from answerdesk.answering.extractive.question import Asked
from answerdesk.knowledge.types import Chunk

_ASKS: Final = re.compile(
    r"\b(?:(?:tele)?phone numbers?|hotlines?|telefonnummern?|num[ée]ros? de t[ée]l[ée]phone"
    r"|n[úu]meros? de tel[ée]fono|n[úu]meros? de telefone|numer[oi] di telefono"
    r"|telefoonnummers?|numery? telefonu|номера? телефона)\b|電話番号|电话号码"
)
_KINDS: Final = (NAME, OTHER, QUANTITY)
"""Who asks how, where or why asks about the number, not for it."""

_NUMBER: Final = re.compile(r"\d(?:[ ()/.–-]{0,2}\d){5}")
_ABOUT: Final = re.compile(
    r"phone|hotline|t[ée]l[ée](?:ph|f)on|telefoon|телефон|電話|电话|\bcall\b", re.IGNORECASE
)


def lacks_phone(asked: Asked, chunk: Chunk) -> bool:
    """Tell whether a phone number is asked for, and a passage neither has one nor says why."""
    if asked.yes_or_no or asked.kind not in _KINDS:
        return False
    if not _ASKS.search(" ".join(word.lower for word in asked.words)):
        return False
    read = "\n".join([chunk.title, *chunk.heading_path, chunk.text])
    return not (_ABOUT.search(read) or _NUMBER.search(read))
