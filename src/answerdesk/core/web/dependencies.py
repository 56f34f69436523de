"""What every endpoint may ask for."""

from typing import Annotated

from fastapi import Depends, Request

from answerdesk.core.database import Database


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


DatabaseOf = Annotated[Database, Depends(_database)]


async def _base_url(request: Request) -> str:
    """Return where visitors reach us: as set, or as this request came."""
    public_url: str | None = request.app.state.public_url
    return public_url or f"{request.url.scheme}://{request.url.netloc}"


BaseUrl = Annotated[str, Depends(_base_url)]
