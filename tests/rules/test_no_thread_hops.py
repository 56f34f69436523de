"""Nothing on a request's way takes a thread that needs none.

FastAPI runs every plain `def` (an endpoint, a dependency, a class, a handler of errors) in a pool
of 40 threads: a hop there and back for each, and a queue for all requests once 40 are at work.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts

from answerdesk.entrypoints.asgi import create_app
from tests.rules.tree import expect_none

NEEDS_A_THREAD: Mapping[str, str] = {}
"""What blocks and has no other way, by its qualified name, each with its reason."""


def apps(app: FastAPI) -> Iterator[FastAPI]:
    """Yield the application and those of its dialects."""
    yield app
    for middleware in app.user_middleware:
        mounted: dict[str, Any] = middleware.kwargs.get("mounted", {})  # type: ignore[assignment]
        yield from (one.app for one in mounted.values())


def called(app: FastAPI) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield all that requests of an app run through, with where it stands."""
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        for call in () if dependant is None else _calls(dependant):
            yield str(context.path), call
    for handler in app.exception_handlers.values():
        yield "handler of errors", handler


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for one in dependant.dependencies:
        yield from _calls(one)


def name_of(call: Callable[..., Any]) -> str:
    """Return the name by which `NEEDS_A_THREAD` knows a callable."""
    kind = call if hasattr(call, "__qualname__") else type(call)
    return f"{kind.__module__}.{kind.__qualname__}"


def takes_a_thread(call: Callable[..., Any]) -> bool:
    """Tell whether FastAPI would run this in its pool of threads."""
    forms = [call]
    if not inspect.isroutine(call) and not inspect.isclass(call):
        forms.append(type(call).__call__)
    return not any(
        inspect.iscoroutinefunction(form) or inspect.isasyncgenfunction(form) for form in forms
    )


def problems(app: FastAPI) -> Iterator[str]:
    """Report what would take a thread, each once."""
    seen = set()
    for where, call in called(app):
        name = name_of(call)
        if takes_a_thread(call) and name not in NEEDS_A_THREAD and name not in seen:
            seen.add(name)
            yield f"{name} ({where}): make it `async def`, or say in NEEDS_A_THREAD why it blocks"


def test_no_request_hops_through_a_thread() -> None:
    expect_none(problem for app in apps(create_app()) for problem in problems(app))


def test_each_exception_is_still_needed() -> None:
    names = {
        name_of(call)
        for app in apps(create_app())
        for _, call in called(app)
        if takes_a_thread(call)
    }
    assert set(NEEDS_A_THREAD) <= names


class Thing:
    """A class is called in a thread like any other plain callable."""


def plain() -> int:
    return 1


def plain_generator() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize("call", [Thing, plain, plain_generator])
def test_a_plain_dependency_is_reported_wherever_it_hangs(call: Callable[..., Any]) -> None:
    async def between(_: Annotated[Any, Depends(call)]) -> None:
        return None

    async def endpoint(_: Annotated[None, Depends(between)]) -> None:
        return None

    app = FastAPI()
    app.add_api_route("/", endpoint)
    assert len(list(problems(app))) == 1


def test_a_plain_endpoint_and_a_plain_handler_of_errors_are_reported() -> None:
    def handle(_: Request, error: Exception) -> Response:
        return Response(str(error))

    app = FastAPI()
    app.add_api_route("/", plain)
    app.add_exception_handler(KeyError, handle)
    assert len(list(problems(app))) == 2
