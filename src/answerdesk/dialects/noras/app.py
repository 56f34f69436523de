"""Noras' application, and how the HTTP server mounts it."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from answerdesk.core.settings import Settings
from answerdesk.core.web.dialect import DialectApp, path_of
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.wire import Fault, Wire, dialect_app
from answerdesk.dialects.noras.endpoints import make_router

_INVALID_KEY: Final = "The provided API key is invalid or expired"
_TITLES: Final[Mapping[int, str]] = {
    400: "Invalid parameters",
    401: "Invalid API key",
    403: "Plan limit reached",
    404: "Not found",
    405: "Method not allowed",
    429: "Rate limit exceeded",
    503: "Service unavailable",
}


def _envelope(fault: Fault) -> dict[str, Any]:
    title = _TITLES.get(fault.status, "Server error")
    message = _INVALID_KEY if fault.status == 401 else fault.message  # HTTP.
    return {"success": False, "error": title, "message": message}


WIRE: Final = Wire(_envelope)


def _needs_no_key(connection: HTTPConnection) -> bool:
    return path_of(connection) == "/openapi.json"


def _create(settings: Settings) -> FastAPI:
    app = dialect_app("Answerdesk: Noras' API", WIRE)
    add_routers(app, make_router(settings.max_json_bytes))
    return app


NORAS: Final = DialectApp(
    name="noras",
    paths=("/api/widgets/*",),
    key_prefix="sk_",
    chat_field="widget_key",
    wire=WIRE,
    needs_no_key=_needs_no_key,
    create=_create,
)
