"""What can go wrong with delayed replies."""

from collections.abc import Collection

from answerdesk.core.errors import Conflict, InvalidInput, NotFound, RateLimited, TooLarge
from answerdesk.delayed_replies.types import MOST_BYTES, MOST_PENDING, MOST_PENDING_BYTES

_RETRY_SECONDS = 60


def delayed_reply_not_found() -> NotFound:
    """For an id that names no delayed reply that the caller reaches."""
    return NotFound("Delayed reply not found", code="delayed_reply_not_found")


def request_too_large(size: int) -> TooLarge:
    return TooLarge(
        f"The request has {size:,} bytes; one that is answered later may have at most "
        f"{MOST_BYTES:,}. Leave out the oldest messages",
        code="messages_too_large",
    )


def too_many_pending() -> RateLimited:
    return RateLimited(
        f"At most {MOST_PENDING:,} replies, with {MOST_PENDING_BYTES // 1_000_000} MB in all, may "
        "wait for their time; cancel some, or try again when some are answered",
        retry_after=_RETRY_SECONDS,
        code="too_many_delayed_replies",
    )


def format_has_no_replies(name: str, others: Collection[str]) -> InvalidInput:
    return InvalidInput(
        f"Webhooks of the format {name} can't be sent replies; use one of the format "
        f"{' or '.join(sorted(others))}",
        code="webhook_format",
    )


def webhook_disabled() -> Conflict:
    return Conflict(
        "This webhook is disabled; enable it before you request a reply", code="webhook_disabled"
    )


def already_ended(state: str) -> Conflict:
    return Conflict(
        f"This reply can't be cancelled any more: it is {state}", code="delayed_reply_ended"
    )
