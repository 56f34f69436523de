"""One run of an endpoint's job: takes what is due, sends several at once, records what came of it.

A body is committed before it is first sent, an attempt recorded after it has ended. A crash in
between repeats the attempt, with the same id and the same bytes.
"""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.secrets import delete_secrets
from answerdesk.core.database import Database
from answerdesk.core.errors import Unavailable
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, public_id
from answerdesk.webhooks import repository as endpoints
from answerdesk.webhooks.deliveries.bodies import BodyFailed, take
from answerdesk.webhooks.deliveries.repository import sending as repository
from answerdesk.webhooks.deliveries.repository.sending import Due, Ended
from answerdesk.webhooks.deliveries.sending import Outcome, Sender, Target, not_sent
from answerdesk.webhooks.deliveries.types import BODY, DELIVERY_PREFIX
from answerdesk.webhooks.secrets import secrets_of
from answerdesk.webhooks.service import Endpoints

_AT_ONCE: Final = 8
"""Attempts under way at a time; one while the endpoint accepts nothing."""
_TAKEN_AT_ONCE: Final = 32
_RECORDED_AT_ONCE: Final = 8
_PAUSE: Final = 0.05
"""Seconds in which results, and new deliveries, gather before a statement is worth it."""
_RUN_SECONDS: Final = 3.0
"""How long a run takes deliveries: then it is the turn of other endpoints."""
_LONGEST_REST: Final = 60.0
_FAILING_SECONDS: Final = 5 * 24 * 3600.0
"""An endpoint that accepted nothing for so long is disabled."""
_DATABASE_PATIENCE: Final = 15.0
"""How long an attempt waits to be recorded if the database is away: else it would be repeated."""

DISABLED: Final = "The webhook is disabled"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Engine:
    """What sends deliveries.

    `schedule` are the seconds before each attempt. What has ended is kept for `log_days`.
    """

    database: Database
    endpoints: Endpoints
    sender: Sender
    schedule: Sequence[float]
    log_days: int

    @classmethod
    def of(cls, settings: Settings, database: Database, endpoints: Endpoints) -> "Engine":
        sender = Sender(endpoints.outbound, settings.webhook_seconds)
        return cls(
            database, endpoints, sender, settings.webhook_schedule, settings.webhook_log_days
        )

    def delay(self, failed: int) -> float | None:
        """Return the seconds to wait after so many failed attempts; None if that was the last."""
        if failed >= len(self.schedule):
            return None
        return self.schedule[failed] * (1 + random.random() / 10)  # noqa: S311  # No secret.


@dataclass(frozen=True, slots=True)
class _Attempted:
    """An attempt, under way or ended, and when it began by the loop's clock."""

    due: Due
    began: float


def _outcome(task: asyncio.Task[Outcome], due: Due) -> Outcome:
    """Return what an attempt came to: one that a fault of ours has ended may succeed later."""
    error = task.exception()
    if error is None:
        return task.result()
    _log.error("webhook_attempt_failed", delivery=str(due.id), exc_info=error)
    return not_sent("It could not be sent; the log of the installation says why")


