"""Reads and writes the clocks of service levels."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.events import Event
from answerdesk.core.tenancy import ConversationId, ProjectId, public_id
from answerdesk.inbox.service_levels.clocks import Clock
from answerdesk.inbox.service_levels.types import CurrentWait, DomainTally, StoredClock, Tally

# The conditions are those of the index.
_HISTORY: Final = text(
    "select * from (select id, project_id, type, payload, created_at from event"
    "  where account_id = :account_id and payload->>'conversation_id' = :conversation"
    "   and (type in ('conversation.escalated', 'conversation.updated', 'conversation.ended')"
    "    or (type = 'message.sent' and payload->>'author' = 'human'))"
    "  order by id desc limit :limit) latest order by id"
)
_CLOCKS: Final = text(
    "select id, target, started_at, due_at, met_at, breached_at, cancelled_at from sla_clock"
    " where account_id = :account_id and conversation_id = :conversation_id"
    "  and (met_at is null and cancelled_at is null or id = any(cast(:ids as uuid[])))"
)
_IN_USE: Final = text(
    f"with {TENANT} select {IS_SET} and (exists (select from project"
    "  where account_id = :account_id and deleted_at is null"
    "   and jsonb_path_exists(settings->'service_levels', '$.* ? (@ != null)'))"
    " or exists (select from sla_clock where account_id = :account_id"
    "  and met_at is null and cancelled_at is null)) as in_use"
)
_ENDED: Final = "case when cast(:ending as text) = '{}' then cast(:ended_at as timestamptz) end"
_MET: Final = _ENDED.format("met")
_CANCELLED: Final = _ENDED.format("cancelled")
_ADD: Final = text(
    "insert into sla_clock (account_id, id, conversation_id, project_id, target, started_at,"
    "  due_at, met_at, cancelled_at, took_minutes)"
    " values (:account_id, :id, :conversation_id, :project_id, :target, :started_at, :due_at,"
    f"  {_MET}, {_CANCELLED}, :took)"
)
_END: Final = text(
    f"update sla_clock set met_at = {_MET}, cancelled_at = {_CANCELLED}, took_minutes = :took"
    " where account_id = :account_id and id = :id and met_at is null and cancelled_at is null"
)
_BREACH: Final = text(
    "update sla_clock set breached_at = due_at"
    " where account_id = :account_id and id = :id and breached_at is null returning id"
)
_COUNTS: Final = (
    "  count(*) filter (where met_at is not null and breached_at is null) as met,"
    "  count(*) filter (where breached_at is not null) as breached,"
    "  count(*) filter (where met_at is null and cancelled_at is null and breached_at is null)"
    "   as running,"
    "  count(*) filter (where cancelled_at is not null and breached_at is null) as cancelled,"
    "  percentile_cont(0.5) within group (order by took_minutes) filter (where met_at is not null)"
    "   as median_minutes,"
    "  percentile_cont(0.9) within group (order by took_minutes) filter (where met_at is not null)"
    "   as p90_minutes"
)
_BEGAN: Final = (
    " where s.account_id = :account_id and s.project_id = :project_id"
    "  and s.started_at >= :begins and s.started_at < :ends"
)
_TALLIES: Final = text(f"select target, {_COUNTS} from sla_clock s {_BEGAN} group by target")
_TALLIES_BY_DOMAIN: Final = text(
    f"select c.domain_id, s.target, {_COUNTS} from sla_clock s"
    " join conversation c on c.account_id = s.account_id and c.id = s.conversation_id"
    f" {_BEGAN} group by c.domain_id, s.target"
)
_WAITS: Final = text(
    "select c.id as conversation_id, c.domain_id, c.assignee_id, c.waiting_since,"
    "  min(s.due_at) as due_at, bool_or(s.breached_at is not null) is true as breached"
    " from conversation c left join sla_clock s on s.account_id = c.account_id"
    "  and s.conversation_id = c.id and s.target = 'first_response'"
    "  and s.met_at is null and s.cancelled_at is null"
    " where c.account_id = :account_id and c.project_id = :project_id"
    "  and c.state in ('waiting', 'human') and c.waiting_since is not null"
    " group by c.account_id, c.id order by c.waiting_since, c.id limit :limit"
)


async def in_use(executor: Executor) -> bool:
    """Tell whether any project has service levels, or a clock runs. It takes one round trip."""
    (row,) = await executor.rows(_IN_USE, {})
    return bool(row.in_use)


async def history(
    session: AsyncSession, conversation_id: ConversationId, limit: int
) -> Sequence[Event]:
    """Return the latest events that may start or end clocks, at most `limit`, oldest first."""
    parameters = {
        "account_id": tenant_of(session),
        "conversation": public_id(CONVERSATION_PREFIX, conversation_id),
        "limit": limit,
    }
    return [Event(**row._asdict()) for row in await session.execute(_HISTORY, parameters)]


async def clocks(
    session: AsyncSession, conversation_id: ConversationId, ids: Sequence[UUID]
) -> Sequence[StoredClock]:
    """Return the conversation's clocks that are stored as running, and those with these ids."""
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "ids": [*ids],
    }
    return [StoredClock(**row._asdict()) for row in await session.execute(_CLOCKS, parameters)]


