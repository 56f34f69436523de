"""Nova Chat's knowledge base: items one by one, and both imports."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response, status
from fastapi.responses import JSONResponse

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.errors import InvalidInput
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.routing import add_routers
from answerdesk.dialects.novachat.dependencies import (
    PartOf,
    Workspace,
    WorkspaceOf,
    number_in_path,
    number_named,
)
from answerdesk.dialects.novachat.encoder import encode_item, encode_items
from answerdesk.dialects.novachat.schemas import (
    ERRORS,
    Imported,
    ItemOut,
    Named,
    Success,
)
from answerdesk.knowledge.dependencies import IngestionOf, Shelf
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.items import importing
from answerdesk.knowledge.items.dependencies import open_items
from answerdesk.knowledge.items.errors import RowsInvalid
from answerdesk.knowledge.items.service import ingest_now
from answerdesk.knowledge.items.types import (
    Candidate,
    Candidates,
    ImportedItem,
    Item,
    ItemDraft,
    StoredItem,
)

Reader = Annotated[Principal, needs("knowledge:read")]
Writer = Annotated[Principal, needs("knowledge:write")]
QueryId = Annotated[str | None, Query(alias="id", max_length=100)]
AnyJson = Annotated[Any, Body()]

_ITEMS: Final = "/nc-api/v1/knowledge_base/items"
_MOST_PUSHED: Final = 200
_MOST_IMPORTED: Final = 500
_NAMES: Final[Mapping[str, str]] = {"question": "title", "answer": "content"}
"""Our fields, as Nova Chat calls them."""

_ITEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 2000},
        "content": {"type": "string", "maxLength": 20_000},
        "category": {"type": ["string", "null"], "maxLength": 100},
        "tags": {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 50}},
    },
}

_PAIR_SCHEMA: Final = {
    "type": "object",
    "properties": {
        **{ours: _ITEM_SCHEMA["properties"][theirs] for ours, theirs in _NAMES.items()},
        **{name: _ITEM_SCHEMA["properties"][name] for name in ("category", "tags")},
    },
}
"""A row of an export from elsewhere, with our names."""


def _takes(schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def _rows_of(most: int, row: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "maxItems": most, "items": row}


def make_router(settings: Settings) -> APIRouter:
    """Make the routes. Bodies have at most `max_json_bytes`, imports `max_file_bytes`."""
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes), responses=ERRORS)
    one = f"{_ITEMS}/{{item_id}}"
    takes_item, put, delete = _takes(_ITEM_SCHEMA), ["PUT"], ["DELETE"]
    router.add_api_route(_ITEMS, list_items)
    router.add_api_route(
        _ITEMS,
        add_item,
        methods=["POST"],
        status_code=201,
        responses={200: {"model": ItemOut, "description": "It was there already."}},
        openapi_extra=takes_item,
    )
    router.add_api_route(_ITEMS, put_named_item, methods=put, openapi_extra=takes_item)
    router.add_api_route(_ITEMS, delete_named_item, methods=delete)
    router.add_api_route(one, get_item)
    router.add_api_route(one, put_item, methods=put, openapi_extra=takes_item)
    router.add_api_route(one, delete_item, methods=delete)
    uploads = APIRouter(route_class=bounded_route(settings.max_file_bytes), responses=ERRORS)
    pairs = _rows_of(_MOST_IMPORTED, {"anyOf": [_ITEM_SCHEMA, _PAIR_SCHEMA]})
    in_an_object = {"type": "object", "properties": {"items": pairs}, "required": ["items"]}
    uploads.add_api_route(
        f"{_ITEMS}/import",
        push_items,
        methods=["POST"],
        responses={200: {"model": list[ItemOut]}},
        openapi_extra=_takes(_rows_of(_MOST_PUSHED, _ITEM_SCHEMA)),
    )
    uploads.add_api_route(
        "/nc-api/v1/knowledge_base/import",
        import_items,
        methods=["POST"],
        responses={200: {"model": Imported}},
        openapi_extra=_takes({"anyOf": [pairs, in_an_object]}),
    )
    add_routers(router, uploads)
    return router


async def list_items(_: Reader, workspace: WorkspaceOf, part: PartOf) -> list[ItemOut]:
    """List the knowledge base's items, oldest first."""
    project = await workspace.project()
    if project is None:
        part.count(0)
        return []
    async with open_items(workspace.shelf(project)) as items:
        found = await items.part(part.offset, part.limit)
        part.count(await items.count())
    numbers = await workspace.numbers.of("item", [one.id for one in found])
    return encode_items(found, numbers)


