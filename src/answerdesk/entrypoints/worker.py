"""The worker process: due work and nothing else."""

import asyncio
from collections.abc import Callable

from answerdesk.bootstrap import running, share_keys, working
from answerdesk.core.settings import Settings


async def work(settings: Settings, ready: Callable[[], None]) -> None:
    """Do due work until cancelled; calls `ready` once it does.

    Jobs that run then have a few seconds to end; others take up what is left.
    """
    async with running(settings) as application:
        # It accepts no owner's key, and so need not have it.
        await share_keys(application, with_owner_key=False)
        async with working(application):
            ready()
            await asyncio.Event().wait()
