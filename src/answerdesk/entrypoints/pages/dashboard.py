"""The dashboard: one page for all its addresses, and the built files that it consists of."""

import gzip
import json
import secrets
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from answerdesk.core.errors import NotFound, Unavailable
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.pages.responses import (
    PAGE_HEADERS,
    Markup,
    fill,
    gzipped_file,
    join,
    page_policy,
    void_element,
)
from answerdesk.knowledge.ingestion.parse import supported_extensions

_FOLDER: Final = Path(__file__).parent / "built" / "dashboard"
_ENTRY: Final = "src/main.tsx"
_MEDIA_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Their names change with what is in them.
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_READ: Final = ["GET", "HEAD"]


def add_dashboard(router: APIRouter, settings: Settings) -> None:
    """Add the dashboard's routes: its files first, since every other address is its page."""
    show = _show(settings.max_file_bytes)
    router.add_api_route("/app/assets/{name}", dashboard_file, methods=_READ)
    router.add_api_route("/app", show, methods=_READ)
    router.add_api_route("/app/{path:path}", show, methods=_READ)


def _show(max_file_bytes: int) -> Callable[[], Awaitable[HTMLResponse]]:
    extensions = ",".join(sorted(supported_extensions()))

    async def dashboard_page() -> HTMLResponse:
        """Show the dashboard; its script asks who has opened it and reads the address."""
        return _page(str(max_file_bytes), extensions)

    return dashboard_page


def _page(max_file_bytes: str, extensions: str) -> HTMLResponse:
    entry = _manifest()[_ENTRY]
    nonce = secrets.token_urlsafe(16)
    styles = join(
        void_element("link", rel="stylesheet", href=f"/app/{one}") for one in entry.get("css", ())
    )
    script = Markup(f'<script type="module" src="/app/{entry["file"]}" nonce="{nonce}"></script>')
    # Mantine writes style elements of its own, which the nonce allows. The widget's preview is a
    # frame.
    policy = page_policy({"style-src": f"'self' 'nonce-{nonce}'", "frame-src": "'self'"})
    return HTMLResponse(
        fill(
            "dashboard.html",
            head=join((styles, script)),
            max_file_bytes=max_file_bytes,
            extensions=extensions,
        ),
        headers={**PAGE_HEADERS, "Content-Security-Policy": policy},
    )


async def dashboard_file(name: str, request: Request) -> Response:
    """Serve one of the built files, which never change under their names."""
    media_type = _MEDIA_TYPES.get(Path(name).suffix)
    if media_type is None or name not in _names():
        msg = "There is no such file; the dashboard was probably updated. Load the page again"
        raise NotFound(msg, code="file_not_found")
    return gzipped_file(request, f'"{name}"', _compressed(name), _FOR_EVER, media_type)


def _manifest() -> dict[str, Any]:
    """Return what the build says of its files; raises Unavailable if it isn't built."""
    try:
        return _read_manifest((_FOLDER / "manifest.json").stat().st_mtime_ns)
    except OSError as error:
        msg = "The dashboard is not built. Run `make web` where Answerdesk is installed"
        raise Unavailable(msg, code="dashboard_not_built") from error


@lru_cache(maxsize=2)
def _read_manifest(_: int) -> dict[str, Any]:
    """Read the manifest once for each time that the dashboard was built."""
    read: dict[str, Any] = json.loads((_FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return read


def _names() -> frozenset[str]:
    told = _manifest().values()
    files = [one["file"] for one in told] + [name for one in told for name in one.get("css", ())]
    return frozenset(Path(one).name for one in files)


@lru_cache(maxsize=256)
def _compressed(name: str) -> bytes:
    return gzip.compress((_FOLDER / "assets" / name).read_bytes(), mtime=0)
