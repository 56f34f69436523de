"""What can go wrong with conversations."""

from typing import Final

from answerdesk.core.errors import Conflict, InvalidInput, NotFound, NotPermitted

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
