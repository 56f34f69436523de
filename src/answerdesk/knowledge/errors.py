"""What can go wrong with knowledge."""

from answerdesk.core.errors import NotFound


def source_not_found() -> NotFound:
    """Return the error for an id that names no source of the caller's."""
    return NotFound("Source not found", code="source_not_found")


def document_not_found() -> NotFound:
    """Return the error for an id that names no document of the caller's."""
    return NotFound("Document not found", code="document_not_found")


def passage_not_found() -> NotFound:
    """Return the error for a passage that is not, or no longer, part of the knowledge."""
    return NotFound("This passage is not part of the knowledge any more", code="passage_not_found")
