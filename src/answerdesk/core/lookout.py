"""Looks into the database once for all who wait for changes, however many they are.

It looks from time to time, and soon after live views hear that something may have changed. A
waiting caller holds no connection. A lookout queries one account after another, so it never uses
more than one connection.
"""

import asyncio
from collections import defaultdict
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Hashable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager, nullcontext, suppress
from contextvars import Context
from typing import Final, Generic, TypeVar

import structlog

from answerdesk.core.database import hurried
from answerdesk.core.live import Live
from answerdesk.core.tenancy import AccountId

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

Look = Callable[[AccountId, Sequence[Key]], Awaitable[Mapping[Key, Value]]]
"""Returns the state of things of one account; things that it leaves out have no news."""

_AFTER_ERROR: Final = 2.0
"""Seconds to pause after a failed query."""

_WITHOUT_NEWS: Final = 1.0
"""Seconds added between two polls if live views hear of nothing."""

_log = structlog.get_logger(__name__)


class Lookout(Generic[Key, Value]):
    """Polls the things that somebody waits for, and notifies all who wait for them."""

    def __init__(self, look: Look[Key, Value], seconds: float, live: Live | None = None) -> None:
        """Take the polling function, and the seconds between two polls.

        With `live`, an account's events hasten a poll; without events there are fewer polls.
        """
        self._look = look
        self._seconds = seconds
        self._live = live
        self._hastened = asyncio.Event()
        self._watched: dict[tuple[AccountId, Key], _Watched[Value]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def changes(
        self, account_id: AccountId, key: Key, told: Value
    ) -> AsyncGenerator[Value, None]:
        """Yield the value whenever it differs from the last one yielded, or from `told` at first.

        A slow consumer gets only the latest value. It never ends by itself.
        """
        heeding = (
            nullcontext()
            if self._live is None
            else self._live.heeding(account_id, self._hastened.set)
        )
        with self._waiting(account_id, key) as watched, heeding:
            looks = watched.looks
            while True:
                if looks == watched.looks:
                    await watched.news.wait()
                looks = watched.looks
                assert watched.value is not None  # noqa: S101  # A poll has set it.
                if watched.value != told:
                    told = watched.value
                    yield told

    async def close(self) -> None:
        """Stop polling; may be called again."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    @contextmanager
    def _waiting(self, account_id: AccountId, key: Key) -> Iterator["_Watched[Value]"]:
        place = (account_id, key)
        watched = self._watched.setdefault(place, _Watched())
        watched.waiting += 1
        # The last value may be older than what this caller already knows.
        watched.is_stale = True
        self._hastened.set()
        if self._looking is None:
            # In its own context, because it belongs to no request.
            self._looking = asyncio.create_task(self._keep_looking(), context=Context())
        try:
            yield watched
        finally:
            watched.waiting -= 1
            if not watched.waiting:
                del self._watched[place]

    async def _keep_looking(self) -> None:
        try:
            while self._watched:
                await asyncio.sleep(self._seconds)
                if self._live is not None:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_WITHOUT_NEWS):
                            await self._hastened.wait()
                self._hastened.clear()
                await self._look_at_all()
        finally:
            self._looking = None

    async def _look_at_all(self) -> None:
        keys_of: defaultdict[AccountId, list[Key]] = defaultdict(list)
        for account_id, key in self._watched:
            keys_of[account_id].append(key)
        for account_id, keys in keys_of.items():
            try:
                with hurried():
                    found = await self._look(account_id, keys)
            except Exception as error:  # noqa: BLE001  # The next poll may succeed.
                _log.warning("look_failed", account_id=str(account_id), exc_info=error)
                await asyncio.sleep(_AFTER_ERROR)
                continue
            for key, value in found.items():
                watched = self._watched.get((account_id, key))
                if watched is not None:
                    watched.tell(value)


class _Watched(Generic[Value]):
    """One polled thing, for all who wait for it."""

    __slots__ = ("is_stale", "looks", "news", "value", "waiting")

    def __init__(self) -> None:
        self.waiting = 0
        self.value: Value | None = None
        self.looks = 0
        self.is_stale = True
        self.news = asyncio.Event()

    def tell(self, value: Value) -> None:
        if value == self.value and not self.is_stale:
            return
        self.value = value
        self.is_stale = False
        self.looks += 1
        # This wakes those who wait now; later ones wait for the next change.
        self.news.set()
        self.news.clear()
