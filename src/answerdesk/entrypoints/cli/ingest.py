"""`answerdesk ingest`: files, folders and addresses of websites."""

import asyncio
import shlex
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from answerdesk.bootstrap import running, working
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.intake.destination import Destination, choose_destination
from answerdesk.entrypoints.cli.intake.feed import Feeder, Watch
from answerdesk.entrypoints.cli.intake.reading import Display, make_display
from answerdesk.entrypoints.cli.intake.survey import Outcome, Target, find_targets
from answerdesk.entrypoints.cli.output import one_line, write_error, write_json, write_note
from answerdesk.entrypoints.cli.project_work import ProjectWork, Shown
from answerdesk.entrypoints.cli.runner import DONE, FAILED, run_command
from answerdesk.entrypoints.cli.websites.follow import (
    SiteOptions,
    begin,
    check_addresses,
    follow,
    has_failed,
    is_address,
    outcome,
    require_hosts,
    write_website,
)
from answerdesk.knowledge.ingestion.parse import supported_extensions
from answerdesk.projects.service import project_public_id

_KINDS = 6


def summary(outcome: Outcome, seconds: float) -> str:
    """Return the summary: new or changed files always, other counts if not zero."""
    took = f" ({outcome.chunks:,} chunks, {seconds:,.1f} s)" if outcome.changed else ""
    counts = [
        ("New or changed", f"{outcome.changed:,}{took}", True),
        ("Unchanged", f"{outcome.unchanged:,}", bool(outcome.unchanged)),
        ("Removed", f"{outcome.removed:,}", bool(outcome.removed)),
        ("Skipped", _skipped(outcome), bool(outcome.skipped)),
        ("Failed", f"{len(outcome.problems):,}", bool(outcome.problems)),
    ]
    return "".join(f"{name:<15} {text}\n" for name, text, shown in counts if shown)


def write_problems(outcome: Outcome) -> None:
    for problem in outcome.problems:
        write_error(f"{problem.location}: {problem.message}")


def _skipped(outcome: Outcome) -> str:
    kinds = outcome.skipped.most_common()
    named = [f"{one_line(kind)} {count:,}" for kind, count in kinds[:_KINDS]]
    if len(kinds) > _KINDS:
        named.append(f"{len(kinds) - _KINDS} more kinds")
    return f"{outcome.skipped.total():,} ({', '.join(named)})"


_FOR_PROGRAMS = frozenset({".json", ".jsonl", ".ndjson"})
_IN_FOLDERS = frozenset(supported_extensions()) - _FOR_PROGRAMS
"""Files ingested from a folder. JSON in folders is usually data for programs, so a JSON file is
ingested only if it is named."""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """The arguments of the command; `wanted` are paths and addresses."""

    wanted: tuple[str, ...]
    sync: bool
    yes: bool
    sites: SiteOptions
    project: str | None
    as_json: bool

    @property
    def addresses(self) -> list[str]:
        """The addresses of websites, without duplicates."""
        return [*dict.fromkeys(one for one in self.wanted if is_address(one))]

    @property
    def paths(self) -> list[Path]:
        return [Path(one) for one in self.wanted if not is_address(one)]


@dataclass(slots=True)
class _Ingested:
    """The result: of files, and of websites with their syncs."""

    files: Outcome | None = None
    websites: list[Shown] = field(default_factory=list)
    destination: Destination | None = None

    @property
    def failed(self) -> bool:
        """Whether anything could not be ingested."""
        problems = self.files is not None and bool(self.files.problems)
        return problems or any(has_failed(one) for one in self.websites)


def run_ingest(options: IngestOptions) -> None:
    """Ingest files and websites, and exit with 1 if any failed."""

    async def command(settings: Settings) -> int:
        return await _ingest(settings, options)

    run_command(command, as_json=options.as_json)


async def _ingest(settings: Settings, options: IngestOptions) -> int:
    began = time.monotonic()
    check_addresses(options.addresses)
    done = _Ingested()
    targets: list[Target] = []
    if options.paths:
        targets, done.files = await _survey(options.paths)
    if not targets and not options.addresses:
        # Nothing that was named exists, so don't create a database.
        _report(done, time.monotonic() - began, options)
        return FAILED
    async with running(settings) as application:
        await require_hosts(application.outbound, options.addresses)
        done.destination = await choose_destination(
            application, options.project, targets, options.addresses
        )
        work = ProjectWork(application, done.destination.project)
        if done.files is not None:
            await _ingest_files(work, targets, done.files, options)
        if options.addresses:
            done.websites = await _ingest_websites(work, options)
    _report(done, time.monotonic() - began, options)
    return FAILED if done.failed else DONE


async def _survey(paths: list[Path]) -> tuple[list[Target], Outcome]:
    targets, problems = await asyncio.to_thread(find_targets, paths, _IN_FOLDERS)
    found = Outcome(problems=problems)
    for target in targets:
        found.total += len(target.survey.files)
        found.skipped.update(target.survey.skipped)
        found.problems.extend(target.survey.problems)
    return targets, found


async def _ingest_websites(work: ProjectWork, options: IngestOptions) -> list[Shown]:
    begun = [await begin(work, address, options.sites) for address in options.addresses]
    for one in begun:
        if one.joined and not options.as_json:
            write_note(f"{one.source.name} is already being synced; waiting for that sync.")
    ended = await follow(work, begun, as_json=options.as_json)
    return [
        await outcome(work, one.source.id, followed.sync)
        for one, followed in zip(begun, ended, strict=True)
    ]


async def _ingest_files(
    work: ProjectWork, targets: list[Target], outcome: Outcome, options: IngestOptions
) -> None:
    display = make_display(terminal=sys.stderr.isatty(), as_json=options.as_json)
    watch = Watch(work.application, work.project.id, outcome)
    try:
        with display:
            await _take_in(work, targets, watch, outcome, display, options)
    except asyncio.CancelledError:
        _tell_what_is_left(watch, options)
        raise


async def _take_in(
    work: ProjectWork,
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
    async with working(work.application):
        feeder = Feeder(work.application, work.project.id, outcome, watch, look)
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
            f"Stopped. {watch.pending:,} files are stored but not searchable yet. A running "
            "`answerdesk serve` or `answerdesk worker` continues with them, otherwise the next "
            "`answerdesk ingest` or `answerdesk serve`."
        )


def _report(done: _Ingested, seconds: float, options: IngestOptions) -> None:
    destination = done.destination
    if options.as_json:
        project = destination and destination.project
        named = project and {"id": project_public_id(project), "name": project.name}
        files = {} if done.files is None else done.files.as_json()
        websites = {"sources": done.websites} if options.addresses else {}
        write_json({"project": named, **files, **websites, "seconds": round(seconds, 3)})
        return
    if done.files is not None:
        write_problems(done.files)
    if destination is None:
        return
    sys.stdout.write(_project_line(destination))
    if done.files is not None:
        sys.stdout.write(summary(done.files, seconds))
    for website in done.websites:
        write_website(website)
    sys.stdout.write(_how_to_ask(destination))


def _project_line(destination: Destination) -> str:
    project = destination.project
    new = ", new" if destination.is_new else ""
    return f"{'Project':<15} {one_line(project.name)} ({project_public_id(project)}{new})\n"


def _how_to_ask(destination: Destination) -> str:
    project_id = project_public_id(destination.project)
    name = shlex.quote(destination.project.name) if destination.has_its_own_name else project_id
    return (
        f"{'Ask it':<15} answerdesk ask --project {one_line(name)} QUESTION\n"
        f"{'':<15} or open /?project={project_id} in the browser\n"
    )
