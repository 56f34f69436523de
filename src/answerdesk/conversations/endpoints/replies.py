"""What people of an account do in a conversation: reply, take it, give it away, close it."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.accounts.dependencies import Caller, needs
from answerdesk.accounts.members.service import get_member, member_not_found
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import MEMBER_PREFIX
from answerdesk.conversations import replying
from answerdesk.conversations import service as conversations
from answerdesk.conversations.errors import conversation_not_found, message_not_found
from answerdesk.conversations.handoff import (
    Assigned,
    Claimed,
    Closed,
    HandedBack,
    Opened,
    PersonsAct,
)
from answerdesk.conversations.history import service as history
from answerdesk.conversations.repository.replies import Standing
from answerdesk.conversations.schemas import ConversationOut, Id, MessageOut
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_LENGTH,
    MESSAGE_PREFIX,
    OfTheAccount,
)
from answerdesk.core.database import Database
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import ConversationId, MessageId, UserId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.text import FilledText


class ReplyIn(BaseModel):
    """A person's message to the visitor."""

    model_config = ConfigDict(extra="forbid")

    content: FilledText = Field(max_length=MESSAGE_LENGTH)
    seen: Id | None = Field(
        default=None,
        description="The newest message that the writer has seen. If there are newer ones, the "
        "reply is refused (409, `conversation_changed`), and `newer` names them.",
    )
    go_ahead: bool = Field(
        default=False,
        description="Send it although another person has the conversation, or newer messages have "
        "arrived.",
    )


class TakingIn(BaseModel):
    """A person's claim of a conversation."""

    model_config = ConfigDict(extra="forbid")

    force: bool = Field(default=False, description="Take it from the person who has it.")


class AssignIn(BaseModel):
    """Who is to have a conversation."""

    model_config = ConfigDict(extra="forbid")

    member_id: Id | None = Field(
        description="A member who may reply. Null gives it back to those who wait for a person."
    )


Writer = Annotated[Principal, needs("conversations:write")]


async def _conversation(conversation_id: str, caller: Caller, database: DatabaseOf) -> Standing:
    value = parse_public_id(CONVERSATION_PREFIX, conversation_id)
    if value is None:
        raise conversation_not_found()
    found = await replying.standing(database, caller.account_id, ConversationId(value))
    try:
        caller.require_project(found.project_id)
    except NotFound as error:
        raise conversation_not_found() from error
    return found


# The scope is checked first, so callers who may not write don't learn which ones exist.
async def _writable(
    _: Writer, conversation: Annotated[Standing, Depends(_conversation)]
) -> Standing:
    return conversation


ConversationWrite = Annotated[Standing, Depends(_writable)]
"""The conversation in the path, for a caller with the scope `conversations:write`."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/conversations/{conversation_id}",
        route_class=bounded_route(max_json_bytes),
        tags=["conversations"],
    )
    refused = problems(409)
    router.add_api_route(
        "/messages",
        reply,
        methods=["POST"],
        status_code=status.HTTP_201_CREATED,
        responses=refused,
    )
    router.add_api_route("/claim", claim, methods=["POST"], responses=refused)
    router.add_api_route("/assign", assign, methods=["POST"], responses=refused)
    router.add_api_route("/hand-back", hand_back, methods=["POST"], responses=refused)
    router.add_api_route("/close", close, methods=["POST"])
    router.add_api_route("/reopen", reopen, methods=["POST"])
    return router


async def reply(
    body: ReplyIn,
    caller: Writer,
    conversation: ConversationWrite,
    database: DatabaseOf,
    base_url: BaseUrl,
) -> MessageOut:
    """Write to the visitor, as a person.

    The conversation is then with its writer: the assistant says nothing until it is handed back. An
    answer in progress is not sent. A closed conversation reopens. If another person has it, the
    reply is refused (409, `held_by_another`), and `member_id` names them.
    """
    seen = None if body.seen is None else parse_public_id(MESSAGE_PREFIX, body.seen)
    if body.seen is not None and seen is None:
        raise message_not_found()
    message = await replying.send(
        database,
        caller.account_id,
        conversation,
        body.content,
        by=_person(caller),
        seen=None if seen is None else MessageId(seen),
        go_ahead=body.go_ahead,
    )
    return MessageOut.of(message, conversation.project_id, base_url)


async def claim(
    caller: Writer,
    conversation: ConversationWrite,
    database: DatabaseOf,
    body: TakingIn | None = None,
) -> ConversationOut:
    """Take the conversation, before writing in it: the assistant says nothing from now on.

    Of two who claim it at once, one is refused (409, `held_by_another`).
    """
    happening = Claimed(_person(caller), force=body is not None and body.force)
    return await _changed(caller, conversation, database, happening)


async def assign(
    body: AssignIn, caller: Writer, conversation: ConversationWrite, database: DatabaseOf
) -> ConversationOut:
    """Give the conversation to a member, or back to those who wait for a person."""
    to = None if body.member_id is None else await _member(body.member_id, caller, database)
    return await _changed(caller, conversation, database, Assigned(_person(caller), to))


async def hand_back(
    caller: Writer, conversation: ConversationWrite, database: DatabaseOf
) -> ConversationOut:
    """Let the assistant answer again, from the visitor's next message on; the visitor is told."""
    return await _changed(caller, conversation, database, HandedBack(_person(caller)))


async def close(
    caller: Writer, conversation: ConversationWrite, database: DatabaseOf
) -> ConversationOut:
    """Close the conversation. It reopens when its visitor writes or a person replies."""
    return await _changed(caller, conversation, database, Closed(_person(caller)))


async def reopen(
    caller: Writer, conversation: ConversationWrite, database: DatabaseOf
) -> ConversationOut:
    """Open a closed conversation again; the assistant has it then.

    One that waits for a person is taken over. An open one stays as it is.
    """
    return await _changed(caller, conversation, database, Opened(_person(caller)))


def _person(caller: Principal) -> UserId | None:
    """Return the person who calls; None for a key."""
    return UserId(caller.subject) if caller.kind == "user" else None


async def _member(member_id: str, caller: Principal, database: Database) -> UserId:
    value = parse_public_id(MEMBER_PREFIX, member_id)
    if value is None:
        raise member_not_found()
    async with database.transaction(caller.account_id) as session:
        return (await get_member(session, value)).user_id


async def _changed(
    caller: Principal, conversation: Standing, database: Database, happening: PersonsAct
) -> ConversationOut:
    async with database.transaction(caller.account_id) as session:
        await conversations.act(session, conversation.id, OfTheAccount(), happening)
        changed = await history.conversation(session, conversation.id, OfTheAccount())
    return ConversationOut.of(changed)
