"""HTML from templates, which escape everything but our own markup, and the page responses."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from os import PathLike, stat_result
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class Markup(str):
    """HTML that needs no escaping."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template(files(__package__).joinpath("templates", name).read_text(encoding="utf-8"))


def fill(template: str, **values: str) -> Markup:
    """Fill a file of `templates`; values that aren't Markup are escaped."""
    return Markup(_template(template).substitute({k: _safe(v) for k, v in values.items()}))


def element(tag: str, *content: str, **attributes: str) -> Markup:
    """Write one element.

    In attribute names a trailing underscore is dropped (`class_`); others become hyphens.
    """
    return Markup(f"{void_element(tag, **attributes)}{''.join(map(_safe, content))}</{tag}>")


def void_element(tag: str, **attributes: str) -> Markup:
    """Write an element without content and end tag, such as an input."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
    )
    return Markup(f"<{tag}{written}>")


def join(parts: Iterable[str]) -> Markup:
    """Concatenate the parts, escaping those that aren't Markup."""
    return Markup("".join(map(_safe, parts)))


def _safe(value: str) -> str:
    return value if isinstance(value, Markup) else escape(value)


# In a script element, nothing may end it or begin a comment.
_ESCAPED: Final = str.maketrans(
    {one: f"\\u{ord(one):04x}" for one in ("<", ">", "&", "\u2028", "\u2029")}
)


def in_script(told: Any) -> Markup:  # noqa: ANN401  # Whatever JSON can say.
    """Return it as JSON that may stand in a script element."""
    return Markup(json.dumps(told, ensure_ascii=False).translate(_ESCAPED))


ASSETS: Final = Path(__file__).parent / "assets"
"""The folder of our styles, scripts and images."""

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def page_policy(changes: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the Content-Security-Policy of our pages, with the directives of `changes`."""
    return "; ".join(f"{name} {value}" for name, value in {**_POLICY, **changes}.items())


_EVERYWHERE: Final = {"X-Content-Type-Options": "nosniff"}
PAGE_HEADERS: Final = {
    **_EVERYWHERE,
    "Content-Security-Policy": page_policy(),
    # A passage's address is the permission to read it, so it must not leak to other sites.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of every page of ours."""


def page(
    title: str, body: Markup, *, status: int = 200, script: str = "", styles: Sequence[str] = ()
) -> HTMLResponse:
    """Return a whole page, optionally with one of our scripts and extra stylesheets."""
    head = join(Markup(f'<link rel="stylesheet" href="/assets/{one}">') for one in styles)
    if script:
        head = Markup(f'{head}<script type="module" src="/assets/{script}"></script>')
    return HTMLResponse(
        fill("layout.html", title=title, head=head, body=body), status, PAGE_HEADERS
    )


def message_page(title: str, text: str, *, status: int = 200) -> HTMLResponse:
    """Return a page with only a title and a text."""
    return page(title, fill("message.html", title=title, text=text), status=status)


def gzipped_file(
    request: Request,
    tag: str,
    compressed: bytes,
    headers: Mapping[str, str],
    media_type: str = "text/javascript",
) -> Response:
    """Return a file that is kept gzipped; it is decompressed for clients without gzip."""
    sent = {**_EVERYWHERE, **headers, "ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=sent)
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, sent["Content-Encoding"] = compressed, "gzip"
    else:
        content = gzip.decompress(compressed)
    return Response(content, headers=sent, media_type=media_type)


class Assets(StaticFiles):
    """Our styles, scripts and images. Browsers revalidate their copies on each use."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update({**_EVERYWHERE, "Cache-Control": "no-cache"})
        return response
