"""The native API of conversations, for the account that owns them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.answering.types import DecisionKind
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.history import service as history
from answerdesk.conversations.history.types import (
    ConversationSummary,
    RecordedMessage,
    TurnRecord,
    VisitorOfConversation,
)
from answerdesk.conversations.schemas import LatestMessage, MessageOut
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    VISITOR_PREFIX,
    ConversationState,
    OfTheAccount,
    Rating,
)
from answerdesk.core.dialects import Dialect
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import ConversationId, ProjectId, parse_public_id, public_id
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.projects.dependencies import ProjectOf
from answerdesk.projects.service import get_project
from answerdesk.projects.types import PROJECT_PREFIX


class VisitorOut(BaseModel):
    """The visitor of a conversation."""

    id: str
    identity: str | None = Field(description="The site's own id of them, signed by the site.")
    external_id: str | None = Field(description="The id claimed by their client; not verified.")
    dialect: Dialect | None = Field(description="The API in which `external_id` was given.")
    email: str | None
    name: str | None

    @classmethod
    def of(cls, visitor: VisitorOfConversation | None) -> "VisitorOut | None":
        if visitor is None:
            return None
        return cls(
            id=public_id(VISITOR_PREFIX, visitor.id),
            identity=visitor.identity,
            external_id=visitor.external_id,
            dialect=visitor.dialect,
            email=visitor.email,
            name=visitor.name,
        )


class ConversationOut(BaseModel):
    """A conversation with its visitor; `state` says who has it now."""

    id: str
    project_id: str
    state: ConversationState
    visitor: VisitorOut | None
    page_url: str | None
    latest_message: LatestMessage | None
    escalated_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, summary: ConversationSummary) -> "ConversationOut":
        return cls(**cls.fields_of(summary))

    @staticmethod
    def fields_of(summary: ConversationSummary) -> dict[str, Any]:
        """Return a conversation's fields by name, for subclasses with more fields."""
        return {
            "id": public_id(CONVERSATION_PREFIX, summary.id),
            "project_id": public_id(PROJECT_PREFIX, summary.project_id),
            "state": summary.state,
            "visitor": VisitorOut.of(summary.visitor),
            "page_url": summary.page_url,
            "latest_message": LatestMessage.of(summary.latest),
            "escalated_at": summary.escalated_at,
            "created_at": summary.created_at,
            "updated_at": summary.updated_at,
        }


class ConversationList(Listing[ConversationOut]):
    """Conversations, most recently active first."""


class TurnOut(BaseModel):
    """How a question was handled; `trace` records how the answer was made."""

    state: Literal["answering", "answered", "failed"]
    attempt: int
    error_code: str | None
    decision: DecisionKind | None = Field(description="Null until the decision is made.")
    trace: dict[str, Any] | None
    started_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, turn: TurnRecord | None) -> "TurnOut | None":
        if turn is None:
            return None
        return cls(
            state=turn.state,
            attempt=turn.attempt,
            error_code=turn.error_code,
            decision=turn.decision,
            trace=None if turn.trace is None else dict(turn.trace),
            started_at=turn.started_at,
            finished_at=turn.finished_at,
        )


class FeedbackOut(BaseModel):
    """A visitor's rating of an answer."""

    rating: Rating
    reason: str | None


class RecordedMessageOut(MessageOut):
    """A message with its handling, for the owner."""

    context: str | None = Field(
        description="Context about the visitor's situation, sent by the page."
    )
    turn: TurnOut | None = Field(description="Null unless it is a visitor's message to answer.")
    feedback: FeedbackOut | None

    @classmethod
    def recorded(
        cls, one: RecordedMessage, project_id: ProjectId, base_url: str
    ) -> "RecordedMessageOut":
        said = MessageOut.of(one.message, project_id, base_url)
        feedback = None if one.rating is None else FeedbackOut(rating=one.rating, reason=one.reason)
        return cls(
            **said.model_dump(), context=one.context, turn=TurnOut.of(one.turn), feedback=feedback
        )


class ConversationDetail(ConversationOut):
    """A conversation with a page of its messages, oldest first."""

    messages: list[RecordedMessageOut]
    next_cursor: str | None = Field(
        description="Send it as `cursor` to get the next messages; null if these are the last."
    )


router = APIRouter(prefix="/v1", tags=["conversations"])

Reader = Annotated[Principal, needs("conversations:read")]


@router.get("/projects/{project_id}/conversations")
async def list_conversations(
    caller: Reader,
    project: ProjectOf,
    database: DatabaseOf,
    page: PagingOf,
    state: Annotated[
        ConversationState | None, Query(description="Only conversations in this state.")
    ] = None,
) -> ConversationList:
    """List a project's conversations, most recently active first.

    A conversation with new messages moves to the first page.
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
    conversation_id: str, caller: Reader, database: DatabaseOf, base_url: BaseUrl, page: PagingOf
) -> ConversationDetail:
    """Show a conversation with its messages, oldest first, and how each was handled.

    `limit` and `cursor` paginate the messages.
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
