"""Nova Chat's conversations, for the account's programs and people."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Response, status

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.conversations import service as conversations
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.handoff import Assigned, Closed, Opened
from answerdesk.conversations.history import service as history
from answerdesk.conversations.history.types import ConversationSummary
from answerdesk.conversations.types import Message, OfTheAccount
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import ConversationId, UserId
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.dialects.novachat.dependencies import (
    PartOf,
    Workspace,
    WorkspaceOf,
    number_in_path,
)
from answerdesk.dialects.novachat.encoder import encode_messages, encode_summary
from answerdesk.dialects.novachat.schemas import (
    ERRORS,
    ConversationChange,
    ConversationChanged,
    ConversationOut,
    ConversationShown,
    MessageOut,
)
from answerdesk.leads.types import Contact

Reader = Annotated[Principal, needs("conversations:read")]
Writer = Annotated[Principal, needs("conversations:write")]

_PATH: Final = "/nc-api/v1/conversations"


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes), responses=ERRORS)
    router.add_api_route(_PATH, list_conversations)
    router.add_api_route(
        _PATH,
        change_conversation,
        methods=["POST"],
        responses={201: {"model": ConversationChanged, "description": "The reply was sent."}},
    )
    router.add_api_route(f"{_PATH}/{{conversation_id}}", show_conversation)
    return router


async def list_conversations(
    caller: Reader, workspace: WorkspaceOf, database: DatabaseOf, part: PartOf
) -> list[ConversationOut]:
    """List the account's conversations, most recently active first."""
    project = await workspace.project()
    if project is None:
        part.count(0)
        return []
    async with database.transaction(caller.account_id) as session:
        found, total = await history.part_of_conversations(
            session, [project.id], offset=part.offset, limit=part.limit
        )
    part.count(total)
    numbers = await workspace.numbers.of("conversation", [one.id for one in found])
    return [encode_summary(one, numbers[one.id]) for one in found]


async def show_conversation(
    conversation_id: str, caller: Reader, workspace: WorkspaceOf, database: DatabaseOf
) -> ConversationShown:
    """Show a conversation with its newest 1,000 messages, oldest first."""
    number = number_in_path("conversation", conversation_id)
    found = await _find(caller, workspace, database, number)
    async with database.transaction(caller.account_id) as session:
        _, said = await conversations.list_messages(session, found.id, OfTheAccount())
    return ConversationShown(
        **encode_summary(found, number).model_dump(), messages=await _told(workspace, number, said)
    )


async def change_conversation(
    body: ConversationChange,
    caller: Writer,
    workspace: WorkspaceOf,
    database: DatabaseOf,
    response: Response,
) -> ConversationChanged:
    """Reply to the contact (201), or set the status.

    `open` takes a waiting conversation over or reopens a resolved one, `pending` makes it wait for
    a person, and `resolved` closes it. After a reply, the conversation is with a person.
    """
    if body.assignee_id is not None:
        raise InvalidInput(
            "assignee_id is not supported yet; leave it out", code="assignee_unsupported"
        )
    if body.content is None and body.status is None:
        raise InvalidInput("Send content or status", code="nothing_to_change")
    number = body.conversation_id
    found = await _find(caller, workspace, database, number)
    said: list[Message] = []
    async with database.transaction(caller.account_id) as session:
        access = OfTheAccount()
        by = UserId(caller.subject) if caller.kind == "user" else None
        if body.content is not None:
            # Nova Chat has no way to ask whether to send it anyway.
            said.append(
                await conversations.reply(
                    session, found.id, access, body.content, by=by, go_ahead=True
                )
            )
        match body.status:
            case "open":
                await conversations.act(session, found.id, access, Opened(by))
            case "resolved":
                await conversations.act(session, found.id, access, Closed(by))
            case "pending":
                # It waits again if a person has it.
                await conversations.act(session, found.id, access, Assigned(by, None))
                # Nova Chat knows a status for it, and no words.
                await conversations.escalate(session, found.id, access, Contact(), tells=False)
            case None:
                pass
        changed = await history.conversation(session, found.id, access)
    if said:
        response.status_code = status.HTTP_201_CREATED
    told = await _told(workspace, number, said)
    return ConversationChanged(
        **encode_summary(changed, number).model_dump(), message=told[0] if told else None
    )


async def _find(
    caller: Principal, workspace: Workspace, database: Database, number: int
) -> ConversationSummary:
    value = ConversationId(await workspace.numbers.id_of("conversation", number))
    async with database.transaction(caller.account_id) as session:
        found = await history.conversation(session, value, OfTheAccount())
    try:
        caller.require_project(found.project_id)
    except NotFound as error:
        raise conversation_not_found() from error
    return found


async def _told(workspace: Workspace, number: int, said: Sequence[Message]) -> list[MessageOut]:
    numbers = await workspace.numbers.of("message", [one.id for one in said])
    return encode_messages(said, number, numbers)
