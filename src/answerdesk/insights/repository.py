"""Counts the rows of conversations."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.insights.types import Counts, Span

# A conversation that was last changed before the time, or began after it, has no message in it:
# only the others' messages are read. A conversation of an unknown visitor counts as a visitor.
_COUNT: Final = text(
    "with span as ("
    "  select * from unnest(cast(:projects as uuid[]), cast(:begins as timestamptz[]),"
    "   cast(:ends as timestamptz[])) as s(project_id, begins, ends)"
    "), talk as ("
    "  select c.id, coalesce(c.visitor_id, c.id) as visitor, c.created_at >= s.begins as begun,"
    "   s.begins, s.ends"
    "  from span s join conversation c on c.account_id = :account_id"
    "   and c.project_id = s.project_id and c.updated_at >= s.begins and c.created_at < s.ends"
    "), said as ("
    "  select m.id, m.author, m.question_id, m.created_at, t.visitor"
    "  from talk t join message m on m.account_id = :account_id and m.conversation_id = t.id"
    "   and m.created_at >= t.begins and m.created_at < t.ends"
    ")"
    " select (select count(*) from talk where begun) as conversations, count(*) as messages,"
    "  count(distinct m.visitor) filter (where m.author = 'visitor') as visitors,"
    "  coalesce(avg(extract(epoch from m.created_at - q.created_at)), 0)::float8 as seconds,"
    "  coalesce(avg(case f.rating when 'positive' then 100 when 'negative' then 0 end), 0)::float8"
    "   as satisfied"
    " from said m"
    " left join message q on q.account_id = :account_id and q.id = m.question_id"
    "  and m.author = 'assistant'"
    " left join feedback f on f.account_id = :account_id and f.message_id = m.id"
)


async def count(session: AsyncSession, spans: Sequence[Span]) -> Counts:
    """Count what happened in these projects in their times."""
    parameters = {
        "account_id": tenant_of(session),
        "projects": [one.project_id for one in spans],
        "begins": [one.begins for one in spans],
        "ends": [one.ends for one in spans],
    }
    row = (await session.execute(_COUNT, parameters)).one()
    return Counts(
        total_conversations=row.conversations,
        total_messages=row.messages,
        unique_visitors=row.visitors,
        avg_response_time=row.seconds,
        satisfaction_rate=row.satisfied,
    )
