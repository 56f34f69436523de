"""What ingestion hands to the index."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.providers.embedder import EmbeddedPassage


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document's title, language and chunks, parsed and split but not embedded."""

    title: str
    language: str
    drafts: tuple[ChunkDraft, ...]


class Prepare(Protocol):
    """Reads a document: parses it and splits it into chunks."""

    async def __call__(self, content: bytes, media_type: str, name: str) -> PreparedDocument:
        """Return the document's chunks; raises a DomainError saying what is wrong with it."""
        ...


@dataclass(frozen=True, slots=True)
class KeptChunk:
    """A chunk that is in the index already and only may have moved within its document."""

    chunk_id: UUID
    ordinal: int


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk to add: its draft, what identifies its content, its terms, its vectors by space.

    `terms` has each term of the chunk's heading path and text with its BM25 weight (term frequency,
    saturated and normalised by length; the inverse document frequency is the question's part).
    """

    draft: ChunkDraft
    content_hash: bytes
    language: str
    terms: dict[str, float]
    vectors: Mapping[str, EmbeddedPassage]


@dataclass(frozen=True, slots=True)
class KeptSpaces:
    """The vector spaces that a project's chunks have vectors in.

    `served` is the one that questions are asked in, None before anything was taken in; `next` is
    being filled; `previous` is the way back, None also where that is not complete any more.
    """

    served: str | None = None
    next: str | None = None
    previous: str | None = None

    def beside(self, served: str) -> list[str]:
        """Return those beside the served one."""
        return [one for one in (self.next, self.previous) if one is not None and one != served]
