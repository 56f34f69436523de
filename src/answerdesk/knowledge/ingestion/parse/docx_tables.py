"""Tables of Word documents: their cells, with those that span several rows or columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.docx_text import read_inline
from answerdesk.knowledge.ingestion.parse.ooxml import attribute, child, is_on, local
from answerdesk.knowledge.ingestion.parse.tables import (
    looks_like_header,
    table_text,
    with_one_header,
)

_WIDEST: Final = 100
_LONG_CELL: Final = 400

Links = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DocxTable:
    """What a table says: one text if it is one of data, else a paragraph a cell."""

    kind: Literal["table", "paragraph"]
    texts: tuple[str, ...]


def docx_table(table: Element, links: Links) -> DocxTable:
    """Read a table; one that only places things beside each other is read cell by cell."""
    rows: list[Sequence[str]] = []
    heads = 0
    for row in _parts(table, "tr"):
        properties = child(row, "trPr")
        if child(properties, "del") is not None:
            continue
        above = rows[-1] if rows else ()
        texts = _cells(row, above, links)
        if is_on(child(properties, "tblHeader")) and heads == len(rows):
            heads += 1
        rows.append(texts)
    wide = max((len(row) for row in rows), default=0)
    long = any(len(cell) > _LONG_CELL for row in rows for cell in row)
    if wide < 2 or (long and not heads):
        return DocxTable("paragraph", tuple(cell for row in rows for cell in _once(row) if cell))
    if not heads:
        rows = with_one_header(rows)
        heads = int(looks_like_header(rows))
    header: list[str] = []
    if 0 < heads < len(rows):
        width = max(len(row) for row in rows)
        for index in range(width):
            names = [row[index] for row in rows[:heads] if index < len(row) and row[index]]
            header.append(" ".join(dict.fromkeys(names)))
        rows = rows[heads:]
    text = table_text(header, rows)
    return DocxTable("table", (text,) if text else ())


def _cells(row: Element, above: Sequence[str], links: Links) -> list[str]:
    texts: list[str] = []
    for cell in _parts(row, "tc"):
        properties = child(cell, "tcPr")
        merged = child(properties, "vMerge")
        goes_on = merged is not None and attribute(merged, "val") != "restart"
        span = attribute(child(properties, "gridSpan"), "val") or "1"
        count = min(int(span), _WIDEST) if span.isascii() and span.isdigit() else 1
        text = above[len(texts)] if goes_on and len(texts) < len(above) else _text(cell, links)
        texts.extend([text] * max(count, 1))
    return texts[:_WIDEST]


def _text(cell: Element, links: Links) -> str:
    """Return what a cell says on one line, the tables in it included."""
    found: list[str] = []
    stack = list(reversed(cell))
    while stack:
        element = stack.pop()
        if local(element.tag) == "p":
            inline = read_inline(element, links)
            found.append(inline.text.replace("\n", " "))
            stack.extend(reversed(inline.boxes))
        elif local(element.tag) not in ("del", "tcPr", "trPr", "tblPr"):
            stack.extend(reversed(element))
    return " ".join(text for text in found if text)


def _parts(element: Element, name: str) -> list[Element]:
    """Return the rows of a table or the cells of a row, also inside content controls."""
    found: list[Element] = []
    stack = list(reversed(element))
    while stack:
        one = stack.pop()
        if local(one.tag) == name:
            found.append(one)
        elif local(one.tag) in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            stack.extend(reversed(one))
    return found


def _once(row: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(row))
