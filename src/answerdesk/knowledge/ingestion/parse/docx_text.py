"""The text of a Word document's paragraphs and tables; tracked changes are accepted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.html_inline import LINE_BREAK, collapse
from answerdesk.knowledge.ingestion.parse.ooxml import attribute, child, is_on, local
from answerdesk.knowledge.ingestion.parse.tables import (
    looks_like_header,
    table_text,
    with_one_header,
)

_LEFT_OUT: Final = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "Fallback"}
    | {"rt", "sectPr", "tblPr", "proofErr", "commentReference", "annotationRef"}
)
_AS_CHARACTERS: Final = {"tab": " ", "br": LINE_BREAK, "cr": LINE_BREAK, "noBreakHyphen": "-"}
_GENERATED = re.compile(r"automati|generated|\.(?:png|jpe?g|gif|emf|wmf|bmp)$", re.IGNORECASE)
_UNSAID: Final = ("vanish", "strike", "dstrike")
"""Effects of text that is hidden, or struck through because it no longer applies."""


@dataclass(slots=True)
class Inline:
    """A paragraph's text, its text boxes and the numbers of its notes."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, with white space as Word shows it and a line feed at each line break."""
        return collapse(self.pieces)

    @property
    def verbatim(self) -> str:
        """The text with all spaces, for code."""
        return "".join(self.pieces).replace(LINE_BREAK, "\n")


def read_inline(paragraph: Element, links: Mapping[str, tuple[str, str]]) -> Inline:
    """Return what a paragraph says; `links` has its part's references by id."""
    found = Inline()
    stack: list[Element | str] = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            if element not in "".join(found.pieces):
                found.pieces.append(f" ({element})")
        elif not _is_left_out(element) and not _take(element, found):
            if address := _address(element, links):
                stack.append(address)
            stack.extend(reversed(element))
    return found


def _take(element: Element, found: Inline) -> bool:
    """Add an element's own text; False if its text is in its children."""
    tag = local(element.tag)
    if tag == "t":
        found.pieces.append(element.text or "")
    elif tag in _AS_CHARACTERS:
        found.pieces.append(_AS_CHARACTERS[tag])
    elif tag == "txbxContent":
        found.boxes.append(element)
    elif tag in ("footnoteReference", "endnoteReference"):
        found.notes.append((tag.removesuffix("Reference"), attribute(element, "id") or ""))
    elif tag == "docPr":
        found.pieces.append(_description(element))
    else:
        return False
    return True


def is_deleted(paragraph: Element) -> bool:
    """Say whether the paragraph's end is deleted, so that it continues in the next one."""
    mark = child(paragraph, "pPr", "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _is_left_out(element: Element) -> bool:
    tag = local(element.tag)
    return tag in _LEFT_OUT or (
        tag == "r" and any(is_on(child(element, "rPr", effect)) for effect in _UNSAID)
    )


def _address(link: Element, links: Mapping[str, tuple[str, str]]) -> str:
    """Return a link's mail address or telephone number, "" for other links."""
    if local(link.tag) != "hyperlink":
        return ""
    target = links.get(attribute(link, "id") or "", ("", ""))[1]
    scheme, _, address = target.partition(":")
    return address.partition("?")[0].strip() if scheme.lower() in ("mailto", "tel") else ""


def _description(element: Element) -> str:
    text = " ".join((attribute(element, "descr") or "").split())
    return "" if _GENERATED.search(text) else f" {text} "


_WIDEST: Final = 100
_LONG_CELL: Final = 400

Links = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DocxTable:
    """A table's content: one text for a data table, otherwise one paragraph per cell."""

    kind: Literal["table", "paragraph"]
    texts: tuple[str, ...]


def docx_table(table: Element, links: Links) -> DocxTable:
    """Read a table; a layout table is read cell by cell."""
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
    """Return a cell's text on one line, including nested tables."""
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
    """Return a table's rows or a row's cells, including those in content controls."""
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
