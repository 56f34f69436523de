"""What can go wrong with websites as sources."""

from answerdesk.core.errors import Conflict, InvalidInput, NotFound


def sync_not_found() -> NotFound:
    """Return the error for an id that names no sync of the source."""
    return NotFound("Sync not found", code="sync_not_found")


def page_not_found() -> NotFound:
    """Return the error for an id that names no page of the project's."""
    return NotFound("Page not found", code="page_not_found")


def sync_running() -> Conflict:
    """Return the error for a second sync of a source at a time."""
    return Conflict(
        "This source is being synced already; wait for it to end, or cancel it",
        code="sync_running",
    )


def not_a_website() -> InvalidInput:
    """Return the error for syncing what was put in by hand."""
    return InvalidInput(
        "Only sources of the kinds `page` and `site` are websites that can be synced",
        code="source_not_website",
    )


def only_for_sites(field: str) -> InvalidInput:
    """Return the error for limiting a single page."""
    return InvalidInput(
        f"{field}: a source of the kind `page` is one page; take the kind `site` to limit many",
        code="invalid_source",
    )
