"""Follows one account's events for all who watch it in this process."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Final

import structlog

from answerdesk.core.database import Database, DatabaseAway, hurried
from answerdesk.core.disk import DiskFull
from answerdesk.core.events import new_events, settled
from answerdesk.core.live import repository
from answerdesk.core.live.subscriber import Subscriber
from answerdesk.core.live.types import (
    Batch,
    Passing,
    Rendered,
    Renderer,
    Topic,
    cursor_tag,
)
from answerdesk.core.tenancy import AccountId

POLL_SECONDS: Final = 1.5
"""How long news may take of which no notification tells."""

_GAP: Final = 0.03
_GAP_PER_STREAM: Final = 0.0004
_LONGEST_GAP: Final = 0.12
"""Seconds between two looks: what happens meanwhile is read and told together. With many streams,
fewer and larger batches: each costs a write to every stream."""

_REST: Final = 0.12
"""Seconds, at most, for which a look is followed by a pause as long as itself: on a busy machine,
what is told late is told in larger batches, which leaves time for those who write."""

_MOST: Final = 1000
"""Events that are read and rendered at once. A batch costs its round trips, whatever its size: with
small ones, a busy process would fall ever further behind."""

_MOST_FAILURES: Final = 5

_log = structlog.get_logger(__name__)

_UNREADABLE: Final = b'event: reload\ndata: {"reason":"expired"}\n\n'


class Account:
    """The subscribers of an account, and the place in its events up to which they were told."""

    def __init__(self, database: Database, account_id: AccountId) -> None:
        self._database = database
        self._account_id = account_id
        self._by_renderer: dict[Renderer, dict[Topic, set[Subscriber]]] = {}
        self._claims = 0
        self._news = asyncio.Event()
        self._pause = POLL_SECONDS
        self._looked_at = self._told_at = self._renewed_at = 0.0
        self._failures = 0
        self._captured: list[tuple[Renderer, Batch]] = []
        # In its own context, because it belongs to no request.
        self._begun = asyncio.get_running_loop().create_task(self._begin(), context=Context())
        self.cursor = 0
        """Up to here, events are told or being told; a new subscriber hears what comes after."""

    async def _begin(self) -> None:
        with hurried():
            # Whoever writes from now on tells us; who wrote before is found by the first looks.
            await self._renew()
            async with self._database.transaction(self._account_id) as session:
                self.cursor = await settled(session)
        self.look_soon()

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Keep it followed while the block lasts."""
        self._claims += 1
        try:
            yield
        finally:
            self._claims -= 1
            self._news.set()

    async def ready(self) -> None:
        """Wait until `cursor` is known. Raises DatabaseAway."""
        await asyncio.shield(self._begun)

    def add(self, renderer: Renderer, subscriber: Subscriber) -> None:
        """Tell a subscriber of everything after `cursor` from now on."""
        topics = self._by_renderer.setdefault(renderer, {})
        for topic in subscriber.topics:
            topics.setdefault(topic, set()).add(subscriber)

    def remove(self, renderer: Renderer, subscriber: Subscriber) -> None:
        topics = self._by_renderer[renderer]
        for topic in subscriber.topics:
            topics[topic].discard(subscriber)
            if not topics[topic]:
                del topics[topic]
        if not topics:
            del self._by_renderer[renderer]

    def subscribers(self) -> set[Subscriber]:
        return {
            one
            for topics in self._by_renderer.values()
            for several in topics.values()
            for one in several
        }

    def topics(self, renderer: Renderer) -> Iterable[Topic]:
        return [*self._by_renderer.get(renderer, ())]

    def look_soon(self) -> None:
        self._news.set()

    def hear(self, message: Passing) -> None:
        """Pass a message on that is stored nowhere."""
        for renderer, topics in [*self._by_renderer.items()]:
            self.deliver(renderer, renderer.passing(message, topics.keys()), 0)

    def deliver(
        self, renderer: Renderer, rendered: Rendered, at: int, upto: int | None = None
    ) -> None:
        """Put frames to those who want their topic, in the order of `rendered`.

        Who subscribed at `upto` or behind it reads these events by itself.
        """
        topics = self._by_renderer.get(renderer)
        if topics is None:
            return
        tag = cursor_tag(self._account_id, renderer.kind)
        for topic, frames in rendered.items():
            subscribers = topics.get(topic)
            if subscribers and frames:
                data = b"".join(one.written(at, tag) for one in frames)
                for one in subscribers:
                    if upto is None or one.since < upto:
                        one.put(data)

    async def follow(self) -> None:
        """Look for news until nobody watches any more."""
        try:
            await self._begun
        except Exception as error:  # noqa: BLE001  # Whoever waits for it is told, too.
            _log.warning("live_account_not_followed", exc_info=error)
            return
        while self._claims:
            await self._wait()
            if not self._claims:
                return
            try:
                with hurried():
                    await self._look()
                self._failures = 0
            except (DatabaseAway, DiskFull) as error:
                _log.warning("live_look_failed", error=error.message)
                self._pause = POLL_SECONDS
            except Exception as error:  # noqa: BLE001  # One account's trouble is nobody else's.
                self._fail(error)

    async def _wait(self) -> None:
        """Wait for news; not for long if there were some that can't be read yet."""
        try:
            async with asyncio.timeout(self._pause):
                await self._news.wait()
            self._pause = _GAP
        except TimeoutError:
            self._pause = min(2 * self._pause, POLL_SECONDS)
        gap = min(_GAP + _GAP_PER_STREAM * self._claims, _LONGEST_GAP)
        rest = min(self._told_at - self._looked_at, _REST)
        due = max(self._looked_at + gap, self._told_at + rest)
        if (left := due - time.monotonic()) > 0:
            await asyncio.sleep(left)
        self._news.clear()

    async def _look(self) -> None:
        self._looked_at = time.monotonic()
        if self._looked_at > self._renewed_at + repository.RENEW_SECONDS:
            await self._renew()
        more = True
        while more:
            if not self._captured:
                more = await self._read()
            await self._tell()
        self._told_at = time.monotonic()

    async def _read(self) -> bool:
        """Read new events and note who wants to hear of them; tell whether there are more."""
        reads = self._database.reserved(self._account_id)
        events, upto = await new_events(reads, self.cursor, limit=_MOST)
        if events:
            self._pause = POLL_SECONDS
            self._captured = [
                (renderer, Batch(self._account_id, events, upto, [*topics]))
                for renderer, topics in self._by_renderer.items()
            ]
        self.cursor = upto
        return len(events) == _MOST

    async def _tell(self) -> None:
        rendered = await asyncio.gather(*(one.render(batch) for one, batch in self._captured))
        # Without waiting in between: either all are told of this batch, or none.
        for (renderer, batch), frames in zip(self._captured, rendered, strict=True):
            self.deliver(renderer, frames, batch.at, batch.upto)
        self._captured = []

    async def _renew(self) -> None:
        await repository.watch(self._database, self._account_id)
        self._renewed_at = time.monotonic()

    def _fail(self, error: Exception) -> None:
        self._failures += 1
        self._pause = POLL_SECONDS
        _log.error("live_look_failed", account_id=str(self._account_id), exc_info=error)
        if self._failures >= _MOST_FAILURES:
            # They start again, with a fresh view, behind whatever can't be shown.
            self._captured = []
            for one in self.subscribers():
                one.end(_UNREADABLE)
