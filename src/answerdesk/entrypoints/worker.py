"""The worker process: due work and nothing else."""

import asyncio
from collections.abc import Callable

from answerdesk.bootstrap import running, working
from answerdesk.core.settings import Settings


async def work(settings: Settings, ready: Callable[[], None]) -> None:
    """Do due work until cancelled; calls `ready` once it does.

    Jobs that run then have a few seconds to end; others take up what is left.
    """
    async with running(settings) as application, working(application):
        ready()
        await asyncio.Event().wait()
