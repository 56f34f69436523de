"""Writes the index: chunks, their embeddings, and a project's terms.

Every change to a project's index holds the lock of its knowledge base and raises its `live_rev`, so
that a reader sees a document's old chunks or its new ones, never both and never neither.
"""

from answerdesk.knowledge.ingestion.repository.base import (
    LARGE,
    LockedBase,
    go_live,
    kept_spaces,
    lock_base,
    lose_way_back,
)
from answerdesk.knowledge.ingestion.repository.chunks import (
    add_chunks,
    add_vectors,
    chunk_texts,
    enter_vectors,
    is_filling,
    move_chunks,
    present_chunks,
    remove_chunks,
    search_by_index,
    unchanged_chunks,
)
from answerdesk.knowledge.ingestion.repository.documents import (
    StoredContent,
    content_of,
    delete_documents,
    finish_document,
    forget_other_readings,
    forget_reading,
    hold_source,
    is_ready,
    keep_earlier_reading,
    keep_reading,
    mark_failed,
    note_progress,
    older_content,
    pending_content,
)
from answerdesk.knowledge.ingestion.repository.older import (
    begin_reading_again,
    end_reading_again,
    note_reading_again_waits,
    older_documents,
    reading_again,
)
from answerdesk.knowledge.ingestion.repository.terms import (
    ChunkWithTerms,
    chunks_with_terms,
    note_analysis,
    replace_terms,
)

__all__ = [
    "LARGE",
    "ChunkWithTerms",
    "LockedBase",
    "StoredContent",
    "add_chunks",
    "add_vectors",
    "begin_reading_again",
    "chunk_texts",
    "chunks_with_terms",
    "content_of",
    "delete_documents",
    "end_reading_again",
    "enter_vectors",
    "finish_document",
    "forget_other_readings",
    "forget_reading",
    "go_live",
    "hold_source",
    "is_filling",
    "is_ready",
    "keep_earlier_reading",
    "keep_reading",
    "kept_spaces",
    "lock_base",
    "lose_way_back",
    "mark_failed",
    "move_chunks",
    "note_analysis",
    "note_progress",
    "note_reading_again_waits",
    "older_content",
    "older_documents",
    "pending_content",
    "present_chunks",
    "reading_again",
    "remove_chunks",
    "replace_terms",
    "search_by_index",
    "unchanged_chunks",
]
