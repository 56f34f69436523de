"""What Orac's endpoints need, and whose the things are that a request names."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from answerdesk.accounts.service import account_of
from answerdesk.conversations.errors import conversation_not_found, message_not_found
from answerdesk.conversations.reply.service import Reply
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, parse_public_id


def _reply(request: Request) -> Reply:
    reply: Reply = request.app.state.reply
    return reply


ReplyOf = Annotated[Reply, Depends(_reply)]


async def find_conversation(database: Database, text: str) -> tuple[AccountId, ConversationId]:
    """Return the conversation that an id names, and whose it is; raises NotFound."""
    account_id, value = await _find(database, CONVERSATION_PREFIX, text)
    if account_id is None or value is None:
        raise conversation_not_found()
    return account_id, ConversationId(value)


async def find_message(database: Database, text: str) -> tuple[AccountId, MessageId]:
    """Return the message that an id names, and whose it is; raises NotFound."""
    account_id, value = await _find(database, MESSAGE_PREFIX, text)
    if account_id is None or value is None:
        raise message_not_found()
    return account_id, MessageId(value)


async def _find(database: Database, prefix: str, text: str) -> tuple[AccountId | None, UUID | None]:
    value = parse_public_id(prefix, text)
    return (None if value is None else await account_of(database, value)), value


def parse_since(text: str | None) -> datetime | None:
    """Read an ISO 8601 time; one without an offset is UTC. Raises InvalidInput."""
    if text is None or text == "":
        return None
    try:
        # In a query, the "+" of an offset arrives as a space.
        moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        message = "since is not an ISO 8601 time such as 2026-04-18T11:20:00Z"
        raise InvalidInput(message, code="invalid_since") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput("since is out of range", code="invalid_since") from error
