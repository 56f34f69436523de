"""The jobs of notices: gather what people are told of, tell them, forget what is old."""

import asyncio
from datetime import timedelta
from typing import Final, cast
from uuid import UUID

from answerdesk.accounts.letters import Letters, Post
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule, take_along
from answerdesk.core.events import events_by_id
from answerdesk.core.tenancy import AccountId, UserId
from answerdesk.inbox.notices import repository
from answerdesk.inbox.notices.service import gather
from answerdesk.inbox.notices.telling import Telling
from answerdesk.inbox.notices.types import FORGET, GATHER, KEPT_DAYS, MAIL, TELL, Pace

_FORGET_EVERY: Final = timedelta(hours=6)
_FORGET_BATCH: Final = 10_000
_TOGETHER: Final = 0.1
"""Seconds from an event to its notices: what happens meanwhile is told together."""

_JOBS_AT_ONCE: Final = 20


async def schedule_forgetting(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Schedule deleting old notices of all accounts; `account_id` is the installation's."""
    async with database.transaction(account_id) as session:
        await schedule(session, FORGET, account_id=account_id, payload={}, delay=delay, key=FORGET)


def registrations(
    database: Database, post: Post, installation: AccountId, pace: Pace | None = None
) -> dict[str, Registration]:
    """Return the handlers that a worker needs for notices.

    The owners of the account `installation` see why mails failed.
    """
    pace = pace or Pace()
    telling = Telling(database, Letters(database, post, installation), pace)

    async def gather_new(job: Job) -> None:
        await asyncio.sleep(_TOGETHER)
        async with database.transaction(AccountId(job.account_id)) as session:
            jobs = [job.payload, *await take_along(session, job, _JOBS_AT_ONCE)]
            ids = [one for payload in jobs for one in cast("list[int]", payload["events"])]
            await gather(session, await events_by_id(session, ids), pace.grace)

    async def tell(job: Job) -> None:
        await telling.tell(AccountId(job.account_id))

    async def mail(job: Job) -> None:
        user_id = UserId(UUID(str(job.payload["user_id"])))
        await telling.mail(AccountId(job.account_id), user_id)

    async def forget(job: Job) -> None:
        full = True
        while full:
            async with database.transaction(None) as session:
                full = await repository.forget(session, KEPT_DAYS, _FORGET_BATCH) == _FORGET_BATCH
        await schedule_forgetting(database, AccountId(job.account_id), _FORGET_EVERY)

    return {
        # One at a time for each account, which takes along what has come meanwhile.
        GATHER: Registration(gather_new, concurrency=1, guests=31, max_attempts=None),
        TELL: Registration(tell, concurrency=4, guests=4, max_attempts=None),
        MAIL: Registration(mail, concurrency=4, guests=4, max_attempts=None),
        FORGET: Registration(forget, concurrency=1, max_attempts=None),
    }
