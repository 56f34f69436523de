"""What an event is: its type, its payload, and the registry of all types."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from answerdesk.core.tenancy import ProjectId


class Payload(BaseModel):
    """The data of an event: public ids and what can't be read from the rows later.

    What people wrote is not part of it: whoever tells the event reads the rows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


P = TypeVar("P", bound=Payload)
P_co = TypeVar("P_co", bound=Payload, covariant=True)


@dataclass(frozen=True, slots=True)
class EventType(Generic[P_co]):
    """A kind of event. `summary` says in one sentence when it is recorded.

    `public` types can be sent to webhooks; the others are for ourselves.
    """

    name: str
    summary: str
    payload: type[P_co]
    example: P_co
    public: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a project: the name of its type, and its payload as JSON."""

    id: int
    project_id: ProjectId
    type: str
    payload: Mapping[str, Any]
    created_at: datetime


class EventTypes:
    """All types of events of this installation, by name."""

    def __init__(self, types: Iterable[EventType[Payload]]) -> None:
        self._by_name: dict[str, EventType[Payload]] = {}
        for one in types:
            if one.name in self._by_name:
                raise ValueError(f"two types of events are named {one.name}")
            self._by_name[one.name] = one

    def __iter__(self) -> Iterator[EventType[Payload]]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> EventType[Payload]:
        return self._by_name[name]

    @property
    def public(self) -> tuple[str, ...]:
        """The names of the types that webhooks can be sent, in the order of declaration."""
        return tuple(one.name for one in self if one.public)


@dataclass(frozen=True, slots=True)
class NewEvents:
    """Events to record, for statements that record them along with other rows.

    Begin such a part with `RECORD_ALL`, and give the statement `parameters`.
    """

    names: tuple[str, ...]
    payloads: tuple[str, ...]

    @classmethod
    def of(cls, *events: tuple[EventType[P], P]) -> "NewEvents":
        return cls(
            tuple(event_type.name for event_type, _ in events),
            tuple(encoded(payload) for _, payload in events),
        )

    def __add__(self, other: "NewEvents") -> "NewEvents":
        return NewEvents(self.names + other.names, self.payloads + other.payloads)

    @property
    def parameters(self) -> dict[str, Any]:
        return {"event_types": list(self.names), "event_payloads": list(self.payloads)}


RECORD_ALL: Final = (
    "insert into event (account_id, project_id, type, payload)"
    " select :account_id, :project_id, type, cast(payload as jsonb)"
    " from {source}, unnest(cast(:event_types as text[]), cast(:event_payloads as text[]))"
    " as new_event (type, payload)"
)
"""A part of a statement that records `NewEvents` for each row of `source`."""


def encoded(payload: Payload) -> str:
    """Return a payload as it is stored."""
    return payload.model_dump_json(exclude_none=True)
