"""What the HTTP server knows of a dialect: paths, keys, error format, application."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from answerdesk.core.dialects import Dialect
from answerdesk.core.settings import Settings
from answerdesk.core.web.wire import Wire


def path_of(connection: HTTPConnection) -> str:
    """Return the request's path as the dialect knows it, whichever way it came."""
    path: str = connection.scope["path"]
    return path.removeprefix(connection.scope.get("root_path", ""))


@dataclass(frozen=True, slots=True)
class DialectApp:
    """A dialect as the HTTP server mounts it.

    `paths` are the vendor's own paths on the root that no other dialect has; a path that ends in
    `/*` includes all below it. `chat_field` is the field that tells its `POST /api/chat` from that
    of others. `needs_no_key` tells whether a request may come without a key; its path is relative
    to the dialect.
    """

    name: Dialect
    paths: tuple[str, ...]
    key_prefix: str | None
    chat_field: str | None
    wire: Wire
    needs_no_key: Callable[[HTTPConnection], bool]
    create: Callable[[Settings], FastAPI]
