"""Which app a request goes to: every dialect under its prefix, and at the vendor's own paths.

The one table of shared root paths is `_ROOT_PATHS`. As further dialects come, a path that several
of them have is decided here by the request's body or key, and nowhere else.
"""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

ORAC: Final = "orac"

_PREFIXES: Final = frozenset({ORAC})
"""Every dialect is below its own name, too."""

_ROOT_PATHS: Final[Mapping[str, str]] = {
    "/api/chat": ORAC,
    "/api/widget/config": ORAC,
    "/api/widget/messages": ORAC,
    "/api/widget/feedback": ORAC,
    "/api/widget/escalate": ORAC,
}


def dialect_of(path: str) -> str | None:
    """Return the name of the dialect whose the path is; None for a path of our own."""
    prefix = path.removeprefix("/").partition("/")[0]
    return _ROOT_PATHS.get(path) or (prefix if prefix in _PREFIXES else None)


class DialectDispatch:
    """ASGI middleware: hands requests for a dialect's paths to its app, all others on."""

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
