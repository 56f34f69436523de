"""What was said, for the account that it was said to."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.history import service as history
from answerdesk.conversations.schemas.owner import (
    ConversationDetail,
    ConversationList,
    ConversationOut,
    RecordedMessageOut,
)
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    ConversationState,
    OfTheAccount,
)
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import ConversationId, parse_public_id
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.pagination import PageOf
from answerdesk.projects.dependencies import ProjectOf
from answerdesk.projects.service import get_project

router = APIRouter(prefix="/v1", tags=["conversations"])

Reader = Annotated[Principal, needs("conversations:read")]


@router.get("/projects/{project_id}/conversations")
async def list_conversations(
    caller: Reader,
    project: ProjectOf,
    database: DatabaseOf,
    page: PageOf,
    state: Annotated[
        ConversationState | None, Query(description="Only those that stand so.")
    ] = None,
) -> ConversationList:
    """List a project's conversations, the latest active first.

    One that goes on while pages are read moves to the first page.
    """
    of = f"conversations:{project.id}:{state}"
    after = page.after(of, *history.ORDER)
    async with database.transaction(caller.account_id) as session:
        found = await history.projects_conversations(session, project.id, state, after, page.fetch)
    shown, next_cursor = page.cut(of, found, lambda one: (one.updated_at, one.id))
    return ConversationList(
        items=[ConversationOut.of(one) for one in shown], next_cursor=next_cursor
    )


@router.get("/conversations/{conversation_id}")
async def get_conversation(
    conversation_id: str, caller: Reader, database: DatabaseOf, base_url: BaseUrl, page: PageOf
) -> ConversationDetail:
    """Show a conversation with its messages, oldest first, and how each was dealt with.

    `limit` and `cursor` page the messages.
    """
    value = parse_public_id(CONVERSATION_PREFIX, conversation_id)
    if value is None:
        raise conversation_not_found()
    found = ConversationId(value)
    of = f"messages:{found}"
    after = page.after(of, *history.ORDER)
    async with database.transaction(caller.account_id) as session:
        conversation = await history.conversation(session, found, OfTheAccount())
        try:
            caller.require_project(conversation.project_id)
            await get_project(session, conversation.project_id)
        except NotFound as error:
            raise conversation_not_found() from error
        course = await history.course(session, found, after, page.fetch)
    shown, next_cursor = page.cut(of, course, lambda one: (one.message.created_at, one.message.id))
    fields: dict[str, Any] = ConversationOut.fields_of(conversation)
    return ConversationDetail(
        **fields,
        messages=[
            RecordedMessageOut.recorded(one, conversation.project_id, base_url) for one in shown
        ],
        next_cursor=next_cursor,
    )
