"""The reference pages, where people can try calls: Scalar, served from our files.

`/scalar` is for the native API, and below its name each dialect has one of its own.
"""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from answerdesk.core.dialects import DIALECTS
from answerdesk.entrypoints.pages.responses import fill, gzipped_file

_SCRIPT: Final = Path(__file__).parent / "vendor" / "scalar.js.gz"
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # Scalar writes inline styles. A malicious style couldn't send data away, since nothing
        # may be loaded from other hosts.
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def add_api_reference(router: APIRouter) -> None:
    for before in ("", *(f"/{one}" for one in DIALECTS)):
        router.add_api_route(f"{before}/scalar", _reference(before), methods=["GET", "HEAD"])
    router.add_api_route("/scalar/scalar.js", scalar, methods=["GET", "HEAD"])


def _reference(before: str) -> Callable[[], Awaitable[HTMLResponse]]:
    async def api_reference() -> HTMLResponse:
        description = f"{before}/openapi.json"
        return HTMLResponse(fill("scalar.html", description=description), headers=_HEADERS)

    return api_reference


async def scalar(request: Request) -> Response:
    """Serve the script gzipped, as it is stored."""
    return gzipped_file(request, *_script(), {"Cache-Control": "no-cache"})


@cache
def _script() -> tuple[str, bytes]:
    """Return the script's entity tag and compressed bytes."""
    content = _SCRIPT.read_bytes()
    # A gzip file ends with the checksum and length of its content.
    return f'"{content[-8:].hex()}"', content
