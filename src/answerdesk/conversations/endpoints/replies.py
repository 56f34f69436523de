"""What people of an account do in a conversation: reply, hand it back, close it."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.accounts.dependencies import Caller, needs
from answerdesk.accounts.principal import Principal
from answerdesk.conversations import service as conversations
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.handoff import PersonsChange
from answerdesk.conversations.history import service as history
from answerdesk.conversations.schemas import ConversationOut, MessageOut
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_LENGTH,
    Conversation,
    OfTheAccount,
)
from answerdesk.core.database import Database
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import ConversationId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.text import FilledText


class ReplyIn(BaseModel):
    """A person's message to the visitor."""

    model_config = ConfigDict(extra="forbid")

    content: FilledText = Field(max_length=MESSAGE_LENGTH)


Writer = Annotated[Principal, needs("conversations:write")]


async def _conversation(conversation_id: str, caller: Caller, database: DatabaseOf) -> Conversation:
    value = parse_public_id(CONVERSATION_PREFIX, conversation_id)
    if value is None:
        raise conversation_not_found()
    async with database.transaction(caller.account_id) as session:
        found = await conversations.get_conversation(session, ConversationId(value), OfTheAccount())
    try:
        caller.require_project(found.project_id)
    except NotFound as error:
        raise conversation_not_found() from error
    return found


# The scope is checked first, so callers who may not write don't learn which ones exist.
async def _writable(
    _: Writer, conversation: Annotated[Conversation, Depends(_conversation)]
) -> Conversation:
    return conversation


ConversationWrite = Annotated[Conversation, Depends(_writable)]
"""The conversation in the path, for a caller with the scope `conversations:write`."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/conversations/{conversation_id}",
        route_class=bounded_route(max_json_bytes),
        tags=["conversations"],
    )
    router.add_api_route("/messages", reply, methods=["POST"], status_code=status.HTTP_201_CREATED)
    router.add_api_route("/hand-back", hand_back, methods=["POST"], responses=problems(409))
    router.add_api_route("/close", close, methods=["POST"])
    return router


async def reply(
    body: ReplyIn,
    caller: Writer,
    conversation: ConversationWrite,
    database: DatabaseOf,
    base_url: BaseUrl,
) -> MessageOut:
    """Write to the visitor, as a person.

    The conversation is then with a person: the assistant says nothing until it is handed back. An
    answer in progress is not sent. A closed conversation reopens.
    """
    async with database.transaction(caller.account_id) as session:
        message = await conversations.reply(session, conversation.id, OfTheAccount(), body.content)
    return MessageOut.of(message, conversation.project_id, base_url)


async def hand_back(
    caller: Writer, conversation: ConversationWrite, database: DatabaseOf
) -> ConversationOut:
    """Let the assistant answer again, from the visitor's next message on."""
    return await _changed(caller, conversation, database, "handed_back")


async def close(
    caller: Writer, conversation: ConversationWrite, database: DatabaseOf
) -> ConversationOut:
    """Close the conversation. It reopens when its visitor writes or a person replies."""
    return await _changed(caller, conversation, database, "closed")


async def _changed(
    caller: Principal, conversation: Conversation, database: Database, happening: PersonsChange
) -> ConversationOut:
    async with database.transaction(caller.account_id) as session:
        await conversations.change(session, conversation.id, OfTheAccount(), happening)
        changed = await history.conversation(session, conversation.id, OfTheAccount())
    return ConversationOut.of(changed)