async def get_item(item_id: str, _: Reader, workspace: WorkspaceOf) -> ItemOut:
    """Show an item."""
    shelf, value = await _find(workspace, number_in_path("item", item_id))
    async with open_items(shelf) as items:
        return encode_item(await items.get(value), int(item_id))


async def add_item(
    body: AnyJson,
    _: Writer,
    workspace: WorkspaceOf,
    ingestion: IngestionOf,
    response: Response,
) -> ItemOut:
    """Add an item; an identical one is returned as it is (200). It is searchable immediately."""
    draft = _draft(_fields(body))
    shelf = workspace.shelf(await workspace.own_project())
    async with open_items(shelf) as items:
        stored = await items.add(draft)
    if not stored.created:
        response.status_code = status.HTTP_200_OK
    item = await _searchable(shelf, ingestion, stored)
    return encode_item(item, await workspace.numbers.of_one("item", item.id))


async def put_item(
    item_id: str, body: AnyJson, _: Writer, workspace: WorkspaceOf, ingestion: IngestionOf
) -> ItemOut:
    """Change an item; what is left out stays."""
    return await _change(body, workspace, ingestion, item_id)


async def put_named_item(
    body: AnyJson,
    _: Writer,
    workspace: WorkspaceOf,
    ingestion: IngestionOf,
    item_id: QueryId = None,
) -> ItemOut:
    """Change the item that `?id=` or the body's `id` names; what is left out stays."""
    return await _change(body, workspace, ingestion, item_id)


async def _change(
    body: object, workspace: Workspace, ingestion: Ingestion, item_id: str | None
) -> ItemOut:
    fields = _fields(body)
    _draft({"question": "?", "answer": "?", **fields})  # The body is checked before the item.
    named = body.get("id") if isinstance(body, dict) else None
    number = number_named("item", item_id, named)
    shelf, value = await _find(workspace, number)
    async with open_items(shelf) as items:
        before = await items.get(value)
        now = {
            "question": before.question,
            "answer": before.answer,
            "category": before.category,
            "tags": [*before.tags],
        }
        stored = await items.change(value, _draft({**now, **fields}))
    return encode_item(await _searchable(shelf, ingestion, stored), number)


async def delete_item(
    item_id: str,
    _: Writer,
    workspace: WorkspaceOf,
    body: Annotated[Named | None, Body()] = None,
) -> Success:
    """Remove an item."""
    return await _remove(workspace, item_id, body)


async def delete_named_item(
    _: Writer,
    workspace: WorkspaceOf,
    item_id: QueryId = None,
    body: Annotated[Named | None, Body()] = None,
) -> Success:
    """Remove the item that `?id=` or the body's `id` names."""
    return await _remove(workspace, item_id, body)


async def _remove(workspace: Workspace, item_id: str | None, body: Named | None) -> Success:
    number = number_named("item", item_id, None if body is None else body.id)
    shelf, value = await _find(workspace, number)
    async with open_items(shelf) as items:
        await items.remove(value)
    return Success()


async def _find(workspace: Workspace, number: int) -> tuple[Shelf, UUID]:
    project = await workspace.known_project("item")
    return workspace.shelf(project), await workspace.numbers.id_of("item", number)


async def _searchable(shelf: Shelf, ingestion: Ingestion, stored: StoredItem) -> Item:
    """Ingest a stored item, outside a transaction, and return it."""
    if stored.to_ingest:
        await ingest_now(ingestion, shelf.account_id, stored.id)
    async with open_items(shelf) as items:
        return await items.get(stored.id)


