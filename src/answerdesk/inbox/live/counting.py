"""Counts for everybody who looks at an account's inbox, after changes and not too often."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import Final

import structlog

from answerdesk.core.database import Database, hurried
from answerdesk.core.live import Frame, Live, Renderer, Topic
from answerdesk.core.tenancy import AccountId
from answerdesk.inbox.listing import service as listing
from answerdesk.inbox.live.types import OwnTopic
from answerdesk.inbox.types import Counts

_SOON: Final = 0.1
_PAUSE: Final = 0.5
"""Seconds from a change to its counts, and between two counts of an account."""

_PAUSE_PER_TOPIC: Final = 0.0025
_LONGEST_PAUSE: Final = 1.0
"""With many people fewer counts: each costs a frame of their own to all of them."""

_ANYWAY: Final = 15.0
"""Seconds after which it is counted without a change: time passes, and snoozes end."""

_log = structlog.get_logger(__name__)


class Counting:
    """Counts for all at once: a change costs the same, however many look."""

    def __init__(self, database: Database, live: Live, encode: Callable[[Counts], bytes]) -> None:
        self._database = database
        self._live = live
        self._encode = encode
        self._running: dict[AccountId, tuple[asyncio.Event, asyncio.Task[None]]] = {}
        self._told: dict[AccountId, dict[OwnTopic, Counts]] = {}
        self.renderer: Renderer | None = None

    def due(self, account_id: AccountId) -> None:
        """Count soon, since something has changed or somebody has come; then from time to time."""
        if account_id not in self._running:
            news = asyncio.Event()
            loop = asyncio.get_running_loop()
            task = loop.create_task(self._run(account_id, news), context=Context())
            self._running[account_id] = (news, task)
        self._running[account_id][0].set()

    async def close(self) -> None:
        """Stop; may be called again."""
        running = [task for _, task in self._running.values()]
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, account_id: AccountId, news: asyncio.Event) -> None:
        try:
            while await self._waited(account_id, news):
                try:
                    with hurried():
                        await self._count(account_id)
                except Exception as error:  # noqa: BLE001  # It is counted again.
                    _log.warning("live_count_failed", exc_info=error)
                    news.set()
                pause = _PAUSE + _PAUSE_PER_TOPIC * len(self._topics(account_id))
                await asyncio.sleep(min(pause, _LONGEST_PAUSE))
        finally:
            del self._running[account_id]
            self._told.pop(account_id, None)

    async def _waited(self, account_id: AccountId, news: asyncio.Event) -> bool:
        """Wait until it is time to count; return False once nobody looks any more."""
        try:
            async with asyncio.timeout(_ANYWAY):
                await news.wait()
            await asyncio.sleep(_SOON)
        except TimeoutError:
            pass
        news.clear()
        return bool(self._topics(account_id))

    def _topics(self, account_id: AccountId) -> list[OwnTopic]:
        assert self.renderer is not None  # noqa: S101  # Set where both are made.
        topics = self._live.topics(account_id, self.renderer)
        return [one for one in topics if isinstance(one, OwnTopic)]

    async def _count(self, account_id: AccountId) -> None:
        """Tell those whose counts have changed."""
        topics = self._topics(account_id)
        users = {one.user_id for one in topics if one.user_id is not None}
        tally = await listing.tally(self._database.reserved(account_id), users)
        seen = {projects: tally.within(projects) for projects in {one.projects for one in topics}}
        counts = {one: seen[one.projects].of(one.user_id) for one in topics}
        before = self._told.get(account_id, {})
        self._told[account_id] = counts
        told: dict[Topic, list[Frame]] = {
            topic: [self._frame(one)] for topic, one in counts.items() if before.get(topic) != one
        }
        assert self.renderer is not None  # noqa: S101  # As above.
        self._live.push(account_id, self.renderer, told)

    async def first(self, account_id: AccountId, topic: OwnTopic) -> Frame:
        """Return the frame with one viewer's counts now, for who has just come."""
        users = [] if topic.user_id is None else [topic.user_id]
        tally = await listing.tally(self._database.single(account_id), users)
        # Others with the topic may know different ones: next time all of them are told.
        self._told.get(account_id, {}).pop(topic, None)
        return self._frame(tally.within(topic.projects).of(topic.user_id))

    def _frame(self, counts: Counts) -> Frame:
        return Frame("counts", self._encode(counts))
