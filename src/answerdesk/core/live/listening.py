"""The one connection of a process on which the database tells of news."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog

from answerdesk.core.database import Database
from answerdesk.core.live.repository import CHANNEL
from answerdesk.core.tenancy import AccountId

_LONGEST_RECONNECT: Final = 5.0
_SILENCE: Final = 15.0
"""Seconds without a notification after which the connection is tried."""

_PATIENCE: Final = 3.0

_log = structlog.get_logger(__name__)


class Listening:
    """Listens as long as it lives, on a new connection whenever the last one is lost.

    `news` is called with an account that has new events, `passing` with a message to it, `begun`
    whenever a connection begins to listen: something may have been missed before.
    """

    def __init__(
        self,
        database: Database,
        *,
        begun: Callable[[], None],
        news: Callable[[AccountId], None],
        passing: Callable[[AccountId, dict[str, Any]], None],
    ) -> None:
        self._database = database
        self._begun = begun
        self._news = news
        self._passing = passing

    async def run(self) -> None:
        """Listen until cancelled."""
        pause = 0.0
        while True:
            try:
                connection = await self._database.connect()
                try:
                    await connection.execute(f"listen {CHANNEL}")
                    self._begun()
                    pause = 0.0
                    await self._listen(connection)
                finally:
                    await connection.close()
            except (psycopg.Error, OSError, TimeoutError) as error:
                _log.warning("live_connection_lost", error=str(error).strip())
            pause = min(_LONGEST_RECONNECT, pause * 2 or 0.1)
            await asyncio.sleep(pause)

    async def _listen(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            async for notification in connection.notifies(timeout=_SILENCE):
                self._hear(notification.payload)
            # A connection whose other side is gone is as silent as one without news.
            async with asyncio.timeout(_PATIENCE):
                await connection.execute("select 1")

    def _hear(self, payload: str) -> None:
        try:
            if payload.startswith("{"):
                message = json.loads(payload)
                self._passing(AccountId(UUID(message.pop("account"))), message)
            else:
                self._news(AccountId(UUID(payload)))
        except (ValueError, KeyError, TypeError, AttributeError):
            # Another version of ours may run on the same database.
            _log.warning("live_notification_unreadable", payload=payload[:200])
