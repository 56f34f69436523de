"""Nova Chat's application, and how the HTTP server mounts it."""

from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from answerdesk.accounts.api_keys.types import has_key
from answerdesk.core.settings import Settings
from answerdesk.core.web.dialect import DialectApp, path_of
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.wire import Fault, Wire, dialect_app
from answerdesk.dialects.novachat.endpoints import make_router
from answerdesk.dialects.novachat.endpoints.widget import SCRIPTS

_OPEN: Final = frozenset(
    {"/openapi.json", "/nc-api/v1/accounts", "/nc-api/v1/auth/login", *SCRIPTS}
)
_WIDGET: Final = "/api/v1/widget"


def _envelope(fault: Fault) -> dict[str, Any]:
    return {"error": fault.code, "message": fault.message}


WIRE: Final = Wire(_envelope)


def _needs_no_key(connection: HTTPConnection) -> bool:
    """The widget tier is open to every page, but a key that comes along has to be a good one."""
    path = path_of(connection)
    if path in _OPEN:
        return True
    is_widget = path == _WIDGET or path.startswith(f"{_WIDGET}/")
    return is_widget and not has_key(connection.headers.get("authorization"))


def _create(settings: Settings) -> FastAPI:
    app = dialect_app("Answerdesk: Nova Chat's API", WIRE)
    add_routers(app, make_router(settings))
    return app


NOVACHAT: Final = DialectApp(
    name="novachat",
    paths=("/nc-api/*", "/api/v1/widget/*", "/api/v1/sla/*"),
    key_prefix="nc_live_",
    chat_field=None,
    wire=WIRE,
    needs_no_key=_needs_no_key,
    create=_create,
)
