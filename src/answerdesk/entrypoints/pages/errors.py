"""Error pages for people, if a browser asks for one.

Programs get problem details. Every client of a path in `_FOR_PROGRAMS` counts as a program.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from answerdesk.core.errors import DomainError
from answerdesk.core.web.request_id import request_id_of
from answerdesk.entrypoints.pages.responses import Markup, element, fill, join, page

_FOR_PROGRAMS: Final = ("/v1", "/openapi.json", "/progress", "/healthz", "/readyz")
_KEPT: Final = ("allow", "retry-after")
_WAYS: Final = (
    ("Ask a question", "/"),
    ("Answer visitors", "/app/inbox"),
    ("Manage the knowledge", "/app/knowledge"),
    ("Manage the webhooks", "/app/settings/webhooks"),
    ("Settings and API keys", "/app/settings/general"),
    ("Your account", "/app/settings/profile"),
    ("For developers", "/developers/docs"),
)
_AGAIN: Final = ("Try again", "")

Handler = Callable[[Request, Any], Awaitable[Response]]


def answer_people_with_pages(app: FastAPI) -> None:
    """Wrap the error handlers to show pages to browsers. Call it after adding all handlers."""
    for kind in (HTTPException, DomainError, RequestValidationError, Exception):
        app.add_exception_handler(kind, _for_people(app.exception_handlers[kind]))


def _for_people(handler: Any) -> Handler:  # noqa: ANN401  # As the framework types them.
    async def answer(request: Request, error: Exception) -> Response:
        response: Response = await handler(request, error)
        if response.status_code < HTTPStatus.BAD_REQUEST or not _is_for_a_person(request):
            return response
        shown = _page(request, error, response.status_code)
        for name in _KEPT:
            if name in response.headers:
                shown.headers[name] = response.headers[name]
        return shown

    return answer


def _is_for_a_person(request: Request) -> bool:
    """Tell a browser that opens a page from a program: its `Accept` header names HTML."""
    path = request.url.path
    if any(path == one or path.startswith(f"{one}/") for one in _FOR_PROGRAMS):
        return False
    taken = request.headers.get("accept", "").lower().split(",")
    return any(one.partition(";")[0].strip() == "text/html" for one in taken)


def _page(request: Request, error: Exception, status: int) -> Response:
    title, text = _told(request, error, status)
    ways = (_AGAIN, *_WAYS) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _WAYS
    links = join(element("li", element("a", name, href=address)) for name, address in ways)
    return page(title, fill("error.html", title=title, text=text, links=links), status=status)


def _told(request: Request, error: Exception, status: int) -> tuple[str, str | Markup]:
    match status:
        case HTTPStatus.NOT_FOUND:
            return (
                "There is no such page",
                "Nothing is at this address. It may be misspelled, or the page was removed.",
            )
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return (
                "This page does not accept that",
                "This address does not accept what your browser sent. Try one of these pages.",
            )
        case HTTPStatus.SERVICE_UNAVAILABLE:
            said = error.message if isinstance(error, DomainError) else "A part of it is down"
            return "Answerdesk cannot answer right now", f"{said.rstrip('.')}."
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            number = request_id_of(request.scope)
            named = join((" It is logged as ", element("code", number), ".")) if number else ""
            return (
                "Something went wrong here",
                join(
                    (
                        "It is not your fault.",
                        named,
                        " Try again; if it happens again, tell the operator of this installation.",
                    )
                ),
            )
    said = error.message if isinstance(error, DomainError) else HTTPStatus(status).phrase
    return "This cannot be shown", f"{said.rstrip('.')}."
