"""The jobs of delayed replies: answering when the time has come, forgetting old rows."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from answerdesk.core.database import Database
from answerdesk.core.due import Backoff, Job, Registration, schedule
from answerdesk.core.tenancy import AccountId
from answerdesk.delayed_replies import repository
from answerdesk.delayed_replies.service import ANSWER, DelayedReplies

FORGET: Final = "delayed_replies.forget"

_FORGET_EVERY: Final = timedelta(hours=6)
_FORGET_BATCH: Final = 10_000

# About an hour, in case that a model is away.
_ATTEMPTS: Final = 12
_LONGEST: Final = timedelta(minutes=5)


async def schedule_forgetting(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Schedule deleting old rows of all accounts; `account_id` is the installation's."""
    async with database.transaction(account_id) as session:
        await schedule(session, FORGET, account_id=account_id, payload={}, delay=delay, key=FORGET)


def registrations(
    database: Database, replies: DelayedReplies, kept_days: int
) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this slice's jobs.

    A reply that ended before anything was sent can be looked at for `kept_days`.
    """

    async def answer(job: Job) -> None:
        await replies.answer(*_named(job))

    async def give_up(job: Job, _: str) -> None:
        await replies.give_up(*_named(job))

    async def forget(job: Job) -> None:
        full = True
        while full:
            async with database.transaction(None) as session:
                full = await repository.forget(session, kept_days, _FORGET_BATCH) == _FORGET_BATCH
        await schedule_forgetting(database, AccountId(job.account_id), _FORGET_EVERY)

    return {
        ANSWER: Registration(
            answer,
            concurrency=8,
            guests=4,
            max_attempts=_ATTEMPTS,
            backoff=Backoff(longest=timedelta(minutes=10)),
            timeout=_LONGEST,
            on_failed=give_up,
        ),
        FORGET: Registration(forget, concurrency=1, max_attempts=None),
    }


def _named(job: Job) -> tuple[AccountId, UUID]:
    return AccountId(job.account_id), UUID(str(job.payload["reply_id"]))