async def push_items(body: AnyJson, _: Writer, workspace: WorkspaceOf) -> Any:  # noqa: ANN401  # A list, or a refusal.
    """Add 1 to 200 items, all or none; the response has one item per row, in their order.

    A row that is identical to an existing item, or to an earlier row, returns that item. New items
    become searchable in the background.
    """
    try:
        items = (await _import(body, workspace, _MOST_PUSHED))[1]
    except RowsInvalid as error:
        return _rows_refused(error)
    return items


async def import_items(body: AnyJson, _: Writer, workspace: WorkspaceOf) -> Any:  # noqa: ANN401  # As above.
    """Add 1 to 500 items, all or none, from an array or `{"items": […]}`.

    Each has a `title` (or `question`) and `content` (or `answer`).
    """
    rows = body.get("items") if isinstance(body, dict) else body
    try:
        created, items = await _import(rows, workspace, _MOST_IMPORTED)
    except RowsInvalid as error:
        return _rows_refused(error, imported=0, items=[])
    return Imported(imported=created, errors=[], items=items)


async def _import(rows: object, workspace: Workspace, most: int) -> tuple[int, list[ItemOut]]:
    """Store all rows or none; return how many items are new, and the item of each row."""
    if not isinstance(rows, list):
        raise InvalidInput("The body must be an array of items", code="import_invalid")
    if not 1 <= len(rows) <= most:
        raise InvalidInput(
            f"An import must have 1 to {most} items; this one has {len(rows):,}",
            code="import_invalid",
        )
    candidates = [Candidate(row, _row(given)) for row, given in enumerate(rows, start=1)]
    drafts = importing.checked(Candidates(candidates))
    async with open_items(workspace.shelf(await workspace.own_project())) as items:
        imported: Sequence[ImportedItem] = await items.add_many(drafts)
        found = await items.named([one.id for one in imported])
    numbers = await workspace.numbers.of("item", [*found])
    created = sum(one.created for one in imported)
    return created, encode_items((found[one.id] for one in imported), numbers)


def _rows_refused(error: RowsInvalid, **fields: object) -> JSONResponse:
    """Return the refusal of an import, with what is wrong in each row."""
    faults: Any = error.details["errors"]
    errors = [{**one, "field": _named(one["field"])} for one in faults]
    first = errors[0]
    message = (
        f"Nothing was imported, because rows are invalid; the first is row {first['row']}: "
        f"{first['field']} {first['message']}"
    )
    content = {"error": error.code, "message": message, **fields, "errors": errors}
    return JSONResponse(content, status.HTTP_400_BAD_REQUEST)


def _draft(fields: dict[str, object]) -> ItemDraft:
    try:
        return importing.checked(Candidates([Candidate(1, fields)]))[0]
    except RowsInvalid as error:
        faults: Any = error.details["errors"]
        told = "; ".join(f"{_named(one['field'])} {one['message']}" for one in faults)
        raise InvalidInput(told) from error


def _named(field: str) -> str:
    return _NAMES.get(field, field)


def _fields(body: object) -> dict[str, object]:
    """Return the item's fields that a body has, by our names; raises InvalidInput."""
    if not isinstance(body, dict):
        raise InvalidInput("The body must be an object with title and content")
    row = _row(body)
    assert isinstance(row, dict)  # noqa: S101  # As the body is one.
    return row


def _row(given: object) -> object:
    """Return the item's fields that a row has, by our names; anything else as it is."""
    if not isinstance(given, dict):
        return given
    fields: dict[str, object] = {}
    for ours, theirs in _NAMES.items():
        value = given.get(theirs, given.get(ours))
        if value is not None:
            fields[ours] = value
    if "category" in given:
        # Clients send "" for none.
        fields["category"] = given["category"] or None
    if "tags" in given:
        fields["tags"] = [] if given["tags"] is None else given["tags"]
    return fields
