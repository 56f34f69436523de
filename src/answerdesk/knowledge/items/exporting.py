"""Writes all items of a project as one file, batch by batch as the client reads it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, Literal

from answerdesk.kit.spreadsheets import BYTE_ORDER_MARK, csv_lines, to_cell
from answerdesk.knowledge.items.file_rows import COLUMNS, tags_cell
from answerdesk.knowledge.items.types import Item, Place

ExportFormat = Literal["json", "csv"]
MEDIA_TYPES: Final[dict[ExportFormat, str]] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
_PAGE: Final = 500

ReadPage = Callable[[Place, int], Awaitable[Sequence[Item]]]
"""Reads up to a number of items after a place, in a transaction of its own."""


async def pages(read: ReadPage) -> AsyncIterator[Sequence[Item]]:
    """Yield all items in batches, oldest first; no transaction is open between two batches."""
    place: Place = None
    while found := await read(place, _PAGE):
        yield found
        if len(found) < _PAGE:
            return
        place = (found[-1].created_at, found[-1].id)


async def write(form: ExportFormat, found: AsyncIterator[Sequence[Item]]) -> AsyncIterator[bytes]:
    """Yield the file's bytes; importing the file again adds nothing."""
    writer = _csv if form == "csv" else _json
    async for part in writer(found):
        yield part.encode()


async def _json(found: AsyncIterator[Sequence[Item]]) -> AsyncIterator[str]:
    before = '{"items": [\n'
    async for page in found:
        yield before + ",\n".join(_row(item) for item in page)
        before = ",\n"
    yield '{"items": []}\n' if before != ",\n" else "\n]}\n"


def _row(item: Item) -> str:
    row = {
        "question": item.question,
        "answer": item.answer,
        "category": item.category,
        "tags": item.tags,
    }
    return json.dumps(row, ensure_ascii=False)


async def _csv(found: AsyncIterator[Sequence[Item]]) -> AsyncIterator[str]:
    yield BYTE_ORDER_MARK + csv_lines([COLUMNS])
    async for page in found:
        yield csv_lines(
            [
                (
                    to_cell(item.question),
                    to_cell(item.answer),
                    to_cell(item.category or ""),
                    tags_cell(item.tags),
                )
                for item in page
            ]
        )
