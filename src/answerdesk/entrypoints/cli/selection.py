"""The project that a command works on."""

from answerdesk.agents.service import begin_project
from answerdesk.bootstrap import Application
from answerdesk.core.errors import DomainError, InvalidInput, NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id
from answerdesk.projects.service import (
    list_projects,
    lock_projects,
    project_public_id,
)
from answerdesk.projects.types import PROJECT_PREFIX, Project

_FIRST_NAME = "My project"
_LISTED = 10


def require_installation(settings: Settings) -> None:
    """Raise NotFound if there is no data folder and no database address.

    Starting the database would create an empty installation, often in the wrong folder.
    """
    if settings.database_url is None and not settings.data_dir.is_dir():
        raise NotFound(
            f"There is no data folder {settings.data_dir.absolute()}: set ANSWERDESK_DATA_DIR to "
            "your data folder, or begin here with `answerdesk ingest PATH` or `answerdesk serve`",
            code="no_data_dir",
        )


async def choose_project(application: Application, wanted: str | None) -> Project:
    """Return the project with the id or name `wanted`, or the oldest if it is None.

    Raises NotFound, which lists the projects, or InvalidInput if several have the name.
    """
    projects = await _projects(application)
    if wanted is not None:
        return _named(projects, wanted)
    if not projects:
        raise NotFound(
            "There is no project yet: `answerdesk ingest PATH` makes one from your files, "
            "`answerdesk serve` makes a demo project",
            code="no_project",
        )
    return projects[0]


async def choose_or_make_project(application: Application, wanted: str | None) -> Project:
    """Like `choose_project`, but make a project if none is named and there is none."""
    projects = await _projects(application)
    if wanted is not None:
        return _named(projects, wanted)
    if projects:
        return projects[0]
    async with application.database.transaction(application.account_id) as session:
        # The lock keeps a concurrent command from making a second project.
        await lock_projects(session)
        made = await list_projects(session)
        return (
            made[0] if made else await begin_project(session, application.account_id, _FIRST_NAME)
        )


async def _projects(application: Application) -> list[Project]:
    async with application.database.transaction(application.account_id) as session:
        return list(await list_projects(session))


def _named(projects: list[Project], wanted: str) -> Project:
    project_id = parse_public_id(PROJECT_PREFIX, wanted)
    found = [project for project in projects if project.id == project_id]
    found = found or [project for project in projects if project.name == wanted]
    if len(found) == 1:
        return found[0]
    raise _ambiguous(found) if found else _unknown(projects, wanted)


def _ambiguous(found: list[Project]) -> DomainError:
    ids = ", ".join(project_public_id(project) for project in found)
    return InvalidInput(
        f"{len(found)} projects are called {found[0].name!r}; name one by its id: {ids}",
        code="project_ambiguous",
    )


def _unknown(projects: list[Project], wanted: str) -> DomainError:
    listed = [f"{project.name} ({project_public_id(project)})" for project in projects[:_LISTED]]
    if len(projects) > _LISTED:
        listed.append(f"and {len(projects) - _LISTED} more")
    known = f"there is {'; '.join(listed)}" if listed else "there is none yet"
    return NotFound(f"No project {wanted!r}: {known}", code="project_not_found")
