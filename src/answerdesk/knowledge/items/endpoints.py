"""The native API of the Q&A items: single items, import and export."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.etag import ReadTagOf, WriteTagOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import PagingOf
from answerdesk.core.web.text import CleanText, storable_file_name
from answerdesk.knowledge.dependencies import IngestionOf, ParsingOf, Shelf, ShelfOf
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.items import exporting, importing
from answerdesk.knowledge.items.dependencies import (
    ItemsRead,
    ItemsWrite,
    ReadingShelfOf,
    open_items,
)
from answerdesk.knowledge.items.errors import import_invalid, item_not_found
from answerdesk.knowledge.items.exporting import MEDIA_TYPES, ExportFormat
from answerdesk.knowledge.items.schemas import (
    CategoryList,
    CategoryOut,
    ImportedItemOut,
    ImportOut,
    ItemExport,
    ItemIn,
    ItemList,
    ItemOut,
)
from answerdesk.knowledge.items.service import ingest_now
from answerdesk.knowledge.items.types import (
    CATEGORY_LENGTH,
    MOST_ROWS,
    ORDER,
    TAG_LENGTH,
    Candidates,
    Item,
    ItemFilter,
    Place,
    StoredItem,
)
from answerdesk.knowledge.types import ITEM_PREFIX

_QUERY_LENGTH: Final = 200
_FORM: Final = "multipart/form-data"
_IMPORT_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["items"],
                    "additionalProperties": False,
                    "properties": {
                        "items": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MOST_ROWS,
                            "items": {"$ref": "#/components/schemas/ItemIn"},
                        }
                    },
                }
            },
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "CSV or JSON with `question`, `answer`, and optionally "
                            "`category` and `tags`.",
                        }
                    },
                }
            },
        },
    }
}
_EXPORT_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "model": ItemExport,
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; their bodies have at most `max_file_bytes`."""
    router = APIRouter(tags=["knowledge"], route_class=bounded_route(settings.max_file_bytes))
    base = "/v1/projects/{project_id}/items"
    one = f"{base}/{{item_id}}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route(base, list_items)
    router.add_api_route(base, add_item, methods=["POST"], status_code=created)
    router.add_api_route(
        f"{base}/import", import_items, methods=["POST"], openapi_extra=_IMPORT_BODY
    )
    # Before the route that would take `categories` and `export` for ids.
    router.add_api_route(f"{base}/categories", list_item_categories)
    router.add_api_route(
        f"{base}/export",
        export_items,
        response_class=StreamingResponse,
        responses=_EXPORT_ANSWER,
    )
    router.add_api_route(one, get_item)
    router.add_api_route(one, put_item, methods=["PUT"], responses=problems(409))
    router.add_api_route(one, delete_item, methods=["DELETE"], status_code=gone)
    return router


def _id(text: str) -> UUID:
    value = parse_public_id(ITEM_PREFIX, text)
    if value is None:
        raise item_not_found()
    return value


def _shown(item: Item, tell: Callable[[int], None]) -> ItemOut:
    """Show an item and set its ETag, except while pending: it then changes without a version."""
    if item.status != "pending":
        tell(item.version)
    return ItemOut.of(item)


async def list_items(
    project_id: str,
    items: ItemsRead,
    page: PagingOf,
    category: Annotated[
        CleanText | None,
        Query(
            max_length=CATEGORY_LENGTH,
            description="Only items in this category; if empty, only items without a category.",
        ),
    ] = None,
    tag: Annotated[CleanText | None, Query(max_length=TAG_LENGTH)] = None,
    query: Annotated[
        CleanText | None,
        Query(
            max_length=_QUERY_LENGTH, description="Text that the question or the answer contains."
        ),
    ] = None,
) -> ItemList:
    """List a project's Q&A items, oldest first."""
    only = ItemFilter(category, tag, query)
    of = f"items:{project_id}:{only!r}"
    found = await items.page(only, page.after(of, *ORDER), page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    return ItemList(items=[ItemOut.of(one) for one in shown], next_cursor=cursor)


async def list_item_categories(project_id: str, items: ItemsRead, page: PagingOf) -> CategoryList:
    """List the categories of a project's Q&A items by name, each with its number of items."""
    of = f"item-categories:{project_id}"
    after = page.after(of, str)
    found = await items.categories(after[0] if after else "", page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.category,))
    return CategoryList(
        items=[CategoryOut(category=one.category, count=one.count) for one in shown],
        next_cursor=cursor,
        uncategorised=await items.uncategorised(),
    )


