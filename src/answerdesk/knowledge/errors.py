"""What can go wrong with knowledge."""

from answerdesk.core.errors import Conflict, NotFound


def source_not_found() -> NotFound:
    return NotFound("Source not found", code="source_not_found")


def document_not_found() -> NotFound:
    return NotFound("Document not found", code="document_not_found")


def document_of_website() -> Conflict:
    return Conflict(
        "This document is a page of a website, and the next sync would bring it back; exclude its"
        " address from the source and sync the source, or remove the source",
        code="document_of_website",
    )


def passage_not_found() -> NotFound:
    return NotFound("This passage is no longer part of the knowledge", code="passage_not_found")
