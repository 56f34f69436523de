"""Errors of drafts."""

from answerdesk.core.errors import Conflict, NotFound


def draft_not_found() -> NotFound:
    return NotFound("Draft not found", code="draft_not_found")


def draft_decided() -> Conflict:
    return Conflict(
        "This draft has been approved or rejected, so it can't be changed; change its item instead",
        code="draft_decided",
    )


def draft_approved() -> Conflict:
    return Conflict(
        "This draft has been approved; to take its answer back, remove its item",
        code="draft_approved",
    )


class DraftsFull(Conflict):
    """As many drafts wait for review as a project may have."""

    code = "drafts_full"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most:,} drafts wait for review, which is the limit; approve or reject some first"
        )
