"""Which web pages may call us from a browser: pages of other sites, and our own.

APIs for programs and widgets may be called from any page: they never read a cookie or another
ambient credential, so a page can do only what its own credential allows. Endpoints for people, used
by the dashboard, are left to pages of our own origin, which need no permission.

Browsers attach a cookie to a request no matter which page caused it. Headers that only the browser
can set name that page: `Sec-Fetch-Site`, or `Origin` on plain HTTP, where the former is missing.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from answerdesk.core.errors import NotPermitted
from answerdesk.kit.origins import normalise_origin

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
    """ASGI middleware: answers preflights and allows every origin, without credentials.

    It applies below the prefixes `open_to_all`, except below those in `own_origin`. Prefixes match
    whole path segments.
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
        admitting = scope["type"] == "http" and self._admits(scope["path"])
        await (self._admitting if admitting else self._app)(scope, receive, send)

    def _admits(self, path: str) -> bool:
        return _is_below(path, self._open_to_all) and not _is_below(path, self._own_origin)


def _is_below(path: str, prefixes: Sequence[str]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


_SAME: Final = "same-origin"


def require_own_page(connection: HTTPConnection, public_url: str | None) -> None:
    """Raise NotPermitted unless a page of our own origin sent the request.

    A sibling host or another port is another origin, although browsers call it the same site.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        own = site == _SAME
    else:
        own = _is_own(connection.headers.get("origin", ""), connection, public_url)
    if not own:
        raise NotPermitted(
            "Only this installation's own pages may use the log-in cookie. In a program, leave out "
            "`cookie` and send the refresh token in the body. Behind a proxy that hides the host, "
            "set ANSWERDESK_PUBLIC_URL",
            code="foreign_page",
        )


def is_secure(connection: HTTPConnection, public_url: str | None) -> bool:
    """Tell whether visitors reach us by HTTPS: as the operator has set, or by this request."""
    return connection.url.scheme == "https" or urlsplit(public_url or "").scheme == "https"


def _is_own(origin: str, connection: HTTPConnection, public_url: str | None) -> bool:
    # A proxy that terminates TLS leaves us only the host, so the scheme is the page's own.
    scheme = origin.partition("://")[0]
    own = {_normalised(f"{scheme}://{connection.headers.get('host', '')}")}
    if public_url is not None:
        address = urlsplit(public_url)
        own.add(_normalised(f"{address.scheme}://{address.netloc}"))
    given = _normalised(origin)
    return given is not None and given in own


def _normalised(origin: str) -> str | None:
    """Return an origin as browsers write it; None if it is not an origin, such as `null`."""
    try:
        return normalise_origin(origin)
    except ValueError:
        return None
