"""The jobs of notices: gather what people are told of, tell them, forget what is old."""

from datetime import timedelta
from typing import Final, cast
from uuid import UUID

from answerdesk.accounts.letters import Letters, Post
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.events import events_by_id
from answerdesk.core.tenancy import AccountId, UserId
from answerdesk.inbox.notices import repository
from answerdesk.inbox.notices.service import gather
from answerdesk.inbox.notices.telling import Telling
from answerdesk.inbox.notices.types import FORGET, GATHER, KEPT_DAYS, MAIL, TELL, Pace

_FORGET_EVERY: Final = timedelta(hours=6)
_FORGET_BATCH: Final = 10_000


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
    telling = Telling(database, Letters(database, post, installation), pace or Pace())

    async def gather_new(job: Job) -> None:
        async with database.transaction(AccountId(job.account_id)) as session:
            events = await events_by_id(session, cast("list[int]", job.payload["events"]))
            await gather(session, events)

    async def tell(job: Job) -> None:
        await telling.tell(*_person(job))

    async def mail(job: Job) -> None:
        await telling.mail(*_person(job))

    async def forget(job: Job) -> None:
        full = True
        while full:
            async with database.transaction(None) as session:
                full = await repository.forget(session, KEPT_DAYS, _FORGET_BATCH) == _FORGET_BATCH
        await schedule_forgetting(database, AccountId(job.account_id), _FORGET_EVERY)

    return {
        GATHER: Registration(gather_new, concurrency=8, guests=8, max_attempts=None),
        TELL: Registration(tell, concurrency=8, guests=8, max_attempts=None),
        MAIL: Registration(mail, concurrency=4, guests=4, max_attempts=None),
        FORGET: Registration(forget, concurrency=1, max_attempts=None),
    }


def _person(job: Job) -> tuple[AccountId, UserId]:
    return AccountId(job.account_id), UserId(UUID(str(job.payload["user_id"])))
