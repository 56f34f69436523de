"""The jobs of conversations: finish turns that nobody answers any more."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.due import (
    Job,
    JsonValue,
    Registration,
    cancel,
    new_job_parameters,
    schedule,
)
from answerdesk.core.tenancy import AccountId, MessageId

FINISH_TURN: Final = "conversations.finish_turn"


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


def registrations(
    finish: Callable[[AccountId, MessageId], Awaitable[None]],
) -> dict[str, Registration]:
    async def finish_turn(job: Job) -> None:
        question_id = MessageId(UUID(str(job.payload["question_id"])))
        await finish(AccountId(job.account_id), question_id)

    return {FINISH_TURN: Registration(finish_turn, concurrency=8, max_attempts=None)}
