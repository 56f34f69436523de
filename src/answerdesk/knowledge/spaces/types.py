"""The types of a project's vector spaces."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.split import ChunkDraft

ChangeState = Literal["filling", "waiting", "done", "cancelled"]
"""`waiting`: the embedder of the new space is unavailable, or documents are being ingested."""


@dataclass(frozen=True, slots=True)
class SpaceChange:
    """A change to another space, and its progress.

    `done` of the project's `total` chunks have vectors in the new space. `chunks_per_minute` is the
    recent pace, None before it is known and while the change waits.
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
        """How long the rest takes at the recent pace; None if that is unknown."""
        if not self.chunks_per_minute:
            return None
        return max(self.total - self.done, 0) / self.chunks_per_minute * 60


@dataclass(frozen=True, slots=True)
class BaseSpaces:
    """The stored spaces of one project; `space` is None before anything was ingested."""

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
class Suggestion:
    """A space that knows the languages of the project's documents better than the served one.

    `languages` are those other than English, with most passages first. If the space is not
    `installed`, the operator has to do that first.
    """

    space: str
    installed: bool
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Embedding:
    """The space that a project is searched in, and the possible changes.

    `usable`: this installation can embed questions in `space`; otherwise search uses words alone.
    `previous` is the space that a roll-back returns to; `previous_complete` says whether it can.
    """

    space: str
    usable: bool
    available: tuple[Available, ...]
    change: SpaceChange | None
    previous: str | None
    previous_complete: bool
    suggestion: Suggestion | None = None


@dataclass(frozen=True, slots=True)
class BaseOfInstallation:
    """One project of any account, for the operator."""

    account_id: AccountId
    project_id: ProjectId
    space: str | None
    next: str | None
    chunk_count: int


@dataclass(frozen=True, slots=True)
class LackingChunk:
    """A chunk without a vector in some space, with the parts of its passage.

    `added_rev` is the revision at which it was added: it is embedded as it was then.
    `pending`: its document waits to be ingested again, and may already have another title.
    """

    id: UUID
    draft: ChunkDraft
    content_hash: bytes
    title: str | None
    language: str
    pending: bool
    added_rev: int
