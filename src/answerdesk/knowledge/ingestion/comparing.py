"""Compares a document that was read with its chunks in the index."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from answerdesk.knowledge.ingestion.prepare import chunk_hash
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.ingestion.types import KeptChunk, PreparedDocument, PresentChunk


@dataclass(frozen=True, slots=True)
class Comparison:
    """The document's chunk hashes, its chunks in the index, and how they compare.

    Chunks of the index are `kept`, with their vectors, or `gone`; `new` are the positions of the
    drafts to embed and add.
    """

    hashes: list[bytes]
    present: list[PresentChunk]
    kept: list[KeptChunk]
    new: list[int]
    gone: list[UUID]

    @property
    def same(self) -> bool:
        """Whether the index has the document exactly as it was read."""
        before = [one.id for one in self.present]
        return not self.new and not self.gone and before == [one.chunk_id for one in self.kept]


def compare(prepared: PreparedDocument, present: Sequence[PresentChunk]) -> Comparison:
    """Match a document's drafts with its chunks by hash and sentences.

    A chunk's vectors are those of its passage and of its sentences; equal hashes alone don't say
    that its sentences are the same.
    """
    hashes = [chunk_hash(prepared, draft) for draft in prepared.drafts]
    available: dict[tuple[bytes, tuple[int, ...]], list[UUID]] = defaultdict(list)
    for one in reversed(present):
        available[one.content_hash, one.sentences].append(one.id)
    kept: list[KeptChunk] = []
    new: list[int] = []
    for position, (digest, draft) in enumerate(zip(hashes, prepared.drafts, strict=True)):
        same = available[digest, _offsets(draft)]
        if same:
            kept.append(KeptChunk(same.pop(), position))
        else:
            new.append(position)
    gone = [chunk_id for left in available.values() for chunk_id in left]
    return Comparison(hashes, [*present], kept, new, gone)


def successors(
    drafts: Iterable[tuple[int, ChunkDraft]], gone: Sequence[tuple[UUID, str]]
) -> dict[int, UUID]:
    """Return, by position, the ids of the gone chunks whose text a new draft has again."""
    available: dict[str, list[UUID]] = defaultdict(list)
    for chunk_id, text in reversed(gone):
        available[text].append(chunk_id)
    return {position: available[one.text].pop() for position, one in drafts if available[one.text]}


def _offsets(draft: ChunkDraft) -> tuple[int, ...]:
    return tuple(offset for span in draft.sentences for offset in span)
