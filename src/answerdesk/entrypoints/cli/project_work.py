"""The frame of commands on one project: open it, work on it, write the result."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from answerdesk.bootstrap import Application, running
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId
from answerdesk.entrypoints.cli.account import operator_of
from answerdesk.entrypoints.cli.output import write_json
from answerdesk.entrypoints.cli.runner import DONE, FAILED, run_command
from answerdesk.entrypoints.cli.selection import choose_project, require_installation
from answerdesk.knowledge.service import Knowledge
from answerdesk.projects.types import Project

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProjectWork:
    """A project of a running application."""

    application: Application
    project: Project

    @property
    def account_id(self) -> AccountId:
        """The account that owns the project."""
        return self.application.account_id

    @asynccontextmanager
    async def knowledge(self) -> AsyncIterator[Knowledge]:
        """Open a transaction on the project's knowledge; changes are logged as the operator's."""
        async with self.application.database.transaction(self.account_id) as session:
            yield Knowledge(session, self.account_id, self.project.id, operator_of(self.account_id))


@dataclass(frozen=True, slots=True)
class Result:
    """A command's result as JSON, and whether something in it failed."""

    shown: Shown
    failed: bool = False


Work = Callable[[ProjectWork], Awaitable[Result]]


def run_on_project(
    work: Work,
    write: Callable[[Shown], None],
    *,
    project: str | None,
    as_json: bool,
    source: str | None = None,
) -> None:
    """Run `work` on the project that `choose_project` returns, write its result, and exit."""

    async def command(settings: Settings) -> int:
        require_installation(settings)
        async with running(settings) as application:
            chosen = await choose_project(application, project, source=source)
            result = await work(ProjectWork(application, chosen))
        if as_json:
            write_json(result.shown)
        else:
            write(result.shown)
        return FAILED if result.failed else DONE

    run_command(command, as_json=as_json)
