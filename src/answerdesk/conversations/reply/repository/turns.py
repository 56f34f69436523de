"""Reads and writes turns: who answers which question, until when, and what was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.answering.types import DecisionKind
from answerdesk.conversations.models import MessageRow, TurnRow
from answerdesk.conversations.types import Question
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId


@dataclass(frozen=True, slots=True)
class TurnState:
    """How a turn stands; `seconds_left` of its lease, negative when it has run out."""

    state: str
    attempt: int
    error_code: str | None
    decision: DecisionKind | None
    seconds_left: float


_FINISH = text(
    "update turn set state = :state, error_code = :error_code, trace = cast(:trace as jsonb),"
    " finished_at = clock_timestamp()"
    " where account_id = :account_id and question_id = :question_id and holder = :holder"
    "  and state = 'answering' returning question_id"
)


async def turn_state(session: AsyncSession, question_id: MessageId) -> TurnState | None:
    """Return how the question's turn stands."""
    left = func.extract("epoch", TurnRow.lease_until - func.clock_timestamp())
    row = (
        await session.execute(
            select(
                TurnRow.state, TurnRow.attempt, TurnRow.error_code, TurnRow.decision, left
            ).where(TurnRow.question_id == question_id)
        )
    ).first()
    if row is None:
        return None
    decision: DecisionKind | None = row[3]  # type: ignore[assignment]  # Nothing else is written.
    return TurnState(row[0], row[1], row[2], decision, float(row[4]))


async def take_over(
    session: AsyncSession,
    account_id: AccountId,
    question_id: MessageId,
    holder: UUID,
    lease: timedelta,
) -> Question | None:
    """Take a turn that failed or whose lease has run out; None when there is nothing to take."""
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
        .returning(TurnRow.decision)
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
    )


async def renew(
    session: AsyncSession, question_id: MessageId, holder: UUID, lease: timedelta
) -> bool:
    """Prolong a lease; False when somebody else holds the turn by now."""
    renewed = await session.scalar(
        update(TurnRow)
        .where(
            TurnRow.question_id == question_id,
            TurnRow.holder == holder,
            TurnRow.state == "answering",
        )
        .values(lease_until=func.clock_timestamp() + lease)
        .returning(TurnRow.question_id)
    )
    return renewed is not None


async def finish(
    session: AsyncSession,
    question_id: MessageId,
    holder: UUID,
    *,
    error_code: str | None = None,
    trace: Mapping[str, Any] | None = None,
) -> bool:
    """End a turn, as failed if there is an error; False when it is not the holder's any more."""
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
