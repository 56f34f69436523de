"""Sends requests to the apps of dialects, below their prefixes and at the vendors' own paths.

`_ROOT_PATHS` is the only table of shared root paths. If several dialects come to share a path, this
module alone decides between them, by the request's body or key.
"""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

ORAC: Final = "orac"

_PREFIXES: Final = frozenset({ORAC})
"""Every dialect is also available below its own name."""

_ROOT_PATHS: Final[Mapping[str, str]] = {
    "/api/chat": ORAC,
    "/api/widget/config": ORAC,
    "/api/widget/messages": ORAC,
    "/api/widget/feedback": ORAC,
    "/api/widget/escalate": ORAC,
}


def dialect_of(path: str) -> str | None:
    """Return the name of the dialect that owns the path; None for our own paths."""
    prefix = path.removeprefix("/").partition("/")[0]
    return _ROOT_PATHS.get(path) or (prefix if prefix in _PREFIXES else None)


class DialectDispatch:
    """ASGI middleware that routes requests for a dialect's paths to its app."""

    def __init__(self, app: ASGIApp, dialects: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._dialects = dialects

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        name = dialect_of(path)
        if name is None:
            await self._app(scope, receive, send)
        elif path in _ROOT_PATHS:
            await self._dialects[name](scope, receive, send)
        else:
            root = f"{scope.get('root_path', '')}/{name}"
            await self._dialects[name]({**scope, "root_path": root}, receive, send)
