"""`answerdesk worker`: a process that does only due work."""

import asyncio
from collections.abc import Callable

from answerdesk.bootstrap import running, share_keys, working
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.output import write_json, write_note
from answerdesk.entrypoints.cli.runner import DONE, run_command


async def work(settings: Settings, ready: Callable[[], None]) -> None:
    """Do due work until cancelled; calls `ready` once it has begun.

    Running jobs then have a few seconds to end; other workers take over the rest.
    """
    async with running(settings) as application:
        # A worker accepts no owner key, so it doesn't need one.
        await share_keys(application, with_owner_key=False)
        async with working(application):
            ready()
            await asyncio.Event().wait()


def run_worker(*, as_json: bool) -> None:
    """Do due work until a signal arrives."""

    def ready() -> None:
        if as_json:
            write_json({"status": "working"})
        else:
            write_note("answerdesk: doing background work; press Ctrl-C to stop")

    async def command(settings: Settings) -> int:
        await work(settings, ready)
        return DONE

    run_command(command, as_json=as_json, long_running=True)
