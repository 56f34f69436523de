"""The jobs of conversations: finish abandoned turns, end conversations that are idle."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.events import change_types
from answerdesk.conversations.handoff import state_after, states_before
from answerdesk.conversations.repository import hands
from answerdesk.core.database import Database
from answerdesk.core.due import (
    Job,
    JsonValue,
    Registration,
    cancel,
    new_job_parameters,
    schedule,
)
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId

FINISH_TURN: Final = "conversations.finish_turn"
TELL_UNCLAIMED: Final = "conversations.tell_unclaimed"
END_IDLE: Final = "conversations.end_idle"

IDLE_AFTER: Final = timedelta(minutes=30)
"""Time without a message after which a conversation ends that the assistant has."""

_SWEEP_EVERY: Final = timedelta(minutes=1)
_SWEPT_AT_ONCE: Final = 500


def _key(question_id: MessageId) -> str:
    return f"{FINISH_TURN}:{question_id}"


def finish_parameters(question_id: MessageId, lease: timedelta = timedelta(0)) -> dict[str, Any]:
    """Return the parameters of a statement that schedules or drops the job for a question."""
    payload: dict[str, JsonValue] = {"question_id": str(question_id)}
    return new_job_parameters(FINISH_TURN, payload, delay=lease, key=_key(question_id))


async def schedule_finish(
    session: AsyncSession, account_id: AccountId, question_id: MessageId, lease: timedelta
) -> None:
    """Schedule a job that finishes the question's turn if its lease runs out."""
    await schedule(
        session,
        FINISH_TURN,
        account_id=account_id,
        payload={"question_id": str(question_id)},
        delay=lease,
        key=_key(question_id),
    )


async def cancel_finish(session: AsyncSession, question_id: MessageId) -> None:
    """Cancel the job that would finish the question's turn."""
    await cancel(session, key=_key(question_id))


def unclaimed_key(conversation_id: ConversationId) -> str:
    """Return the key of the job that tells the visitor if nobody takes the conversation."""
    return f"{TELL_UNCLAIMED}:{conversation_id}"


async def schedule_unclaimed(
    session: AsyncSession, account_id: AccountId, conversation_id: ConversationId, at: datetime
) -> None:
    """Schedule a job that tells the visitor if nobody takes the conversation until then."""
    await schedule(
        session,
        TELL_UNCLAIMED,
        account_id=account_id,
        payload={"conversation_id": str(conversation_id)},
        run_at=at,
        key=unclaimed_key(conversation_id),
    )


async def cancel_unclaimed(session: AsyncSession, conversation_id: ConversationId) -> None:
    """Cancel that job, since the conversation doesn't wait any more."""
    await cancel(session, key=unclaimed_key(conversation_id))


async def schedule_sweep(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Schedule ending the idle conversations of all accounts; `account_id` is the installation's.

    Each sweep schedules the next one, so a chat writes nothing for its own end.
    """
    async with database.transaction(account_id) as session:
        await schedule(
            session, END_IDLE, account_id=account_id, payload={}, delay=delay, key=END_IDLE
        )


async def end_idle(database: Database) -> None:
    """End the conversations of all accounts that are idle for `IDLE_AFTER`."""
    end = _idle_end()
    while True:
        async with database.transaction(None) as session:
            found = await hands.idle_conversations(session, IDLE_AFTER, _SWEPT_AT_ONCE)
        by_account: defaultdict[AccountId, list[ConversationId]] = defaultdict(list)
        for account_id, conversation_id in found:
            by_account[account_id].append(conversation_id)
        ended = 0
        for account_id, conversations in by_account.items():
            async with database.transaction(account_id) as session:
                ended += await hands.end_idle(session, conversations, end)
        # If none of a full batch could be ended, the next sweep tries again.
        if len(found) < _SWEPT_AT_ONCE or ended == 0:
            return


def _idle_end() -> hands.IdleEnd:
    (before,) = states_before("idle")
    after = state_after(before, "idle")
    assert after is not None  # noqa: S101  # It can happen in this state.
    return hands.IdleEnd(
        IDLE_AFTER, before, after, [one.name for one in change_types(before, after)]
    )


def registrations(
    database: Database, finish: Callable[[AccountId, MessageId], Awaitable[None]]
) -> dict[str, Registration]:
    async def finish_turn(job: Job) -> None:
        question_id = MessageId(UUID(str(job.payload["question_id"])))
        await finish(AccountId(job.account_id), question_id)

    async def sweep(job: Job) -> None:
        await end_idle(database)
        await schedule_sweep(database, AccountId(job.account_id), _SWEEP_EVERY)

    return {
        FINISH_TURN: Registration(finish_turn, concurrency=8, max_attempts=None),
        END_IDLE: Registration(sweep, concurrency=1, max_attempts=None),
    }
