"""What can go wrong with knowledge."""

from answerdesk.core.errors import Conflict, NotFound


def source_not_found() -> NotFound:
    """Return the error for an id that names no source of the caller's."""
    return NotFound("Source not found", code="source_not_found")


def document_not_found() -> NotFound:
    """Return the error for an id that names no document of the caller's."""
    return NotFound("Document not found", code="document_not_found")


def document_of_website() -> Conflict:
    """Return the error for removing a page of a website, which its next sync would bring back."""
    return Conflict(
        "This document is a page of a website, whose next sync would bring it back; exclude its"
        " address from the source and sync it, or remove the source",
        code="document_of_website",
    )


def passage_not_found() -> NotFound:
    """Return the error for a passage that is not, or no longer, part of the knowledge."""
    return NotFound("This passage is not part of the knowledge any more", code="passage_not_found")
