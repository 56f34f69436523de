"""Orac's application, and how the HTTP server mounts it."""

from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from answerdesk.accounts.api_keys.types import has_key
from answerdesk.core.settings import Settings
from answerdesk.core.web.dialect import DialectApp, path_of
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.wire import Fault, Wire, dialect_app
from answerdesk.dialects.orac.endpoints import make_router

_WIDGET_PATHS: Final = ("/api/chat", "/api/widget", "/openapi.json")


def _envelope(fault: Fault) -> dict[str, Any]:
    body: dict[str, Any] = {"error": fault.message, "code": fault.code, "status": fault.status}
    if fault.retry_after is not None and fault.status == 429:  # HTTP.
        body["retry_after"] = fault.retry_after
    return body


WIRE: Final = Wire(_envelope)


def _needs_no_key(connection: HTTPConnection) -> bool:
    """The widget tier is open to every page, but a key that comes along has to be a good one."""
    path = path_of(connection)
    is_widget = any(path == one or path.startswith(f"{one}/") for one in _WIDGET_PATHS)
    return is_widget and not has_key(connection.headers.get("authorization"))


def _create(settings: Settings) -> FastAPI:
    app = dialect_app("Answerdesk: Orac's API", WIRE)
    add_routers(app, make_router(settings))
    return app


ORAC: Final = DialectApp(
    name="orac",
    paths=("/api/widget/*", "/api/projects/*", "/api/actions/*"),
    key_prefix="orac_live_",
    chat_field="project_id",
    wire=WIRE,
    needs_no_key=_needs_no_key,
    create=_create,
)
