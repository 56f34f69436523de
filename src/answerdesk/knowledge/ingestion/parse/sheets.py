"""Sheets: rows of cells as text, whatever file format they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument

MOST_CELLS: Final = 500_000
"""Maximum non-empty cells of a file."""
MOST_COLUMNS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells, and its number as a spreadsheet shows it."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's non-empty rows in order; `name` is "" if it has none."""

    name: str
    rows: Sequence[Row]


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
