"""Tells a visitor that a person takes over, and when somebody will be available."""

from datetime import datetime
from typing import Final

from answerdesk.conversations.types import ConversationState
from answerdesk.projects.office_hours import is_open, next_opening
from answerdesk.projects.types import OfficeHours

SILENT_STATES: Final[frozenset[ConversationState]] = frozenset({"human"})
"""States of a conversation in which a person speaks, so the assistant says nothing."""

WITH_A_PERSON: Final = (
    "Your message has been passed on. A member of the team has this conversation and replies here."
)


def state_after_message(state: ConversationState | None) -> ConversationState:
    """Return a conversation's state after a visitor's message; `state` is None if it is new."""
    return "ai" if state is None or state == "closed" else state


def handoff_text(hours: OfficeHours, moment: datetime) -> str:
    """Return the reply to a visitor who asked for a person at `moment` (timezone-aware)."""
    begun = "I have passed this conversation on to the team."
    if is_open(hours, moment):
        return f"{begun} Someone will reply here as soon as they are free."
    opening = next_opening(hours, moment)
    stay = "Leave your e-mail address, and they can also reply there."
    if opening is None:
        return f"{begun} Nobody is there at the moment. {stay}"
    when = f"{opening:%A, %d %B, %H:%M} ({hours.timezone})"
    return f"{begun} Nobody is there at the moment; they are back on {when}. {stay}"
