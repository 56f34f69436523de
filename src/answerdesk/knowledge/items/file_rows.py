"""Reads the rows of an uploaded file, in the child process, and writes tags in one cell.

An export makes what a spreadsheet would treat as a formula text (`kit.spreadsheets`); an import
undoes that, so that a round trip changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from answerdesk.kit.spreadsheets import from_cell, to_cell
from answerdesk.knowledge.ingestion.parse.media_types import JSON, JSON_LINES, resolve_by_content
from answerdesk.knowledge.ingestion.parse.question_rows import QuestionRow, RowError, read_rows

COLUMNS: Final = ("question", "answer", "category", "tags")


def tags_cell(tags: Sequence[str]) -> str:
    """Write all tags in one cell, separated by semicolons."""
    return to_cell("; ".join(tags))


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of a file, and the errors of rows that are not items at all."""

    rows: tuple[QuestionRow, ...]
    errors: tuple[RowError, ...]


def read_file_rows(content: bytes, media_type: str, name: str) -> FileRows:
    """Read a CSV or JSON file of items; raise UnreadableDocument."""
    found = read_rows(content, media_type, name)
    # JSON can escape half of a surrogate pair, which neither UTF-8 nor the database can hold.
    broken = [row.row for row in found.rows if _has_half(row)]
    if broken:
        errors = [RowError(row, "row", "contains half of a surrogate pair") for row in broken]
        rows = tuple(row for row in found.rows if not _has_half(row))
        found = replace(found, rows=rows, errors=(*found.errors, *errors))
    if resolve_by_content(content, media_type, name) in (JSON, JSON_LINES):
        return FileRows(found.rows, found.errors)
    return FileRows(tuple(_from_cells(row) for row in found.rows), found.errors)


def _has_half(row: QuestionRow) -> bool:
    text = "".join((row.question, row.answer, row.category or "", *row.tags))
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _from_cells(row: QuestionRow) -> QuestionRow:
    return replace(
        row,
        question=from_cell(row.question),
        answer=from_cell(row.answer),
        category=None if row.category is None else from_cell(row.category),
        # All tags are in one cell, so only the first can carry the apostrophe.
        tags=(*(from_cell(tag) for tag in row.tags[:1]), *row.tags[1:]),
    )
