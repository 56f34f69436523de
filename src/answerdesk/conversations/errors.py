"""Errors about conversations and visitors' identities."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from answerdesk.accounts.types import MEMBER_PREFIX, Cap
from answerdesk.conversations.types import MESSAGE_PREFIX
from answerdesk.core.errors import (
    Conflict,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    Unavailable,
)
from answerdesk.core.tenancy import MessageId, public_id

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


NOTHING_TO_ANSWER: Final = "nothing_to_answer"


def nothing_written() -> Conflict:
    return Conflict(
        "The visitor has not written yet; a reply can be suggested when they have",
        code=NOTHING_TO_ANSWER,
    )


def all_answered() -> Conflict:
    return Conflict(
        "All that the visitor wrote is answered; a reply can be suggested when they write again",
        code=NOTHING_TO_ANSWER,
    )


def answer_in_progress() -> Conflict:
    return Conflict(
        "The assistant is answering the visitor right now; wait for its answer",
        code="answer_in_progress",
    )


def held_by_another(member_id: UUID | None) -> Conflict:
    """For a conversation that another person has; `member_id` is theirs, None if they have left."""
    error = Conflict(
        "Another person has this conversation; ask them to hand it over, claim it with `force`, or "
        "send anyway with `go_ahead`",
        code="held_by_another",
    )
    if member_id is not None:
        error.details = {"member_id": public_id(MEMBER_PREFIX, member_id)}
    return error


def conversation_changed(newer: Sequence[MessageId]) -> Conflict:
    """For a change whose author has not seen the `newer` messages."""
    error = Conflict(
        "There are newer messages in this conversation. Read the newer messages, or send anyway "
        "with `go_ahead`",
        code="conversation_changed",
    )
    error.details = {"newer": [public_id(MESSAGE_PREFIX, one) for one in newer]}
    return error


def member_cannot_reply() -> InvalidInput:
    return InvalidInput(
        "This member may not reply to visitors; choose another member, or change their role",
        code="member_cannot_reply",
    )


def not_ratable_yet() -> Conflict:
    return Conflict(
        "A conversation can be rated while a person has it, or when it is closed",
        code="not_ratable_yet",
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


def agent_needed() -> InvalidInput:
    return InvalidInput(
        "model_id: this project has no agent that could answer with a language model; create one "
        "first",
        code="agent_needed",
    )


def cap_reached(cap: Cap) -> NotPermitted:
    """For a question of somebody of the account, which counts as a visitor's message does."""
    return NotPermitted(
        f"The cap of {cap.limit:,} messages a {cap.period} ({cap.metric}) is reached; raise it, or "
        f"wait for the next {cap.period}",
        code="message_cap_reached",
    )


def answer_too_slow() -> Unavailable:
    return Unavailable("The answer took too long; ask again, or choose a faster language model")
