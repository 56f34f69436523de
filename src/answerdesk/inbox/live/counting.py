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
from answerdesk.inbox.listing.repository import Tally
from answerdesk.inbox.live.types import OwnTopic
from answerdesk.inbox.types import Counts, Viewer

_SOON: Final = 0.1
_PAUSE: Final = 0.5
"""Seconds from a change to its counts, and between two counts of an account."""

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
                await asyncio.sleep(_PAUSE)
        finally:
            del self._running[account_id]

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
        topics = self._topics(account_id)
        users = {one.user_id for one in topics if one.user_id is not None}
        async with self._database.transaction(account_id) as session:
            tally = await listing.tally(session, users)
        told: dict[Topic, list[Frame]] = {one: [self.frame(tally, one)] for one in topics}
        assert self.renderer is not None  # noqa: S101  # As above.
        self._live.push(account_id, self.renderer, told)

    def frame(self, tally: Tally, topic: OwnTopic) -> Frame:
        """Return the frame with one viewer's counts."""
        counts = tally.of(Viewer(topic.user_id, topic.projects))
        return Frame("counts", self._encode(counts))
