"""Reads and writes turns: their holders, leases and results."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.actions.types import read_planned
from answerdesk.answering.types import DecisionKind
from answerdesk.conversations.models import MessageRow, TurnRow
from answerdesk.conversations.types import Question
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId


@dataclass(frozen=True, slots=True)
class TurnState:
    """The state of a turn; `seconds_left` of its lease is negative if the lease has run out."""

    state: str
    attempt: int
    error_code: str | None
    decision: DecisionKind | None
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Held:
    """A turn and the holder of its lease."""

    account_id: AccountId
    question_id: MessageId
    holder: UUID


# Lock several turns in a fixed order, to avoid deadlocks.
_RENEW = text(
    "with held as (select turn.question_id from turn join"
    "  unnest(cast(:question_ids as uuid[]), cast(:holders as uuid[]))"
    "  as ours (question_id, holder) using (question_id, holder)"
    "  where account_id = :account_id and state = 'answering'"
    "  order by turn.question_id for update of turn)"
    " update turn set lease_until = clock_timestamp() + make_interval(secs => :seconds) from held"
    " where account_id = :account_id and turn.question_id = held.question_id"
)
_NOTE_READ = text(
    "update turn set read = :read where account_id = :account_id and question_id = :question_id"
)
_FINISH = text(
    "update turn set state = :state, error_code = :error_code, trace = cast(:trace as jsonb),"
    " finished_at = clock_timestamp()"
    " where account_id = :account_id and question_id = :question_id and holder = :holder"
    "  and state = 'answering' returning question_id"
)


# What a person has said or was to say begins the count anew. What was taken over, or was over a
# cap, is no failure of the assistant's.
_FAILED_BEFORE: Final = text(
    "select count(*) filter (where failed) = :wanted from ("
    "  select coalesce(t.state = 'answered' and t.decision = 'abstain', false)"
    "   or (t.state = 'failed' and t.error_code not in ('taken_over', :cap_reached)) as failed"
    "  from message q"
    "  join message m on m.account_id = q.account_id and m.conversation_id = q.conversation_id"
    "   and m.author = 'visitor' and (m.created_at, m.id) < (q.created_at, q.id)"
    "  join turn t on t.account_id = m.account_id and t.question_id = m.id"
    "  where q.account_id = :account_id and q.id = :question_id"
    "   and m.created_at > coalesce(greatest("
    "    (select escalated_at from conversation where account_id = :account_id"
    "      and id = q.conversation_id),"
    "    (select max(created_at) from message where account_id = :account_id"
    "      and conversation_id = q.conversation_id and author = 'human')), '-infinity')"
    "  order by m.created_at desc, m.id desc limit :wanted) last"
)


async def failed_before(
    session: AsyncSession, question_id: MessageId, wanted: int, cap_reached: str
) -> bool:
    """Tell whether the assistant had no answer to the last `wanted` questions before this one.

    `cap_reached` is the error code of questions that were not to be answered.
    """
    parameters = {
        "account_id": tenant_of(session),
        "question_id": question_id,
        "wanted": wanted,
        "cap_reached": cap_reached,
    }
    return wanted == 0 or bool(await session.scalar(_FAILED_BEFORE, parameters))


async def turn_state(session: AsyncSession, question_id: MessageId) -> TurnState | None:
    """Return the state of the question's turn; None if it has none."""
    return (await turn_states(session, [question_id])).get(question_id)


async def turn_states(
    session: AsyncSession, question_ids: Sequence[MessageId]
) -> dict[MessageId, TurnState]:
    """Return the states of the questions' turns; questions without a turn are left out."""
    left = func.extract("epoch", TurnRow.lease_until - func.clock_timestamp())
    rows = await session.execute(
        select(
            TurnRow.question_id,
            TurnRow.state,
            TurnRow.attempt,
            TurnRow.error_code,
            TurnRow.decision,
            left,
        ).where(TurnRow.question_id.in_(question_ids))
    )
    states: dict[MessageId, TurnState] = {}
    for question_id, state, attempt, error_code, kind, seconds in rows:
        decision: DecisionKind | None = kind  # type: ignore[assignment]  # Nothing else is written.
        states[MessageId(question_id)] = TurnState(
            state, attempt, error_code, decision, float(seconds)
        )
    return states


async def take_over(
    session: AsyncSession,
    account_id: AccountId,
    question_id: MessageId,
    holder: UUID,
    lease: timedelta,
) -> Question | None:
    """Take a turn that failed or whose lease has run out; return None if it is neither."""
    found = await session.execute(
        update(TurnRow)
        .where(
            TurnRow.question_id == question_id,
            (TurnRow.state == "failed")
            | ((TurnRow.state == "answering") & (TurnRow.lease_until <= func.clock_timestamp())),
        )
        .values(
            state="answering",
            holder=holder,
            lease_until=func.clock_timestamp() + lease,
            attempt=TurnRow.attempt + 1,
            error_code=None,
            finished_at=None,
        )
        .returning(TurnRow.decision, TurnRow.action)
    )
    taken = found.first()
    if taken is None:
        return None
    row = (
        await session.execute(
            select(MessageRow.project_id, MessageRow.conversation_id, MessageRow.content).where(
                MessageRow.id == question_id
            )
        )
    ).one()
    return Question(
        account_id=account_id,
        project_id=ProjectId(row.project_id),
        conversation_id=ConversationId(row.conversation_id),
        message_id=question_id,
        text=row.content,
        holder=holder,
        decision=taken.decision,
        action=read_planned(taken.action),
    )


async def renew(session: AsyncSession, held: Sequence[Held], lease: timedelta) -> None:
    """Renew the leases of turns that their holders still hold."""
    await session.execute(
        _RENEW,
        {
            "account_id": tenant_of(session),
            "question_ids": [one.question_id for one in held],
            "holders": [one.holder for one in held],
            "seconds": lease.total_seconds(),
        },
    )


async def note_read(session: AsyncSession, question_id: MessageId, *, read: bool) -> None:
    """Note whether the question's answer was read to its end."""
    parameters = {"account_id": tenant_of(session), "question_id": question_id, "read": read}
    await session.execute(_NOTE_READ, parameters)


async def finish(
    session: AsyncSession,
    question_id: MessageId,
    holder: UUID,
    *,
    error_code: str | None = None,
    trace: Mapping[str, Any] | None = None,
) -> bool:
    """End a turn, as failed if there is an error; return False if `holder` no longer holds it."""
    finished = await session.scalar(
        _FINISH,
        {
            "account_id": tenant_of(session),
            "question_id": question_id,
            "holder": holder,
            "state": "answered" if error_code is None else "failed",
            "error_code": error_code,
            "trace": None if trace is None else json.dumps(trace),
        },
    )
    return finished is not None
