"""Who has a conversation: the states, every change between them, and what the visitor is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from answerdesk.conversations.types import ConversationState
from answerdesk.projects.office_hours import is_open, next_opening
from answerdesk.projects.types import OfficeHours

Happening = Literal[
    "visitor_wrote", "person_wanted", "person_replied", "handed_back", "opened", "closed", "idle"
]
"""What can change a conversation's state.

`opened`: a person of the account wants it open, which reopens it or takes it over from those who
wait. `idle`: nobody has written for a while.
"""

PersonsChange = Literal["handed_back", "opened", "closed"]
"""What a person of the account does without writing to the visitor."""

BEGINS: Final[ConversationState] = "ai"
"""The state in which a conversation begins."""

SILENT_STATES: Final[frozenset[ConversationState]] = frozenset({"human"})
"""States of a conversation in which a person speaks, so the assistant says nothing."""

WITH_A_PERSON: Final = (
    "Your message has been passed on. A member of the team has this conversation and replies here."
)

_CHANGES: Final[Mapping[Happening, Mapping[ConversationState, ConversationState]]] = {
    "visitor_wrote": {"ai": "ai", "waiting": "waiting", "human": "human", "closed": "ai"},
    "person_wanted": {"ai": "waiting", "waiting": "waiting", "human": "human", "closed": "waiting"},
    "person_replied": {"ai": "human", "waiting": "human", "human": "human", "closed": "human"},
    "handed_back": {"ai": "ai", "waiting": "ai", "human": "ai"},
    "opened": {"ai": "ai", "waiting": "human", "human": "human", "closed": "ai"},
    "closed": {"ai": "closed", "waiting": "closed", "human": "closed", "closed": "closed"},
    "idle": {"ai": "closed"},
}


def state_after(state: ConversationState, happening: Happening) -> ConversationState | None:
    """Return the state after something happened in `state`; None if that isn't possible then."""
    return _CHANGES[happening].get(state)


def states_before(happening: Happening) -> tuple[ConversationState, ...]:
    """Return the states in which this can happen."""
    return tuple(_CHANGES[happening])


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
