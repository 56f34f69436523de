"""Clocks of service levels, derived from what happened in a conversation.

`replayed` is a pure function of the events, so it does not matter when, how often and in which
order events are looked at: whoever sees more of them sees the same clocks, and more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid5

from answerdesk.core.events import Event
from answerdesk.core.tenancy import ConversationId

Target = Literal["first_response", "resolution"]
TARGETS: Final[tuple[Target, ...]] = ("first_response", "resolution")

Ending = Literal["met", "cancelled"]
Happening = Literal["waits", "person_replied", "handed_back", "closed"]

_ENDINGS: Final[Mapping[Happening, Mapping[Target, Ending]]] = {
    "waits": {},
    "person_replied": {"first_response": "met"},
    "handed_back": {"first_response": "cancelled", "resolution": "met"},
    "closed": {"first_response": "cancelled", "resolution": "met"},
}


@dataclass(frozen=True, slots=True)
class Clock:
    """It began when the visitor began to wait; `ending` is None while it runs."""

    id: UUID
    target: Target
    started_at: datetime
    ending: Ending | None = None
    ended_at: datetime | None = None


def happening_of(event: Event) -> Happening | None:
    """Return what an event means for clocks; None if nothing."""
    match event.type, event.payload:
        case "conversation.escalated", _:
            return "waits"
        case "message.sent", {"author": "human"}:
            return "person_replied"
        case "conversation.ended", _:
            return "closed"
        case "conversation.updated", {"state": "ai"}:
            return "handed_back"
        case _:
            return None


def replayed(
    conversation_id: ConversationId, running: Iterable[Clock], events: Iterable[Event]
) -> list[Clock]:
    """Return the clocks that `running` and events (by id) make, those that ended included.

    `running` are clocks from before these events.
    """
    hands: dict[Target, Clock] = {one.target: one for one in running}
    ended: list[Clock] = []
    for event in events:
        happening = happening_of(event)
        if happening is None:
            continue
        for target, ending in _ENDINGS[happening].items():
            if (clock := hands.pop(target, None)) is not None:
                ended.append(replace(clock, ending=ending, ended_at=event.created_at))
        if happening == "waits":
            for target in TARGETS:
                made = Clock(clock_id(conversation_id, event.id, target), target, event.created_at)
                hands.setdefault(target, made)
    return [*ended, *hands.values()]


def clock_id(conversation_id: ConversationId, event_id: int, target: Target) -> UUID:
    """Return the id of a clock that an event starts: the same whoever derives it."""
    return uuid5(conversation_id, f"{event_id}:{target}")
