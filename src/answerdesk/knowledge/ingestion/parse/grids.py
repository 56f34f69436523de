"""Tables as their authors drew them: titles, names of columns, and groups of rows.

A cell across the whole table is its title if it comes first, and names the rows below it if it
comes later. Each row is written so that it is clear alone: "Room: Sea view – Single | Price: $120".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.knowledge.ingestion.parse.tables import (
    ACROSS,
    cells_text,
    on_one_line,
    spread,
    stack_headers,
)

_LONGEST_TITLE: Final = 200
"""A longer title is a text; it isn't repeated."""
_LONGEST_GROUP: Final = 80
_SENTENCE_ENDS: Final = (".", "!", "。", "！", ";", ",")
_BETWEEN: Final = " – "


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a table: a text for each column, with ACROSS where a cell spans several.

    `heads` says which cells are heads, `in_head` that the row belongs to the table's head.
    `section` counts the table's head, bodies and foot. `stands_out` says that the text is set in
    bold; `look` tells cells of one kind from others, such as a table's title from those of groups.
    """

    cells: Sequence[str]
    heads: Sequence[bool]
    in_head: bool = False
    section: int = 0
    stands_out: bool = False
    look: str = ""

    @property
    def is_head(self) -> bool:
        """Whether the row has names only."""
        # The corner above the names of rows is often no head.
        return self.in_head or (all(self.heads[1:]) and (self.heads[0] or not self.cells[0]))

    @property
    def names_itself(self) -> bool:
        """Whether the first cell names the row."""
        return self.heads[0] and not self.is_head


def grid_text(rows: Sequence[GridRow], caption: str = "") -> tuple[str, bool]:
    """Return a table's lines as text, and whether its first line is its caption."""
    rows = [row for row in rows if any(row.cells)]
    width = max((len(row.cells) for row in rows), default=0)
    named = any(row.names_itself for row in rows)
    alone = [_is_alone(row, width, named=named, is_first=row is rows[0]) for row in rows]
    at = _end_of_titles(rows, alone)
    titles = [row.cells[0] for row in rows[:at]]
    writer = _Writer()
    for row, is_alone in zip(rows[at:], alone[at:], strict=True):
        if is_alone and row.in_head:
            titles.append(row.cells[0])
        elif is_alone:
            writer.name_rows(row)
        elif row.is_head:
            writer.name_columns(row)
        else:
            writer.write(row)
    title = _BETWEEN.join(dict.fromkeys(one for one in (caption, *titles) if one))
    lines = [*([title] if title else []), *writer.end()]
    return "\n".join(lines), bool(title) and len(title) <= _LONGEST_TITLE


def _is_alone(row: GridRow, width: int, *, named: bool, is_first: bool) -> bool:
    """Say whether the row has one cell across the whole table, or only its first, set apart."""
    first, *others = row.cells
    if width < 2 or not first or any(one not in ("", ACROSS) for one in others):
        return False
    if len(row.cells) == width and all(others):
        return True
    if is_first or row.in_head:
        # Otherwise it names the first column.
        return not others and row.is_head
    return row.is_head or (not named and (row.heads[0] or row.stands_out))


def _end_of_titles(rows: Sequence[GridRow], alone: Sequence[bool]) -> int:
    """Return how many rows at the beginning are titles of the whole table."""
    at = 0
    while at < len(rows) and alone[at] and (rows[at].in_head or not _is_group(rows, alone, at)):
        at += 1
    return at


def _is_group(rows: Sequence[GridRow], alone: Sequence[bool], at: int) -> bool:
    """Say whether a first row names only the rows below it: another of its kind follows them."""
    if at + 1 == len(rows) or alone[at + 1] or rows[at + 1].is_head:
        return False
    return any(
        is_alone
        and not row.in_head
        and (row.look, row.is_head) == (rows[at].look, rows[at].is_head)
        for row, is_alone in zip(rows[at + 2 : -1], alone[at + 2 : -1], strict=True)
    )


class _Writer:
    """Writes rows under the names of their columns, and of their group."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._part: list[str] = []
        """The rows under the present header."""
        self._header: list[str] = []
        self._unsaid: set[int] = set()
        """Columns whose name no row has said."""
        self._parts = 0
        self._group = ""
        self._section = 0
        self._names = False
        """The last row named columns."""
        self._waits = False
        """The group has no rows yet."""

    def name_rows(self, row: GridRow) -> None:
        text = on_one_line(row.cells[0])
        is_note = not row.is_head and (
            len(text) > _LONGEST_GROUP or (text.endswith(_SENTENCE_ENDS) and not row.stands_out)
        )
        if is_note:
            self._part.append(text)
            return
        self._say_group()
        self._group = text[:_LONGEST_TITLE].rstrip(":")
        self._waits, self._names = True, False

    def name_columns(self, row: GridRow) -> None:
        names = spread(row.cells)
        if names == self._header:
            return
        if self._names or not (self._lines or self._part or self._group):
            names = stack_headers(self._header, names)
        else:
            self._parts += 1
            self._end_part()
        self._header, self._names = names, True
        self._unsaid = {column for column, name in enumerate(names) if name}

    def _end_part(self) -> None:
        if self._parts and self._unsaid:
            # A head that names no column of the rows below may say whose they are.
            self._lines.append(cells_text((), list(dict.fromkeys(self._header))))
        self._lines += self._part
        self._part = []

    def write(self, row: GridRow) -> None:
        self._names = False
        if self._group and not self._waits and row.section != self._section:
            # A group ends with its part of the table.
            self._group = ""
        self._waits, self._section = False, row.section
        cells = list(row.cells)
        if self._group and cells[0] != self._group:
            cells[0] = f"{self._group}{_BETWEEN}{cells[0]}" if cells[0] else self._group
        self._unsaid.difference_update(column for column, cell in enumerate(cells) if cell)
        if any(self._header):
            self._part.append(cells_text(self._header, cells))
        else:
            self._part.append(_pairs(cells, row.heads))

    def end(self) -> list[str]:
        self._say_group()
        self._end_part()
        if not self._lines and any(self._header):
            self._lines.append(cells_text((), self._header))
        return self._lines

    def _say_group(self) -> None:
        if self._waits:
            self._part.append(self._group)
            self._waits = False


def _pairs(cells: Sequence[str], heads: Sequence[bool]) -> str:
    """Return a row without column names: each head names the cell after it."""
    parts: list[str] = []
    name = ""
    for cell, is_head in zip(cells, heads, strict=True):
        if cell in ("", ACROSS):
            continue
        text = on_one_line(cell)
        if is_head:
            parts.extend([name] if name else [])
            name = text.rstrip(":")
        else:
            parts.append(f"{name}: {text}" if name else text)
            name = ""
    return " | ".join([*parts, *([name] if name else [])])
