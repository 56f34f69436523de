"""The native API's reference page, where people can try calls: Scalar, served from our files."""

import gzip
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from answerdesk.entrypoints.pages.responses import fill

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
    router.add_api_route("/scalar", api_reference, methods=["GET", "HEAD"])
    router.add_api_route("/scalar/scalar.js", scalar, methods=["GET", "HEAD"])


async def api_reference() -> HTMLResponse:
    return HTMLResponse(fill("scalar.html"), headers=_HEADERS)


async def scalar(request: Request) -> Response:
    """Serve the script gzipped, as it is stored; decompress it for clients without gzip."""
    tag, compressed = _script()
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
        "ETag": tag,
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    content = compressed
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        content = gzip.decompress(compressed)
    return Response(content, headers=headers, media_type="text/javascript")


@cache
def _script() -> tuple[str, bytes]:
    """Return the script's entity tag and compressed bytes."""
    content = _SCRIPT.read_bytes()
    # A gzip file ends with the checksum and length of its content.
    return f'"{content[-8:].hex()}"', content
