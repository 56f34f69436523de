"""Novaro's application, and how the HTTP server mounts it."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request, status
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from answerdesk.agents.errors import AgentsInvalid
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dialect import DialectApp, path_of
from answerdesk.core.web.openapi import error_responses, operation_ids
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.wire import Fault, Wire, dialect_app
from answerdesk.dialects.novaro import agents, async_messages, contexts, messages, webhooks
from answerdesk.dialects.novaro.schemas import (
    AgentBody,
    BatchErrorBody,
    ErrorBody,
    MessagesOut,
)

_TAG: Final = "novaro"
_STREAM: Final = {
    "description": "The response; with `Accept: text/event-stream` as events: `message`… with "
    "pieces of it, then `done`; or `error`.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
_ERRORS: Final = error_responses(
    ErrorBody,
    {
        400: "Something in the request is wrong.",
        401: "The credential is missing or not valid.",
        403: "The credential or the plan does not allow this.",
        404: "It does not exist, or it is not yours.",
        429: "Too many requests; `Retry-After` is in seconds.",
        500: "Something went wrong here; it has been logged.",
        503: "Something is unavailable. Try again later.",
    },
)


def _envelope(fault: Fault) -> dict[str, Any]:
    return {"error": fault.code, "message": fault.message}


WIRE: Final = Wire(_envelope)


def _needs_no_key(connection: HTTPConnection) -> bool:
    return path_of(connection) == "/openapi.json"


async def _batch_refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AgentsInvalid)  # noqa: S101  # Registered for nothing else.
    body = {"error": error.code, "message": error.message, "errors": error.details["errors"]}
    return JSONResponse(body, HTTPStatus.BAD_REQUEST)


def _router(settings: Settings) -> APIRouter:
    router = APIRouter(
        tags=[_TAG], route_class=bounded_route(settings.max_json_bytes), responses=_ERRORS
    )
    accepted = status.HTTP_202_ACCEPTED
    created, gone = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
    add = router.add_api_route
    add("/api/v1/auth/verify", messages.verify)
    add(
        "/api/v1/messages",
        messages.respond,
        methods=["POST"],
        response_model=MessagesOut,
        responses={200: _STREAM},
    )
    every, one = "/api/v1/messages/async", "/api/v1/messages/async/{reply_id}"
    add(every, async_messages.request_later, methods=["POST"], status_code=accepted)
    add(one, async_messages.get_request)
    add(one, async_messages.cancel_request, methods=["DELETE"], status_code=gone)
    add("/api/v1/webhooks", webhooks.list_webhooks)
    add("/api/v1/webhooks", webhooks.create_webhook, methods=["POST"], status_code=created)
    batch_errors: dict[int | str, dict[str, Any]] = {400: {"model": BatchErrorBody}}
    every, one = "/api/v1/agents", "/api/v1/agents/{agent_id}"
    add(every, agents.list_agents)
    add(every, agents.create_agent, methods=["POST"], status_code=created)
    add(
        f"{every}/batch",
        agents.create_agents,
        methods=["POST"],
        status_code=created,
        responses=batch_errors,
    )
    add(one, agents.get_agent)
    add(one, agents.change_agent, methods=["PUT"])
    add(one, agents.delete_agent, methods=["DELETE"], status_code=gone)
    every, one = "/api/v1/contexts", "/api/v1/contexts/{context_id}"
    add(every, contexts.list_contexts)
    add(every, contexts.create_context, methods=["POST"], status_code=created)
    add(one, contexts.get_context)
    add(one, contexts.change_context, methods=["PUT"])
    add(one, contexts.delete_context, methods=["DELETE"], status_code=gone)
    return router


def _create(settings: Settings) -> FastAPI:
    app = dialect_app(
        "Answerdesk: Novaro's API",
        WIRE,
        # The rows of a batch are read one by one.
        models=(AgentBody,),
        openapi_tags=[{"name": _TAG, "description": "Novaro's API: stateless responses."}],
        generate_unique_id_function=operation_ids({_TAG: "novaro_"}),
    )
    app.add_exception_handler(AgentsInvalid, _batch_refused)
    add_routers(app, _router(settings))
    return app


NOVARO: Final = DialectApp(
    name="novaro",
    paths=(
        "/api/v1/auth/verify",
        "/api/v1/messages/*",
        "/api/v1/webhooks/*",
        "/api/v1/agents/*",
        "/api/v1/contexts/*",
    ),
    key_prefix=None,
    chat_field=None,
    wire=WIRE,
    needs_no_key=_needs_no_key,
    create=_create,
)
