"""Tables of Word documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.docx_text import Around, read_inline, settle_control
from answerdesk.knowledge.ingestion.parse.grids import GridRow, grid_text
from answerdesk.knowledge.ingestion.parse.ooxml import attribute, child, is_on, local
from answerdesk.knowledge.ingestion.parse.tables import (
    ACROSS,
    is_across,
    looks_like_header,
    spread,
    with_groups,
    with_one_header,
)

MOST_CHARACTERS: Final = 10_000_000
_WIDEST: Final = 100
_LONG_CELL: Final = 400


@dataclass(frozen=True, slots=True)
class DocxTable:
    """A table's content: one text for a data table, otherwise one paragraph per cell."""

    kind: Literal["table", "paragraph"]
    texts: tuple[str, ...]
    has_caption: bool = False


def docx_table(table: Element, around: Around) -> DocxTable:
    """Read a table; a layout table is read cell by cell."""
    rows: list[Sequence[str]] = []
    bold: list[bool] = []
    heads = characters = 0
    for row in _parts(table, "tr"):
        properties = child(row, "trPr")
        if child(properties, "del") is not None:
            continue
        texts = _cells(row, rows[-1] if rows else (), around)
        if is_on(child(properties, "tblHeader")) and heads == len(rows):
            heads += 1
        rows.append(texts)
        bold.append(_is_bold(row))
        characters += sum(map(len, texts))
        if characters > MOST_CHARACTERS:
            break  # The document is refused for it.
    width = max(map(_width, rows), default=0)
    rows = [row[:width] for row in rows]
    said = [[cell for cell in row if cell not in ("", ACROSS)] for row in rows]
    long = any(len(cell) > _LONG_CELL for row in said for cell in row)
    if max(map(len, said), default=0) < 2 or (long and not heads):
        return DocxTable("paragraph", tuple(cell for row in said for cell in dict.fromkeys(row)))
    text, has_caption = grid_text(_grid(rows, heads, bold))
    return DocxTable("table", (text,) if text else (), has_caption)


def _width(row: Sequence[str]) -> int:
    """Return how many columns a row has up to its last text; cells may span more than there are."""
    return max((at for at, cell in enumerate(row, start=1) if cell not in ("", ACROSS)), default=0)


def _grid(rows: Sequence[Sequence[str]], marked: int, bold: Sequence[bool]) -> list[GridRow]:
    """Return the rows with those that name columns: as many as are marked, or as look like it."""
    titles = next(at for at, row in enumerate(rows) if not is_across(row))
    heads = marked if marked < len(rows) else 0
    if not heads:
        names = [spread(row) for row in rows[titles:]]
        joined = with_one_header(list(names))
        if looks_like_header(joined):
            heads = titles + 1 + len(names) - len(joined)
    if heads:
        rows = [*rows[:heads], *with_groups(rows[heads:])]
    return [
        GridRow(
            row,
            [titles <= at < heads] * len(row),
            in_head=at < marked < len(rows),
            stands_out=bold[at],
        )
        for at, row in enumerate(rows)
    ]


def _cells(row: Element, above: Sequence[str], around: Around) -> list[str]:
    """Return a row's texts by column; a cell that goes on from above has its text again."""
    properties = child(row, "trPr")
    texts = [""] * _columns(child(properties, "gridBefore"), 0)
    for cell in _parts(row, "tc"):
        properties = child(cell, "tcPr")
        if _goes_on(child(properties, "hMerge")) and texts:
            texts.append(ACROSS)
            continue
        column = len(texts)
        count = max(_columns(child(properties, "gridSpan"), 1), 1)
        if _goes_on(child(properties, "vMerge")) and column < len(above):
            # A long text is said only once.
            texts.append(above[column] if len(above[column]) <= _LONG_CELL else "")
        else:
            texts.append(_text(cell, around))
        texts.extend([ACROSS] * (count - 1))
        if len(texts) >= _WIDEST:
            break
    return texts[:_WIDEST]


def _goes_on(merged: Element | None) -> bool:
    """Say whether a cell is a part of the one before it or above it."""
    return merged is not None and attribute(merged, "val") != "restart"


def _is_bold(row: Element) -> bool:
    """Say whether all of a row's text is bold."""
    runs = [one for one in row.iter() if local(one.tag) == "r" and child(one, "t") is not None]
    return bool(runs) and all(is_on(child(one, "rPr", "b")) for one in runs)


def _columns(element: Element | None, default: int) -> int:
    value = attribute(element, "val") or ""
    if not (value.isascii() and value.isdigit()):
        return default
    return min(int(value[:9]), _WIDEST)


def _text(cell: Element, around: Around) -> str:
    """Return a cell's text on one line, including nested tables."""
    found: list[str] = []
    stack = list(reversed(cell))
    while stack:
        element = stack.pop()
        tag = local(element.tag)
        if tag == "p":
            inline = read_inline(element, around)
            found.append(inline.text.replace("\n", " "))
            stack.extend(reversed(inline.boxes))
        elif tag not in ("del", "tcPr", "trPr", "tblPr", "sdtPr"):
            if tag == "sdt":
                settle_control(element)
            stack.extend(reversed(element))
    return " ".join(text for text in found if text)


def _parts(element: Element, name: str) -> list[Element]:
    """Return a table's rows or a row's cells, including those in content controls."""
    found: list[Element] = []
    stack = list(reversed(element))
    while stack:
        one = stack.pop()
        if local(one.tag) == name:
            found.append(one)
        elif local(one.tag) in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            if local(one.tag) == "sdt":
                settle_control(one)
            stack.extend(reversed(one))
    return found
