"""Questions and answers in rows: a CSV or JSON file with one item per row.

The columns are `question`, `answer` and optionally `category` and `tags`; common other names for
them are recognised.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.knowledge.ingestion.parse.delimited import DELIMITED, read_delimited
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.json_records import records_of
from answerdesk.knowledge.ingestion.parse.media_types import JSON, JSON_LINES, resolve_by_content
from answerdesk.knowledge.ingestion.parse.questions import FIELDS, Field, field_of, tags_of
from answerdesk.knowledge.ingestion.parse.sheets import Sheet

_IGNORED: Final = frozenset({"", "id", "version", "created_at", "updated_at", "object"})
"""Columns that exports add to an item's own."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """An item; `row` is its number in the file.

    Table rows are numbered as in a spreadsheet (the header is row 1, empty rows count), JSON
    entries from 1. `category` is None if absent.
    """

    row: int
    question: str
    answer: str
    category: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row; `field` is the name of its column or key."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class QuestionRows:
    """A file's valid rows, and the errors of the other rows, both in order."""

    rows: tuple[QuestionRow, ...]
    errors: tuple[RowError, ...]


def read_rows(content: bytes, media_type: str, name: str) -> QuestionRows:
    """Read items from CSV, TSV, JSON or JSON lines.

    JSON is a list of objects, or an object that contains one such list. Empty rows are skipped.
    Tags are a list, or text separated by commas or semicolons. Raises UnreadableDocument if the
    file as a whole can't be read or lacks a column for questions or answers.
    """
    kind = resolve_by_content(content, media_type, name)
    if kind in DELIMITED:
        entries = _rows_of(read_delimited(content, kind, name), name)
    elif kind in (JSON, JSON_LINES):
        entries = list(enumerate(records_of(content, kind, name), start=1))
    else:
        raise UnreadableDocument(
            f"{name}: questions and answers can be imported from CSV or JSON; save it as either",
            reason="unsupported_type",
        )
    rows: list[QuestionRow] = []
    errors: list[RowError] = []
    for number, entry in entries:
        wrong = list(_errors(number, entry))
        errors.extend(wrong)
        if not wrong:
            rows.append(_row(number, entry))
    return QuestionRows(tuple(rows), tuple(errors))


def _rows_of(sheet: Sheet, name: str) -> list[tuple[int, Mapping[str, object]]]:
    """Return a table's rows, numbered, as mappings by column name."""
    if not sheet.rows:
        raise UnreadableDocument(f"{name}: the file has no rows", reason="empty")
    header = sheet.rows[0].cells
    _require_columns(header, name)
    return [
        (
            row.number,
            {
                column: cell
                for column, cell in _paired(header, row.cells)
                if cell or field_of(column)
            },
        )
        for row in sheet.rows[1:]
    ]


def _paired(header: Sequence[str], row: Sequence[str]) -> Iterator[tuple[str, str]]:
    for index, cell in enumerate(row):
        yield (header[index] if index < len(header) else f"column {index + 1}"), cell


def _require_columns(header: Sequence[str], name: str) -> None:
    fields = [field_of(column) for column in header]
    for needed in ("question", "answer"):
        if needed not in fields:
            raise UnreadableDocument(
                f'{name}: there is no column "{needed}"; the first row must name the columns:'
                f" {', '.join(FIELDS)}",
                reason="columns",
            )
        if fields.count(needed) > 1:
            raise UnreadableDocument(
                f'{name}: more than one column means "{needed}"; keep one of them',
                reason="columns",
            )


def _errors(number: int, entry: Mapping[str, object]) -> Iterator[RowError]:
    found: set[str] = set()
    for key, value in entry.items():
        field = field_of(key)
        if field is None:
            if key.strip().casefold() not in _IGNORED:
                known = ", ".join(FIELDS)
                yield RowError(number, key, f'"{key}" is unknown; an item has {known}')
            continue
        if field in found:
            yield RowError(number, key, f'"{key}" gives the {field} a second time')
        found.add(field)
        if message := _wrong(field, value):
            yield RowError(number, key, message)
    for needed in ("question", "answer"):
        if needed not in found:
            yield RowError(number, needed, "is missing")


def _wrong(field: Field, value: object) -> str | None:
    if field == "tags":
        return None if _is_tags(value) else "must be text or a list of texts"
    if not isinstance(value, str):
        return None if value is None and field == "category" else "must be text"
    return "is empty" if field != "category" and not value.strip() else None


def _is_tags(value: object) -> bool:
    return (
        value is None
        or isinstance(value, str)
        or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    )


def _row(number: int, entry: Mapping[str, object]) -> QuestionRow:
    fields = {field: value for key, value in entry.items() if (field := field_of(key))}
    category = str(fields.get("category") or "").strip()
    return QuestionRow(
        number,
        str(fields["question"]).strip(),
        str(fields["answer"]).strip(),
        category or None,
        tags_of(fields.get("tags")),
    )
