"""The websites of the project that a path names, for a caller who may reach it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from answerdesk.core.outbound import Outbound
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.knowledge.dependencies import KnowledgeRead, KnowledgeWrite, Reader, Shelf
from answerdesk.knowledge.sync.service import Websites


async def _reading(knowledge: KnowledgeRead) -> Websites:
    return Websites(knowledge)


async def _writing(knowledge: KnowledgeWrite) -> Websites:
    return Websites(knowledge)


WebsitesRead = Annotated[Websites, Depends(_reading, scope="function")]
WebsitesWrite = Annotated[Websites, Depends(_writing, scope="function")]


@asynccontextmanager
async def open_websites(shelf: Shelf) -> AsyncIterator[Websites]:
    """Open a transaction on the websites; raises NotFound when there is no such project."""
    async with shelf.open() as knowledge:
        yield Websites(knowledge)


async def _outbound(request: Request) -> Outbound:
    outbound: Outbound = request.app.state.outbound
    return outbound


OutboundOf = Annotated[Outbound, Depends(_outbound)]


class Watch:
    """A project's websites for who looks at them again and again, each time for a moment."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def open(self) -> AbstractAsyncContextManager[Websites]:
        """Open a transaction; raises NotFound when there is no such project any more."""
        return open_websites(self._shelf)


async def _watch(project_id: str, caller: Reader, database: DatabaseOf) -> Watch:
    return Watch(Shelf(database, caller, project_id))


WatchOf = Annotated[Watch, Depends(_watch)]
"""For a stream, which holds no transaction between two looks."""
