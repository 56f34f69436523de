"""Keeps the server running for as long as this process uses it."""

import asyncio
from typing import Final

import structlog

from answerdesk.core.errors import Unavailable
from answerdesk.core.postgres.supervisor import EmbeddedPostgres

_LOOK_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 5.0
"""Between two attempts to start it."""

_log = structlog.get_logger(__name__)


async def keep_running(server: EmbeddedPostgres) -> None:
    """Start the server again whenever it has ended, until cancelled.

    It ends by itself where its disk is full or its memory is taken away. Each of the processes that
    use it looks; one at a time starts it.
    """
    told = ""
    while True:
        await asyncio.sleep(_PAUSE_SECONDS if told else _LOOK_SECONDS)
        if server.is_alive():
            told = ""
            continue
        try:
            await asyncio.to_thread(server.ensure_running)
        except (Unavailable, OSError) as error:
            if str(error) != told:
                told = str(error)
                _log.error("database_not_started", error=told)
        else:
            told = ""
            _log.warning("database_started_again")
