"""Clocks: start, end and breach them as the events say; how a project keeps its service levels."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Executor, tenant_of
from answerdesk.core.due import cancel, schedule
from answerdesk.core.errors import NotFound
from answerdesk.core.events import record
from answerdesk.core.tenancy import ConversationId, public_id
from answerdesk.inbox.events import SLA_BREACHED, BreachedTarget
from answerdesk.inbox.service import locked, tell, touched
from answerdesk.inbox.service_levels import repository
from answerdesk.inbox.service_levels.clocks import TARGETS, Clock, Target, clock_id, replayed
from answerdesk.inbox.service_levels.errors import service_levels_range
from answerdesk.inbox.service_levels.types import (
    CHECK,
    MOST_WAITS,
    Report,
    Status,
    StoredClock,
    Tally,
)
from answerdesk.projects.office_hours import add_open_minutes, open_minutes
from answerdesk.projects.service import get_project
from answerdesk.projects.types import Project

_MOST_EVENTS: Final = 200
"""A visitor may pass a conversation on as often as they like; its latest events are enough."""

_MOST_DAYS: Final = 366
_USUAL_DAYS: Final = 30


async def are_in_use(executor: Executor) -> bool:
    """Tell whether the account has service levels, or had them when a clock began that runs."""
    return await repository.in_use(executor)


async def settle(
    session: AsyncSession, conversation_id: ConversationId, begun: Collection[int] = ()
) -> None:
    """Make a conversation's clocks what its events say, and record what was missed.

    Only the events `begun` start clocks, so a change of the settings holds for later waits. Times
    are those of the events: what was met in time is never missed, however late this runs.
    """
    # Whoever replies holds the lock until the reply can be seen.
    try:
        found = await locked(session, conversation_id)
    except NotFound:
        return
    startable = [clock_id(conversation_id, one, target) for one in begun for target in TARGETS]
    before = await repository.clocks(session, conversation_id, startable)
    if not before and not begun:
        return
    project = await get_project(session, found.project_id)
    await _derive(session, project, conversation_id, before, startable)
    after = await repository.clocks(session, conversation_id, [*startable, *(c.id for c in before)])
    missed = [one for one in after if _is_missed(one, found.now)]
    for one in missed:
        await _breach(session, project, conversation_id, one)
    if missed or set(after) != set(before):
        await touched(session, conversation_id)
        await tell(session, project.id, conversation_id, "service_level")
    await _schedule_check(session, conversation_id, [one for one in after if one not in missed])


async def _derive(
    session: AsyncSession,
    project: Project,
    conversation_id: ConversationId,
    stored: Sequence[StoredClock],
    startable: Collection[UUID],
) -> None:
    events = await repository.history(session, conversation_id, _MOST_EVENTS)
    running = [Clock(one.id, one.target, one.started_at) for one in stored if one.ended_at is None]
    before = [one for one in running if not events or one.started_at < events[0].created_at]
    known = {one.id for one in stored}
    for clock in replayed(conversation_id, before, events):
        if clock.id not in known and clock.id in startable:
            await _start(session, project, conversation_id, clock)
        elif clock.ended_at is not None and clock.id in {one.id for one in running}:
            await repository.end(session, clock, _took(project, clock))


async def _start(
    session: AsyncSession, project: Project, conversation_id: ConversationId, clock: Clock
) -> None:
    minutes = _target_minutes(project, clock.target)
    if minutes is None:
        return
    due_at = add_open_minutes(project.settings.office_hours, clock.started_at, minutes)
    if due_at is not None:
        took = _took(project, clock)
        await repository.add(session, project.id, conversation_id, clock, due_at, took)


def _took(project: Project, clock: Clock) -> float | None:
    if clock.ended_at is None:
        return None
    return open_minutes(project.settings.office_hours, clock.started_at, clock.ended_at)


def _target_minutes(project: Project, target: Target) -> int | None:
    levels = project.settings.service_levels
    if target == "first_response":
        return levels.first_response_minutes
    return levels.resolution_minutes


def _is_missed(clock: StoredClock, now: datetime) -> bool:
    return clock.breached_at is None and (clock.ended_at or now) > clock.due_at


async def _breach(
    session: AsyncSession, project: Project, conversation_id: ConversationId, clock: StoredClock
) -> None:
    if await repository.breach(session, clock.id):
        payload = BreachedTarget(
            conversation_id=public_id(CONVERSATION_PREFIX, conversation_id),
            target=clock.target,
            due_at=clock.due_at,
        )
        await record(session, tenant_of(session), project.id, SLA_BREACHED, payload)


async def _schedule_check(
    session: AsyncSession, conversation_id: ConversationId, clocks: Sequence[StoredClock]
) -> None:
    key = f"{CHECK}:{conversation_id}"
    due = [one.due_at for one in clocks if one.ended_at is None and one.breached_at is None]
    if not due:
        await cancel(session, key=key)
        return
    await schedule(
        session,
        CHECK,
        account_id=tenant_of(session),
        payload={"conversation_id": str(conversation_id)},
        run_at=min(due),
        key=key,
    )


async def report(
    session: AsyncSession, project: Project, first: date | None, last: date | None, now: datetime
) -> Report:
    """Return how the clocks that began from `first` to `last` have gone, and who waits now.

    Both days are included, and are those of the project's time zone; without them the last 30
    days. Raises InvalidInput (`service_levels_range`).
    """
    begins, ends = _span(project, first, last, now)
    found = {one.target: one for one in await repository.tallies(session, project.id, begins, ends)}
    waits = await repository.waits(session, project.id, MOST_WAITS)
    return Report(project.id, [found.get(one, Tally(one)) for one in TARGETS], waits)


async def status(session: AsyncSession, project: Project, now: datetime) -> Status:
    """Return how the clocks of the last 30 days have gone, by domain, and who waits now."""
    begins, ends = _span(project, None, None, now)
    found = await repository.tallies_by_domain(session, project.id, begins, ends)
    return Status(begins, found, await repository.waits(session, project.id, MOST_WAITS))


def _span(
    project: Project, first: date | None, last: date | None, now: datetime
) -> tuple[datetime, datetime]:
    zone = ZoneInfo(project.settings.office_hours.timezone)
    last = last or now.astimezone(zone).date()
    if not date.min + timedelta(days=_MOST_DAYS) < last < date.max - timedelta(days=2):
        raise service_levels_range(_MOST_DAYS)
    first = first or last - timedelta(days=_USUAL_DAYS - 1)
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise service_levels_range(_MOST_DAYS)
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)