async def add(
    session: AsyncSession,
    project_id: ProjectId,
    conversation_id: ConversationId,
    clock: Clock,
    due_at: datetime,
    took: float | None,
) -> None:
    """Store a clock; it may have ended, after `took` minutes of office hours."""
    parameters = {
        **_ending(session, clock, took),
        "conversation_id": conversation_id,
        "project_id": project_id,
        "target": clock.target,
        "started_at": clock.started_at,
        "due_at": due_at,
    }
    await session.execute(_ADD, parameters)


async def end(session: AsyncSession, clock: Clock, took: float | None) -> None:
    """Note how and when a clock ended, after `took` minutes of office hours."""
    await session.execute(_END, _ending(session, clock, took))


def _ending(session: AsyncSession, clock: Clock, took: float | None) -> dict[str, Any]:
    return {
        "account_id": tenant_of(session),
        "id": clock.id,
        "ending": clock.ending,
        "ended_at": clock.ended_at,
        "took": took,
    }


async def breach(session: AsyncSession, clock_id: UUID) -> bool:
    """Note that a target was missed; tell whether that is new."""
    parameters = {"account_id": tenant_of(session), "id": clock_id}
    return await session.scalar(_BREACH, parameters) is not None


async def tallies(
    session: AsyncSession, project_id: ProjectId, begins: datetime, ends: datetime
) -> Sequence[Tally]:
    """Count the clocks that began in this time; targets without any are left out."""
    parameters = _period(session, project_id, begins, ends)
    return [Tally(**row._asdict()) for row in await session.execute(_TALLIES, parameters)]


async def tallies_by_domain(
    session: AsyncSession, project_id: ProjectId, begins: datetime, ends: datetime
) -> Sequence[DomainTally]:
    """Count the clocks that began in this time, by the domain on which the conversation began."""
    parameters = _period(session, project_id, begins, ends)
    rows = [row._asdict() for row in await session.execute(_TALLIES_BY_DOMAIN, parameters)]
    return [DomainTally(row.pop("domain_id"), Tally(**row)) for row in rows]


def _period(
    session: AsyncSession, project_id: ProjectId, begins: datetime, ends: datetime
) -> dict[str, Any]:
    return {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "begins": begins,
        "ends": ends,
    }


async def waits(session: AsyncSession, project_id: ProjectId, limit: int) -> Sequence[CurrentWait]:
    """Return whose visitors wait for a person's reply, the longest first."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": limit}
    return [CurrentWait(**row._asdict()) for row in await session.execute(_WAITS, parameters)]
