"""The events of the knowledge (`core.events`)."""

from typing import Final

from answerdesk.core.events import EventType, Payload


class DocumentChange(Payload):
    """A document; `chunks` once it is ready, the error's `code` if it failed."""

    document_id: str
    chunks: int | None = None
    code: str | None = None


class SyncEnd(Payload):
    """How a sync of a source ended: its `state`, and the error's code if it failed."""

    source_id: str
    sync_id: str
    state: str
    error_code: str | None = None


class PageRemoval(Payload):
    """A page that is no longer in the answers, and the sync that found it gone."""

    page_id: str
    url: str
    source_id: str
    sync_id: str


class HeldRemovals(Payload):
    """How many pages wait for the owner to confirm that they are gone."""

    source_id: str
    sync_id: str
    pages: int


class SpaceChange(Payload):
    """The embedding space that is served from now on, in place of `previous`.

    `previous` is null where the project had no knowledge yet.
    """

    space: str
    previous: str | None


_DOCUMENT: Final = "doc_2b3c4d5e6f7048918a9bacbdcedf0011"
_SOURCE: Final = "src_9c8b7a69584746352413f2e1d0c0b0a0"
_SYNC: Final = "sync_4d3c2b1a09f84e7d8c6b5a4938271605"

DOCUMENT_READY: Final = EventType(
    "document.ready",
    "A document was ingested: answers use it now.",
    DocumentChange,
    DocumentChange(document_id=_DOCUMENT, chunks=12),
)
DOCUMENT_FAILED: Final = EventType(
    "document.failed",
    "A document could not be ingested.",
    DocumentChange,
    DocumentChange(document_id=_DOCUMENT, code="unreadable_document"),
)
DOCUMENT_REMOVED: Final = EventType(
    "document.removed",
    "A document was removed from the answers.",
    DocumentChange,
    DocumentChange(document_id=_DOCUMENT),
)
SOURCE_SYNCED: Final = EventType(
    "source.synced",
    "A sync of a source has ended; `state` says how.",
    SyncEnd,
    SyncEnd(source_id=_SOURCE, sync_id=_SYNC, state="completed"),
)
SOURCE_FAILED: Final = EventType(
    "source.failed",
    "A sync of a source has failed.",
    SyncEnd,
    SyncEnd(source_id=_SOURCE, sync_id=_SYNC, state="failed", error_code="unreachable"),
)
PAGE_REMOVED: Final = EventType(
    "page.removed",
    "A page is gone from its website, and so from the answers.",
    PageRemoval,
    PageRemoval(
        page_id="page_6f5e4d3c2b1a40f98e7d6c5b4a392817",
        url="https://example.com/old",
        source_id=_SOURCE,
        sync_id=_SYNC,
    ),
)
REMOVALS_HELD: Final = EventType(
    "source.removals_held",
    "So many pages seem to be gone that the owner has to confirm their removal.",
    HeldRemovals,
    HeldRemovals(source_id=_SOURCE, sync_id=_SYNC, pages=40),
)
SPACE_CHANGED: Final = EventType(
    "embedding.changed",
    "Another embedding space is served.",
    SpaceChange,
    SpaceChange(space="all-minilm-l6-v2", previous="multilingual-e5-small"),
)

TYPES: Final = (
    *(DOCUMENT_READY, DOCUMENT_FAILED, DOCUMENT_REMOVED),
    *(SOURCE_SYNCED, SOURCE_FAILED, PAGE_REMOVED, REMOVALS_HELD, SPACE_CHANGED),
)
