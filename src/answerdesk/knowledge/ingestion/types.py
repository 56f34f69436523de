"""What ingestion hands to the index."""

from dataclasses import dataclass
from uuid import UUID

from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.providers.embedder import EmbeddedPassage


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document's title, language and chunks, parsed and split but not embedded."""

    title: str
    language: str
    drafts: tuple[ChunkDraft, ...]


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
