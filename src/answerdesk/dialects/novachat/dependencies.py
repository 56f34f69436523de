"""The account's project as Nova Chat knows it, integer ids, and the parts of lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query, Response

from answerdesk.accounts.dependencies import Caller
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.service import get_account
from answerdesk.agents.service import begin_project
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.numbers import HIGHEST, NumberKind, id_of_number, numbers_of
from answerdesk.core.tenancy import AccountId, public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.knowledge.dependencies import Shelf
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import list_after, lock_projects
from answerdesk.projects.types import PROJECT_PREFIX, Project

MOST_ROWS: Final = 1000
"""Agents, people and keys that are counted and listed."""

_DIGITS: Final = len(str(HIGHEST))


class Numbers:
    """The integers that stand for ids of an account's things."""

    def __init__(self, database: Database, account_id: AccountId) -> None:
        self._database = database
        self._account_id = account_id

    async def of(self, kind: NumberKind, ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """Return the number of each id."""
        if not ids:
            return {}
        async with self._database.transaction(self._account_id) as session:
            return await numbers_of(session, kind, ids)

    async def of_one(self, kind: NumberKind, one: UUID) -> int:
        return (await self.of(kind, [one]))[one]

    async def id_of(self, kind: NumberKind, number: int) -> UUID:
        """Return the id with this number; raises NotFound."""
        async with self._database.transaction(self._account_id) as session:
            found = await id_of_number(session, kind, number)
        if found is None:
            raise number_unknown(kind)
        return found


def number_unknown(kind: NumberKind) -> NotFound:
    return NotFound(f"{kind.capitalize()} not found", code=f"{kind}_not_found")


def number_in_path(kind: NumberKind, text: str) -> int:
    """Parse a number in a path; raises NotFound for any other text."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise number_unknown(kind)
    return int(text)


def number_named(kind: NumberKind, *named: str | int | None) -> int:
    """Return the number that the path, the query or the body names; they may not differ."""
    given = {number_in_path(kind, str(one)) for one in named if one is not None}
    if not given:
        raise InvalidInput(
            "The id is missing; send it in the path, as ?id= or in the body", code="id_missing"
        )
    if len(given) > 1:
        raise InvalidInput("The request names several ids; send one", code="id_ambiguous")
    return given.pop()


class Workspace:
    """The account's project: it holds the knowledge, the agents and the domains.

    It is the oldest project that the caller reaches.
    """

    def __init__(self, caller: Principal, database: Database) -> None:
        self._caller = caller
        self._database = database
        self.numbers = Numbers(database, caller.account_id)

    async def project(self) -> Project | None:
        """Return the project; None if there is none yet."""
        async with self._database.transaction(self._caller.account_id) as session:
            return next(iter(await list_after(session, self._caller.projects, None, 1)), None)

    async def own_project(self) -> Project:
        """Return the project; an account without one gets its first.

        Raises NotFound if the caller's only projects are gone, NotPermitted if the caller may not
        create one.
        """
        found = await self.project()
        if found is not None:
            return found
        if self._caller.projects is not None:
            raise project_not_found()
        self._caller.require("projects:write")
        async with self._database.transaction(self._caller.account_id) as session:
            await lock_projects(session)
            first = await list_after(session, None, None, 1)
            if first:
                return first[0]
            name = (await get_account(session)).name
            return await begin_project(session, self._caller.account_id, name, caller=self._caller)

    async def known_project(self, kind: NumberKind) -> Project:
        """Return the project that holds a thing; without one, raise NotFound for the thing."""
        found = await self.project()
        if found is None:
            raise number_unknown(kind)
        return found

    def shelf(self, project: Project) -> Shelf:
        return Shelf(self._database, self._caller, public_id(PROJECT_PREFIX, project.id))


async def _workspace(caller: Caller, database: DatabaseOf) -> Workspace:
    return Workspace(caller, database)


WorkspaceOf = Annotated[Workspace, Depends(_workspace)]


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a list to return."""

    response: Response
    offset: int
    limit: int

    def count(self, total: int) -> None:
        """Tell how many rows the whole list has."""
        self.response.headers["X-Total-Count"] = str(total)


async def _part(
    response: Response,
    page: Annotated[int, Query(ge=1, le=1_000_000, description="The first is 1.")] = 1,
    per_page: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Part:
    return Part(response, (page - 1) * per_page, per_page)


PartOf = Annotated[Part, Depends(_part)]
