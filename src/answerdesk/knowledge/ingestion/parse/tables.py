"""Tables and lists as lines of text: each row says what its cells mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_NUMBER = re.compile(r"[^\w]{0,3}\d++(?!-[^\W\d_A-Z])|[A-Z]{3} ?\d")
"""What begins with an amount or a date; not "2-digit", which is a word."""
SEPARATOR: Final = " | "
ASKS: Final = ("?", "？", "؟")
ACROSS: Final = "\x13"
"""Stands in the further columns of a cell that spans several; no text contains it."""
_DIGITS = re.compile(r"\d+")
_MOST_NAMES: Final = 12
"""Maximum names that a cell across several columns has."""
_LONGEST_NAME: Final = 80
"""A longer cell is content; it doesn't name a column."""


def table_text(header: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """Return the table's lines: its caption, if any, then its rows.

    With a header, a row reads "Plan: Pro | Price: $20"; without, "Pro | $20". Empty cells are
    skipped. A cell that spans columns is said once, with their names: "Q1–Q2: 240".
    """
    lines = [caption] if caption else []
    body = [row_text(header, row) for row in rows if any(row)]
    if not body and any(header):
        body = [SEPARATOR.join(cell for cell in header if cell)]
    return "\n".join(lines + body)


def row_text(header: Sequence[str], row: Sequence[str]) -> str:
    # One cell across the whole row is a heading for the rows below.
    return on_one_line(row[0]) if is_across(row) else cells_text(header, row)


def cells_text(header: Sequence[str], row: Sequence[str]) -> str:
    """Return a row's cells, each after the name of its column."""
    cells = []
    for index, cell in enumerate(row):
        if cell and cell != ACROSS:
            name, text = _name(header, row, index), on_one_line(cell)
            cells.append(f"{name}: {text}" if name else text)
    return SEPARATOR.join(cells)


def _name(header: Sequence[str], row: Sequence[str], index: int) -> str:
    """Return the name of a cell's column; of a cell that spans columns, the names of them all.

    A label that spans columns, as in a row of totals, has the name of the first.
    """
    end = index + 1
    while index and end < len(row) and row[end] == ACROSS:
        end += 1
    found = (on_one_line(name).rstrip(":") for name in header[index:end] if name)
    names = list(dict.fromkeys(found))
    if len(names) < 3 or len(names) > _MOST_NAMES or _is_sequence(names):
        return "–".join(dict.fromkeys([*names[:1], *names[-1:]]))
    return ", ".join(names)


def _is_sequence(names: Sequence[str]) -> bool:
    """Say whether the names differ by their numbers only: Q1, Q2, Q3."""
    return len({_DIGITS.sub("0", name) for name in names}) == 1


def is_across(row: Sequence[str]) -> bool:
    """Say whether a row is one cell across several columns."""
    return len(row) > 1 and row[0] not in ("", ACROSS) and set(row[1:]) == {ACROSS}


def with_groups(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return a table's rows below its header; a name alone in its row is set across the table.

    It names the rows below it if the first row is one and each has rows. Otherwise it is an entry
    without values.
    """
    width = max((len(row) for row in rows), default=0)
    alone = [bool(row) and row[0] not in ("", ACROSS) and not any(row[1:]) for row in rows]
    is_grouped = width > 2 and alone[0] and not alone[-1]
    if not is_grouped or any(one and following for one, following in pairwise(alone)):
        return list(rows)
    across = [ACROSS] * (width - 1)
    return [[row[0], *across] if one else row for row, one in zip(rows, alone, strict=True)]


def spread(row: Sequence[str]) -> list[str]:
    """Return a row with the text of a cell that spans columns in each of them, as names need it."""
    cells: list[str] = []
    for cell in row:
        cells.append(cells[-1] if cell == ACROSS and cells else cell)
    return cells


def on_one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text


def stack_headers(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Join two header rows: "Price" over "monthly" becomes "Price monthly"."""
    width = max(len(above), len(below))
    first = [*above] + [""] * (width - len(above))
    second = [*below] + [""] * (width - len(below))
    return [
        upper if upper == lower else f"{upper} {lower}".strip()
        for upper, lower in zip(first, second, strict=True)
    ]


def looks_like_header(rows: Sequence[Sequence[str]], *, expected: bool = False) -> bool:
    """Say whether the first row names the columns: distinct words over something else.

    Two columns may also be terms and their meanings, so unless a header is `expected`, they need a
    column of words over numbers. An expected header may repeat a name.
    """
    if len(rows) < 2:
        return False
    width = max(len(row) for row in rows)
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    if width < 2 or len(named) < max(2, (width + 1) // 2):
        return False
    if first[0].endswith(":") or _asks_like_those_below(rows):
        return False
    # Exports may repeat a column's name; in other tables, repetition means that the row is no
    # header.
    if len({cell.casefold() for cell in named}) < (2 if expected else len(named)):
        return False
    if any(len(cell) > _LONGEST_NAME or not any(map(str.isalpha, cell)) for cell in named):
        return False
    return expected or width > 2 or words_over_numbers(rows)


def _asks_like_those_below(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether a column has only questions, even in the first row: then no header."""
    columns = range(len(rows[0]))
    return any(
        all(row[column].rstrip().endswith(ASKS) for row in rows[:5] if column < len(row))
        for column in columns
    )


def words_over_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row has words over a column of numbers."""
    for column, name in enumerate(rows[0]):
        cells = [row[column] for row in rows[1:51] if column < len(row) and row[column]]
        numbers = sum(1 for cell in cells if _NUMBER.match(cell))
        if cells and numbers * 2 > len(cells) and not _NUMBER.match(name.strip()):
            return True
    return False


def starts_like_number(text: str) -> bool:
    return _NUMBER.match(text) is not None


def with_one_header(rows: list[Sequence[str]]) -> list[Sequence[str]]:
    """Return the rows; with the first two merged if the first has names that span columns."""
    named = [cell for cell in rows[0] if cell] if rows else []
    if len(rows) < 3 or len(set(named)) in (1, len(named)) or not words_over_numbers(rows[1:]):
        return rows
    joined = [stack_headers(rows[0], rows[1]), *rows[2:]]
    return joined if looks_like_header(joined) else rows


@dataclass(slots=True)
class _Level:
    ordered: bool
    number: int


class Listing:
    """Writes a list with nested lists: one marker per item, two spaces per level."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._levels: list[_Level] = []
        self._marker: str | None = None
        self._joins = False
        self._is_new = False

    def open(self, *, ordered: bool, start: int = 1) -> None:
        """Begin a list, inside the current item if there is one."""
        self._levels.append(_Level(ordered, start))
        self._marker = None

    def close(self) -> bool:
        """End the innermost list; True if it was the outermost."""
        self._levels.pop()
        self._marker, self._joins = None, False
        return not self._levels

    def item(self) -> None:
        level = self._levels[-1]
        self._marker = f"{level.number}. " if level.ordered else "- "
        self._joins, self._is_new = False, True
        level.number += 1

    def definition(self) -> None:
        """Join the next text to the term's line; a second definition gets its own line."""
        self._joins = self._is_new and bool(self.lines) and self._marker is None
        self._is_new = False

    def add(self, text: str) -> None:
        # Beyond ten levels, indentation adds only length.
        indent = "  " * min(len(self._levels) - 1, 10)
        first, *others = [line for line in text.split("\n") if line.strip()] or [""]
        if not first:
            return
        if self._joins:
            term = self.lines[-1].rstrip(":")
            self.lines[-1] = f"{term} {first}" if term.endswith(ASKS) else f"{term}: {first}"
        else:
            self.lines.append(f"{indent}{self._marker or '  '}{first}")
        self.lines.extend(f"{indent}  {line}" for line in others)
        self._marker, self._joins = None, False
