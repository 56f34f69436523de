"""Events that the knowledge records (`answerdesk.core.events`)."""

from typing import Final

DOCUMENT_READY: Final = "document_ready"
DOCUMENT_FAILED: Final = "document_failed"
DOCUMENT_REMOVED: Final = "document_removed"

SOURCE_SYNCED: Final = "source_synced"
"""A sync has ended; `state` says how."""

PAGE_REMOVED: Final = "page_removed"
REMOVALS_HELD: Final = "page_removals_held"
"""So many pages seem to be gone that the owner has to confirm their removal."""


SPACE_CHANGED: Final = "embedding_space_changed"
"""Another space is served from now on: `space`, in place of `previous`."""
