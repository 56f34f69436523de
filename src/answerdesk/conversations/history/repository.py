"""Reads conversations and messages page by page, and the answers that used a document.

The documents of an answer are stored with it (`reply/repository/messages`) and deleted with it. The
id of a removed document stays.
"""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.history.types import (
    EXCERPT,
    ConversationSummary,
    ListedTurn,
    Place,
    Preview,
    RatedMessage,
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
from answerdesk.conversations.repository import STANDS, message_of
from answerdesk.conversations.types import (
    VISITOR_PREFIX,
    ConversationState,
    VisitorId,
)
from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, UserId, public_id

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


def _listed_summary(row: Row[*tuple[Any, ...]]) -> ConversationSummary:
    """Read a row of `_summaries`."""
    conversation, visitor, author, content = row
    known = None if visitor is None else _visitor(visitor.id, visitor)
    return _summary(conversation, known, None if author is None else Preview(author, content))


def _summary(
    conversation: ConversationRow, visitor: VisitorOfConversation | None, latest: Preview | None
) -> ConversationSummary:
    assignee = conversation.assignee_id
    return ConversationSummary(
        id=ConversationId(conversation.id),
        project_id=ProjectId(conversation.project_id),
        state=conversation.state,  # type: ignore[arg-type]  # A check constraint holds it to these.
        assignee_id=None if assignee is None else UserId(assignee),
        visitor=visitor,
        opens_by_id=conversation.opens_by_id,
        page_url=conversation.page_url,
        latest=latest,
        escalated_at=conversation.escalated_at,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
    )


def _visitor(visitor_id: UUID, row: VisitorRow) -> VisitorOfConversation:
    # Only Orac's widget writes `external_id`.
    dialect = row.dialect or (None if row.external_id is None else "orac")
    return VisitorOfConversation(
        VisitorId(visitor_id),
        row.external_id or row.outside_id,
        dialect,  # type: ignore[arg-type]  # Nothing else is written.
        row.identity,
        row.email,
        row.name,
    )


async def _page(
    session: AsyncSession, query: Select[Any], after: Place, limit: int
) -> Sequence[ConversationSummary]:
    query = query.order_by(ConversationRow.updated_at.desc(), ConversationRow.id.desc())
    if after is not None:
        query = query.where(tuple_(ConversationRow.updated_at, ConversationRow.id) < after)
    return [_listed_summary(row) for row in await session.execute(query.limit(limit))]


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


async def part(
    session: AsyncSession,
    projects: Sequence[ProjectId],
    state: ConversationState | None,
    *,
    offset: int,
    limit: int,
) -> tuple[Sequence[ConversationSummary], int]:
    """Return the projects' conversations, most recently active first, and the number of all."""
    wanted: list[ColumnElement[bool]] = [ConversationRow.project_id.in_(projects)]
    if state is not None:
        wanted.append(ConversationRow.state == state)
    rows = await _page(session, _summaries().where(*wanted).offset(offset), None, limit)
    total = await session.scalar(select(func.count(ConversationRow.id)).where(*wanted))
    return rows, total or 0


async def get(session: AsyncSession, conversation_id: ConversationId) -> ConversationSummary | None:
    query = _summaries().where(ConversationRow.id == conversation_id)
    row = (await session.execute(query)).first()
    return None if row is None else _listed_summary(row)


# As text, since each delivery to a webhook reads them.
_STANDING: Final = text(
    "select conversation.id, conversation.project_id, conversation.state,"
    " conversation.assignee_id, conversation.visitor_id, conversation.opens_by_id,"
    " conversation.page_url,"
    " conversation.escalated_at, conversation.created_at, conversation.updated_at,"
    " v.external_id, v.outside_id, v.dialect, v.identity, v.email, v.name,"
    " latest.author as latest_author, latest.content as latest_content"
    " from conversation left join visitor v"
    "  on v.account_id = conversation.account_id and v.id = conversation.visitor_id"
    " left join lateral ("
    f"  select m.author, left(m.content, {_PREVIEW}) as content from message m"
    "   where m.account_id = conversation.account_id and m.conversation_id = conversation.id"
    "   order by m.created_at desc, m.id desc limit 1) latest on true"
    f" where conversation.account_id = :account_id and conversation.id = :id and {STANDS}"
)
_RATED: Final = text(
    "select m.id, m.conversation_id, m.author, m.content, m.blocks, m.question_id, m.citations,"
    " m.confidence, m.abstained, m.created_at, f.rating, f.reason"
    " from message m"
    " left join feedback f on f.account_id = m.account_id and f.message_id = m.id"
    " where m.account_id = :account_id and m.id in (cast(:id as uuid),"
    "  (select question_id from message where account_id = :account_id and id = :id))"
)


async def standing(
    session: AsyncSession, conversation_id: ConversationId
) -> ConversationSummary | None:
    """Return a conversation; None if it or its project is gone."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    row: Any = (await session.execute(_STANDING, parameters)).first()
    if row is None:
        return None
    visitor = None if row.visitor_id is None else _visitor(row.visitor_id, row)
    latest = None if row.latest_author is None else Preview(row.latest_author, row.latest_content)
    return _summary(row, visitor, latest)


async def rated(session: AsyncSession, message_id: MessageId) -> RatedMessage | None:
    """Return a message with the question that it responds to, and its rating."""
    parameters = {"account_id": tenant_of(session), "id": message_id}
    rows: dict[UUID, Any] = {row.id: row for row in await session.execute(_RATED, parameters)}
    found = rows.get(message_id)
    if found is None:
        return None
    question = rows.get(found.question_id)
    asked = None if question is None else message_of(question)
    return RatedMessage(message_of(found), asked, found.rating, found.reason)


_RATED_OF: Final = text(
    f"with {TENANT} select m.id, m.conversation_id, m.author, m.content, m.blocks, m.question_id,"
    " m.citations, m.confidence, m.abstained, m.created_at, m.sender_id, f.rating, f.reason"
    " from message m"
    " left join feedback f on f.account_id = m.account_id and f.message_id = m.id"
    f" where m.account_id = :account_id and m.id = any(:ids) and {IS_SET}"
)


async def rated_of(
    executor: Executor, message_ids: Collection[MessageId]
) -> Sequence[RatedMessage]:
    """Return messages with their ratings, in any order, without the questions."""
    rows: Iterable[Any] = await executor.rows(_RATED_OF, {"ids": [*message_ids]})
    return [
        RatedMessage(message_of(row), None, row.rating, row.reason, row.sender_id) for row in rows
    ]


async def course(
    session: AsyncSession,
    conversation_id: ConversationId,
    since: datetime | None,
    after: Place,
    limit: int,
) -> Sequence[RecordedMessage]:
    """Return messages after `after`, oldest first, from `since` on (inclusive)."""
    query = _of_course(conversation_id).limit(limit)
    if since is not None:
        query = query.where(MessageRow.created_at >= since)
    if after is not None:
        query = query.where(tuple_(MessageRow.created_at, MessageRow.id) > after)
    return [_recorded(*row) for row in await session.execute(query)]


async def exchanged(
    session: AsyncSession, conversation_id: ConversationId, message_id: MessageId
) -> Sequence[RecordedMessage]:
    """Return a message, the one that it answers and those that answer either, oldest first."""
    asked = (
        select(func.coalesce(MessageRow.question_id, MessageRow.id))
        .where(MessageRow.conversation_id == conversation_id, MessageRow.id == message_id)
        .scalar_subquery()
    )
    query = _of_course(conversation_id).where(
        or_(MessageRow.id == asked, MessageRow.question_id == asked)
    )
    return [_recorded(*row) for row in await session.execute(query)]


def _of_course(
    conversation_id: ConversationId,
) -> Select[MessageRow, TurnRow, FeedbackRow]:
    """Select a conversation's messages with their handling, oldest first."""
    return (
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
    )


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
        sender_id=None if message.sender_id is None else UserId(message.sender_id),
        question_id=None if message.question_id is None else MessageId(message.question_id),
    )


