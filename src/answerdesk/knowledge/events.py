"""Events that the knowledge records (`answerdesk.core.events`)."""

from typing import Final

DOCUMENT_READY: Final = "document_ready"
DOCUMENT_FAILED: Final = "document_failed"
DOCUMENT_REMOVED: Final = "document_removed"
