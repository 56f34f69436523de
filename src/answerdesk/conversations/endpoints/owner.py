"""The native API of conversations, for the account that owns them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.answering.types import DecisionKind
from answerdesk.conversations.errors import conversation_not_found, message_not_found
from answerdesk.conversations.history import service as history
from answerdesk.conversations.history.types import (
    ConversationSummary,
    RecordedMessage,
    TurnRecord,
)
from answerdesk.conversations.schemas import ConversationOut, MessageOut
from answerdesk.conversations.service import satisfaction_with
from answerdesk.conversations.traces import TraceOut
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_PREFIX,
    ConversationState,
    OfTheAccount,
    Rating,
    Satisfaction,
)
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, parse_public_id, public_id
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.projects.dependencies import ProjectOf
from answerdesk.projects.service import get_project


class ConversationList(Listing[ConversationOut]):
    """Conversations, most recently active first."""


class TurnOut(BaseModel):
    """How a question was handled; `trace` records how the answer was made."""

    state: Literal["answering", "answered", "failed"]
    attempt: int
    error_code: str | None
    decision: DecisionKind | None = Field(description="Null until the decision is made.")
    trace: TraceOut | None
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
            trace=None if turn.trace is None else TraceOut.read(turn.trace),
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
    sender_id: str | None = Field(description="The user who wrote a person's reply, if known.")
    question_id: str | None = Field(
        description="The visitor's message that an answer responds to; its `turn` says how."
    )

    @classmethod
    def recorded(
        cls, one: RecordedMessage, project_id: ProjectId, base_url: str
    ) -> "RecordedMessageOut":
        said = MessageOut.of(one.message, project_id, base_url)
        feedback = None if one.rating is None else FeedbackOut(rating=one.rating, reason=one.reason)
        sender = None if one.sender_id is None else public_id(USER_PREFIX, one.sender_id)
        return cls(
            **said.model_dump(),
            context=one.context,
            turn=TurnOut.of(one.turn),
            feedback=feedback,
            sender_id=sender,
            question_id=None
            if one.question_id is None
            else public_id(MESSAGE_PREFIX, one.question_id),
        )


class SatisfactionOut(BaseModel):
    """A visitor's rating of the whole conversation, from 1 (worst) to 5."""

    score: int
    comment: str | None
    created_at: datetime

    @classmethod
    def of(cls, one: Satisfaction | None) -> "SatisfactionOut | None":
        if one is None:
            return None
        return cls(score=one.score, comment=one.comment, created_at=one.created_at)


class ConversationDetail(ConversationOut):
    """A conversation with a page of its messages, oldest first."""

    satisfaction: SatisfactionOut | None
    messages: list[RecordedMessageOut]
    next_cursor: str | None = Field(
        description="Send it as `cursor` to get the next messages; null if these are the last."
    )


class ExchangeOut(BaseModel):
    """A visitor's message, how it was handled (its `turn`), and the answer."""

    question: RecordedMessageOut
    answer: RecordedMessageOut | None = Field(description="Null if there is none (yet).")


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
    found = _conversation_id(conversation_id)
    of = f"messages:{found}"
    after = page.after(of, *history.ORDER)
    async with database.transaction(caller.account_id) as session:
        conversation = await _reached(session, caller, found)
        course = await history.course(session, found, after, page.fetch)
        rated = await satisfaction_with(session, found)
    shown, next_cursor = page.cut(of, course, lambda one: (one.message.created_at, one.message.id))
    fields: dict[str, Any] = ConversationOut.fields_of(conversation)
    return ConversationDetail(
        **fields,
        satisfaction=SatisfactionOut.of(rated),
        messages=[
            RecordedMessageOut.recorded(one, conversation.project_id, base_url) for one in shown
        ],
        next_cursor=next_cursor,
    )


@router.get("/conversations/{conversation_id}/messages/{message_id}/trace")
async def get_trace(
    conversation_id: str, message_id: str, caller: Reader, database: DatabaseOf, base_url: BaseUrl
) -> ExchangeOut:
    """Show how one answer came about, by the id of the visitor's message or of its answer.

    The record is `question.turn.trace`.
    """
    found = _conversation_id(conversation_id)
    value = parse_public_id(MESSAGE_PREFIX, message_id)
    if value is None:
        raise message_not_found()
    async with database.transaction(caller.account_id) as session:
        project_id = (await _reached(session, caller, found)).project_id
        question, answer = await history.exchanged(session, found, MessageId(value))
    return ExchangeOut(
        question=RecordedMessageOut.recorded(question, project_id, base_url),
        answer=None
        if answer is None
        else RecordedMessageOut.recorded(answer, project_id, base_url),
    )


def _conversation_id(text: str) -> ConversationId:
    value = parse_public_id(CONVERSATION_PREFIX, text)
    if value is None:
        raise conversation_not_found()
    return ConversationId(value)


async def _reached(
    session: AsyncSession, caller: Principal, conversation_id: ConversationId
) -> ConversationSummary:
    """Return a conversation of a project that the caller reaches; raises NotFound."""
    conversation = await history.conversation(session, conversation_id, OfTheAccount())
    try:
        caller.require_project(conversation.project_id)
        await get_project(session, conversation.project_id)
    except NotFound as error:
        raise conversation_not_found() from error
    return conversation
