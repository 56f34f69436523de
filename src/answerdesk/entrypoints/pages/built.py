"""The widget's built scripts and styles (`make web`), under addresses that change with them."""

import gzip
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import Request
from starlette.responses import Response

from answerdesk.core.errors import Unavailable
from answerdesk.entrypoints.pages.responses import gzipped_file

_FOLDER: Final = Path(__file__).parent / "built" / "widget"
_MEDIA_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


def built_address(name: str) -> str:
    """Return the address of one of the frame's files; raises Unavailable if it isn't built."""
    return f"/embed/{name}?v={_built(name)[0]}"


def serve_built(request: Request, name: str, headers: Mapping[str, str]) -> Response:
    """Serve a built file; raises Unavailable if it isn't built.

    Under the address of this very version, browsers keep it for ever.
    """
    version, compressed = _built(name)
    sent = dict(headers)
    if request.query_params.get("v") == version:
        sent["Cache-Control"] = _FOR_EVER
    media_type = _MEDIA_TYPES[Path(name).suffix]
    return gzipped_file(request, f'"{version}"', compressed, sent, media_type)


def _built(name: str) -> tuple[str, bytes]:
    """Return a file's version and its content, compressed."""
    try:
        return _read(name, (_FOLDER / "manifest.json").stat().st_mtime_ns)
    except (OSError, KeyError) as error:
        msg = "The widget is not built. Run `make web` where Answerdesk is installed"
        raise Unavailable(msg, code="widget_not_built") from error


@lru_cache(maxsize=8)
def _read(name: str, _: int) -> tuple[str, bytes]:
    """Read a file once for each time that the widget was built."""
    versions: dict[str, str] = json.loads((_FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return versions[name], gzip.compress((_FOLDER / name).read_bytes(), mtime=0)
