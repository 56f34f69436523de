"""Live views of one process: follows the accounts that somebody watches, and feeds the streams.

No stream holds a database connection. An account's new events are read once for all its streams in
the process, and each renderer reads once what they are about.
"""

import asyncio
import time
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Sequence,
)
from contextlib import aclosing, contextmanager, suppress
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database, DatabaseAway, hurried
from answerdesk.core.events import events_after, settled
from answerdesk.core.live import repository
from answerdesk.core.live.account import Account
from answerdesk.core.live.listening import Listening
from answerdesk.core.live.subscriber import Subscriber
from answerdesk.core.live.types import (
    Batch,
    Cursor,
    Frame,
    Passing,
    Rendered,
    Renderer,
    Topic,
    cursor_tag,
)
from answerdesk.core.tenancy import AccountId

CHECK_SECONDS: Final = 15.0
"""How often each stream's access is checked."""

_CATCH_UPS: Final = 4
"""Streams that may read earlier events at the same time."""

_AT_ONCE: Final = 200
_MOST_BEHIND: Final = 1000
"""Events after which reloading costs less than catching up."""

_PATIENCE: Final = 3.0
_MOST_AHEAD: Final = 10_000
"""Events that a cursor may be ahead of what is settled: others' ids that were taken meanwhile."""

_log = structlog.get_logger(__name__)

EXPIRED: Final = Frame("reload", b'{"reason":"expired"}')
FOREIGN: Final = Frame("reload", b'{"reason":"foreign"}')
"""For a cursor that belongs to another view."""

