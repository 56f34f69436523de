"""Sheets: rows of cells as text, from whatever kind of file they come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument

MOST_CELLS: Final = 500_000
"""Cells that are read of a file; also its rows, empty ones included, are no more than that."""
MOST_COLUMNS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows; `first` is the number of the first one, as a spreadsheet counts."""

    name: str
    rows: Sequence[Sequence[str]]
    first: int = 1

    def numbered(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Return the rows with their numbers."""
        return enumerate(self.rows, start=self.first)


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
