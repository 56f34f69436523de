"""The project that a command works on."""

from answerdesk.bootstrap import Application
from answerdesk.core.errors import DomainError, InvalidInput, NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id
from answerdesk.knowledge.service import projects_of_source
from answerdesk.projects.service import list_projects, project_public_id
from answerdesk.projects.types import PROJECT_PREFIX, Project

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


async def choose_project(
    application: Application, wanted: str | None, *, source: str | None = None
) -> Project:
    """Return the project with the id or name `wanted`; if it is None, the oldest.

    With `source`, the oldest that has this source, if any has it. The demo counts as the youngest,
    since whoever has a project of their own means that one. Raises NotFound, which lists the
    projects, or InvalidInput if several have the name.
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
    having = projects if source is None else await _having(application, projects, source)
    return min(having or projects, key=lambda project: project.demo)


async def _having(application: Application, projects: list[Project], source: str) -> list[Project]:
    async with application.database.transaction(application.account_id) as session:
        having = await projects_of_source(session, source)
    return [project for project in projects if project.id in having]


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