Opening = Callable[[], Awaitable[Sequence[Frame]]]
Check = Callable[[], Awaitable[Frame | None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to hear what.

    `after`: the cursor to continue from; None begins now. `opening` returns what to say first, as
    things are then. `check` returns the last frame once access has ended, and None before.
    """

    account_id: AccountId
    renderer: Renderer
    topics: Sequence[Topic]
    after: Cursor | None = None
    opening: Opening | None = None
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """The frames of earlier events, and the cursor behind them; `more` says there are others."""

    frames: Sequence[Frame]
    cursor: Cursor
    more: bool


class Live:
    """The live views of one process."""

    def __init__(self, database: Database, *, check_seconds: float = CHECK_SECONDS) -> None:
        self._database = database
        self._check_seconds = check_seconds
        self._accounts: dict[AccountId, Account] = {}
        self._checks: dict[Subscriber, Check] = {}
        self._heeded: dict[AccountId, list[Callable[[], None]]] = {}
        self._catching_up = asyncio.Semaphore(_CATCH_UPS)
        self._tasks: set[asyncio.Task[None]] = set()
        self._serving = False
        self._listens = asyncio.Event()
        self._closed = False

    async def stream(self, wanted: Subscription) -> AsyncGenerator[bytes, None]:
        """Yield server-sent events until access ends, the client is too slow, or we stop."""
        if self._closed:
            return
        if wanted.after is not None and wanted.after.is_expired:
            yield EXPIRED.written(0, "")
            return
        await self._serve()
        tag = cursor_tag(wanted.account_id, wanted.renderer.kind)
        account = self._followed(wanted.account_id)
        try:
            with account.claimed():
                await account.ready()
                with self._subscribed(account, wanted) as subscriber:
                    async with aclosing(self._begin(wanted, subscriber.since, tag)) as begin:
                        async for data in begin:
                            yield data
                            if data.startswith(_RELOAD):
                                return
                    while (waiting := await subscriber.take()) is not None:
                        yield waiting
        except DatabaseAway:
            return  # The client reconnects where it was.

    async def _begin(
        self, wanted: Subscription, since: int, tag: str
    ) -> AsyncGenerator[bytes, None]:
        """Yield what to say first, and what was missed."""
        opening = [] if wanted.opening is None else [*await wanted.opening()]
        if wanted.after is None and opening:
            first = opening[-1]
            opening[-1] = Frame(first.event, first.data, since)
        at = int(time.time()) if wanted.after is None else wanted.after.at
        if opening:
            yield b"".join(one.written(at, tag) for one in opening)
        after = wanted.after
        missed = 0
        while after is not None and after.event_id < since:
            async with self._catching_up:
                found = await self.missed(wanted, after, upto=since)
            missed += _AT_ONCE
            if found is None or (found.more and missed >= _MOST_BEHIND):
                yield EXPIRED.written(0, tag)
                return
            if found.frames:
                yield b"".join(one.written(found.cursor.at, tag) for one in found.frames)
            after = found.cursor

    async def missed(
        self, wanted: Subscription, after: Cursor, *, upto: int | None = None
    ) -> Missed | None:
        """Return frames of events after a cursor, not beyond `upto`; None if it is expired."""
        if after.is_expired:
            return None
        async with self._database.transaction(wanted.account_id) as session:
            events, behind = await events_after(session, after.event_id, limit=_AT_ONCE)
            if after.event_id > await settled(session) + _MOST_AHEAD:
                return None  # The database is not the one that the cursor is from.
        more = len(events) == _AT_ONCE
        if upto is not None:
            events = [one for one in events if one.id <= upto]
            behind = min(behind, upto)
        if not events:
            return Missed([], Cursor(behind, after.at), more=False)
        batch = Batch(wanted.account_id, events, behind, wanted.topics)
        rendered = await wanted.renderer.render(batch)
        frames = [
            one for topic, several in rendered.items() if topic in wanted.topics for one in several
        ]
        return Missed(frames, Cursor(behind, batch.at), more)

    def push(self, account_id: AccountId, renderer: Renderer, rendered: Rendered) -> None:
        """Tell this process's subscribers something beside the events."""
        account = self._accounts.get(account_id)
        if account is not None:
            account.deliver(renderer, rendered, 0)

    def topics(self, account_id: AccountId, renderer: Renderer) -> Sequence[Topic]:
        """Return what anybody in this process wants to hear of."""
        account = self._accounts.get(account_id)
        return [] if account is None else [*account.topics(renderer)]

    @contextmanager
    def heeding(self, account_id: AccountId, wake: Callable[[], None]) -> Iterator[None]:
        """Call `wake` whenever something may have happened in an account, while the block lasts.

        For those who look for themselves. It may not be called, so they look without it, too.
        """
        self._listen_once()
        if account_id not in self._heeded:
            self._heeded[account_id] = []
            self._spawn(self._keep_watched(account_id))
        wakes = self._heeded[account_id]
        wakes.append(wake)
        try:
            yield
        finally:
            wakes.remove(wake)

    async def send(self, account_id: AccountId, message: Passing) -> None:
        """Send a message to all processes in which somebody watches the account."""
        await repository.send(self._database, account_id, message)

    async def send_in(self, session: AsyncSession, messages: Sequence[Passing]) -> None:
        """Send messages when the session's transaction commits."""
        await repository.send_in(session, messages)

    def stop(self) -> None:
        """End all streams, which their clients continue elsewhere; may be called again."""
        self._closed = True
        for account in self._accounts.values():
            for one in account.subscribers():
                one.end()

    async def close(self) -> None:
        """End all streams, and stop listening; may be called again."""
        self.stop()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _followed(self, account_id: AccountId) -> Account:
        account = self._accounts.get(account_id)
        if account is None:
            account = self._accounts[account_id] = Account(self._database, account_id)
            self._spawn(self._follow(account_id, account))
        return account

    async def _follow(self, account_id: AccountId, account: Account) -> None:
        try:
            await account.follow()
        finally:
            del self._accounts[account_id]

    @contextmanager
    def _subscribed(self, account: Account, wanted: Subscription) -> Iterator[Subscriber]:
        now = asyncio.get_running_loop().time()
        subscriber = Subscriber(wanted.topics, account.cursor, now)
        account.add(wanted.renderer, subscriber)
        if wanted.check is not None:
            self._checks[subscriber] = wanted.check
        if self._closed:
            subscriber.end()
        try:
            yield subscriber
        finally:
            account.remove(wanted.renderer, subscriber)
            self._checks.pop(subscriber, None)

    async def _serve(self) -> None:
        """Begin to listen and to check, when the first stream comes; wait for it, but not long."""
        self._listen_once()
        # Passing messages of before are missed. Without a connection, the polls go on.
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._listens.wait()

    def _listen_once(self) -> None:
        if not self._serving:
            self._serving = True
            listening = Listening(
                self._database, begun=self._listen, news=self._look, passing=self._hear
            )
            self._spawn(listening.run())
            self._spawn(self._keep_checking())

    async def _keep_watched(self, account_id: AccountId) -> None:
        """Have the account's news told while somebody heeds them."""
        try:
            while self._heeded[account_id]:
                try:
                    with hurried():
                        await repository.watch(self._database, account_id)
                except Exception as error:  # noqa: BLE001  # They look without it, too.
                    _log.warning("live_account_not_watched", exc_info=error)
                self._wake(account_id)
                await asyncio.sleep(repository.RENEW_SECONDS)
        finally:
            del self._heeded[account_id]

    def _wake(self, account_id: AccountId) -> None:
        for wake in self._heeded.get(account_id, ()):
            wake()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        # In its own context, because it belongs to no request.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _listen(self) -> None:
        self._listens.set()
        for account_id in self._heeded:
            self._wake(account_id)
        for account in self._accounts.values():
            account.look_soon()

    def _look(self, account_id: AccountId) -> None:
        self._wake(account_id)
        account = self._accounts.get(account_id)
        if account is not None:
            account.look_soon()

    def _hear(self, account_id: AccountId, message: Passing) -> None:
        account = self._accounts.get(account_id)
        if account is not None:
            account.hear(message)

    async def _keep_checking(self) -> None:
        """Check each stream's access from time to time, one after another."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1)
            due = loop.time() - self._check_seconds
            for subscriber, check in [*self._checks.items()]:
                if subscriber.checked_at < due:
                    subscriber.checked_at = loop.time()
                    await self._check(subscriber, check)

    async def _check(self, subscriber: Subscriber, check: Check) -> None:
        try:
            with hurried():
                last = await check()
        except DatabaseAway as error:
            _log.warning("live_check_failed", error=error.message)
        except Exception as error:  # noqa: BLE001  # It is checked again.
            _log.warning("live_check_failed", exc_info=error)
        else:
            if last is not None:
                subscriber.end(last.written(0, ""))


_RELOAD: Final = b"event: reload\n"
