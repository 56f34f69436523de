"""What ingestion passes to the index."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from answerdesk.knowledge.ingestion.parse.decoding import LOST
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.providers.embedder import EmbeddedPassage


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document's title, language and chunks, parsed and split but not embedded."""

    title: str
    language: str
    drafts: tuple[ChunkDraft, ...]

    @property
    def note(self) -> str | None:
        """Return what the document's owner should know of the reading."""
        lost = sum(draft.text.count(LOST) for draft in self.drafts)
        if not lost:
            return None
        what = "1 character" if lost == 1 else f"{lost:,} characters"
        return f"{what} could not be read and shown as “{LOST}”; save the document as UTF-8"


class Prepare(Protocol):
    """Reads a document: parses it and splits it into chunks."""

    async def __call__(self, content: bytes, media_type: str, name: str) -> PreparedDocument:
        """Return the document's chunks; raises a DomainError saying what is wrong with it."""
        ...


@dataclass(frozen=True, slots=True)
class PresentChunk:
    """A chunk in the index: its id, content hash, and the offsets of its sentences."""

    id: UUID
    content_hash: bytes
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeptChunk:
    """A chunk already in the index; only its position in the document may have changed."""

    chunk_id: UUID
    ordinal: int


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk to add: its draft, the hash of its content, its terms, its vectors by space.

    `terms` has each term of the chunk's heading path and text with its BM25 weight (term frequency,
    saturated and normalised by length; the inverse document frequency is added at search time).
    `id` is that of a removed chunk with the same text, so that what cites it stays valid.
    """

    draft: ChunkDraft
    content_hash: bytes
    language: str
    terms: dict[str, float]
    vectors: Mapping[str, EmbeddedPassage]
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptSpaces:
    """The vector spaces in which a project's chunks have vectors.

    `served` is the space that questions are searched in, None before the first ingestion; `next` is
    being filled; `previous` is the space to go back to, None if it is no longer complete.
    """

    served: str | None = None
    next: str | None = None
    previous: str | None = None

    def beside(self, served: str) -> list[str]:
        """Return the kept spaces other than the served one."""
        return [one for one in (self.next, self.previous) if one is not None and one != served]


@dataclass(frozen=True, slots=True)
class ReadingAgain:
    """How many documents an older reader has read, and whether they are being read again.

    `kept` documents could not be read by the current reader and keep an earlier reading. `before`:
    what readers before this one have read is being read again; None if nothing is. Of `total` such
    documents, `left` are left. `error` says what it waits for.
    """

    older: int
    kept: int
    before: int | None = None
    total: int = 0
    left: int = 0
    error_code: str | None = None
    error: str | None = None

    @property
    def running(self) -> bool:
        return self.before is not None

    @property
    def done(self) -> int:
        """How many have been read again, nearly: documents come and go meanwhile."""
        return max(self.total - self.left, 0)
