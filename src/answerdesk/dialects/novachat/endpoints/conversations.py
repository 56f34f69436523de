"""Nova Chat's conversations, for the account's programs and people."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

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
    ConversationShown,
    ManagedConversation,
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
) -> list[ManagedConversation]:
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
    people = await _people(workspace, found)
    return [encode_summary(one, numbers[one.id], people) for one in found]


async def show_conversation(
    conversation_id: str, caller: Reader, workspace: WorkspaceOf, database: DatabaseOf
) -> ConversationShown:
    """Show a conversation with its newest 1,000 messages, oldest first."""
    number = number_in_path("conversation", conversation_id)
    found = await _find(caller, workspace, database, number)
    async with database.transaction(caller.account_id) as session:
        _, said = await conversations.list_messages(session, found.id, OfTheAccount())
    shown = encode_summary(found, number, await _people(workspace, [found]))
    return ConversationShown(**shown.model_dump(), messages=await _told(workspace, number, said))


async def change_conversation(
    body: ConversationChange,
    caller: Writer,
    workspace: WorkspaceOf,
    database: DatabaseOf,
    response: Response,
) -> ConversationChanged:
    """Reply to the contact (201), set the status, or give the conversation to a person.

    `open` takes a waiting conversation over or reopens a resolved one, `pending` makes it wait for
    a person, and `resolved` closes it. After a reply, the conversation is with a person; a change
    of the assignee comes last. `assignee_id: null` alone gives it back to those who wait for a
    person.
    """
    _require_a_change(body)
    found = await _find(caller, workspace, database, body.conversation_id)
    to = None if body.assignee_id is None else await _person(workspace, body.assignee_id)
    changed, said = await _change(caller, database, found.id, body, to)
    if said:
        response.status_code = status.HTTP_201_CREATED
    told = await _told(workspace, body.conversation_id, said)
    shown = encode_summary(changed, body.conversation_id, await _people(workspace, [changed]))
    return ConversationChanged(**shown.model_dump(), message=told[0] if told else None)


def _require_a_change(body: ConversationChange) -> None:
    given = (body.content, body.status, body.assignee_id)
    if given == (None, None, None) and not _gives_back(body):
        raise InvalidInput("Send content, status or assignee_id", code="nothing_to_change")
    if body.assignee_id is not None and body.status not in (None, "open"):
        raise InvalidInput(
            "A conversation that a person has is open; send assignee_id alone or with open",
            code="assignee_needs_open",
        )


def _gives_back(body: ConversationChange) -> bool:
    """Tell whether `assignee_id: null` is all that was sent.

    Beside a content or a status, null is what some clients send for what they leave out.
    """
    sent = body.model_dump(exclude_unset=True)
    del sent["conversation_id"]
    return "assignee_id" in sent and all(one is None for one in sent.values())


async def _change(
    caller: Principal,
    database: Database,
    conversation_id: ConversationId,
    body: ConversationChange,
    to: UserId | None,
) -> tuple[ConversationSummary, Sequence[Message]]:
    """Carry out a change; return the conversation as it is then, and the reply, if any."""
    said: list[Message] = []
    access = OfTheAccount()
    by = UserId(caller.subject) if caller.kind == "user" else None
    async with database.transaction(caller.account_id) as session:
        if body.content is not None:
            # Nova Chat has no way to ask whether to send it anyway.
            said.append(
                await conversations.reply(
                    session, conversation_id, access, body.content, by=by, go_ahead=True
                )
            )
        match body.status:
            case "open":
                await conversations.act(session, conversation_id, access, Opened(by))
            case "resolved":
                await conversations.act(session, conversation_id, access, Closed(by))
            case "pending":
                # It waits again if a person has it.
                await conversations.act(session, conversation_id, access, Assigned(by, None))
                # Nova Chat knows a status for it, and no words.
                await conversations.escalate(
                    session, conversation_id, access, Contact(), tells=False
                )
            case None:
                pass
        if to is not None or _gives_back(body):
            await conversations.act(session, conversation_id, access, Assigned(by, to))
        return await history.conversation(session, conversation_id, access), said


async def _person(workspace: Workspace, number: int) -> UserId:
    return UserId(await workspace.numbers.id_of("user", number))


async def _people(workspace: Workspace, found: Sequence[ConversationSummary]) -> Mapping[UUID, int]:
    """Return the numbers of the people who have these conversations."""
    ids = [one.assignee_id for one in found if one.assignee_id is not None]
    return await workspace.numbers.of("user", ids)


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
