"""The jobs of deliveries: fan events out, send what is due, forget what is old."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, cast
from uuid import UUID
from weakref import WeakValueDictionary

from answerdesk.core.database import Database
from answerdesk.core.due import Backoff, Job, Registration, schedule
from answerdesk.core.tenancy import AccountId
from answerdesk.webhooks.deliveries.repository import sending as repository
from answerdesk.webhooks.deliveries.run import Engine, Run
from answerdesk.webhooks.service import DELIVER, FAN_OUT, schedule_run

FORGET: Final = "webhooks.forget_deliveries"

_FORGET_EVERY: Final = timedelta(days=1)
_FORGOTTEN_AT_ONCE: Final = 500
_LONGEST_WAIT: Final = timedelta(seconds=10)
"""How long deliveries wait for their job after it was interrupted again and again."""


async def schedule_forgetting(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Schedule deleting the old deliveries of all accounts; `account_id` is the installation's."""
    async with database.transaction(account_id) as session:
        await schedule(session, FORGET, account_id=account_id, payload={}, delay=delay, key=FORGET)


class _FanOut:
    """Adds deliveries of new events.

    Each transaction that records events schedules a job of its own. Those of an account that arrive
    while a statement is under way share the next one.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._locks: WeakValueDictionary[AccountId, asyncio.Lock] = WeakValueDictionary()
        self._gathering: dict[AccountId, _Batch] = {}

    async def add(self, job: Job) -> None:
        account_id = AccountId(job.account_id)
        batch = self._gathering.setdefault(account_id, _Batch())
        batch.event_ids += cast("list[int]", job.payload["events"])
        async with self._locks.setdefault(account_id, asyncio.Lock()):
            if batch.is_stored:
                return
            # The first of its jobs stores it; if that fails, the next one does.
            if self._gathering.get(account_id) is batch:
                del self._gathering[account_id]
            await self._store(account_id, batch.event_ids)
            batch.is_stored = True

    async def _store(self, account_id: AccountId, event_ids: Sequence[int]) -> None:
        endpoints = self._engine.endpoints
        told = {one: endpoints.told_by(one) for one in endpoints.encoders}
        async with self._engine.database.transaction(account_id) as session:
            found = await repository.fan_out(session, event_ids, told, self._engine.schedule[0])
            # In order, so that no two transactions wait for each other.
            for endpoint_id in sorted(found):
                await schedule_run(session, account_id, endpoint_id)


@dataclass(slots=True)
class _Batch:
    event_ids: list[int] = field(default_factory=list)
    is_stored: bool = False


def registrations(engine: Engine) -> dict[str, Registration]:
    """Return the handlers that a worker needs for deliveries."""
    database = engine.database

    async def deliver(job: Job) -> None:
        account_id = AccountId(job.account_id)
        endpoint_id = UUID(str(job.payload["webhook_id"]))
        await Run(engine, account_id, endpoint_id).go()
        async with database.transaction(account_id) as session:
            due_at = await repository.next_due(session, endpoint_id)
            if due_at is not None:
                await schedule_run(session, account_id, endpoint_id, run_at=due_at)

    async def forget(job: Job) -> None:
        days = engine.log_days
        async with database.transaction(None) as session:
            accounts = await repository.accounts_with_old(session, days)
        for account_id in accounts:
            while True:
                async with database.transaction(account_id) as session:
                    gone = await repository.forget_old(session, days, _FORGOTTEN_AT_ONCE)
                if gone < _FORGOTTEN_AT_ONCE:
                    break
        await schedule_forgetting(database, AccountId(job.account_id), _FORGET_EVERY)

    # A run mostly waits for its receiver, and lasts at most a few seconds longer than one attempt.
    # Guests' places keep an account whose receivers are silent from holding up the others. A busy
    # endpoint's run is nearly always under way when a worker dies, and must not pay for that long.
    backoff = Backoff(longest=_LONGEST_WAIT)
    return {
        FAN_OUT: Registration(
            _FanOut(engine).add, concurrency=32, guests=32, max_attempts=None, backoff=backoff
        ),
        DELIVER: Registration(
            deliver, concurrency=32, guests=32, max_attempts=None, backoff=backoff
        ),
        FORGET: Registration(forget, concurrency=1, max_attempts=None),
    }
