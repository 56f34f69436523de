"""What ingestion hands to the index."""

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

    async def __call__(
        self, content: bytes, media_type: str, name: str, title: str | None
    ) -> PreparedDocument:
        """Return the document's chunks; `title` overrides what the document calls itself.

        Raises a DomainError saying what is wrong with it.
        """
        ...


@dataclass(frozen=True, slots=True)
class KeptChunk:
    """A chunk that is in the index already and only may have moved within its document."""

    chunk_id: UUID
    ordinal: int


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk to add: its draft, what identifies its content, its terms and its vectors.

    `terms` has each term of the chunk's heading path and text with its BM25 weight (term frequency,
    saturated and normalised by length; the inverse document frequency is the question's part).
    """

    draft: ChunkDraft
    content_hash: bytes
    language: str
    terms: dict[str, float]
    embedded: EmbeddedPassage
