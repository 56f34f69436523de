"""Reads conversations and messages page by page, and the answers that used a document.

The documents of an answer are stored with it (`reply/repository/messages`) and deleted with it. The
id of a removed document stays.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.history.types import (
    EXCERPT,
    ConversationSummary,
    Place,
    Preview,
    RecordedMessage,
    TurnRecord,
    UsingAnswer,
    VisitorOfConversation,
)
from answerdesk.conversations.models import (
    ConversationRow,
    FeedbackRow,
    MessageRow,
    TurnRow,
    VisitorRow,
)
from answerdesk.conversations.repository import message_of
from answerdesk.conversations.types import ConversationState, VisitorId
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId

_PREVIEW: Final = 200
"""Length of the latest message's preview in lists, in code points."""


def _summaries() -> Select[Any]:
    latest = (
        select(MessageRow.author, func.left(MessageRow.content, _PREVIEW).label("content"))
        .where(
            MessageRow.account_id == ConversationRow.account_id,
            MessageRow.conversation_id == ConversationRow.id,
        )
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(1)
        .lateral()
    )
    return (
        select(ConversationRow, VisitorRow, latest.c.author, latest.c.content)
        .outerjoin(
            VisitorRow,
            (VisitorRow.account_id == ConversationRow.account_id)
            & (VisitorRow.id == ConversationRow.visitor_id),
        )
        .outerjoin(latest, ConversationRow.id.is_not(None))
    )


def _summary(row: Row[*tuple[Any, ...]]) -> ConversationSummary:
    conversation: ConversationRow
    visitor: VisitorRow | None
    conversation, visitor, author, content = row
    return ConversationSummary(
        id=ConversationId(conversation.id),
        project_id=ProjectId(conversation.project_id),
        state=conversation.state,  # type: ignore[arg-type]  # A check constraint holds it to these.
        visitor=None
        if visitor is None
        else VisitorOfConversation(
            VisitorId(visitor.id),
            visitor.external_id,
            visitor.identity,
            visitor.email,
            visitor.name,
        ),
        opens_by_id=conversation.opens_by_id,
        page_url=conversation.page_url,
        latest=None if author is None else Preview(author, content),
        escalated_at=conversation.escalated_at,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
    )


async def _page(
    session: AsyncSession, query: Select[Any], after: Place, limit: int
) -> Sequence[ConversationSummary]:
    query = query.order_by(ConversationRow.updated_at.desc(), ConversationRow.id.desc())
    if after is not None:
        query = query.where(tuple_(ConversationRow.updated_at, ConversationRow.id) < after)
    return [_summary(row) for row in await session.execute(query.limit(limit))]


async def of_visitor(
    session: AsyncSession, visitor_id: VisitorId, after: Place, limit: int
) -> Sequence[ConversationSummary]:
    """Return a visitor's conversations after `after`, most recently active first."""
    query = _summaries().where(ConversationRow.visitor_id == visitor_id)
    return await _page(session, query, after, limit)


async def of_project(
    session: AsyncSession,
    project_id: ProjectId,
    state: ConversationState | None,
    after: Place,
    limit: int,
) -> Sequence[ConversationSummary]:
    """Return a project's conversations (in `state`) after `after`, most recently active first."""
    query = _summaries().where(ConversationRow.project_id == project_id)
    if state is not None:
        query = query.where(ConversationRow.state == state)
    return await _page(session, query, after, limit)


async def get(session: AsyncSession, conversation_id: ConversationId) -> ConversationSummary | None:
    query = _summaries().where(ConversationRow.id == conversation_id)
    row = (await session.execute(query)).first()
    return None if row is None else _summary(row)


async def course(
    session: AsyncSession,
    conversation_id: ConversationId,
    since: datetime | None,
    after: Place,
    limit: int,
) -> Sequence[RecordedMessage]:
    """Return messages after `after`, oldest first, from `since` on (inclusive)."""
    query = (
        select(MessageRow, TurnRow, FeedbackRow)
        .outerjoin(
            TurnRow,
            (TurnRow.account_id == MessageRow.account_id) & (TurnRow.question_id == MessageRow.id),
        )
        .outerjoin(
            FeedbackRow,
            (FeedbackRow.account_id == MessageRow.account_id)
            & (FeedbackRow.message_id == MessageRow.id),
        )
        .where(MessageRow.conversation_id == conversation_id)
        .order_by(MessageRow.created_at, MessageRow.id)
        .limit(limit)
    )
    if since is not None:
        query = query.where(MessageRow.created_at >= since)
    if after is not None:
        query = query.where(tuple_(MessageRow.created_at, MessageRow.id) > after)
    return [_recorded(*row) for row in await session.execute(query)]


def _recorded(
    message: MessageRow, turn: TurnRow | None, feedback: FeedbackRow | None
) -> RecordedMessage:
    record = None
    if turn is not None:
        record = TurnRecord(
            state=turn.state,  # type: ignore[arg-type]  # A check constraint holds it to these.
            attempt=turn.attempt,
            error_code=turn.error_code,
            decision=turn.decision,  # type: ignore[arg-type]  # Nothing else is written.
            trace=turn.trace,
            started_at=turn.created_at,
            finished_at=turn.finished_at,
        )
    return RecordedMessage(
        message=message_of(message),
        context=message.context,
        turn=record,
        rating=None if feedback is None else feedback.rating,  # type: ignore[arg-type]  # Likewise.
        reason=None if feedback is None else feedback.reason,
    )


_USING: Final = (
    "select m.id, m.conversation_id, coalesce(q.content, '') as question,"
    " left(m.content, :excerpt) as excerpt, s.created_at"
    " from answer_source s"
    " join message m on m.account_id = s.account_id and m.id = s.message_id"
    " left join message q on q.account_id = m.account_id and q.id = m.question_id"
    " where s.account_id = :account_id and s.document_id = :document_id"
    "  and s.project_id = :project_id"
)
_USING_ORDER: Final = " order by s.created_at desc, s.message_id desc limit :limit"
_USING_FIRST: Final = text(f"{_USING}{_USING_ORDER}")
_USING_BEHIND: Final = text(
    f"{_USING} and (s.created_at, s.message_id) < (:after_time, :after_id){_USING_ORDER}"
)
_WAS_USED: Final = text(
    "select 1 from answer_source where account_id = :account_id and document_id = :document_id"
    " and project_id = :project_id limit 1"
)


async def answers_with(
    session: AsyncSession, project_id: ProjectId, document_id: UUID, after: Place, limit: int
) -> Sequence[UsingAnswer]:
    """Return up to `limit` of the project's answers that used a document, newest first."""
    parameters = {
        **_of_document(session, project_id, document_id),
        "excerpt": EXCERPT,
        "limit": limit,
    }
    statement = _USING_FIRST
    if after is not None:
        statement = _USING_BEHIND
        parameters |= {"after_time": after[0], "after_id": after[1]}
    return [
        UsingAnswer(
            message_id=MessageId(row.id),
            conversation_id=ConversationId(row.conversation_id),
            question=row.question,
            excerpt=row.excerpt,
            created_at=row.created_at,
        )
        for row in await session.execute(statement, parameters)
    ]


async def was_used(session: AsyncSession, project_id: ProjectId, document_id: UUID) -> bool:
    """Tell whether an answer of the project used a document, which may have been removed."""
    parameters = _of_document(session, project_id, document_id)
    return (await session.execute(_WAS_USED, parameters)).first() is not None


def _of_document(
    session: AsyncSession, project_id: ProjectId, document_id: UUID
) -> dict[str, object]:
    return {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "document_id": document_id,
    }
