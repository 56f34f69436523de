"""The tables of a sheet: what empty rows and empty columns part."""

from collections.abc import Iterator, Sequence
from typing import Final

from answerdesk.knowledge.ingestion.parse.markup import without_markup
from answerdesk.knowledge.ingestion.parse.sheets import Row, Sheet
from answerdesk.knowledge.ingestion.parse.tables import ACROSS, spread, starts_like_number

_DEEPEST: Final = 4
"""How often parts are parted again."""
_EMPTY: Final = ("", ACROSS)
_FEW: Final = 3
"""One of so many rows: text beside a table that is no column of it."""

Columns = tuple[int, int]
"""The first of adjacent columns, and the one after the last."""


def regions(sheet: Sheet, *, split: bool) -> Iterator[tuple[int, list[Sequence[str]]]]:
    """Yield each table's first column and its rows, without columns that are empty in all of them.

    Unless `split`, the sheet is one table.
    """
    rows = [
        Row(row.number, [without_markup(cell) for cell in row.cells], row.is_bold)
        for row in sheet.rows
    ]
    if split:
        yield from _parts(rows, 0, _DEEPEST)
    elif rows:
        yield 0, _without_empty_columns(rows)


def _parts(rows: Sequence[Row], left: int, depth: int) -> Iterator[tuple[int, list[Sequence[str]]]]:
    for block in _between_empty_rows(rows):
        columns = _side_by_side(block)
        if len(columns) < 2 or depth == 0:
            yield left + columns[0][0], _without_empty_columns(block)
            continue
        for start, end in columns:
            part = [Row(row.number, _cut(row.cells, start, end), row.is_bold) for row in block]
            yield from _parts([row for row in part if _has_text(row)], left + start, depth - 1)


def _between_empty_rows(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    start = 0
    for index in range(1, len(rows)):
        if rows[index].number > rows[index - 1].number + 1:
            yield rows[start:index]
            start = index
    if rows:
        yield rows[start:]


def _cut(cells: Sequence[str], start: int, end: int) -> Sequence[str]:
    """Return some of a row's cells; a cell that reaches into them is theirs, too."""
    part = list(cells[start:end])
    if part and part[0] == ACROSS:
        part[0] = spread(cells)[start]
    return part


def _has_text(row: Row) -> bool:
    return any(cell not in _EMPTY for cell in row.cells)


def _filled(rows: Sequence[Row]) -> list[bool]:
    filled = [False] * max(len(row.cells) for row in rows)
    for row in rows:
        for index, cell in enumerate(row.cells):
            if cell not in _EMPTY:
                filled[index] = True
    return filled


def _without_empty_columns(rows: Sequence[Row]) -> list[Sequence[str]]:
    kept = [index for index, is_filled in enumerate(_filled(rows)) if is_filled]
    found: list[Sequence[str]] = []
    for row in rows:
        cells = [row.cells[index] if index < len(row.cells) else "" for index in kept]
        if row.is_bold and len(cells) > 2 and cells[0] and not any(cells[1:]):
            # A name of the rows below it, set as if it went across.
            cells[1:] = [ACROSS] * (len(cells) - 1)
        found.append(cells)
    return found


def _side_by_side(rows: Sequence[Row]) -> list[Columns]:
    """Return the columns of each table among rows that no empty row parts."""
    found: list[Columns] = []
    for one in _runs(_filled(rows)):
        if found and not _are_apart(rows, found[-1], one):
            found[-1] = (found[-1][0], one[1])
        else:
            found.append(one)
    return found or [(0, 0)]


def _runs(filled: Sequence[bool]) -> Iterator[Columns]:
    start: int | None = None
    for index, is_filled in enumerate((*filled, False)):
        if is_filled and start is None:
            start = index
        elif not is_filled and start is not None:
            yield start, index
            start = None


def _are_apart(rows: Sequence[Row], left: Columns, right: Columns) -> bool:
    """Say whether the columns on both sides of empty ones are tables of their own.

    A table names its rows in its first column, so numbers alone go on with the table to their left.
    """
    if min(left[1] - left[0], right[1] - right[0]) < 2:
        return any(_is_aside(rows, one) for one in (left, right) if one[1] - one[0] < 2)
    if right[0] - left[1] > 1:
        return True
    first = _texts(rows, right[0])
    numbers = sum(1 for cell in first[1:] if starts_like_number(cell))
    return numbers * 2 <= len(first[1:]) or _repeats_names(rows, left, right)


def _is_aside(rows: Sequence[Row], column: Columns) -> bool:
    return len(_texts(rows, column[0])) * _FEW <= len(rows)


def _texts(rows: Sequence[Row], column: int) -> list[str]:
    cells = (row.cells[column] for row in rows if column < len(row.cells))
    return [cell for cell in cells if cell not in _EMPTY]


def _repeats_names(rows: Sequence[Row], left: Columns, right: Columns) -> bool:
    """Say whether one of the first two rows has the same name first on both sides."""
    return any(
        cell not in _EMPTY and cell == row.cells[left[0]] and not starts_like_number(cell)
        for row in rows[:2]
        for cell in row.cells[right[0] : right[0] + 1]
    )
