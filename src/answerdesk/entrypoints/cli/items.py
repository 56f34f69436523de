"""`answerdesk items …`: lists, imports and exports questions with their answers."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from answerdesk.bootstrap import working
from answerdesk.core.errors import DomainError, InvalidInput
from answerdesk.core.faults import Fault
from answerdesk.core.tenancy import public_id
from answerdesk.entrypoints.cli.intake.reading import make_display, read_file
from answerdesk.entrypoints.cli.output import (
    one_line,
    readable_name,
    write_error,
    write_file,
    write_note,
)
from answerdesk.entrypoints.cli.project_work import ProjectWork, Result, Shown, run_on_project
from answerdesk.entrypoints.cli.table import write_table
from answerdesk.knowledge.items import exporting, importing
from answerdesk.knowledge.items.errors import RowsInvalid
from answerdesk.knowledge.items.exporting import ExportFormat
from answerdesk.knowledge.items.schemas import ItemOut
from answerdesk.knowledge.items.service import Items
from answerdesk.knowledge.items.types import ImportedItem, Item, ItemFilter, Place
from answerdesk.knowledge.types import ITEM_PREFIX, Document

_STANDARD_OUTPUT: Final = "-"
_ROWS: Final = 500
_LOOK_SECONDS: Final = 0.3
_ANSWER_LENGTH: Final = 60


def run_list(
    category: str | None,
    tag: str | None,
    query: str | None,
    *,
    project: str | None,
    as_json: bool,
) -> None:
    async def work(on: ProjectWork) -> Result:
        only = ItemFilter(category, tag, query)
        found = [item async for page in _pages(on, only) for item in page]
        return Result({"items": [ItemOut.of(item).model_dump(mode="json") for item in found]})

    run_on_project(work, _write_list, project=project, as_json=as_json)


def run_import(file: str, *, project: str | None, as_json: bool) -> None:
    """Import the items of a file, wait until they are searchable, and exit."""

    async def work(on: ProjectWork) -> Result:
        limit = on.application.settings.max_file_bytes
        name = readable_name(file)
        try:
            content = await asyncio.to_thread(read_file, file, limit)
        except DomainError as error:
            raise InvalidInput(f"{name}: {error.message}", code=error.code) from error
        try:
            parsing = on.application.parsing
            found = await importing.candidates_of_file(parsing, content, Path(name).name)
            drafts = importing.checked(found)
        except RowsInvalid as error:
            return refused_rows(name, error, as_json=as_json)
        async with on.knowledge() as knowledge:
            imported = await Items(knowledge).add_many(drafts)
        failed = await _taken_in(on, imported, as_json=as_json)
        created = sum(one.created for one in imported)
        return Result(_imported(imported, created, failed), failed=bool(failed))

    run_on_project(work, _write_imported, project=project, as_json=as_json)


def run_export(
    file: str,
    form: ExportFormat | None,
    *,
    force: bool,
    project: str | None,
    as_json: bool,
) -> None:
    """Write all items to a file or standard output, and exit."""

    async def work(on: ProjectWork) -> Result:
        kind: ExportFormat = form or ("csv" if file.lower().endswith(".csv") else "json")
        written = exporting.write(kind, _pages(on, ItemFilter()))
        if file == _STANDARD_OUTPUT:
            async for part in written:
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
        else:
            await write_file(Path(file), written, force=force)
        return Result({"file": readable_name(file), "format": kind})

    def write(shown: Shown) -> None:
        if file != _STANDARD_OUTPUT:
            write_note(f"Wrote {shown['file']}.")

    # On standard output the items themselves are the result.
    run_on_project(work, write, project=project, as_json=as_json and file != _STANDARD_OUTPUT)


async def _pages(on: ProjectWork, only: ItemFilter) -> AsyncIterator[Sequence[Item]]:
    async def read(place: Place, limit: int) -> Sequence[Item]:
        async with on.knowledge() as knowledge:
            return await Items(knowledge).page(only, place, limit)

    async for page in exporting.pages(read):
        yield page


async def _taken_in(
    on: ProjectWork, imported: Sequence[ImportedItem], *, as_json: bool
) -> list[Document]:
    """Wait until imported items are searchable; return those that could not be ingested."""
    waiting = [*dict.fromkeys(one.id for one in imported if one.status == "pending")]
    total, chunks = len(waiting), 0
    failed: list[Document] = []
    display = make_display(terminal=sys.stderr.isatty(), as_json=as_json, things="questions")
    async with working(on.application):
        with display:
            while waiting:
                looked = waiting[:_ROWS]
                ended = {one.id: one for one in await _looked_at(on, looked)}
                # Don't wait for an item that was removed meanwhile.
                pending = [one for one in looked if one in ended and ended[one].status == "pending"]
                waiting = pending + waiting[_ROWS:]
                failed += [one for one in ended.values() if one.status == "failed"]
                chunks += sum(one.chunk_count for one in ended.values() if one.status == "ready")
                display.show(total - len(waiting), total, chunks)
                if pending:
                    await asyncio.sleep(_LOOK_SECONDS)
    return failed


async def _looked_at(on: ProjectWork, item_ids: Sequence[UUID]) -> Sequence[Document]:
    async with on.knowledge() as knowledge:
        return await knowledge.documents_by_id(item_ids)


def _imported(imported: Sequence[ImportedItem], created: int, failed: Sequence[Document]) -> Shown:
    return {
        "rows": len(imported),
        "created": created,
        "items": [
            {"id": public_id(ITEM_PREFIX, one.id), "created": one.created} for one in imported
        ],
        "failed": [
            {
                "id": public_id(ITEM_PREFIX, one.id),
                "code": one.error_code,
                "message": one.error,
            }
            for one in failed
        ],
    }


def refused_rows(name: str, error: RowsInvalid, *, as_json: bool) -> Result:
    """Return the result of an import of which no row was taken; tell people each fault."""
    if not as_json:
        write_error(f"{name}: {error.message}")
        faults = error.details["errors"]
        for fault in faults if isinstance(faults, list) else []:
            told = Fault(fault["field"], fault["message"])
            write_error(f"{name}: row {fault['row']}: {told}")
    details = {"code": error.code, "message": error.message, **error.details}
    return Result({"error": details}, failed=True)


def write_rows(shown: Shown) -> None:
    """Write how many rows an import had, and how many were new, unless it was refused."""
    if "error" in shown:
        return
    known = shown["rows"] - shown["created"]
    sys.stdout.write(f"{'Rows':<15} {shown['rows']:,}\n{'New':<15} {shown['created']:,}\n")
    if known:
        sys.stdout.write(f"{'Already there':<15} {known:,}\n")


def _write_imported(shown: Shown) -> None:
    write_rows(shown)
    for one in shown.get("failed", ()):
        write_error(f"{one['id']}: {one['message']}")


def _write_list(shown: Shown) -> None:
    if not shown["items"]:
        write_note("No question matches.")
        return
    write_table(
        [
            {
                "id": item["id"],
                "question": one_line(item["question"]),
                "answer": _shortened(one_line(item["answer"])),
                "category": one_line(item["category"] or ""),
                "tags": ", ".join(one_line(tag) for tag in item["tags"]),
            }
            for item in shown["items"]
        ]
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _ANSWER_LENGTH else f"{text[: _ANSWER_LENGTH - 1].rstrip()}…"
