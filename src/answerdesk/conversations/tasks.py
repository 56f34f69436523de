"""Due work of the conversations."""

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
    """Return the parameters of a statement that has somebody look after a new question, or not."""
    payload: dict[str, JsonValue] = {"question_id": str(question_id)}
    return new_job_parameters(FINISH_TURN, payload, delay=lease, key=_key(question_id))


async def schedule_finish(
    session: AsyncSession, account_id: AccountId, question_id: MessageId, lease: timedelta
) -> None:
    """Have somebody look after the question once the lease of its turn has run out."""
    await schedule(
        session,
        FINISH_TURN,
        account_id=account_id,
        payload={"question_id": str(question_id)},
        delay=lease,
        key=_key(question_id),
    )


async def cancel_finish(session: AsyncSession, question_id: MessageId) -> None:
    """Nobody needs to look after the question any more."""
    await cancel(session, key=_key(question_id))


def registrations(
    finish: Callable[[AccountId, MessageId], Awaitable[None]],
) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this slice's jobs."""

    async def finish_turn(job: Job) -> None:
        question_id = MessageId(UUID(str(job.payload["question_id"])))
        await finish(AccountId(job.account_id), question_id)

    return {FINISH_TURN: Registration(finish_turn, concurrency=8, max_attempts=None)}
