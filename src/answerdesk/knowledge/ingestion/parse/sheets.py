"""Sheets: rows of cells as text, whatever file format they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.tables import ACROSS

MOST_CELLS: Final = 500_000
"""Maximum non-empty cells of a file."""
MOST_COLUMNS: Final = 1_000
_WIDEST_MERGED: Final = 50
"""Maximum further columns of a merged cell: enough for a title across the sheet."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells, its number as a spreadsheet shows it, and whether its text is bold."""

    number: int
    cells: Sequence[str]
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's non-empty rows in order; `name` is "" if it has none."""

    name: str
    rows: Sequence[Row]


def merge_cells(rows: dict[int, list[str]], span: tuple[int, int], columns: tuple[int, int]) -> int:
    """Write a merged cell's text into all rows that it covers, and mark its further columns.

    `span` has the numbers of its first and last row, `columns` those of its columns from 0. Returns
    how many rows have been looked at.
    """
    (top, bottom), (left, right) = span, columns
    source = rows.get(top, [])
    text = source[left] if left < len(source) else ""
    if not text or right < left or bottom < top:
        return 0
    right = min(right, left + _WIDEST_MERGED, MOST_COLUMNS - 1)
    bottom = min(bottom, top + MOST_COLUMNS)
    for number in range(top, bottom + 1):
        cells = rows.get(number)
        if cells is not None:
            cells.extend([""] * (right + 1 - len(cells)))
            cells[left : right + 1] = [text, *[ACROSS] * (right - left)]
    return bottom + 1 - top


def too_many_cells(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: the file has more than {MOST_CELLS:,} cells; split it into smaller files",
        reason="too_large",
    )


def too_many_columns(name: str, row: int) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: row {row} has more than {MOST_COLUMNS:,} columns; a knowledge table has one"
        " entry per row: transpose it, or split it",
        reason="too_large",
    )
