"""Word documents: headings, paragraphs, lists, tables and notes; tracked changes are accepted."""

from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.docx_styles import Numbering, Styles, read_numbering
from answerdesk.knowledge.ingestion.parse.docx_tables import MOST_CHARACTERS, docx_table
from answerdesk.knowledge.ingestion.parse.docx_text import (
    Around,
    Inline,
    is_deleted,
    read_inline,
    settle_control,
)
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.ooxml import Package, attribute, child, local
from answerdesk.knowledge.ingestion.parse.outline import Outline, is_title, title_from_name
from answerdesk.knowledge.ingestion.parse.types import BlockKind

_CONTAINERS: Final = frozenset(
    {"sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo", "txbxContent", "footnote"}
    | {"endnote", "AlternateContent", "Choice"}
)
_NOTES_APART: Final = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def parse_docx(content: bytes, name: str) -> Outline:
    """Return the outline of a Word document.

    Raises UnreadableDocument if it is damaged or too large.
    """
    package = Package(content, name)
    path = package.main_part("wordprocessingml.document.main", "word/document.xml")
    if not package.has(path):
        path = package.main_part("word.document.macroEnabled.main", "word/document.xml")
    return _Reader(package, path, name).run()


class _Reader:
    def __init__(self, package: Package, path: str, name: str) -> None:
        self._package = package
        self._path = path
        self._name = name
        self._links = package.related(path)
        self._styles = Styles(self._elements("styles"))
        self._around = Around(self._links, self._styles.raising)
        self._numbering: Numbering = read_numbering(self._elements("numbering"))
        self._notes = {
            (kind, number): text
            for kind in ("footnote", "endnote")
            for number, text in self._read_notes(kind)
        }
        self._outline: list[Callable[[Outline], None]] = []
        self._items: list[str] = []
        self._waiting: list[str] = []
        self._code: list[str] = []
        self._title: str | None = None
        self._first_headings = 0
        self._characters = 0

    def run(self) -> Outline:
        for block in self._body():
            self._block(block)
        self._end_run()
        if self._title is None and self._first_headings != 1:
            # Several first-level headings are chapters: none of them is the title.
            self._title = self._named() or (
                title_from_name(self._name) if self._first_headings else None
            )
        outline = Outline(self._title)
        for step in self._outline:
            step(outline)
        return outline

    def _body(self) -> Iterator[Element]:
        """Yield the direct children of the body, each complete, and free it afterwards."""
        above: list[Element] = []
        for event, element in self._package.events(self._path):
            if event == "start":
                above.append(element)
                continue
            above.pop()
            if len(above) == 2 and local(above[-1].tag) == "body":
                yield element
                above[-1].clear()

    def _elements(self, kind: str) -> Iterator[Element]:
        path = next((path for one, path in self._links.values() if one == kind), None)
        return self._package.elements(path) if path and self._package.has(path) else iter(())

    def _read_notes(self, kind: str) -> Iterator[tuple[str, str]]:
        for element in self._elements(f"{kind}s"):
            if local(element.tag) == kind and attribute(element, "type") not in _NOTES_APART:
                around = Around(raising=self._styles.raising)
                texts = (read_inline(one, around).text for one in element if local(one.tag) == "p")
                yield attribute(element, "id") or "", " ".join(text for text in texts if text)

    def _named(self) -> str | None:
        """Return the title from the document's properties if it is a real title."""
        for _, path in self._package.related("").values():
            if path.endswith("core.xml") and self._package.has(path):
                for element in self._package.elements(path):
                    if local(element.tag) == "title" and is_title(element.text or ""):
                        return (element.text or "").strip()
        return None

    def _block(self, element: Element) -> None:
        stack = [element]
        while stack:
            one = stack.pop()
            tag = local(one.tag)
            if tag == "p":
                self._paragraph(one)
            elif tag == "tbl":
                self._table(one)
            elif tag in _CONTAINERS:
                if tag == "sdt":
                    settle_control(one)
                stack.extend(reversed(one))

    def _paragraph(self, paragraph: Element) -> None:
        style = attribute(child(paragraph, "pPr", "pStyle"), "val")
        inline = read_inline(paragraph, self._around)
        self._count(sum(map(len, inline.pieces)))
        if is_deleted(paragraph):
            self._waiting.extend(inline.pieces)
            return
        inline.pieces[:0] = self._waiting
        self._waiting = []
        if self._styles.is_hidden(style):
            return
        kind = self._styles.kind(style)
        if inline.text and kind != "contents":
            self._text(paragraph, style, inline, kind)
        for box in inline.boxes:
            self._end_run()
            self._block(box)
        notes = [self._notes.get(note, "") for note in inline.notes]
        if any(notes):
            self._end_run()
            for note in notes:
                self._add("paragraph", note)

    def _text(self, paragraph: Element, style: str | None, inline: Inline, kind: str) -> None:
        level = self._level(paragraph, style)
        if level is None and self._styles.is_title(style) and self._title is None:
            self._end_run()
            self._title = inline.text.replace("\n", " ")
            return
        label = self._label(paragraph, style)
        if level is not None:
            self._heading(level, f"{label[0]} {inline.text}" if label else inline.text)
        elif label is not None:
            self._item(label[0], label[1], inline.text)
        elif kind == "code":
            self._end_run(but_code=True)
            self._code.append(inline.verbatim)
        else:
            self._end_run()
            self._add("quote" if kind == "quote" else "paragraph", inline.text)

    def _level(self, paragraph: Element, style: str | None) -> int | None:
        own = attribute(child(paragraph, "pPr", "outlineLvl"), "val")
        if own is not None and own.isdigit():
            return int(own) + 1 if int(own) < 9 else None
        return self._styles.heading_level(style)

    def _heading(self, level: int, text: str) -> None:
        self._end_run()
        self._first_headings += level == 1
        self._outline.append(lambda outline: outline.heading(level, text.strip(), None))

    def _label(self, paragraph: Element, style: str | None) -> tuple[str, int] | None:
        """Return a list item's label and level; None if the paragraph is no list item."""
        number, level = self._styles.list_of(style)
        properties = child(paragraph, "pPr", "numPr")
        if properties is not None:
            number = attribute(child(properties, "numId"), "val") or number
            own = attribute(child(properties, "ilvl"), "val")
            level = int(own) if own is not None and own.isdigit() else level
        if number in (None, "0"):
            return None
        label = self._numbering.label(number or "", min(level or 0, 8))
        return (label, min(level or 0, 8)) if label is not None else None

    def _item(self, label: str, level: int, text: str) -> None:
        self._end_run(but_items=True)
        digits = label.removesuffix(".").removesuffix(")")
        if not label:
            marker = "- "
        elif digits.isascii() and digits.isdigit():
            marker = f"{digits}. "
        else:
            marker = f"- {label} "
        indent = "  " * level
        first, *others = text.split("\n")
        self._items.append(f"{indent}{marker}{first}")
        self._items.extend(f"{indent}  {line}" for line in others if line)

    def _table(self, table: Element) -> None:
        self._end_run()
        found = docx_table(table, self._around)
        for text in found.texts:
            self._count(len(text))
            self._add(found.kind, text, has_caption=found.has_caption)

    def _add(self, kind: BlockKind, text: str, *, has_caption: bool = False) -> None:
        self._outline.append(lambda outline: outline.add(kind, text, has_caption=has_caption))

    def _end_run(self, *, but_items: bool = False, but_code: bool = False) -> None:
        """End the current list or code: something else follows."""
        if self._items and not but_items:
            self._add("list", "\n".join(self._items))
            self._items = []
        if self._code and not but_code:
            self._add("code", "\n".join(self._code))
            self._code = []

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MOST_CHARACTERS:
            raise UnreadableDocument(
                f"{self._name}: the document has more than {MOST_CHARACTERS:,} characters; split it"
                " into smaller files",
                reason="too_large",
            )
