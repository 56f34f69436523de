"""The types of privacy."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Literal, Self
from uuid import UUID

from answerdesk.conversations.types import VisitorId
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import ProjectId

ERASURE_PREFIX: Final = "erasure"

SubjectKind = Literal["visitor_id", "email", "identity", "external_id"]
State = Literal["pending", "done"]


@dataclass(frozen=True, slots=True)
class Subject:
    """By what a person is named.

    - `visitor_id`: our id of a visitor
    - `email`: any address that they left, that somebody noted or that their site has signed
    - `identity`: their site's id of them, which it has signed
    - `external_id`: what a client or a program calls them, in `dialect` if several call somebody so
    """

    kind: SubjectKind
    value: str
    dialect: Dialect | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """All that belongs to a person: these visitors, and the leads with one of these addresses."""

    visitors: Sequence[VisitorId]
    emails: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """What was erased, and what of the rest was cancelled or emptied."""

    conversations: int = 0
    messages: int = 0
    leads: int = 0
    visitors: int = 0
    drafts: int = 0
    deliveries: int = 0
    delayed_replies: int = 0

    def __add__(self, other: Self) -> Self:
        names = [one.name for one in fields(self)]
        return type(self)(**{one: getattr(self, one) + getattr(other, one) for one in names})


@dataclass(frozen=True, slots=True)
class Erasure:
    """The receipt of an erasure. It doesn't say whose: only who knows that can ask for it."""

    id: UUID
    project_id: ProjectId
    kind: SubjectKind
    state: State
    counts: Counts
    requested_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Old:
    """Rows of a project that are older than it keeps them."""

    project_id: ProjectId
    ids: Sequence[UUID]
