"""`answerdesk worker`."""

from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.output import write_json, write_note
from answerdesk.entrypoints.cli.runner import DONE, run_command
from answerdesk.entrypoints.worker import work


def run_worker(*, as_json: bool) -> None:
    """Do due work until a signal comes."""

    def ready() -> None:
        if as_json:
            write_json({"status": "working"})
        else:
            write_note("answerdesk: doing background work; Ctrl-C stops it")

    async def command(settings: Settings) -> int:
        await work(settings, ready)
        return DONE

    run_command(command, as_json=as_json, long_running=True)