async def get_item(item_id: str, items: ItemsRead, reading: ReadTagOf) -> ItemOut:
    """Show one Q&A item and whether it is already searchable."""
    return _shown(await items.get(_id(item_id)), reading.tell)


async def add_item(
    body: ItemIn, shelf: ShelfOf, ingestion: IngestionOf, writing: WriteTagOf
) -> ItemOut:
    """Add a question with its answer; it is searchable when this returns.

    If an item with the same question and answer exists, it is returned unchanged.
    """
    async with open_items(shelf) as items:
        stored = await items.add(body.draft())
    return _shown(await _searchable(shelf, ingestion, stored), writing.tell)


async def put_item(
    item_id: str, body: ItemIn, shelf: ShelfOf, ingestion: IngestionOf, writing: WriteTagOf
) -> ItemOut:
    """Replace an item; the change is searchable when this returns.

    Omitted fields are cleared: without `category`, the item no longer has one. Changing only
    category and tags embeds nothing. 409 `item_exists` names another item with the same question
    and answer.
    """
    async with open_items(shelf) as items:
        stored = await items.change(_id(item_id), body.draft(), writing.expected)
    return _shown(await _searchable(shelf, ingestion, stored), writing.tell)


async def _searchable(shelf: Shelf, ingestion: Ingestion, stored: StoredItem) -> Item:
    """Ingest a stored item, outside a transaction, and return its present state."""
    if stored.to_ingest:
        await ingest_now(ingestion, shelf.account_id, stored.id)
    async with open_items(shelf) as items:
        return await items.get(stored.id)


async def delete_item(item_id: str, items: ItemsWrite, writing: WriteTagOf) -> None:
    """Remove an item from the answers."""
    await items.remove(_id(item_id), writing.expected)


async def import_items(request: Request, shelf: ShelfOf, parsing: ParsingOf) -> ImportOut:
    """Import many items, all or none: as JSON, or as a CSV or JSON file.

    Send a file as the field `file` of a form (`multipart/form-data`), with at most 10,000 rows; the
    first row of a CSV file names the columns. If rows are invalid, nothing is imported (422
    `rows_invalid`): `errors` lists the first 100 faults by row, `error_count` is their total. JSON
    rows count from 1, table rows as a spreadsheet numbers them. A row with the question and answer
    of an existing item, or of an earlier row, stands for that item. New items become searchable in
    the background; only they count against the plan.
    """
    drafts = importing.checked(await _candidates(request, parsing))
    async with open_items(shelf) as items:
        imported = await items.add_many(drafts)
    return ImportOut(
        items=[ImportedItemOut.of(one) for one in imported],
        created=sum(one.created for one in imported),
    )


async def _candidates(request: Request, parsing: ParsingProcess) -> Candidates:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        return importing.candidates_of_json(await request.body())
    if media_type != _FORM:
        raise import_invalid(f"An import must be application/json, or {_FORM} with a file")
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or len(form) != 1:
            raise import_invalid("The form must have one field, `file`, with a CSV or JSON file")
        name = storable_file_name(file.filename)
        return await importing.candidates_of_file(parsing, await file.read(), name)


async def export_items(
    shelf: ReadingShelfOf,
    form: Annotated[ExportFormat, Query(alias="format", description="The file format.")] = "json",
) -> Response:
    """Export all items as one file. Importing it again adds nothing new.

    CSV is UTF-8 and opens in a spreadsheet. A cell that a spreadsheet would treat as a formula gets
    a leading apostrophe, which an import removes again.
    """

    async def read(place: Place, limit: int) -> Sequence[Item]:
        async with open_items(shelf) as items:
            return await items.page(ItemFilter(), place, limit)

    pages = exporting.pages(read)
    # Refusals must be raised before the response begins.
    first = await anext(pages, None)
    file = exporting.write(form, _with_first(first, pages))
    name = f"questions-and-answers.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(file, media_type=MEDIA_TYPES[form], headers=headers)


async def _with_first(
    first: Sequence[Item] | None, others: AsyncIterator[Sequence[Item]]
) -> AsyncIterator[Sequence[Item]]:
    if first is not None:
        yield first
        async for page in others:
            yield page
