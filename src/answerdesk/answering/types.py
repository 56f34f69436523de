"""What goes into an answer and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from answerdesk.core.tenancy import AccountId, ProjectId


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the conversation and what was answered, oldest first."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """A question to one project, with what was said before it.

    `guidance` is how its agent speaks and what it does, for a model.
    """

    account_id: AccountId
    project_id: ProjectId
    text: str
    history: tuple[Exchange, ...] = ()
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that supports an answer, as it was when the answer was given.

    `quote` is the sentences taken from it; `url` is the document's own address, if it has one.
    """

    chunk_id: UUID
    document_id: UUID
    document: str
    title: str
    heading_path: tuple[str, ...]
    anchor: str | None
    url: str | None
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer.

    `confidence` is the calibrated probability that it is right, 0 to 1. An abstention has a text
    that says so, and no citations. `trace` says how the answer came about, for the owner.
    """

    text: str
    citations: tuple[Citation, ...]
    confidence: float
    abstained: bool
    trace: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that search found, by its best passage."""

    document: str
    title: str
    url: str | None
    score: float
    passage: str
