"""A Word document's styles and numbering: headings, lists and list labels."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.ooxml import attribute, child, is_on, local
from answerdesk.knowledge.ingestion.parse.symbol_fonts import is_symbol_font, shown

_HEADING = re.compile(
    r"(?:heading|header|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|nagłówek"
    r"|заголовок|başlık|nadpis|címsor|otsikko|見出し|标题|標題|제목)\s*([1-9])",
    re.IGNORECASE,
)
_TITLE: Final = frozenset({"title", "titel", "titre", "título", "titulo", "titolo", "заголовок"})
_CONTENTS = re.compile(
    r"(?:toc|verzeichnis|inhaltsverzeichnis|contents|tdm|tdc)\s*\d*|toc heading|table of figures"
    r"|inhaltsverzeichnisüberschrift|index \d",
    re.IGNORECASE,
)
_QUOTE: Final = frozenset({"quote", "intense quote", "zitat", "intensives zitat", "block text"})
_CODE = re.compile(
    r"(?:source )?code.*|html preformatted|(?:preformatted|plain) text", re.IGNORECASE
)
_DEEPEST_STYLE: Final = 20
_MARKS: Final = frozenset({"✓", "✔", "✗", "✘", "☑", "☒"})
_PLACEHOLDER = re.compile(r"%([1-9])")
_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(slots=True)
class Style:
    """A paragraph style; what it leaves open comes from the style it is based on."""

    name: str
    based_on: str | None = None
    level: int | None = None
    number: str | None = None
    number_level: int | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """The lists of a document; counts their items as they are read."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def label(self, number: str, level: int) -> str | None:
        """Return the next item's label: "3." or "a)"; None without such a list.

        A bullet's is "" unless it says something, as a tick does.
        """
        found = self.lists.get(number)
        if found is None:
            return None
        name, starts = found
        levels = self.levels.get(name, {})
        shape = levels.get(level)
        counts = self._counts.setdefault(name, {})
        if number not in self._begun:
            self._begun.add(number)
            for changed, start in starts.items():
                counts[changed] = start - 1
        before = shape.start - 1 if shape is not None else 0
        counts[level] = counts.get(level, before) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if shape is None or shape.kind in ("bullet", "none"):
            return shape.text if shape is not None and shape.text in _MARKS else ""

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, shape)
            return _number(counts.get(at, other.start), other.kind)

        return _PLACEHOLDER.sub(written, shape.text).strip()


class Styles:
    """The paragraph styles of a document, by id, and the character styles that raise letters."""

    def __init__(self, elements: Iterable[Element]) -> None:
        self._styles: dict[str, Style] = {}
        raising: set[str] = set()
        for element in elements:
            if local(element.tag) != "style":
                continue
            kind, name = attribute(element, "type"), attribute(element, "styleId") or ""
            if kind == "paragraph":
                self._styles[name] = _style(element)
            elif attribute(child(element, "rPr", "vertAlign"), "val") == "superscript":
                raising.add(name)
            element.clear()
        self.raising: Final = frozenset(raising)

    def chain(self, style_id: str | None) -> list[Style]:
        """Return a style and those it is based on, nearest first."""
        found: list[Style] = []
        while style_id is not None and len(found) < _DEEPEST_STYLE:
            style = self._styles.get(style_id)
            if style is None:
                break
            found.append(style)
            style_id = style.based_on
        return found

    def heading_level(self, style_id: str | None) -> int | None:
        """Return the heading level of a style, None for other text."""
        for style in self.chain(style_id):
            if match := _HEADING.fullmatch(style.name):
                return int(match[1])
            if style.level is not None:
                return style.level + 1 if style.level < 9 else None
        # The document has no styles part: use the ids.
        if style_id and not self._styles and (match := _HEADING.fullmatch(style_id)):
            return int(match[1])
        return None

    def is_title(self, style_id: str | None) -> bool:
        """Say whether it is the style of the document's title."""
        return any(style.name in _TITLE for style in self.chain(style_id)[:2])

    def is_hidden(self, style_id: str | None) -> bool:
        return next((one.hidden for one in self.chain(style_id) if one.hidden is not None), False)

    def kind(self, style_id: str | None) -> str:
        """Return "contents", "quote", "code" or "text"."""
        for style in self.chain(style_id)[:2]:
            if _CONTENTS.fullmatch(style.name):
                return "contents"
            if style.name in _QUOTE:
                return "quote"
            if _CODE.fullmatch(style.name):
                return "code"
        return "text"

    def list_of(self, style_id: str | None) -> tuple[str | None, int | None]:
        """Return the list and the level that a style assigns."""
        number: str | None = None
        level: int | None = None
        for style in self.chain(style_id):
            number = style.number if number is None else number
            level = style.number_level if level is None else level
        return number, level


def read_numbering(elements: Iterable[Element]) -> Numbering:
    """Return the lists of a document from the elements of its numbering part."""
    numbering = Numbering()
    for element in elements:
        tag = local(element.tag)
        if tag == "abstractNum":
            levels = {
                _int(attribute(one, "ilvl")): _level(one)
                for one in element
                if local(one.tag) == "lvl"
            }
            numbering.levels[attribute(element, "abstractNumId") or ""] = levels
        elif tag == "num":
            starts = {
                _int(attribute(one, "ilvl")): _int(attribute(child(one, "startOverride"), "val"), 1)
                for one in element
                if local(one.tag) == "lvlOverride" and child(one, "startOverride") is not None
            }
            name = attribute(child(element, "abstractNumId"), "val") or ""
            numbering.lists[attribute(element, "numId") or ""] = (name, starts)
    return numbering


def _level(element: Element) -> _Level:
    text = attribute(child(element, "lvlText"), "val") or ""
    font = attribute(child(element, "rPr", "rFonts"), "ascii")
    return _Level(
        attribute(child(element, "numFmt"), "val") or "decimal",
        shown(text, font) if font is not None and is_symbol_font(font) else text,
        _int(attribute(child(element, "start"), "val"), 1),
    )


def _style(element: Element) -> Style:
    properties = child(element, "pPr")
    level = attribute(child(properties, "outlineLvl"), "val")
    depth = attribute(child(properties, "numPr", "ilvl"), "val")
    vanish = child(element, "rPr", "vanish")
    return Style(
        name=" ".join((attribute(child(element, "name"), "val") or "").casefold().split()),
        based_on=attribute(child(element, "basedOn"), "val"),
        level=_int(level, 9) if level is not None else None,
        number=attribute(child(properties, "numPr", "numId"), "val"),
        number_level=_int(depth) if depth is not None else None,
        hidden=is_on(vanish) if vanish is not None else None,
    )


def _int(value: str | None, default: int = 0) -> int:
    return (
        int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else default
    )


def _number(value: int, kind: str) -> str:
    """Return a number in a list's format: 3, c, iii."""
    if kind in ("lowerLetter", "upperLetter") and value > 0:
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 % 10 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        text = ""
        for size, letters in _ROMAN:
            count, value = divmod(value, size)
            text += letters * count
        return text if kind == "lowerRoman" else text.upper()
    return f"{value:02}" if kind == "decimalZero" else str(value)
