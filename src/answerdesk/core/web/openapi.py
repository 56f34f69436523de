"""The OpenAPI description of the native API: what FastAPI knows, and what it cannot know.

Each operation gets a stable id (its handler's name), the problem-details schema for every error
that it can return, the `Idempotency-Key` if it accepts one, and examples.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel

from answerdesk.core.web import idempotency

Schema = dict[str, Any]

PROBLEM_TYPE: Final = "application/problem+json"
_PROBLEM: Final[Schema] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457). `code` is stable, `detail` is for people.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:answerdesk:problem:project_not_found"]},
        "title": {"type": "string", "examples": ["Not Found"]},
        "status": {"type": "integer", "examples": [404]},
        "code": {"type": "string", "examples": ["project_not_found"]},
        "detail": {"type": "string", "examples": ["Project not found"]},
        "errors": {
            "description": "Only for imports: what is wrong with which row, first hundred.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["row", "field", "message"],
                "properties": {
                    "row": {"type": "integer"},
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "error_count": {
            "description": "Only for imports: total number of errors.",
            "type": "integer",
        },
        "suggestion": {
            "description": "What was probably meant, such as an address with its `https://`.",
            "type": "string",
        },
    },
}
_MEANING: Final[Mapping[int, str]] = {
    400: "The body cannot be read.",
    401: "The credential is missing or not valid.",
    403: "The credential does not allow this, or a limit of the plan is reached.",
    404: "It does not exist, or it is not yours.",
    409: "The current state does not allow this, or the same request is already in progress.",
    412: "It has changed since you read it.",
    413: "The body is too large.",
    422: "Something in the request is wrong; `detail` names it.",
    429: "Too many requests. `Retry-After` says in how many seconds to try again.",
    500: "Something went wrong here; it has been logged.",
    503: "Something that this needs is unavailable. Try again later.",
}
_TO_SCHEMAS: Final = "#/components/schemas/"
_METHODS: Final = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Description:
    """The hand-written parts of an API's description: text, ordered tags, examples by schema."""

    text: str
    tags: Mapping[str, str]
    examples: Mapping[str, Any] = field(default_factory=dict)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return a route's `responses` for errors that its signature does not show."""
    return {status: {"description": _MEANING[status]} for status in statuses}


def error_responses(
    model: type[BaseModel], meanings: Mapping[int, str]
) -> dict[int | str, dict[str, Any]]:
    """Return a router's `responses` for errors that all have the same body.

    FastAPI builds a validator for every model at every route, which is most of what a start takes.
    So only the first status names the model, and the others refer to its schema.
    """
    schema = {"schema": {"$ref": f"{_TO_SCHEMAS}{model.__name__}"}}
    return {
        status: {
            "description": meaning,
            **({"content": {"application/json": schema}} if number else {"model": model}),
        }
        for number, (status, meaning) in enumerate(meanings.items())
    }


def describe_api(
    app: FastAPI, description: Description, also: Mapping[str, FastAPI] | None = None
) -> None:
    """Make `app` serve its description at `/openapi.json`.

    It includes the operations of the applications in `also`, whose keys begin their schemas' names.
    """

    def openapi() -> Schema:
        if app.openapi_schema is None:
            schema = _described(app, description)
            for name, other in (also or {}).items():
                _include(schema, other.openapi(), name)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # As FastAPI's manual recommends.


def _include(schema: Schema, other: Schema, name: str) -> None:
    """Add another description's operations, schemas and tags. Raises ValueError for a clash."""
    renamed: Schema = _renamed(other, name)
    schemas = {f"{name}{key}": one for key, one in renamed["components"]["schemas"].items()}
    ids = {one["operationId"] for _, _, one in _operations(schema)}
    clashes = [
        *(schema["paths"].keys() & renamed["paths"].keys()),
        *(schema["components"]["schemas"].keys() & schemas.keys()),
        *(ids & {one["operationId"] for _, _, one in _operations(renamed)}),
    ]
    if clashes:
        raise ValueError(f"described twice: {', '.join(clashes)}")
    schema["paths"].update(renamed["paths"])
    schema["components"]["schemas"].update(schemas)
    schema["tags"].extend(renamed.get("tags", []))


def _renamed(part: Any, name: str) -> Any:  # noqa: ANN401  # Any JSON.
    """Return a copy whose references to schemas name them with `name` before."""
    if isinstance(part, list):
        return [_renamed(one, name) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: value.replace(_TO_SCHEMAS, f"{_TO_SCHEMAS}{name}")
        if key == "$ref" and isinstance(value, str)
        else _renamed(value, name)
        for key, value in part.items()
    }


