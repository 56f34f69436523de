"""Sends each request to the dialect that it is meant for.

Every dialect is available in two ways: below its own name (`/orac/api/chat`), and at the vendor's
own paths on the root. `_SHARED` is the only place that decides about root paths that several
vendors have: by the body's fields, or by the key's prefix.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from answerdesk.core.dialects import Dialect
from answerdesk.core.web.dialect import DialectApp
from answerdesk.core.web.wire import Fault, Wire, cross_origin

_CHAT: Final = "/api/chat"
_BY_KEY: Final[Mapping[str, tuple[Dialect, Dialect]]] = {
    "/api/sources": ("orac", "chatorex"),
    "/api/leads": ("orac", "chatorex"),
    "/api/analytics": ("orac", "noras"),
    "/api/conversations": ("orac", "noras"),
}
"""Root paths of two dialects, with all below: keys of the first lead there, others do not."""

_PAGES: Final = ("/scalar",)
"""Below a dialect's name these are pages for people, and not the dialect's own."""

_CHAT_WITHOUT_KEY: Final[Dialect] = "orac"
_OURS: Final = ("/api", "/nc-api")
"""Nothing below these is native: what no dialect has is refused in the dialects' way."""

UNION: Final = Wire(
    lambda fault: {
        "success": False,
        "error": fault.message,
        "message": fault.message,
        "code": fault.code,
        "status": fault.status,
    }
)
"""For requests of which no dialect is known: what any of their clients looks for."""


class DialectDispatch:
    """ASGI middleware that routes requests for a dialect's paths to its application.

    `hosts` maps names of hosts to dialects: there every path of any dialect is that one's.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        dialects: Sequence[DialectApp],
        mounted: Mapping[Dialect, ASGIApp],
        hosts: Mapping[str, Dialect],
        most_bytes: int,
    ) -> None:
        self._app = app
        self._table = RootPaths(dialects)
        self._mounted = mounted
        self._hosts = hosts
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        below = self._table.below_prefix(path)
        if below is not None:
            dialect, rest = below
            inner = {**scope, "root_path": f"{scope.get('root_path', '')}/{dialect}"}
            await self._send_to(dialect, inner, f"/{dialect}{rest}", receive, send)
            return
        if not self._table.is_for_dialects(path):
            await self._app(scope, receive, send)
            return
        path = _without_slash(path)
        headers = Headers(scope=scope)
        host = headers.get("host", "").partition(":")[0].lower()
        name = self._hosts.get(host)
        if name is None and path == _CHAT and scope["method"] == "POST":
            body, receive = await _read_ahead(receive, self._most_bytes)
            named = self._table.named_in(body)
            if len(named) > 1:
                await _refuse(_several(named), scope, receive, send)
                return
            name = named[0][1] if named else self._table.of_chat(headers)
        elif name is None:
            name = self._table.of(path, headers)
        if name is None:
            await _refuse(_unknown(path), scope, receive, send)
        else:
            await self._send_to(name, scope, path, receive, send)

    async def _send_to(
        self, name: Dialect, scope: Scope, path: str, receive: Receive, send: Send
    ) -> None:
        path = _without_slash(path)
        await self._mounted[name]({**scope, "path": path, "raw_path": path.encode()}, receive, send)


class RootPaths:
    """Which dialect has which path on the root."""

    def __init__(self, dialects: Sequence[DialectApp]) -> None:
        self._names: dict[str, Dialect] = {one.name: one.name for one in dialects}
        self._wires = {one.name: one.wire for one in dialects}
        self._own = {
            path.removesuffix("/*"): (one.name, path.endswith("/*"))
            for one in dialects
            for path in one.paths
        }
        self._fields = {one.chat_field: one.name for one in dialects if one.chat_field}
        # Longest first: "sk_live_" also begins with "sk_".
        self._prefixes = sorted(
            ((one.key_prefix, one.name) for one in dialects if one.key_prefix),
            key=lambda pair: -len(pair[0]),
        )

    def below_prefix(self, path: str) -> tuple[Dialect, str] | None:
        """Return a dialect and the rest of a path that begins with the dialect's name."""
        first, slash, rest = path.removeprefix("/").partition("/")
        name = self._names.get(first) if slash and f"/{rest}" not in _PAGES else None
        return None if name is None else (name, f"/{rest}")

    def is_for_dialects(self, path: str) -> bool:
        """Tell whether a root path is a dialect's, or would be if there were such a path."""
        return any(path == one or path.startswith(f"{one}/") for one in _OURS)

    def of(self, path: str, headers: Headers) -> Dialect | None:
        """Return the dialect that a root path belongs to; None if none has it."""
        if path == _CHAT:
            return self.of_chat(headers)
        for prefix, (with_key, without) in _BY_KEY.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                name = with_key if self.of_key(headers) == with_key else without
                return name if name in self._names else None
        return self._owner(path)

    def of_chat(self, headers: Headers) -> Dialect | None:
        """Return the dialect of a chat whose body names none: its key's, without a key Orac's."""
        if "authorization" not in headers:
            return _CHAT_WITHOUT_KEY
        return self.of_key(headers)

    def of_key(self, headers: Headers) -> Dialect | None:
        """Return the dialect whose prefix the request's key has."""
        key = headers.get("authorization", "").partition(" ")[2].strip()
        return next((name for prefix, name in self._prefixes if key.startswith(prefix)), None)

    def named_in(self, body: bytes | None) -> list[tuple[str, Dialect]]:
        """Return the fields of a chat's body that name a dialect, each with its dialect."""
        try:
            fields = json.loads(body or b"")
        except (ValueError, RecursionError):
            return []
        if not isinstance(fields, dict):
            return []
        return [
            (field, name) for field, name in self._fields.items() if fields.get(field) is not None
        ]

    def wire_of(self, path: str) -> Wire | None:
        """Return the error format of a path, as far as the path alone tells; None for our own."""
        below = self.below_prefix(path)
        if below is not None:
            return self._wires[below[0]]
        if not self.is_for_dialects(path):
            return None
        path = _without_slash(path)
        name = _CHAT_WITHOUT_KEY if path == _CHAT else self.of(path, Headers())
        return UNION if name is None else self._wires[name]

    def _owner(self, path: str) -> Dialect | None:
        part = path
        while part:
            owner = self._own.get(part)
            if owner is not None and (part == path or owner[1]):
                return owner[0]
            part = part.rpartition("/")[0]
        return None


def _without_slash(path: str) -> str:
    return path.rstrip("/") or "/"


async def _read_ahead(receive: Receive, most: int) -> tuple[bytes | None, Receive]:
    """Read a body of at most `most` bytes; return it, or None, and what gives it out again."""
    read: list[Message] = []
    size, more = 0, True
    while more and size <= most:
        message = await receive()
        read.append(message)
        size += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    whole = not more and read[-1]["type"] == "http.request" and size <= most
    body = b"".join(one["body"] for one in read if "body" in one) if whole else None
    waiting = iter(read)

    async def replay() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return body, replay


def _several(named: Sequence[tuple[str, Dialect]]) -> Fault:
    fields = " and ".join(field for field, _ in named)
    return Fault(400, "dialect_ambiguous", f"The body has {fields}; send only one of them")


def _unknown(path: str) -> Fault:
    if path == _CHAT:
        text = "Say which API this is for: send widget_key, chatbot_id or project_id"
        return Fault(400, "dialect_unknown", text)
    return Fault(404, "not_found", "There is nothing at this address")


async def _refuse(fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    await cross_origin(UNION.response(fault))(scope, receive, send)
