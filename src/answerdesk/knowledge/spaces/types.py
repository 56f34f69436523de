"""What is known of a project's vector spaces."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.split import ChunkDraft

ChangeState = Literal["filling", "waiting", "done", "cancelled"]
"""`waiting`: the embedder of the new space is away, or documents are being taken in just now."""


@dataclass(frozen=True, slots=True)
class SpaceChange:
    """A change to another space, and how far it is.

    `done` of the project's `total` chunks have vectors in the new space. `chunks_per_minute` is the
    pace of late, None before it is known and while nothing moves.
    """

    id: UUID
    to: str
    state: ChangeState
    error_code: str | None
    error: str | None
    done: int
    total: int
    chunks_per_minute: float | None

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the pace of late."""
        if not self.chunks_per_minute:
            return None
        return max(self.total - self.done, 0) / self.chunks_per_minute * 60


@dataclass(frozen=True, slots=True)
class BaseSpaces:
    """The spaces of one project as they are stored; `space` is None before anything was put in."""

    space: str | None
    next: str | None
    previous: str | None
    previous_complete: bool
    chunk_count: int


@dataclass(frozen=True, slots=True)
class Available:
    """A space that a project can be changed to."""

    space: str
    dimensions: int | None


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a project is searched by.

    `usable` is whether this installation can embed questions in `space`; if it cannot, words alone
    find. `previous` is the space that a roll-back returns to, `previous_complete` whether it can.
    """

    space: str
    usable: bool
    available: tuple[Available, ...]
    change: SpaceChange | None
    previous: str | None
    previous_complete: bool


@dataclass(frozen=True, slots=True)
class BaseOfInstallation:
    """One project of whichever account, for the operator."""

    account_id: AccountId
    project_id: ProjectId
    space: str | None
    next: str | None
    chunk_count: int


@dataclass(frozen=True, slots=True)
class LackingChunk:
    """A chunk without a vector in some space, with what its passage is made of.

    `pending` is whether its document waits to be taken in anew: its title may already be another.
    """

    id: UUID
    draft: ChunkDraft
    content_hash: bytes
    title: str | None
    language: str
    pending: bool
