"""`answerdesk embedding …`: the embedding model of one project or of all."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

from answerdesk.bootstrap import Application, administering, running, working
from answerdesk.core.errors import DomainError
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, ProjectId, public_id
from answerdesk.entrypoints.cli.account import operator_of
from answerdesk.entrypoints.cli.output import write_error, write_json, write_note
from answerdesk.entrypoints.cli.project_work import Shown
from answerdesk.entrypoints.cli.runner import DONE, FAILED, run_command
from answerdesk.entrypoints.cli.selection import choose_project, require_installation
from answerdesk.entrypoints.cli.table import write_table
from answerdesk.entrypoints.cli.work_bar import WorkBar
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.spaces.errors import space_served
from answerdesk.knowledge.spaces.schemas import EmbeddingOut
from answerdesk.knowledge.spaces.service import Spaces, bases_of_installation
from answerdesk.knowledge.spaces.types import Embedding
from answerdesk.projects.types import PROJECT_PREFIX

_LOOK_SECONDS: Final = 0.5
_SERVED: Final = space_served("").code
_NOTHING_TO_DO: Final = frozenset({_SERVED, "no_change_running", "no_previous_space"})
"""With `--all`, projects that are already in the requested state don't count as failures."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A project of any account."""

    account_id: AccountId
    project_id: ProjectId

    @property
    def shown_id(self) -> str:
        return public_id(PROJECT_PREFIX, self.project_id)


@dataclass(frozen=True, slots=True)
class _Work:
    """The projects that a command applies to."""

    application: Application
    places: Sequence[_Place]
    every: bool

    async def on(self, place: _Place, do: Callable[[Spaces], Awaitable[Embedding]]) -> Embedding:
        """Run `do` on the spaces of one project, in a transaction."""
        async with self.application.database.transaction(place.account_id) as session:
            caller = operator_of(place.account_id)
            knowledge = Knowledge(session, place.account_id, place.project_id, caller)
            return await do(Spaces(knowledge, self.application.embedders, caller.name))

    async def on_each(self, do: Callable[[Spaces], Awaitable[Embedding]]) -> list[Shown]:
        """Run `do` on each project. With `--all`, a failure is reported and the rest goes on.

        Without `--all`, a failure raises DomainError.
        """
        told = []
        for place in self.places:
            try:
                told.append(_shown(place, await self.on(place, do)))
            except DomainError as error:
                if not self.every:
                    raise
                if error.code in _NOTHING_TO_DO:
                    told.append(_shown(place, await self.on(place, _look)))
                else:
                    failure = {"code": error.code, "message": error.message}
                    told.append({"project": place.shown_id, "error": failure})
        return told


def run_show(project: str | None, *, every: bool, as_json: bool) -> None:
    async def command(work: _Work) -> list[Shown]:
        return await work.on_each(_look)

    _run(command, project, every=every, as_json=as_json)


def run_change(space: str, project: str | None, *, every: bool, wait: bool, as_json: bool) -> None:
    """Change the model, and exit when it is in use, or immediately without `wait`."""

    async def command(work: _Work) -> list[Shown]:
        begun = await work.on_each(lambda spaces: spaces.change(space))
        if not wait:
            return begun
        changing = [
            place
            for place, one in zip(work.places, begun, strict=True)
            if one.get("change") is not None
        ]
        await _follow(work, changing, as_json=as_json)
        ended = {place.shown_id: _shown(place, await work.on(place, _look)) for place in changing}
        return [ended.get(one["project"], one) for one in begun]

    _run(command, project, every=every, as_json=as_json)


def run_cancel(project: str | None, *, every: bool, as_json: bool) -> None:
    async def command(work: _Work) -> list[Shown]:
        return await work.on_each(lambda spaces: spaces.cancel())

    _run(command, project, every=every, as_json=as_json)


def run_rollback(project: str | None, *, every: bool, as_json: bool) -> None:
    async def command(work: _Work) -> list[Shown]:
        return await work.on_each(lambda spaces: spaces.roll_back())

    _run(command, project, every=every, as_json=as_json)


def _run(
    command: Callable[[_Work], Awaitable[list[Shown]]],
    project: str | None,
    *,
    every: bool,
    as_json: bool,
) -> None:
    async def work(settings: Settings) -> int:
        require_installation(settings)
        places = await _every_place(settings) if every else []
        async with running(settings) as application:
            if not every:
                chosen = await choose_project(application, project)
                places = [_Place(application.account_id, chosen.id)]
            told = await command(_Work(application, places, every))
        if as_json:
            write_json({"projects": told} if every else told[0])
        else:
            _write(told)
        return FAILED if any("error" in one for one in told) else DONE

    run_command(work, as_json=as_json)


async def _every_place(settings: Settings) -> list[_Place]:
    async with (
        administering(settings) as administration,
        administration.database.transaction(None) as session,
    ):
        return [
            _Place(one.account_id, one.project_id) for one in await bases_of_installation(session)
        ]


async def _follow(work: _Work, changing: Sequence[_Place], *, as_json: bool) -> None:
    """Wait until the changes are done or cancelled; this process also embeds passages."""
    bar = WorkBar("Embedding") if sys.stderr.isatty() else None
    left = list(changing)
    done_before = 0
    try:
        async with working(work.application):
            with bar.progress if bar else nullcontext():
                while left:
                    now = [(place, (await work.on(place, _look)).change) for place in left]
                    going = [change for _, change in now if change is not None]
                    left = [place for place, change in now if change is not None]
                    if bar:
                        done = sum(change.done for change in going)
                        total = sum(change.total for change in going)
                        waits = next((one.error for one in going if one.error), None)
                        bar.show(done_before + done, done_before + total, waits or "")
                    if left:
                        await asyncio.sleep(_LOOK_SECONDS)
    except asyncio.CancelledError:
        if left and not as_json:
            write_note(
                "Stopped waiting. A running `answerdesk serve` or `answerdesk worker` continues "
                "the change; `answerdesk embedding cancel` cancels it."
            )
        raise


async def _look(spaces: Spaces) -> Embedding:
    return await spaces.embedding()


def _shown(place: _Place, embedding: Embedding) -> Shown:
    return {"project": place.shown_id, **EmbeddingOut.of(embedding).model_dump(mode="json")}


def _write(told: Sequence[Shown]) -> None:
    for one in told:
        if "error" in one:
            write_error(f"{one['project']}: {one['error']['message']}")
    good = [one for one in told if "error" not in one]
    if not good:
        if not told:
            write_note("No project has any knowledge yet.")
        return
    write_table([_row(one) for one in good])
    if len(good) == 1:
        others = ", ".join(one["space"] for one in good[0]["available"])
        write_note(f"Models that can be used here: {others}")
    if suggestion := next((one["suggestion"] for one in good if one["suggestion"]), None):
        write_note(_suggested(suggestion))


def _suggested(suggestion: Shown) -> str:
    space, languages = suggestion["space"], ", ".join(suggestion["languages"])
    install = "" if suggestion["installed"] else "answerdesk models install multilingual, then: "
    return (
        f"There are documents in other languages than English ({languages}), which {space} knows "
        f"better: {install}answerdesk embedding change {space}"
    )


def _row(one: Shown) -> Shown:
    change = one["change"]
    previous = one["previous"]
    return {
        "project": one["project"],
        "model": one["space"] if one["usable"] else f"{one['space']} (no longer set up)",
        "changing to": f"{change['to']} ({change['done']:,} of {change['total']:,})"
        if change
        else "",
        "before": previous["space"] if previous else "",
    }
