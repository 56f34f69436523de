"""`answerdesk reading …`: documents that an older version has read, and reading them again."""

import asyncio
import sys
from contextlib import nullcontext
from typing import Final

from answerdesk.bootstrap import working
from answerdesk.entrypoints.cli.output import write_note
from answerdesk.entrypoints.cli.project_work import ProjectWork, Result, Shown, run_on_project
from answerdesk.entrypoints.cli.work_bar import WorkBar
from answerdesk.knowledge.ingestion.types import ReadingAgain
from answerdesk.knowledge.rereading.errors import nothing_to_read_again
from answerdesk.knowledge.rereading.schemas import RereadingOut
from answerdesk.knowledge.rereading.service import Rereading

_LOOK_SECONDS: Final = 0.5


def run_show(*, project: str | None, as_json: bool) -> None:
    async def work(on: ProjectWork) -> Result:
        return Result(_shown(await _state(on)))

    run_on_project(work, _write, project=project, as_json=as_json)


def run_again(*, wait: bool, project: str | None, as_json: bool) -> None:
    """Read older documents again, and exit when that is done, or immediately without `wait`."""

    async def work(on: ProjectWork) -> Result:
        state = await _state(on)
        if not state.running:
            if not state.older:
                # Nothing to do is no failure of a command that is run after each upgrade.
                write_note(nothing_to_read_again().message)
                return Result(_shown(state))
            async with on.knowledge() as knowledge:
                state = await Rereading(knowledge).begin()
        if wait:
            state = await _follow(on, as_json=as_json)
        return Result(_shown(state))

    run_on_project(work, _write, project=project, as_json=as_json)


def run_cancel(*, project: str | None, as_json: bool) -> None:
    async def work(on: ProjectWork) -> Result:
        async with on.knowledge() as knowledge:
            return Result(_shown(await Rereading(knowledge).cancel()))

    run_on_project(work, _write, project=project, as_json=as_json)


async def _state(on: ProjectWork) -> ReadingAgain:
    async with on.knowledge() as knowledge:
        return await Rereading(knowledge).state()


async def _follow(on: ProjectWork, *, as_json: bool) -> ReadingAgain:
    """Wait until it is done or cancelled; this process also reads documents."""
    bar = WorkBar("Reading") if sys.stderr.isatty() else None
    try:
        async with working(on.application):
            with bar.progress if bar else nullcontext():
                while (state := await _state(on)).running:
                    if bar:
                        bar.show(state.done, state.total, state.error or "")
                    await asyncio.sleep(_LOOK_SECONDS)
                return state
    except asyncio.CancelledError:
        if not as_json:
            write_note(
                "Stopped waiting. A running `answerdesk serve` or `answerdesk worker` continues "
                "reading; `answerdesk reading cancel` cancels it."
            )
        raise


def _shown(state: ReadingAgain) -> Shown:
    return RereadingOut.of(state).model_dump(mode="json")


def _write(shown: Shown) -> None:
    running = shown["running"]
    if running is not None:
        sys.stdout.write(f"Reading again: {running['done']:,} of {running['total']:,} documents\n")
        if running["error"]:
            write_note(f"It waits: {running['error']}")
    else:
        sys.stdout.write(f"Read by an older version: {_documents(shown['older'])}\n")
        if shown["older"]:
            write_note("To read them again: answerdesk reading again")
    if shown["kept"]:
        write_note(
            f"{_documents(shown['kept'])} could not be read by this version; answers use the older"
            " reading. Each has a note that says why."
        )


def _documents(number: int) -> str:
    return "1 document" if number == 1 else f"{number:,} documents"
