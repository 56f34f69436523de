"""The projects that a caller reaches, under whatever name and prefix a dialect gives them."""

from collections.abc import Callable
from typing import Final

from answerdesk.accounts.principal import Principal
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.tenancy import ProjectId, parse_public_id
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import list_after, own_project
from answerdesk.projects.types import PROJECT_PREFIX, Project

MOST_REACHED: Final = 1000
"""Maximum number of projects whose things are listed together."""


class Reached:
    """Finds projects for one caller.

    `prefix` begins their public ids, `field` is what the dialect calls an id, and `missing` makes
    its error for an id that the caller doesn't reach.
    """

    def __init__(
        self,
        caller: Principal,
        database: Database,
        *,
        prefix: str = PROJECT_PREFIX,
        field: str = "project_id",
        missing: Callable[[], NotFound] = project_not_found,
    ) -> None:
        self._caller = caller
        self._database = database
        self._prefix = prefix
        self._field = field
        self._missing = missing

    async def one(self, text: str | None) -> Project:
        """Return the project with this id, or the only one. Raises NotFound, InvalidInput."""
        if text:
            return await self._named(text)
        found = await self._all(2)
        if len(found) > 1:
            raise InvalidInput(
                f"This key reaches several of them; send {self._field}",
                code=f"{self._field}_missing",
            )
        if not found:
            raise self._missing()
        return found[0]

    async def some(self, text: str | None = None) -> list[Project]:
        """Return the project with this id, or all, oldest first. Raises NotFound."""
        return [await self._named(text)] if text else await self._all(MOST_REACHED)

    async def ids(self, text: str | None = None) -> list[ProjectId]:
        """Return the ids of `some`."""
        return [one.id for one in await self.some(text)]

    async def _named(self, text: str) -> Project:
        value = parse_public_id(self._prefix, text)
        if value is None:
            raise self._missing()
        try:
            self._caller.require_project(ProjectId(value))
            return await own_project(self._database, self._caller.account_id, ProjectId(value))
        except NotFound as error:
            raise self._missing() from error

    async def _all(self, limit: int) -> list[Project]:
        async with self._database.transaction(self._caller.account_id) as session:
            return list(await list_after(session, self._caller.projects, None, limit))
