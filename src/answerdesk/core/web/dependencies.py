"""Dependencies of every endpoint, and how long a request waits for the database."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from answerdesk.core.database import Database, hurried


async def _database(request: Request) -> Database:
    database: Database = request.app.state.application.database
    return database


DatabaseOf = Annotated[Database, Depends(_database)]


async def _base_url(request: Request) -> str:
    """Return the address at which visitors reach us: as configured, or taken from this request."""
    public_url: str | None = request.app.state.application.public_url
    return public_url or f"{request.url.scheme}://{request.url.netloc}"


BaseUrl = Annotated[str, Depends(_base_url)]


class Patience:
    """ASGI middleware: hurries a request's statements, and those of tasks that it starts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with hurried():
            await self._app(scope, receive, send)