class Run:
    """Sends an endpoint's due deliveries for a few seconds. Use it once."""

    def __init__(self, engine: Engine, account_id: AccountId, endpoint_id: UUID) -> None:
        self._engine = engine
        self._account_id = account_id
        self._endpoint_id = endpoint_id
        self._now = asyncio.get_running_loop().time
        self._until = self._now() + _RUN_SECONDS
        self._target: Target | None = None
        self._ready: deque[tuple[Due, bytes]] = deque()
        self._under_way: dict[asyncio.Task[Outcome], _Attempted] = {}
        self._ended: list[tuple[_Attempted, Outcome]] = []
        self._ask_at = 0.0
        self._found_some = True
        self._accepts = True
        self._accepted_at = 0.0
        """When the latest attempt ended that was accepted."""
        self._disable_as: Literal["gone", "failing"] | None = None

    async def go(self) -> None:
        """Send until nothing is due, the time is over, or the endpoint rests."""
        # With a full disk nothing could be recorded, so everything would be sent again and again.
        self._engine.database.require_room()
        try:
            while True:
                await self._begin()
                if self._under_way:
                    await self._wait()
                elif self._ended:
                    await self._record()
                elif self._found_some and self._now() < self._until:
                    await asyncio.sleep(_PAUSE)
                else:
                    return
        except asyncio.CancelledError:
            await self._record(patience=0.0)
            raise
        finally:
            for task in self._under_way:
                task.cancel()

    async def _begin(self) -> None:
        """Begin as many attempts as there is room for."""
        if len(self._ready) < self._room and self._ask_at <= self._now() < self._until:
            await self._take()
        if self._now() >= self._until:
            self._ready.clear()
        while self._target is not None and self._ready and self._room > 0:
            due, body = self._ready.popleft()
            attempt = self._engine.sender.send(
                self._target, public_id(DELIVERY_PREFIX, due.id), body, private=due.private
            )
            self._under_way[asyncio.create_task(attempt)] = _Attempted(due, self._now())

    @property
    def _room(self) -> int:
        return (_AT_ONCE if self._accepts else 1) - len(self._under_way)

    async def _wait(self) -> None:
        """Wait until an attempt ends; record those that have ended if it is time."""
        pause = _PAUSE if self._ended else None
        done, _ = await asyncio.wait(
            self._under_way, timeout=pause, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            attempted = self._under_way.pop(task)
            outcome = _outcome(task, attempted.due)
            self._ended.append((attempted, outcome))
            if outcome.accepted:
                self._accepted_at = self._now()
        is_telling = any(outcome.retry_after or outcome.gone for _, outcome in self._ended)
        if not done or is_telling or not self._accepts or len(self._ended) >= _RECORDED_AT_ONCE:
            await self._record()

    async def _take(self) -> None:
        """Take deliveries that are due; the run takes no more if nothing may be sent."""
        try:
            async with self._engine.database.transaction(self._account_id) as session:
                found, limit = await self._take_in(session)
        except BodyFailed as failed:
            # The other bodies were lost with its transaction, and are built again.
            self._ended.append((_Attempted(failed.due, self._now()), not_sent(str(failed))))
            await self._record()
            return
        except Unavailable:
            if not self._under_way and not self._ended:
                raise
            # What is under way is still recorded, if the database comes back soon.
            self._until = 0.0
            return
        self._found_some = found > 0
        self._ask_at = self._now() + (0.0 if found == limit else _PAUSE)

    async def _take_in(self, session: AsyncSession) -> tuple[int, int]:
        """Return how many deliveries were looked at, and how many could have been."""
        endpoint = await endpoints.get(session, self._endpoint_id)
        if endpoint is None or not endpoint.enabled:
            self._until = 0.0
            if endpoint is not None:
                await self._give_up(session)
            return 0, 1
        self._accepts = endpoint.failing_since is None
        limit = _TAKEN_AT_ONCE if self._accepts else 1
        own = self._engine.endpoints
        encoder = own.encoders.get(endpoint.format)
        held = [
            *(due.id for due, _ in self._ready),
            *(one.due.id for one in self._under_way.values()),
            *(one.due.id for one, _ in self._ended),
        ]
        taken, found = await take(session, own.sealer, encoder, endpoint, held=held, limit=limit)
        if taken and (self._target is None or self._target.endpoint != endpoint):
            secrets = await secrets_of(session, own.sealer, endpoint.id)
            self._target = Target(endpoint, secrets, encoder)
        self._ready.extend(taken)
        return found, limit

    async def _record(self, *, patience: float = _DATABASE_PATIENCE) -> None:
        until = self._now() + patience
        while self._ended or self._disable_as:
            try:
                if self._ended:
                    await self._record_ended()
                if self._disable_as:
                    await self._disable(self._disable_as)
            except Unavailable:
                if self._now() >= until:
                    raise
                await asyncio.sleep(_PAUSE * 10)

    async def _record_ended(self) -> None:
        """Record what has ended, and what it says about the endpoint."""
        ended = list(self._ended)
        outcomes = [outcome for _, outcome in ended]
        rest = max((one.retry_after or 0.0 for one in outcomes), default=0.0)
        accepts = any(one.accepted for one in outcomes)
        # What began before something else was accepted says nothing about now.
        fails = not accepts and any(
            outcome.was_sent and one.began >= self._accepted_at for one, outcome in ended
        )
        failing: float | None = None
        async with self._engine.database.transaction(self._account_id) as session:
            moved = [self._moved(one.due, outcome) for one, outcome in ended]
            await repository.record(session, moved)
            private = [one.due.id for one in moved if one.due.private and one.state != "pending"]
            if private:
                await delete_secrets(session, private, BODY)
            if fails or rest or (accepts and not self._accepts):
                failing = await repository.note(
                    session, self._endpoint_id, well=not fails, rest=rest, most=_LONGEST_REST
                )
        del self._ended[: len(ended)]
        if accepts or fails:
            self._accepts = accepts
        if fails or rest:
            self._ready.clear()
        if any(one.gone for one in outcomes):
            self._disable_as = "gone"
        elif failing is not None and failing > _FAILING_SECONDS:
            self._disable_as = "failing"

    def _moved(self, due: Due, outcome: Outcome) -> Ended:
        """Return what becomes of a delivery after an attempt."""
        if outcome.accepted:
            return Ended(due, outcome.attempt, "delivered")
        delay = None if outcome.gone else self._engine.delay(due.failed + 1)
        if delay is None:
            return Ended(due, outcome.attempt, "failed")
        return Ended(due, outcome.attempt, "pending", max(delay, outcome.retry_after or 0.0))

    async def _disable(self, reason: Literal["gone", "failing"]) -> None:
        self._until = 0.0
        async with self._engine.database.transaction(self._account_id) as session:
            await self._engine.endpoints.disable(session, self._endpoint_id, reason)
            await self._give_up(session)
        self._disable_as = None

    async def _give_up(self, session: AsyncSession) -> None:
        """Fail whatever waits for the endpoint, which is disabled."""
        private = await repository.give_up(session, self._endpoint_id, DISABLED)
        if private:
            await delete_secrets(session, private, BODY)
