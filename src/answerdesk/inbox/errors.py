"""Errors of the inbox."""

from typing import Final

from answerdesk.core.errors import Conflict, InvalidInput, NotFound, NotPermitted


def note_not_found() -> NotFound:
    return NotFound("Note not found", code="note_not_found")


def not_your_note() -> NotPermitted:
    return NotPermitted(
        "Only its author, an admin or an owner can delete a note", code="not_your_note"
    )


def snooze_time() -> InvalidInput:
    return InvalidInput(
        "`until` must be in the future, and at most a year ahead", code="snooze_time"
    )


def draft_changed() -> Conflict:
    return Conflict(
        "This draft has changed elsewhere; read it, and save again with its `version`",
        code="draft_changed",
    )


def too_many_drafts(most: int) -> Conflict:
    return Conflict(
        f"You have {most} drafts, which is the limit; send or delete some first",
        code="too_many_drafts",
    )


def canned_reply_not_found() -> NotFound:
    return NotFound("Canned reply not found", code="canned_reply_not_found")


def shortcut_taken() -> Conflict:
    return Conflict(
        "Another canned reply for the same project and people has this shortcut; choose another",
        code="shortcut_taken",
    )


def too_many_canned_replies(most: int) -> Conflict:
    return Conflict(
        f"There are {most} canned replies, which is the limit; delete some first",
        code="too_many_canned_replies",
    )


PROJECT_NEEDED: Final = "project_needed"


def project_needed() -> NotPermitted:
    return NotPermitted(
        "A key for some projects only can't change a canned reply for all; name a `project_id`",
        code=PROJECT_NEEDED,
    )


def saved_view_not_found() -> NotFound:
    return NotFound("Saved view not found", code="saved_view_not_found")


def not_your_view() -> NotPermitted:
    return NotPermitted(
        "Only its maker, an admin or an owner can change a shared view", code="not_your_view"
    )


def too_many_saved_views(most: int, *, shared: bool) -> Conflict:
    whose = "People share" if shared else "A person has"
    return Conflict(
        f"{whose} {most} saved views, which is the limit; delete some first",
        code="too_many_saved_views",
    )


def visitor_not_found() -> NotFound:
    return NotFound("Visitor not found", code="visitor_not_found")
