"""`answerdesk ingest`."""

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from answerdesk.bootstrap import Application, running, working
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.intake.display import Display, make_display
from answerdesk.entrypoints.cli.intake.feed import Feeder
from answerdesk.entrypoints.cli.intake.outcome import Outcome
from answerdesk.entrypoints.cli.intake.report import summary, write_problems
from answerdesk.entrypoints.cli.intake.targets import Target, find_targets
from answerdesk.entrypoints.cli.intake.watch import Watch
from answerdesk.entrypoints.cli.output import write_json, write_note
from answerdesk.entrypoints.cli.runner import DONE, FAILED, run_command
from answerdesk.entrypoints.cli.selection import choose_or_make_project
from answerdesk.knowledge.ingestion.parse import supported_extensions
from answerdesk.projects.service import project_public_id
from answerdesk.projects.types import Project


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """The arguments of the command."""

    paths: tuple[Path, ...]
    sync: bool
    yes: bool
    project: str | None
    as_json: bool


def run_ingest(options: IngestOptions) -> None:
    """Take files in and exit: with 1 if any failed."""

    async def command(settings: Settings) -> int:
        return await _ingest(settings, options)

    run_command(command, as_json=options.as_json)


async def _ingest(settings: Settings, options: IngestOptions) -> int:
    began = time.monotonic()
    display = make_display(terminal=sys.stderr.isatty(), as_json=options.as_json)
    targets, problems = await asyncio.to_thread(find_targets, options.paths, supported_extensions())
    outcome = Outcome(problems=problems)
    for target in targets:
        outcome.total += len(target.survey.files)
        outcome.skipped.update(target.survey.skipped)
        outcome.problems.extend(target.survey.problems)
    if not targets:
        # Nothing that was named exists: no database is made for that.
        _report(outcome, None, time.monotonic() - began, options)
        return FAILED
    async with running(settings) as application:
        project = await choose_or_make_project(application, options.project)
        watch = Watch(application, project.id, outcome)
        try:
            with display:
                await _take_in(application, project, targets, watch, outcome, display, options)
        except asyncio.CancelledError:
            _tell_what_is_left(watch, options)
            raise
    _report(outcome, project, time.monotonic() - began, options)
    return FAILED if outcome.problems else DONE


async def _take_in(
    application: Application,
    project: Project,
    targets: list[Target],
    watch: Watch,
    outcome: Outcome,
    display: Display,
    options: IngestOptions,
) -> None:
    clock = asyncio.get_running_loop().time
    began = progressed = clock()
    state = (-1, -1)

    async def look() -> None:
        nonlocal progressed, state
        await watch.poll()
        done = outcome.changed + outcome.unchanged + len(outcome.problems)
        display.show(min(done, outcome.total), outcome.total, watch.chunks)
        if (watch.pending, watch.chunks) != state:
            state = (watch.pending, watch.chunks)
            progressed = clock()

    await watch.prepare()
    async with working(application):
        feeder = Feeder(application, project.id, outcome, watch, look)
        for target in targets:
            await feeder.feed(target)
            if options.sync and target.whole:
                await feeder.remove_missing(target, even_all=options.yes)
        while watch.pending:
            await watch.pause(clock() - began)
            await look()
            await watch.settle(progressed, clock())


def _tell_what_is_left(watch: Watch, options: IngestOptions) -> None:
    if watch.pending and not options.as_json:
        write_note(
            f"Stopped. {watch.pending:,} files are stored and not searchable yet: a running "
            "`answerdesk serve` or `answerdesk worker` goes on with them, otherwise the next "
            "`answerdesk ingest` or `answerdesk serve`."
        )


def _report(
    outcome: Outcome, project: Project | None, seconds: float, options: IngestOptions
) -> None:
    if options.as_json:
        named = project and {"id": project_public_id(project), "name": project.name}
        write_json({"project": named, **outcome.as_json(), "seconds": round(seconds, 3)})
        return
    write_problems(outcome)
    if project is not None:
        sys.stdout.write(summary(outcome, project, seconds) + "\n")
