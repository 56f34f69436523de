"""Makes a follow-up question stand on its own, from what was said before it."""

import re
from collections.abc import Sequence
from typing import Final

from answerdesk.answering.types import Exchange

_REFERS_BACK: Final = re.compile(
    r"\b(it|its|they|them|their|this|that|these|those|he|she|him|her|his|there|one|ones)\b",
    re.IGNORECASE,
)
_CONTINUES: Final = re.compile(
    r"^\s*(and|but|what about|how about|also|or|then|so|why|when|where|how much|und|et|y)\b",
    re.IGNORECASE,
)
_FEW_WORDS: Final = 4


def standalone(text: str, history: Sequence[Exchange]) -> str:
    """Return the question to search for: with the one before it, when it leans on that."""
    if not history:
        return text
    words = text.split()
    leans = _REFERS_BACK.search(text) or _CONTINUES.match(text) or len(words) < _FEW_WORDS
    return f"{history[-1].question} {text}" if leans else text
