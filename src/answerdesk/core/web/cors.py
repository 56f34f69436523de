"""Which pages of other sites may call us from a browser.

What programs and widgets call may be called from any page: no cookie or other ambient credential is
ever read there, so a page can do no more than what the credential that it brings allows. What only
people do, in the dashboard, is left to pages of our own origin, which need no permission.
"""

from collections.abc import Sequence
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REMEMBERED_SECONDS: Final = 600
_EXPOSED: Final = (
    "ETag",
    "Idempotency-Replayed",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-Id",
)


class CrossOrigin:
    """ASGI middleware: answers preflights and admits every origin, without credentials.

    It does so below the prefixes `open_to_all`, except below those of `own_origin`. A prefix counts
    by whole segments of the path.
    """

    def __init__(self, app: ASGIApp, open_to_all: Sequence[str], own_origin: Sequence[str]) -> None:
        self._app = app
        self._open_to_all = tuple(open_to_all)
        self._own_origin = tuple(own_origin)
        self._admitting = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=_METHODS,
            allow_headers=["*"],
            allow_credentials=False,
            expose_headers=_EXPOSED,
            max_age=_REMEMBERED_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        admitting = scope["type"] == "http" and self._admits(scope["path"])
        await (self._admitting if admitting else self._app)(scope, receive, send)

    def _admits(self, path: str) -> bool:
        return _is_below(path, self._open_to_all) and not _is_below(path, self._own_origin)


def _is_below(path: str, prefixes: Sequence[str]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)
