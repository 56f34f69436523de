"""Chatorex's application, and how the HTTP server mounts it."""

from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from answerdesk.core.settings import Settings
from answerdesk.core.web.dialect import DialectApp, path_of
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.wire import Fault, Wire, dialect_app
from answerdesk.dialects.chatorex.endpoints import make_router


def _envelope(fault: Fault) -> dict[str, Any]:
    return {"error": fault.message}


WIRE: Final = Wire(_envelope)


def _needs_no_key(connection: HTTPConnection) -> bool:
    return path_of(connection) == "/openapi.json"


def _create(settings: Settings) -> FastAPI:
    app = dialect_app("Answerdesk: Chatorex's API", WIRE)
    add_routers(app, make_router(settings))
    return app


CHATOREX: Final = DialectApp(
    name="chatorex",
    paths=("/api/widget-config", "/api/widget-settings"),
    key_prefix="sk_live_",
    chat_field="chatbot_id",
    wire=WIRE,
    needs_no_key=_needs_no_key,
    create=_create,
)
