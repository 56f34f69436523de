"""Reads and writes turns: who answers which question, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.models import ConversationRow, MessageRow, TurnRow
from answerdesk.conversations.types import Question
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId


@dataclass(frozen=True, slots=True)
class TurnState:
    """How a turn stands; `seconds_left` of its lease, negative when it has run out."""

    state: str
    attempt: int
    error_code: str | None
    seconds_left: float


async def open_turn(
    session: AsyncSession,
    conversation: ConversationRow,
    question_id: MessageId,
    holder: UUID,
    lease: timedelta,
) -> None:
    """Begin the turn of a new question, held by `holder`."""
    session.add(
        TurnRow(
            account_id=conversation.account_id,
            question_id=question_id,
            conversation_id=conversation.id,
            project_id=conversation.project_id,
            state="answering",
            holder=holder,
            lease_until=func.clock_timestamp() + lease,
        )
    )
    await session.flush()


async def turn_state(session: AsyncSession, question_id: MessageId) -> TurnState | None:
    """Return how the question's turn stands."""
    left = func.extract("epoch", TurnRow.lease_until - func.clock_timestamp())
    row = (
        await session.execute(
            select(TurnRow.state, TurnRow.attempt, TurnRow.error_code, left).where(
                TurnRow.question_id == question_id
            )
        )
    ).first()
    return None if row is None else TurnState(row[0], row[1], row[2], float(row[3]))


async def take_over(
    session: AsyncSession,
    account_id: AccountId,
    question_id: MessageId,
    holder: UUID,
    lease: timedelta,
) -> Question | None:
    """Take a turn that failed or whose lease has run out; None when there is nothing to take."""
    taken = await session.scalar(
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
        .returning(TurnRow.question_id)
    )
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
        update(TurnRow)
        .where(
            TurnRow.question_id == question_id,
            TurnRow.holder == holder,
            TurnRow.state == "answering",
        )
        .values(
            state="answered" if error_code is None else "failed",
            error_code=error_code,
            trace=None if trace is None else dict(trace),
            finished_at=func.clock_timestamp(),
        )
        .returning(TurnRow.question_id)
    )
    return finished is not None
