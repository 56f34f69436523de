"""The types of the knowledge, for all layers above."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.tenancy import ProjectId
from answerdesk.kit.spans import Span

SOURCE_PREFIX: Final = "src"
SYNC_PREFIX: Final = "sync"
PAGE_PREFIX: Final = "page"
DOCUMENT_PREFIX: Final = "doc"
ITEM_PREFIX: Final = "item"
PASSAGE_PREFIX: Final = "psg"

QA_MEDIA_TYPE: Final = "application/vnd.answerdesk.qa+json"
"""A question and its answer: `{"question": …, "answer": …}`."""

SourceKind = Literal["text", "qa", "file", "folder", "page", "site"]
DocumentStatus = Literal["pending", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """The limits of a website: address patterns and maximum pages (None: no own maximum)."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source, with its documents counted by status.

    The fields from `url` to `next_sync_at` are for websites (`page`, `site`) only: start address,
    limits, interval of syncs (None: none) and next sync. `version` increases with every change of
    name, limits or schedule.
    """

    id: UUID
    project_id: ProjectId
    kind: SourceKind
    name: str
    created_at: datetime
    updated_at: datetime
    pending: int = 0
    ready: int = 0
    failed: int = 0
    url: str | None = None
    settings: SourceSettings | None = None
    sync_every_hours: int | None = None
    next_sync_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """One document and its ingestion progress.

    `path` is unique in its source. While it is pending, `chunks_done` of `chunks_total` are
    embedded; both are None before it is parsed. `error` says why it failed; its earlier content
    still answers. `note` says what its owner should know of the content that answers.
    """

    id: UUID
    project_id: ProjectId
    source_id: UUID
    path: str
    title: str | None
    url: str | None
    media_type: str
    status: DocumentStatus
    error_code: str | None
    error: str | None
    note: str | None
    chunk_count: int
    chunks_total: int | None
    chunks_done: int | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class IncomingDocument:
    """A document to ingest: its bytes and where they come from.

    `id` is set for a removed document that comes back; otherwise a new id is made. `reading` is the
    packed reading of the bytes (`ingestion.readings`); None if they have not been read yet.
    """

    path: str
    content: bytes
    media_type: str
    title: str | None = None
    url: str | None = None
    id: UUID | None = None
    reading: bytes | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """The result of adding documents: which are queued, how many were unchanged or removed."""

    source_id: UUID
    queued: tuple[UUID, ...]
    unchanged: int
    removed: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document, as it is cited and read.

    For `kind == "qa"` the first line of `text` is the question, the rest its answer. `sentences`
    are spans of `text`.
    """

    id: UUID
    document_id: UUID
    path: str
    title: str
    url: str | None
    kind: str
    text: str
    heading_path: tuple[str, ...]
    anchor: str | None
    language: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class WantedDocuments:
    """Which texts and files of a project to list: `part` is a part of the path or the title."""

    part: str | None = None
    status: DocumentStatus | None = None
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DocumentPassage:
    """A passage of a document that is in the answers; `place` is its place in the document."""

    id: UUID
    place: int
    text: str
    heading_path: tuple[str, ...]
    anchor: str | None
    language: str


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A chunk that search found, with its scores.

    `bm25` is ≥ 0, `similarity` the cosine of question and chunk; `sentence_vectors` has the shape
    (len(chunk.sentences), dimensions), unit rows. `token_vectors` are those of the passage with its
    headings: unit rows times 127, at least one, of shape (tokens, n). They are None if the space
    has no tokens, if they are not stored yet, or if the chunk is not among the nearest.
    """

    chunk: Chunk
    bm25: float
    similarity: float
    sentence_vectors: NDArray[np.float32]
    token_vectors: NDArray[np.int8] | None = None


@dataclass(frozen=True, slots=True)
class Synonym:
    """What a question asks for, as it writes it, and what documents may say instead.

    `as_written`: the others mean the same only in these capital and small letters.
    """

    asked: str
    others: tuple[str, ...]
    as_written: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """A question as search sees it.

    `text` is the original question; `language` the language in which it is read. `idf` maps each
    distinct term to its inverse document frequency in this project, including terms that no chunk
    has; a certain typing error is replaced by the term that it stands for. `vector` has the shape
    (dimensions,), unit length, in `space`, which is empty if the question could not be embedded.
    `corrections` maps terms to terms that were looked up for them as well; `read_as` is the text
    with the certain corrections applied. `synonyms` are words and phrases of the text that have
    other names in this project, `widened` the worth of those names' terms, as `idf` has it of the
    question's own, and `renamed_vector` the vector of the question with the names that its
    documents use. `tokens` are the vectors of the question's tokens, unit rows of shape (tokens,
    n), and `token_weights` how much each of them asks for; None if the space has no tokens. A
    `foreign` question is in a language that no document of the project is in.
    """

    text: str
    language: str
    terms: tuple[str, ...]
    idf: dict[str, float]
    vector: NDArray[np.float32]
    read_as: str
    corrections: Mapping[str, str]
    space: str = ""
    synonyms: tuple[Synonym, ...] = ()
    widened: Mapping[str, float] = field(default_factory=dict)
    renamed_vector: NDArray[np.float32] | None = None
    tokens: NDArray[np.float32] | None = None
    token_weights: NDArray[np.float32] | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class ContextText:
    """A text that comes with a question, and its name, as a document has a title."""

    name: str
    text: str
