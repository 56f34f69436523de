"""Lets a request fail soon where the database is silent: somebody waits for its answer."""

from starlette.types import ASGIApp, Receive, Scope, Send

from answerdesk.core.database import hurried


class Patience:
    """ASGI middleware; what a request begins in the background is hurried, too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with hurried():
            await self._app(scope, receive, send)