# The total counts entries of an index of its own, `message_asked`.
_ASKED: Final = (
    " from message q"
    " where q.account_id = :account_id and q.author = 'visitor' and q.project_id in ("
    "  select id from project where account_id = :account_id and deleted_at is null"
    "   and (cast(:projects as uuid[]) is null or id = any(cast(:projects as uuid[]))))"
)
_ASKED_BY: Final = (
    f"{_ASKED} and q.conversation_id in (select c.id from conversation c"
    "  join visitor v on v.account_id = c.account_id and v.id = c.visitor_id"
    "  where c.account_id = :account_id and ("
    "   (v.dialect = cast(:dialect as text) and v.outside_id = cast(:outside_id as text))"
    "   or (v.id = cast(:visitor_id as uuid)"
    "    and v.dialect is distinct from cast(:dialect as text))))"
)
_TURNS: Final = (
    "select q.id, q.conversation_id, q.project_id, q.content, q.created_at, c.visitor_id,"
    " case when v.dialect = cast(:dialect as text) then v.outside_id end as outside_id,"
    " coalesce(a.content, '') as response"
    " from (select q.id, q.conversation_id, q.project_id, q.content, q.created_at, q.account_id"
    "{asked} order by q.created_at desc, q.id desc offset :offset limit :limit) q"
    " join conversation c on c.account_id = q.account_id and c.id = q.conversation_id"
    " left join visitor v on v.account_id = c.account_id and v.id = c.visitor_id"
    " left join message a on a.account_id = q.account_id and a.question_id = q.id"
    "  and a.author = 'assistant'"
    " where q.account_id = :account_id order by q.created_at desc, q.id desc"
)
_TURNS_OF_ALL: Final = text(_TURNS.format(asked=_ASKED))
_TURNS_OF_ONE: Final = text(_TURNS.format(asked=_ASKED_BY))
_TOTAL_OF_ALL: Final = text(f"select count(*) {_ASKED}")
_TOTAL_OF_ONE: Final = text(f"select count(*) {_ASKED_BY}")


