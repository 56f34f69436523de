"""Counts and measures the rows of a project: two statements, however long the period is."""

# ruff: noqa: S608 - statements are put together from constants of this module and its neighbour.

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId
from answerdesk.insights.open_questions.repository import OPEN, UNANSWERED
from answerdesk.insights.overview.types import Measured, Now
from answerdesk.insights.types import Span

# The days are given by their beginnings: their lengths differ where clocks are changed.
_BY_DAY: Final = "width_bucket({at}, cast(:days as timestamptz[])) - 1 as day, count(*) as number"
# A conversation changes when it is handed over, so one that was last changed before has not been.
# Both times are taken in one statement, one after the other.
_HANDED_OVER: Final = (
    " from conversation c where c.account_id = :account_id and c.project_id = :project_id"
    "  and c.updated_at >= :begins - interval '1 second'"
    "  and c.escalated_at >= :begins and c.escalated_at < :ends"
)
_TURNS: Final = (
    " from turn t where t.account_id = :account_id and t.project_id = :project_id"
    "  and t.created_at >= :begins and t.created_at < :ends"
)
_DAYS: Final = text(
    f"select 'conversations' as what, {_BY_DAY.format(at='c.created_at')} from conversation c"
    " where c.account_id = :account_id and c.project_id = :project_id"
    "  and c.updated_at >= :begins and c.created_at >= :begins and c.created_at < :ends"
    " group by day"
    f" union all select 'handed_over', {_BY_DAY.format(at='c.escalated_at')} {_HANDED_OVER}"
    " group by day"
    f" union all select 'answered', {_BY_DAY.format(at='t.created_at')} {_TURNS}"
    "  and t.state = 'answered' and t.decision in ('answer', 'act') group by day"
    f" union all select 'abstained', {_BY_DAY.format(at='t.created_at')} {_TURNS}"
    f"  and {UNANSWERED} group by day"
    f" union all select 'leads', {_BY_DAY.format(at='l.created_at')} from lead l"
    " where l.account_id = :account_id and l.project_id = :project_id"
    "  and l.created_at >= :begins and l.created_at < :ends"
    "  and num_nonnulls(l.email, l.phone) > 0 group by day"
)
_MEASURES: Final = text(
    "with replied as materialized ("
    "  select c.escalated_at >= :middle as is_current, cast(extract(epoch from"
    "   (select min(m.created_at) from message m where m.account_id = c.account_id"
    "     and m.conversation_id = c.id and m.author = 'human'"
    "     and m.created_at >= c.escalated_at) - c.escalated_at) as float8) as seconds"
    f"  {_HANDED_OVER}"
    "), rated as materialized ("
    "  select m.created_at >= :middle as is_current, f.rating from feedback f, lateral ("
    # Each by its key: there are more messages than ratings.
    "   select * from message where account_id = f.account_id and id = f.message_id offset 0) m"
    "  where f.account_id = :account_id and f.created_at >= :begins"
    "   and m.project_id = :project_id and m.created_at >= :begins and m.created_at < :ends"
    ") select times.of[1] as median, times.of[2] as p90, ratings.ratings, ratings.positive,"
    "  now.waiting, now.open_questions"
    " from (values (false), (true)) as part(is_current),"
    " lateral (select percentile_cont(array[0.5, 0.9]) within group (order by r.seconds) as of"
    "   from replied r where r.is_current = part.is_current) times,"
    " lateral (select count(*) as ratings,"
    "   count(*) filter (where r.rating = 'positive') as positive"
    "   from rated r where r.is_current = part.is_current) ratings,"
    " (select (select count(*) from conversation c"
    "   where c.account_id = :account_id and c.project_id = :project_id and c.state = 'waiting'"
    "    and not coalesce(c.snoozed_until > clock_timestamp(), false)) as waiting,"
    f"  (select count(*) from ({OPEN}) asked) as open_questions) now"
    " order by part.is_current"
)


async def days(
    session: AsyncSession, project_id: ProjectId, begins: Sequence[datetime]
) -> Sequence[Counter[str]]:
    """Count what happened on each of the days that begin then; the last one only ends the others.

    The keys are the fields of `Day`.
    """
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "begins": begins[0],
        "ends": begins[-1],
        "days": [*begins],
    }
    counted: list[Counter[str]] = [Counter() for _ in begins[1:]]
    for row in await session.execute(_DAYS, parameters):
        counted[row.day][row.what] = row.number
    return counted


async def measures(
    session: AsyncSession, previous: Span, current: Span
) -> tuple[Measured, Measured, Now]:
    """Measure two times of a project, one after the other, and count what waits for people now."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": current.project_id,
        "begins": previous.begins,
        "middle": current.begins,
        "ends": current.ends,
    }
    before, row = (await session.execute(_MEASURES, parameters)).all()
    now = Now(row.waiting, row.open_questions)
    return _measured(before), _measured(row), now


def _measured(row: Row[Any]) -> Measured:
    return Measured(row.median, row.p90, row.ratings, row.positive)
