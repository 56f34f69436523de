"""A worker in a process of its own, for a test to kill: settings come from the environment."""

import asyncio
from datetime import timedelta

from answerdesk.bootstrap import running
from answerdesk.core.environment import load_settings


async def main() -> None:
    async with running(load_settings()) as application:
        # What it leaves behind is taken up again after a second.
        await application.worker(lease=timedelta(seconds=1)).run()


asyncio.run(main())