async def turns(
    session: AsyncSession,
    projects: Sequence[ProjectId] | None,
    dialect: Dialect,
    visitor: tuple[str, UUID | None] | None,
    *,
    offset: int,
    limit: int,
) -> tuple[Sequence[ListedTurn], int]:
    """Return the projects' turns, newest first, and the number of all of them.

    `projects`: None stands for all of the account's. `visitor`: an outside id in `dialect`, and
    the visitor's own id if it is one.
    """
    outside_id, visitor_id = visitor or (None, None)
    wanted = {
        "account_id": tenant_of(session),
        "projects": None if projects is None else [*projects],
        "dialect": dialect,
        "outside_id": outside_id,
        "visitor_id": visitor_id,
    }
    statement, counting = (
        (_TURNS_OF_ALL, _TOTAL_OF_ALL) if visitor is None else (_TURNS_OF_ONE, _TOTAL_OF_ONE)
    )
    rows = await session.execute(statement, {**wanted, "offset": offset, "limit": limit})
    total: int = await session.scalar(counting, wanted)
    return [_listed(row) for row in rows], total


def _listed(row: Any) -> ListedTurn:  # noqa: ANN401  # A row of `_TURNS`.
    own = None if row.visitor_id is None else public_id(VISITOR_PREFIX, row.visitor_id)
    return ListedTurn(
        conversation_id=ConversationId(row.conversation_id),
        turn_id=MessageId(row.id),
        project_id=ProjectId(row.project_id),
        visitor=row.outside_id or own,
        message=row.content,
        response=row.response,
        created_at=row.created_at,
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
