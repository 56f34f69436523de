"""Reads and writes delayed replies."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId
from answerdesk.delayed_replies.types import DelayedReply, Reason, ReplyDraft

_COLUMNS: Final = (
    "account_id, id, project_id, agent_id, endpoint_id, conversation_id, state, reason,"
    " delivery_id, scheduled_for, created_at"
)
_OWN: Final = "account_id = :account_id and id = :id"
_STANDING: Final = text(
    "select clock_timestamp() as now, count(*) as pending, coalesce(sum(size), 0) as bytes"
    " from delayed_reply where account_id = :account_id and state = 'scheduled'"
)
_NOW: Final = text("select clock_timestamp()")
_ADD: Final = text(
    "insert into delayed_reply (account_id, id, project_id, agent_id, endpoint_id,"
    " conversation_id, size, scheduled_for, created_at) values (:account_id, :id, :project_id,"
    " :agent_id, :endpoint_id, :conversation_id, :size, :scheduled_for, :created_at)"
    f" returning {_COLUMNS}"
)
_GET: Final = text(f"select {_COLUMNS} from delayed_reply where {_OWN}")
_LOCK: Final = text(
    f"select {_COLUMNS} from delayed_reply where {_OWN} and state = 'scheduled' for update"
)
_END: Final = text(
    "update delayed_reply set state = :state, reason = :reason, ended_at = clock_timestamp()"
    f" where {_OWN} and state = 'scheduled' returning id"
)
_DELIVERING: Final = text(
    f"update delayed_reply set state = 'delivering', delivery_id = :delivery_id where {_OWN}"
)
_OF_CONVERSATION: Final = text(
    "select id from delayed_reply where account_id = :account_id"
    " and conversation_id = :conversation_id and state = 'scheduled' order by id"
)
_ERASE_SOME: Final = text(
    "with gone as (delete from delayed_reply where account_id = :account_id and id = any(array("
    " select id from delayed_reply where account_id = :account_id and project_id = :project_id"
    " order by id limit :limit for update)) returning 1) select count(*) from gone"
)
_FORGET: Final = text("select forget_delayed_replies(:days, :limit)")


@dataclass(frozen=True, slots=True)
class Standing:
    """The database's time, and how much of the tenant's waits for its own."""

    now: datetime
    pending: int
    bytes: int


async def standing(session: AsyncSession) -> Standing:
    row = (await session.execute(_STANDING, {"account_id": tenant_of(session)})).one()
    return Standing(row.now, row.pending, int(row.bytes))


async def now(session: AsyncSession) -> datetime:
    """Return the database's time."""
    found: datetime = await session.scalar(_NOW)
    return found


async def add(
    session: AsyncSession,
    reply_id: UUID,
    draft: ReplyDraft,
    *,
    size: int,
    created_at: datetime,
    scheduled_for: datetime,
) -> DelayedReply:
    parameters = {
        "account_id": tenant_of(session),
        "id": reply_id,
        "project_id": draft.agent.project_id,
        "agent_id": draft.agent.id,
        "endpoint_id": draft.endpoint.id,
        "conversation_id": draft.conversation_id,
        "size": size,
        "created_at": created_at,
        "scheduled_for": scheduled_for,
    }
    return _reply((await session.execute(_ADD, parameters)).one())


async def get(session: AsyncSession, reply_id: UUID) -> DelayedReply | None:
    return await _one(session, _GET, reply_id)


async def lock_scheduled(session: AsyncSession, reply_id: UUID) -> DelayedReply | None:
    """Lock and return a reply that waits for its time or is being answered; None for others."""
    return await _one(session, _LOCK, reply_id)


async def _one(session: AsyncSession, statement: Any, reply_id: UUID) -> DelayedReply | None:  # noqa: ANN401  # A text clause.
    parameters = {"account_id": tenant_of(session), "id": reply_id}
    row = (await session.execute(statement, parameters)).first()
    return None if row is None else _reply(row)


async def end(
    session: AsyncSession,
    reply_id: UUID,
    state: Literal["cancelled", "failed"],
    reason: Reason,
) -> bool:
    """End a reply of which nothing was sent; tell whether it still waited for its time."""
    parameters = {
        "account_id": tenant_of(session),
        "id": reply_id,
        "state": state,
        "reason": reason,
    }
    return (await session.scalar(_END, parameters)) is not None


async def note_delivery(session: AsyncSession, reply_id: UUID, delivery_id: UUID) -> None:
    """Note that the answer is on its way."""
    parameters = {"account_id": tenant_of(session), "id": reply_id, "delivery_id": delivery_id}
    await session.execute(_DELIVERING, parameters)


async def scheduled_of(session: AsyncSession, conversation_id: ConversationId) -> list[UUID]:
    """Return replies of a conversation that wait for their time."""
    parameters = {"account_id": tenant_of(session), "conversation_id": conversation_id}
    return [row.id for row in await session.execute(_OF_CONVERSATION, parameters)]


async def erase_some(session: AsyncSession, project_id: ProjectId, limit: int) -> int:
    """Delete some replies of a project, and what is sealed of them; return how many."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": limit}
    return int(await session.scalar(_ERASE_SOME, parameters))


async def forget(session: AsyncSession, days: int, limit: int) -> int:
    """Delete some that ended so long ago with nothing sent, of all accounts; return how many."""
    return int(await session.scalar(_FORGET, {"days": days, "limit": limit}))


def _reply(row: Row[Any]) -> DelayedReply:
    return DelayedReply(
        account_id=AccountId(row.account_id),
        id=row.id,
        project_id=ProjectId(row.project_id),
        agent_id=row.agent_id,
        endpoint_id=row.endpoint_id,
        conversation_id=(
            None if row.conversation_id is None else ConversationId(row.conversation_id)
        ),
        state=row.state,
        reason=row.reason,
        delivery_id=row.delivery_id,
        scheduled_for=row.scheduled_for,
        created_at=row.created_at,
    )
