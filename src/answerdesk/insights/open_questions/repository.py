"""Reads open questions from turns and ratings, and notes what people decided about them."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId
from answerdesk.insights.open_questions.types import (
    MOST_LOOKED_AT,
    OpenQuestion,
    Place,
    QuestionKind,
    Verdict,
)

# A question that a person has taken over, or that a cap has refused, was not failed.
UNANSWERED: Final = (
    "(t.decision = 'abstain' or t.state = 'failed')"
    " and (t.state <> 'failed' or t.error_code not in ('taken_over', 'cap_reached'))"
)
"""A condition on turns `t`: the question had no answer."""

OPEN: Final = (
    "with asked as ("
    " (select q.id, q.conversation_id, q.content, t.created_at as asked_at, false as negative,"
    "   cast(null as text) as reason"
    "  from turn t join message q on q.account_id = t.account_id and q.id = t.question_id"
    "  where t.account_id = :account_id and t.project_id = :project_id"
    f"   and {UNANSWERED}"
    f"  order by t.created_at desc limit {MOST_LOOKED_AT})"
    " union all"
    " (select q.id, q.conversation_id, q.content, f.created_at, true, f.reason"
    "  from feedback f"
    "  join message a on a.account_id = f.account_id and a.id = f.message_id"
    "   and a.project_id = :project_id and a.author = 'assistant'"
    "  join message q on q.account_id = a.account_id and q.id = a.question_id"
    "  where f.account_id = :account_id and f.rating = 'negative'"
    f"  order by f.created_at desc limit {MOST_LOOKED_AT})"
    "), keyed as ("
    "  select question_key(:project_id, content) as key, * from asked"
    "), grouped as ("
    "  select k.key, count(distinct k.id) as count, max(k.asked_at) as last_asked_at,"
    "   bool_or(k.negative) as negative, (array_agg(k.content order by k.asked_at desc))[1]"
    "    as question, (array_agg(k.conversation_id order by k.asked_at desc))[1]"
    "    as conversation_id, (array_agg(k.id order by k.asked_at desc))[1] as message_id,"
    "   (array_agg(k.reason order by k.asked_at desc) filter (where k.reason is not null))[1]"
    "    as reason"
    "  from keyed k left join question_decision d on d.account_id = :account_id and d.id = k.key"
    # Asked again since it was answered, it is open again; dismissed is dismissed.
    "  where d.id is null or d.decision = 'answered' and k.asked_at > d.decided_at"
    "  group by k.key"
    ") select key as id, question,"
    "  case when negative then 'negative' else 'unanswered' end as kind, count, last_asked_at,"
    "  conversation_id, message_id, reason from grouped"
)
"""The open questions of a project, a row each."""

_PAGE: Final = text(
    f"{OPEN} where (cast(:kind as text) is null or negative = (cast(:kind as text) = 'negative'))"
    "  and (cast(:after_count as bigint) is null or (count, last_asked_at, key) <"
    "   (cast(:after_count as bigint), cast(:after_time as timestamptz), cast(:after_id as uuid)))"
    " order by count desc, last_asked_at desc, key desc limit :limit"
)
_GET: Final = text(f"{OPEN} where key = :id")
# Whoever decides at the same time waits here, and then finds it decided.
_DECIDE: Final = text(
    "insert into question_decision (account_id, id, project_id, decision)"
    " values (:account_id, :id, :project_id, :decision)"
    " on conflict (account_id, id) do update set decision = excluded.decision, item_id = null,"
    "  decided_at = clock_timestamp()"
    "  where question_decision.decision = 'answered'"
    "   and question_decision.decided_at < :last_asked_at returning id"
)
_SET_ITEM: Final = text(
    "update question_decision set item_id = :item_id where account_id = :account_id and id = :id"
)
_ANSWERED: Final = text(
    "insert into question_decision (account_id, id, project_id, decision, item_id)"
    " values (:account_id, :id, :project_id, 'answered', :item_id)"
    " on conflict (account_id, id) do update set item_id = excluded.item_id,"
    "  decided_at = clock_timestamp() where question_decision.decision = 'answered'"
)
_DECIDED: Final = text(
    "select decision from question_decision"
    " where account_id = :account_id and project_id = :project_id and id = :id"
)


def _question(row: Row[Any]) -> OpenQuestion:
    return OpenQuestion(**row._asdict())


def _of(session: AsyncSession, project_id: ProjectId) -> dict[str, Any]:
    return {"account_id": tenant_of(session), "project_id": project_id}


async def page(
    session: AsyncSession,
    project_id: ProjectId,
    kind: QuestionKind | None,
    after: Place,
    limit: int,
) -> Sequence[OpenQuestion]:
    """Return up to `limit` of a project's open questions after `after`, the most asked first."""
    count, moment, last = after or (None, None, None)
    parameters = {
        **_of(session, project_id),
        "kind": kind,
        "after_count": count,
        "after_time": moment,
        "after_id": last,
        "limit": limit,
    }
    return [_question(row) for row in await session.execute(_PAGE, parameters)]


async def get(
    session: AsyncSession, project_id: ProjectId, question_id: UUID
) -> OpenQuestion | None:
    row = (await session.execute(_GET, {**_of(session, project_id), "id": question_id})).first()
    return None if row is None else _question(row)


async def decide(
    session: AsyncSession, project_id: ProjectId, question: OpenQuestion, verdict: Verdict
) -> bool:
    """Note what was decided; False if somebody else has decided meanwhile."""
    parameters = {
        **_of(session, project_id),
        "id": question.id,
        "decision": verdict,
        "last_asked_at": question.last_asked_at,
    }
    return await session.scalar(_DECIDE, parameters) is not None


async def set_item(session: AsyncSession, question_id: UUID, item_id: UUID) -> None:
    """Note which item answers a question."""
    parameters = {"account_id": tenant_of(session), "id": question_id, "item_id": item_id}
    await session.execute(_SET_ITEM, parameters)


async def note_answered(
    session: AsyncSession, project_id: ProjectId, question_id: UUID, item_id: UUID
) -> None:
    """Note that an item answers a question, whether or not it is open."""
    parameters = {**_of(session, project_id), "id": question_id, "item_id": item_id}
    await session.execute(_ANSWERED, parameters)


async def decided(
    session: AsyncSession, project_id: ProjectId, question_id: UUID
) -> Verdict | None:
    """Return what was decided about a question of the project, if anything."""
    parameters = {**_of(session, project_id), "id": question_id}
    found: Verdict | None = await session.scalar(_DECIDED, parameters)
    return found
