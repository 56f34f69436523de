"""A source that a dialect's program adds by one call: an address, a text, or a file in a form."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, Literal, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile

from answerdesk.core.errors import InvalidInput
from answerdesk.core.outbound import Outbound
from answerdesk.core.web.body import read_json
from answerdesk.core.web.text import FilledText, storable_file_name
from answerdesk.knowledge import intake
from answerdesk.knowledge.dependencies import Shelf
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.pages.types import Sync
from answerdesk.knowledge.sync.service import add_website
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import Source, SourceSettings

FORM_OVERHEAD: Final = 16 * 1024
"""Bytes that a form's body may have besides its file."""

_SYNC_HOURS: Final = 24


class RequestedSource(BaseModel):
    """A source to add: `url` with an address, or `text` with a title and content.

    A dialect adds the field that names the project. Unknown fields are ignored.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: Literal["url", "text"]
    url: Annotated[FilledText, Field(max_length=2000)] | None = None
    crawl: bool = Field(default=False, description="Read the whole site, not only this page.")
    title: Annotated[FilledText, Field(max_length=300)] | None = None
    content: FilledText | None = None


Body = TypeVar("Body", bound=RequestedSource)


def request_body(model: type[RequestedSource], project_field: str) -> dict[str, Any]:
    """Describe both forms of the body for OpenAPI (`openapi_extra`)."""
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            project_field: {"type": "string"},
        },
    }
    content = {
        "application/json": {"schema": model.model_json_schema()},
        "multipart/form-data": {"schema": form},
    }
    return {"requestBody": {"required": True, "content": content}}


async def add_requested_source(
    request: Request,
    model: type[Body],
    project_field: str,
    shelf_of: Callable[[str | None], Awaitable[Shelf]],
    parsing: ParsingProcess,
    outbound: Outbound,
) -> tuple[Source, Sync | None]:
    """Add what a request asks for; return the source and its last sync.

    `shelf_of` finds the knowledge by the request's `project_field`. Raises InvalidInput, and what
    `read_json` and adding raise.
    """
    if request.headers.get("content-type", "").startswith("multipart/"):
        return await _add_file(request, project_field, shelf_of, parsing), None
    body = _validated(model, await read_json(request))
    shelf = await shelf_of(getattr(body, project_field))
    if body.type == "url":
        source, last_sync, _ = await add_website(shelf.open, outbound, _website(body))
        return source, last_sync
    if body.title is None or body.content is None:
        raise InvalidInput("A text needs a title and content", code="text_incomplete")
    async with shelf.open() as knowledge:
        document = await intake.add_text(knowledge, body.title, body.content, "text")
        return await knowledge.source(document.source_id), None


async def _add_file(
    request: Request,
    project_field: str,
    shelf_of: Callable[[str | None], Awaitable[Shelf]],
    parsing: ParsingProcess,
) -> Source:
    async with request.form(max_files=1, max_fields=10) as form:
        file, project = form.get("file"), form.get(project_field)
        if not isinstance(file, UploadFile):
            raise InvalidInput("The form has no file; send it as `file`", code="file_missing")
        shelf = await shelf_of(project if isinstance(project, str) else None)
        name = storable_file_name(file.filename)
        document = await intake.add_file(shelf.open, parsing, name, await file.read())
    async with shelf.open() as knowledge:
        return await knowledge.source(document.source_id)


def _validated(model: type[Body], given: object) -> Body:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        ) from error


def _website(body: RequestedSource) -> NewSource:
    if body.url is None:
        raise InvalidInput("A source of the type url needs a url", code="url_missing")
    kind: Literal["page", "site"] = "site" if body.crawl else "page"
    return NewSource(kind, body.url, body.title, SourceSettings(), _SYNC_HOURS)
