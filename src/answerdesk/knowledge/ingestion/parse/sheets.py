"""Sheets: rows of cells as text, from whatever kind of file they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument

MOST_CELLS: Final = 500_000
"""Cells with something in them that are read of a file."""
MOST_COLUMNS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells, and its number as a spreadsheet shows it."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows in order, without the empty ones; `name` is "" where it has none."""

    name: str
    rows: Sequence[Row]


def too_many_cells(name: str) -> UnreadableDocument:
    """Return the error for a file with more cells than are read."""
    return UnreadableDocument(
        f"{name}: the file has more than {MOST_CELLS:,} cells; part it into smaller files",
        reason="too_large",
    )


def too_many_columns(name: str, row: int) -> UnreadableDocument:
    """Return the error for a row with more columns than are read."""
    return UnreadableDocument(
        f"{name}: row {row} has more than {MOST_COLUMNS:,} columns; a table of knowledge has one"
        " thing a row: turn it round, or part it",
        reason="too_large",
    )
