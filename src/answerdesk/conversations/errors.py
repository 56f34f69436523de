"""Errors about conversations and visitors' identities."""

from typing import Final

from answerdesk.core.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, NotPermitted

TURN_LOST: Final = "turn_lost"


def conversation_not_found() -> NotFound:
    return NotFound("Conversation not found", code="conversation_not_found")


def message_not_found() -> NotFound:
    return NotFound("Message not found", code="message_not_found")


def not_an_answer() -> InvalidInput:
    return InvalidInput(
        "Only answers and replies can be rated, not a visitor's own messages", code="not_an_answer"
    )


def desk_suspended() -> NotPermitted:
    message = "Nobody answers here at the moment; please use another way to reach this site"
    return NotPermitted(message, code="account_suspended")


def conversation_busy() -> Conflict:
    return Conflict(
        "Other messages arrived in this conversation at the same time. Please send yours again.",
        code="conversation_busy",
    )


def conversation_closed() -> Conflict:
    return Conflict(
        "This conversation is closed; it reopens when its visitor writes or a person replies",
        code="conversation_closed",
    )


def turn_lost() -> Conflict:
    return Conflict("Another process has taken over this question", code=TURN_LOST)


IDENTITY_INVALID: Final = "identity_token_invalid"


def visitor_token_missing() -> NotAuthenticated:
    return NotAuthenticated(
        "This needs a visitor token: start a session with POST /v1/visitor/session and send "
        "`Authorization: Bearer <visitor_token>`",
        code="visitor_token_missing",
    )


def visitor_token_expired() -> NotAuthenticated:
    return NotAuthenticated(
        "This visitor token has expired; get a new one with POST /v1/visitor/session",
        code="visitor_token_expired",
    )


def visitor_token_invalid() -> NotAuthenticated:
    return NotAuthenticated(
        "This is not a valid visitor token of this project; start a session without one",
        code="visitor_token_invalid",
    )


def identity_required() -> NotAuthenticated:
    return NotAuthenticated(
        "This visitor was identified by the site; send a new identity_token to continue",
        code="identity_required",
    )


def identity_expired() -> NotAuthenticated:
    return NotAuthenticated(
        "The identity token has expired; have the site's server sign a new one",
        code="identity_token_expired",
    )


def identity_invalid(reason: str) -> NotAuthenticated:
    return NotAuthenticated(f"The identity token is not valid: {reason}", code=IDENTITY_INVALID)


def origin_not_allowed(origin: str | None) -> NotPermitted:
    told = "A request without an Origin header" if origin is None else origin
    return NotPermitted(
        f"{told} is not among the project's allowed origins", code="origin_not_allowed"
    )
