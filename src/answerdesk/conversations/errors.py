"""What can go wrong with conversations, and with who a visitor is."""

from typing import Final

from answerdesk.core.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, NotPermitted

TURN_LOST: Final = "turn_lost"


def conversation_not_found() -> NotFound:
    """Return the error for an id that names no conversation of the caller's."""
    return NotFound("Conversation not found", code="conversation_not_found")


def message_not_found() -> NotFound:
    """Return the error for an id that names no message of the caller's."""
    return NotFound("Message not found", code="message_not_found")


def not_an_answer() -> InvalidInput:
    """Return the error for a rating of something that the assistant did not say."""
    return InvalidInput("Only an assistant's message can be rated", code="not_an_answer")


def desk_suspended() -> NotPermitted:
    """Return the error for a visitor of an account that is suspended."""
    message = "Nobody answers here at the moment; please use another way to reach this site"
    return NotPermitted(message, code="account_suspended")


def conversation_busy() -> Conflict:
    """Return the error for a message that came while many others did."""
    return Conflict(
        "Other messages came to this conversation at the same time. Please send it again.",
        code="conversation_busy",
    )


def turn_lost() -> Conflict:
    """Return the error for an answer that came after another had taken up its question."""
    return Conflict("This question was taken up elsewhere", code=TURN_LOST)


IDENTITY_INVALID: Final = "identity_token_invalid"


def visitor_token_missing() -> NotAuthenticated:
    """Return the error for a visitor's call without a token."""
    return NotAuthenticated(
        "This needs a visitor token: start a session with POST /v1/visitor/session and send "
        "`Authorization: Bearer <visitor_token>`",
        code="visitor_token_missing",
    )


def visitor_token_expired() -> NotAuthenticated:
    """Return the error for a token of ours that is too old for what it is used for."""
    return NotAuthenticated(
        "This visitor token has expired; get a new one with POST /v1/visitor/session",
        code="visitor_token_expired",
    )


def visitor_token_invalid() -> NotAuthenticated:
    """Return the error for a token that is not ours, not this project's, or nobody's any more."""
    return NotAuthenticated(
        "This is no visitor token of this project; start a session without one",
        code="visitor_token_invalid",
    )


def identity_required() -> NotAuthenticated:
    """Return the error for going on as somebody whom the site has to sign for again."""
    return NotAuthenticated(
        "This visitor was identified by the site; send a fresh identity_token to go on",
        code="identity_required",
    )


def identity_expired() -> NotAuthenticated:
    """Return the error for an identity token that was good once."""
    return NotAuthenticated(
        "The identity token has expired; let the site's server sign a new one",
        code="identity_token_expired",
    )


def identity_invalid(reason: str) -> NotAuthenticated:
    """Return the error for an identity token that does not hold, with the reason."""
    return NotAuthenticated(f"The identity token is not valid: {reason}", code=IDENTITY_INVALID)


def origin_not_allowed(origin: str | None) -> NotPermitted:
    """Return the error for a page that the project's owner has not allowed."""
    told = "A page's request says its Origin, and this one does not" if origin is None else origin
    return NotPermitted(
        f"{told} is not among the project's allowed origins", code="origin_not_allowed"
    )
