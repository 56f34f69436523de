"""Dependencies: the Q&A items of the project in the path, if the caller may reach it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends

from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.knowledge.dependencies import Reader, Shelf, ShelfOf
from answerdesk.knowledge.items.service import Items


@asynccontextmanager
async def open_items(shelf: Shelf) -> AsyncIterator[Items]:
    """Open a transaction on the items; raise NotFound if the project does not exist."""
    async with shelf.open() as knowledge:
        yield Items(knowledge)


async def _shelf_to_read(project_id: str, caller: Reader, database: DatabaseOf) -> Shelf:
    return Shelf(database, caller, project_id)


ReadingShelfOf = Annotated[Shelf, Depends(_shelf_to_read)]
"""For reads that take more than one transaction."""


async def _to_read(shelf: ReadingShelfOf) -> AsyncIterator[Items]:
    async with open_items(shelf) as items:
        yield items


async def _to_write(shelf: ShelfOf) -> AsyncIterator[Items]:
    async with open_items(shelf) as items:
        yield items


# They end with the handler, so that a change is committed before its response is sent.
ItemsRead = Annotated[Items, Depends(_to_read, scope="function")]
ItemsWrite = Annotated[Items, Depends(_to_write, scope="function")]
