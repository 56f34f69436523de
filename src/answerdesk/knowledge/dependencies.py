"""Dependencies: the knowledge of the project in the path, if the caller may reach it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId, parse_public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.service import Knowledge
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import get_project
from answerdesk.projects.types import PROJECT_PREFIX

Reader = Annotated[Principal, needs("knowledge:read")]
Writer = Annotated[Principal, needs("knowledge:write")]


async def _ingestion(request: Request) -> Ingestion:
    ingestion: Ingestion = request.app.state.application.ingestion
    return ingestion


IngestionOf = Annotated[Ingestion, Depends(_ingestion)]


async def _parsing(request: Request) -> ParsingProcess:
    parsing: ParsingProcess = request.app.state.application.parsing
    return parsing


ParsingOf = Annotated[ParsingProcess, Depends(_parsing)]


class Shelf:
    """A project's knowledge, for handlers that open its transactions themselves."""

    def __init__(self, database: Database, caller: Principal, project_id: str) -> None:
        """`project_id` is public; raise NotFound if the caller can't reach the project."""
        value = parse_public_id(PROJECT_PREFIX, project_id)
        if value is None:
            raise project_not_found()
        self._database = database
        self._caller = caller
        self._project_id = ProjectId(value)
        caller.require_project(self._project_id)

    @property
    def account_id(self) -> AccountId:
        return self._caller.account_id

    def open(self) -> AbstractAsyncContextManager[Knowledge]:
        """Open a transaction on the knowledge; raise NotFound if the project does not exist."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Knowledge]:
        async with self._database.transaction(self._caller.account_id) as session:
            project = await get_project(session, self._project_id)
            yield Knowledge(session, self._caller.account_id, project.id, self._caller)


async def _shelf(project_id: str, caller: Writer, database: DatabaseOf) -> Shelf:
    return Shelf(database, caller, project_id)


ShelfOf = Annotated[Shelf, Depends(_shelf)]
"""For writes that take more than one transaction."""


async def _to_read(
    project_id: str, caller: Reader, database: DatabaseOf
) -> AsyncIterator[Knowledge]:
    async with Shelf(database, caller, project_id).open() as knowledge:
        yield knowledge


async def _to_write(shelf: ShelfOf) -> AsyncIterator[Knowledge]:
    async with shelf.open() as knowledge:
        yield knowledge


# They end with the handler, so that a change is committed before its response is sent.
KnowledgeRead = Annotated[Knowledge, Depends(_to_read, scope="function")]
KnowledgeWrite = Annotated[Knowledge, Depends(_to_write, scope="function")]
