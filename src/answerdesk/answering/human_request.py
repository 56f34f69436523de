"""Recognises that a visitor asks for a person."""

import re
from typing import Final

_PERSON: Final = (
    r"(?:a |an |the |your |some |any |one of your |another |with |to |live |real |actual |human )*"
    r"(?:human(?:s| being)?|person|people|agents?|operators?|representatives?|reps?|"
    r"assistants?|advisors?|attendants?|someone|somebody|staff|team|employee|support person)"
)
_PHRASES: Final = re.compile(
    rf"\b(?:(?:speak|talk|chat|connect(?: me)?|transfer(?: me)?|put me through|get me|"
    rf"switch(?: me)?|escalate|hand me (?:over|off)|contact|reach|call|need|want)"
    rf"\s+(?:me\s+)?(?:to |with |over |through )*{_PERSON}\b)"
    r"|\b(?:human|live|real) (?:agent|person|support|operator|representative|chat)\b",
    re.IGNORECASE,
)


def asks_for_human(text: str) -> bool:
    """Tell whether the message asks to be put through to a person."""
    return _PHRASES.search(text) is not None
