"""Excel workbooks (XLSX): each sheet's cells as Excel shows them."""

import math
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.decoding import clean
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.number_formats import BUILT_IN, format_number
from answerdesk.knowledge.ingestion.parse.ooxml import Package, attribute, child, is_on, local
from answerdesk.knowledge.ingestion.parse.raised import raised, settle
from answerdesk.knowledge.ingestion.parse.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    Row,
    Sheet,
    merge_cells,
    too_many_cells,
    too_many_columns,
)

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_STRINGS: Final = 2_000_000
_MOST_CHARACTERS: Final = 40_000_000


def read_xlsx(content: bytes, name: str) -> Iterator[Sheet]:
    """Yield the visible sheets in order.

    Raises UnreadableDocument if the file is damaged or has too many cells.
    """
    return _Workbook(Package(content, name), name).sheets()


@dataclass(frozen=True, slots=True)
class _Format:
    """How a cell is shown: its number format, and whether its text is bold."""

    code: str
    is_bold: bool


@dataclass(slots=True)
class _Workbook:
    package: Package
    name: str
    strings: list[str] = field(default_factory=list)
    formats: list[_Format] = field(default_factory=list)
    since_1904: bool = False
    cells: int = 0

    def sheets(self) -> Iterator[Sheet]:
        path = self.package.main_part("spreadsheetml.sheet.main", "xl/workbook.xml")
        if not self.package.has(path):
            path = self.package.main_part("ms-excel.sheet.macroEnabled.main", "xl/workbook.xml")
        related = self.package.related(path)
        for kind, target in related.values():
            if kind == "sharedStrings" and self.package.has(target):
                self.strings = list(self._strings(target))
            elif kind == "styles" and self.package.has(target):
                self.formats = list(self._formats(target))
        found: list[tuple[str, str]] = []
        for element in self.package.elements(path):
            if local(element.tag) == "workbookPr":
                # An extension's element of the same name may follow, which says nothing of dates.
                self.since_1904 |= attribute(element, "date1904") in ("1", "true")
            elif local(element.tag) == "sheet" and attribute(element, "state") in (None, "visible"):
                title = clean(element.get("name", "")).strip()
                kind, target = related.get(_relation(element), ("", ""))
                if kind == "worksheet" and self.package.has(target):
                    found.append((title, target))
        for title, target in found:
            yield Sheet(title, self._rows(target))

    def _strings(self, path: str) -> Iterator[str]:
        count = characters = 0
        for element in self.package.elements(path):
            if local(element.tag) == "si":
                text = _rich_text(element)
                count += 1
                characters += len(text)
                if count > _MOST_STRINGS or characters > _MOST_CHARACTERS:
                    raise UnreadableDocument(
                        f"{self.name}: the workbook has more than {_MOST_CHARACTERS:,} characters"
                        " of text; split it into smaller files",
                        reason="too_large",
                    )
                yield text
                element.clear()

    def _formats(self, path: str) -> Iterator[_Format]:
        own: dict[str, str] = {}
        bold: list[bool] = []
        for element in self.package.elements(path):
            if local(element.tag) == "numFmt":
                own[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif local(element.tag) == "fonts":
                bold = [is_on(child(font, "b")) for font in element]
            elif local(element.tag) == "cellXfs":
                for style in element:
                    number = style.get("numFmtId", "0")
                    built_in = BUILT_IN.get(int(number), "") if number.isdigit() else ""
                    font = style.get("fontId", "")
                    is_bold = font.isdigit() and int(font) < len(bold) and bold[int(font)]
                    yield _Format(own.get(number, built_in), is_bold)

    def _rows(self, path: str) -> list[Row]:
        rows: dict[int, list[str]] = {}
        bold: set[int] = set()
        columns: list[range] = []
        hidden: list[int] = []
        number = merged = 0
        for event, element in self.package.events(path):
            tag = local(element.tag)
            if event == "start":
                continue
            if tag == "col" and _is_hidden(element):
                columns.append(_columns(element))
            elif tag == "row":
                given = element.get("r", "")
                number = int(given) if given.isdigit() and len(given) < 9 else number + 1
                if _is_hidden(element):
                    hidden.append(number)
                elif cells := self._cells(element, number, columns):
                    rows[number] = cells
                    if self._is_bold(element):
                        bold.add(number)
                element.clear()
            elif tag == "sheetData":
                element.clear()
            elif tag == "mergeCell" and merged < MOST_CELLS:
                merged += _merge(rows, element.get("ref", ""))
        # Numbering skips hidden rows, so that the rows around them stay together.
        hidden.sort()
        return [
            Row(at - bisect(hidden, at), cells, at in bold) for at, cells in sorted(rows.items())
        ]

    def _is_bold(self, row: Element) -> bool:
        """Say whether a row's first text is bold."""
        first = next((cell for cell in row if len(cell)), None)
        style = first.get("s", "") if first is not None else ""
        return (
            style.isdigit() and int(style) < len(self.formats) and self.formats[int(style)].is_bold
        )

    def _cells(self, row: Element, number: int, hidden: Sequence[range]) -> list[str]:
        texts: list[str] = []
        column = -1
        for cell in row:
            if local(cell.tag) != "c":
                continue
            place = _REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else column + 1
            if hidden and any(column in columns for columns in hidden):
                continue
            text = clean(self._text(cell)).strip()
            if not text:
                continue
            if column >= MOST_COLUMNS:
                raise too_many_columns(self.name, number)
            self.cells += 1
            if self.cells > MOST_CELLS:
                raise too_many_cells(self.name)
            texts.extend([""] * (column - len(texts)))
            texts[column:] = [text]
        return texts

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = child(cell, "is")
            return _rich_text(inline) if inline is not None else ""
        node = child(cell, "v")
        value = (node.text or "") if node is not None else ""
        if kind == "s":
            known = value.isdigit() and int(value) < len(self.strings)
            return self.strings[int(value)] if known else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind == "e":
            return ""  # An error such as #N/A is useless to a visitor.
        if kind != "n":
            return _unescaped(value)
        return self._number(value, cell.get("s", ""))

    def _number(self, value: str, style: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return value
        code = ""
        if style.isdigit() and int(style) < len(self.formats):
            code = self.formats[int(style)].code
        return format_number(number, code, since_1904=self.since_1904)


def _is_hidden(element: Element) -> bool:
    """Say whether a person or a filter has hidden a row or columns."""
    return element.get("hidden") in ("1", "true")


def _columns(element: Element) -> range:
    """Return the columns that a `col` element covers, counted from 0."""
    first, last = element.get("min", ""), element.get("max", "")
    if not (first.isdigit() and last.isdigit()):
        return range(0)
    return range(int(first) - 1, int(last))


def _relation(sheet: Element) -> str:
    """Return the id of a sheet's relationship: r:id, not its sheetId."""
    return next((value for key, value in sheet.items() if key.endswith("}id")), "")


def _rich_text(element: Element) -> str:
    """Return a text that may consist of runs, without East Asian phonetic guides."""
    pieces: list[str] = []
    for part in element:
        if local(part.tag) == "t":
            pieces.append(part.text or "")
        elif local(part.tag) == "r":
            text = "".join(one.text or "" for one in part if local(one.tag) == "t")
            aligned = attribute(child(part, "rPr", "vertAlign"), "val")
            pieces.append(raised(text) if aligned == "superscript" else text)
    return _unescaped(settle("".join(pieces)))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _merge(rows: dict[int, list[str]], reference: str) -> int:
    first, _, last = reference.partition(":")
    start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
    if start is None or end is None:
        return 0
    return merge_cells(rows, (int(start[2]), int(end[2])), (_column(start[1]), _column(end[1])))
