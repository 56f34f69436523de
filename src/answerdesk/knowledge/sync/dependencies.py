"""Dependencies: the websites of the project in the path, if the caller may reach it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from answerdesk.core.outbound import Outbound
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.knowledge.dependencies import KnowledgeRead, KnowledgeWrite, Reader, Shelf
from answerdesk.knowledge.sync.progress import Progress
from answerdesk.knowledge.sync.service import Websites


async def _to_read(knowledge: KnowledgeRead) -> Websites:
    return Websites(knowledge)


async def _to_write(knowledge: KnowledgeWrite) -> Websites:
    return Websites(knowledge)


WebsitesRead = Annotated[Websites, Depends(_to_read, scope="function")]
WebsitesWrite = Annotated[Websites, Depends(_to_write, scope="function")]


@asynccontextmanager
async def open_websites(shelf: Shelf) -> AsyncIterator[Websites]:
    """Open a transaction on the websites; raise NotFound if the project does not exist."""
    async with shelf.open() as knowledge:
        yield Websites(knowledge)


async def _outbound(request: Request) -> Outbound:
    outbound: Outbound = request.app.state.application.outbound
    return outbound


OutboundOf = Annotated[Outbound, Depends(_outbound)]


async def _watched(project_id: str, caller: Reader, database: DatabaseOf) -> Shelf:
    return Shelf(database, caller, project_id)


WatchedShelf = Annotated[Shelf, Depends(_watched)]
"""For a stream, which must not hold a transaction while it waits."""


async def _progress(request: Request) -> Progress:
    progress: Progress = request.app.state.application.progress
    return progress


ProgressOf = Annotated[Progress, Depends(_progress)]
