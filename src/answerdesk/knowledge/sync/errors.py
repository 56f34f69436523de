"""What can go wrong with websites as sources."""

from answerdesk.core.errors import Conflict, InvalidInput, NotFound


def sync_not_found() -> NotFound:
    return NotFound("Sync not found", code="sync_not_found")


def page_not_found() -> NotFound:
    return NotFound("Page not found", code="page_not_found")


def page_not_failed(state: str) -> Conflict:
    return Conflict(
        f"This page is {state}; only a page that failed or was skipped is fetched again by itself. "
        "Sync its source instead",
        code="page_not_failed",
    )


def sync_running() -> Conflict:
    return Conflict(
        "This source is already being synced; wait for that sync to end, or cancel it",
        code="sync_running",
    )


def not_a_website() -> InvalidInput:
    return InvalidInput(
        "Only websites, which are sources of kind `page` or `site`, can be synced",
        code="source_not_website",
    )


def only_for_sites(field: str) -> InvalidInput:
    return InvalidInput(
        f"{field}: a source of kind `page` is a single page; limits need the kind `site`",
        code="invalid_source",
    )
