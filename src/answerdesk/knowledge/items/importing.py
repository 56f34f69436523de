"""Turns the body of an import into drafts; checks every row before anything is stored."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import ValidationError

from answerdesk.core.faults import faults as told
from answerdesk.core.faults import position
from answerdesk.knowledge.ingestion.parse.media_types import media_type_of
from answerdesk.knowledge.ingestion.parse.question_rows import QuestionRow
from answerdesk.knowledge.ingestion.sandbox.process import Operation, ParsingProcess
from answerdesk.knowledge.items.errors import RowsInvalid, import_invalid
from answerdesk.knowledge.items.file_rows import FileRows
from answerdesk.knowledge.items.schemas import ItemIn
from answerdesk.knowledge.items.types import (
    MOST_FILE_ROWS,
    MOST_ROWS,
    Candidate,
    Candidates,
    ItemDraft,
    RowFault,
)

_READ: Final = Operation("answerdesk.knowledge.items.file_rows:read_file_rows", FileRows)


def candidates_of_json(body: bytes) -> Candidates:
    """Read `{"items": […]}`, with rows counted from 1; raise InvalidInput for anything else."""
    try:
        value = json.loads(body)
    except json.JSONDecodeError as error:
        where = position(error.doc, error.pos)
        raise import_invalid(f"The body is not valid JSON; see {where}") from error
    except UnicodeDecodeError as error:
        message = f"The body is not UTF-8 text; see its byte {error.start + 1:,}"
        raise import_invalid(message) from error
    except (ValueError, RecursionError) as error:
        # A number with thousands of digits, or thousands of nested lists.
        raise import_invalid("The body's JSON is too large or too deep to be read") from error
    rows = value.get("items") if isinstance(value, dict) and value.keys() == {"items"} else None
    if not isinstance(rows, list):
        raise import_invalid('The body must have the form {"items": [{"question": …}, …]}')
    _require_number(len(rows), MOST_ROWS)
    return Candidates([Candidate(row, fields) for row, fields in enumerate(rows, start=1)])


async def candidates_of_file(parsing: ParsingProcess, content: bytes, name: str) -> Candidates:
    """Read the rows of a file; raise InvalidInput if it is not a table of items.

    Raises ParsingUnavailable if the machine is too busy to read it while the client waits.
    """
    found = await parsing.run(
        _READ, content, media_type_of(name), name, name=name, patience=parsing.patience
    )
    faults = [RowFault(error.row, error.field, error.message) for error in found.errors]
    _require_number(len(found.rows) + len({fault.row for fault in faults}), MOST_FILE_ROWS)
    return Candidates([Candidate(row.row, _fields(row)) for row in found.rows], faults)


def _fields(row: QuestionRow) -> dict[str, object]:
    return {
        "question": row.question,
        "answer": row.answer,
        "category": row.category,
        "tags": [*row.tags],
    }


def _require_number(rows: int, most: int) -> None:
    if not 1 <= rows <= most:
        raise import_invalid(f"An import must have 1 to {most:,} rows; this one has {rows:,}")


def checked(candidates: Candidates) -> Sequence[ItemDraft]:
    """Return the rows as drafts; raise RowsInvalid with the faults of each row."""
    drafts: list[ItemDraft] = []
    faults = [*candidates.faults]
    for candidate in candidates.rows:
        try:
            drafts.append(ItemIn.model_validate(candidate.fields).draft())
        except ValidationError as error:
            faults += _faults(candidate.row, error)
    if faults:
        faults.sort(key=lambda fault: fault.row)
        rows = len(candidates.rows) + len({fault.row for fault in candidates.faults})
        raise RowsInvalid(faults, rows)
    return drafts


def _faults(row: int, error: ValidationError) -> Iterator[RowFault]:
    for fault in told(error.errors(), whole="row", model=ItemIn):
        yield RowFault(row, fault.field, fault.text)