def operation_ids(prefixes: Mapping[str, str]) -> Callable[[APIRoute], str]:
    """Return a function that names operations by their handlers and their tag's prefix, if any."""

    def named(route: APIRoute) -> str:
        return "".join(prefixes.get(str(tag), "") for tag in route.tags) + route.name

    return named


def _described(app: FastAPI, description: Description) -> Schema:
    schema = get_openapi(
        title=app.title, version=app.version, description=description.text, routes=app.routes
    )
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    components["responses"] = {_response_name(status): _response(status) for status in _MEANING}
    seen: set[str] = set()
    for path, method, operation in _operations(schema):
        _complete(path, method, operation)
        if operation["operationId"] in seen:
            msg = f"two operations have the id {operation['operationId']}; rename a handler"
            raise ValueError(msg)
        seen.add(operation["operationId"])
    for name, example in description.examples.items():
        if name in schemas:
            schemas[name]["examples"] = [example]
    used = {tag for _, _, one in _operations(schema) for tag in one.get("tags", [])}
    schema["tags"] = [
        {"name": name, "description": text}
        for name, text in description.tags.items()
        if name in used
    ]
    schema["servers"] = [{"url": "/", "description": "This installation"}]
    return schema


def _operations(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Yield the path, method and description of each operation."""
    for path, item in schema["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _complete(path: str, method: str, operation: Schema) -> None:
    words = operation["operationId"].replace("_", " ").replace("api key", "API key")
    operation["summary"] = words[0].upper() + words[1:]
    parameters: list[Schema] = operation.setdefault("parameters", [])
    creates = method == "post" and "201" in operation["responses"]
    parameters[:] = [
        _header(one)
        for one in parameters
        if not (creates and one["name"].lower() == "if-match")  # There is nothing to match yet.
    ]
    if method == "post" and _is_callers(operation):
        parameters.append(_IDEMPOTENCY_KEY)
    if not parameters:
        del operation["parameters"]
    responses = operation["responses"]
    responses.pop("422", None)
    told = {int(status) for status in responses if int(status) in _MEANING}
    for status in sorted(told | set(_statuses(path, method, operation))):
        responses[str(status)] = _reference(status)
    if _has_header(operation, "If-None-Match"):
        responses["304"] = {"description": "You have the current version.", "headers": _ETAG}
    if _has_header(operation, "If-None-Match") or _has_header(operation, "If-Match"):
        responses["200" if "200" in responses else min(responses)].setdefault("headers", _ETAG)


def _statuses(path: str, method: str, operation: Schema) -> Iterator[int]:
    yield from (500, 503)
    if operation.get("security"):
        yield from (401, 403, 429)
    if "{" in path:
        yield 404
    if operation.get("parameters") or "requestBody" in operation:
        yield 422
    if "requestBody" in operation:
        yield from (400, 413)
    if method == "post" and _is_callers(operation):
        yield 409
    if _has_header(operation, "If-Match"):
        yield 412


def _is_callers(operation: Schema) -> bool:
    """Tell whether the operation requires a scope: only such operations claim keys."""
    return any(scopes for one in operation.get("security", []) for scopes in one.values())


def _has_header(operation: Schema, name: str) -> bool:
    return any(one["name"] == name for one in operation.get("parameters", []))


def _header(parameter: Schema) -> Schema:
    """Write a header's name in its usual capitalisation."""
    if parameter["in"] != "header":
        return parameter
    return {**parameter, "name": parameter["name"].title()}


_IDEMPOTENCY_KEY: Final[Schema] = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": "Your own unique name for this request. If you send it again with the same name "
    "within 24 hours, it is not done again and gets the same response.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": idempotency.LONGEST,
        "pattern": "^[!-~]+$",
    },
}
_ETAG: Final[Schema] = {
    "ETag": {"description": "The version of the response.", "schema": {"type": "string"}}
}


def _response_name(status: int) -> str:
    return "".join(word.title() for word in HTTPStatus(status).phrase.replace("-", " ").split())


def _reference(status: int) -> dict[str, Any]:
    return {"$ref": f"#/components/responses/{_response_name(status)}"}


def _response(status: int) -> Schema:
    response: Schema = {
        "description": _MEANING[status],
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        retry = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
        response["headers"] = {"Retry-After": retry}
    if status == HTTPStatus.UNAUTHORIZED:
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return response
