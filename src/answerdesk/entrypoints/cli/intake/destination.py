"""The project that `ingest` adds to: the one named, the one that has the sources, or a new one."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.service import begin_project
from answerdesk.bootstrap import Application
from answerdesk.core.errors import InvalidInput
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.entrypoints.cli.intake.survey import Target
from answerdesk.entrypoints.cli.output import one_line, readable_name
from answerdesk.entrypoints.cli.selection import choose_project
from answerdesk.knowledge.service import Knowledge, projects_of_places
from answerdesk.knowledge.website.scope import Scope
from answerdesk.projects.service import NAME_LENGTH, list_projects, lock_projects
from answerdesk.projects.types import Project


@dataclass(frozen=True, slots=True)
class Destination:
    """The project, and whether it is new; `has_its_own_name` if no other is called the same."""

    project: Project
    is_new: bool
    has_its_own_name: bool


async def choose_destination(
    application: Application,
    wanted: str | None,
    targets: Sequence[Target],
    addresses: Sequence[str],
) -> Destination:
    """Return the project named `wanted`, or else the one that has these folders and websites.

    If no project has any of them, make one, named after the first. Raises what `choose_project`
    raises, and InvalidInput if they are in several projects and none has all of them.
    """
    account_id = application.account_id
    folders = [readable_name(target.folder) for target in targets]
    starts = [Scope(address).start for address in addresses]
    named = None if wanted is None else await choose_project(application, wanted)
    async with application.database.transaction(account_id) as session:
        # Otherwise a concurrent command could make a second project of the same folder.
        await lock_projects(session)
        projects = await list_projects(session)
        names = [one.name for one in projects]
        found = named or _home(projects, await projects_of_places(session, [*folders, *starts]))
        if found is not None:
            return Destination(found, is_new=False, has_its_own_name=names.count(found.name) == 1)
        name = _new_name(folders, starts, names)
        made = await _make(session, account_id, name, folders)
        return Destination(made, is_new=True, has_its_own_name=made.name not in names)


async def _make(
    session: AsyncSession, account_id: AccountId, name: str, folders: Sequence[str]
) -> Project:
    """Make a project that has the folders from the beginning, so that the next command finds it."""
    project = await begin_project(session, account_id, name)
    knowledge = Knowledge(session, account_id, project.id)
    for folder in folders:
        await knowledge.open_source("folder", folder, folder)
    return project


def _home(
    projects: Sequence[Project], homes: Mapping[str, AbstractSet[ProjectId]]
) -> Project | None:
    """Return the oldest project that has all places which any has; None if there are none."""
    if not homes:
        return None
    for project in projects:
        if all(project.id in home for home in homes.values()):
            return project
    described = "; ".join(
        f"{one_line(place)} in {' and '.join(one_line(p.name) for p in projects if p.id in home)}"
        for place, home in sorted(homes.items())
    )
    raise InvalidInput(
        f"These are in different projects ({described}). Ingest them one by one, or name the "
        "project for all of them with --project",
        code="several_projects",
    )


def _new_name(folders: Sequence[str], starts: Sequence[str], taken: Collection[str]) -> str:
    """Return the shortest name of the first folder, or else website, that no project has."""
    names = _names_of_folder(folders[0]) if folders else _names_of_website(starts[0])
    possible = [name.strip()[:NAME_LENGTH] for name in names if name.strip()]
    return next((name for name in possible if name not in taken), possible[-1])


def _names_of_folder(folder: str) -> list[str]:
    """Return `docs`, `shop/docs`, …, and at the end the whole path."""
    parts = PurePosixPath(folder).parts
    return ["/".join(parts[-count:]) for count in range(1, len(parts))] + [folder]


def _names_of_website(start: str) -> list[str]:
    address = urlsplit(start)
    return [address.netloc, f"{address.netloc}{address.path.rstrip('/')}"]
