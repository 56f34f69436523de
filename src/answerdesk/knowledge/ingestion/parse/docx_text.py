"""The text of a Word document's paragraphs; tracked changes are accepted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.docx_math import math_text
from answerdesk.knowledge.ingestion.parse.html_inline import LINE_BREAK, collapse
from answerdesk.knowledge.ingestion.parse.ooxml import attribute, child, is_on, local
from answerdesk.knowledge.ingestion.parse.raised import level, raised, settle
from answerdesk.knowledge.ingestion.parse.symbol_fonts import is_symbol_font, shown

_LEFT_OUT: Final = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "Fallback"}
    | {"rt", "sectPr", "tblPr", "proofErr", "commentReference", "annotationRef"}
)
_AS_CHARACTERS: Final = {"tab": " ", "br": LINE_BREAK, "cr": LINE_BREAK, "noBreakHyphen": "-"}
_GENERATED = re.compile(r"automati|generated|\.(?:png|jpe?g|gif|emf|wmf|bmp)$", re.IGNORECASE)
_UNSAID: Final = frozenset({"vanish", "strike", "dstrike"})
"""Effects of text that is hidden, or struck through because it no longer applies."""
_CODE = re.compile(r"[0-9A-Fa-f]{1,4}")
_TICKED: Final = {True: "☑", False: "☐"}
_RAISED_BY: Final = 4
"""Half points by which smaller text is moved up if it is meant as raised."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a paragraph refers to: its part's references, and the styles that raise letters."""

    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    raising: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run is shown, as far as it changes what it says."""

    font: str | None = None
    is_raised: bool = False


_PLAIN: Final = _Look()


@dataclass(slots=True)
class Inline:
    """A paragraph's text, its text boxes and the numbers of its notes."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, with white space as Word shows it and a line feed at each line break."""
        return settle(collapse(self.pieces))

    @property
    def verbatim(self) -> str:
        """The text with all spaces, for code."""
        return level("".join(self.pieces).replace(LINE_BREAK, "\n"))


def read_inline(paragraph: Element, around: Around) -> Inline:
    """Return what a paragraph says."""
    found = Inline()
    stack: list[tuple[Element | str, _Look]] = [(one, _PLAIN) for one in reversed(paragraph)]
    while stack:
        element, look = stack.pop()
        if isinstance(element, str):
            if element not in "".join(found.pieces):
                found.pieces.append(f" ({element})")
            continue
        tag = local(element.tag)
        if tag in _LEFT_OUT:
            continue
        if tag == "r":
            shown_as = _look(element, around)
            if shown_as is None:
                continue
            look = shown_as
        elif tag == "sdt":
            settle_control(element)
        if not _take(element, tag, look, found):
            if address := _address(element, around.links):
                stack.append((address, _PLAIN))
            stack.extend((one, look) for one in reversed(element))
    return found


def _take(element: Element, tag: str, look: _Look, found: Inline) -> bool:
    """Add an element's own text; False if its text is in its children."""
    if tag == "t":
        _say(element.text or "", look, found)
    elif tag in _AS_CHARACTERS:
        found.pieces.append(_AS_CHARACTERS[tag])
    elif tag == "sym":
        _say(_symbol(element), look, found)
    elif tag == "oMath":
        found.pieces.append(math_text(element))
    elif tag == "fldChar":
        found.pieces.append(_form_field(element))
    elif tag == "txbxContent":
        found.boxes.append(element)
    elif tag in ("footnoteReference", "endnoteReference"):
        found.notes.append((tag.removesuffix("Reference"), attribute(element, "id") or ""))
    elif tag == "docPr":
        found.pieces.append(_description(element))
    else:
        return False
    return True


def _say(text: str, look: _Look, found: Inline) -> None:
    if look.font is not None:
        text = shown(text, look.font)
    found.pieces.append(raised(text) if look.is_raised else text)


def is_deleted(paragraph: Element) -> bool:
    """Say whether the paragraph's end is deleted, so that it continues in the next one."""
    mark = child(paragraph, "pPr", "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _look(run: Element, around: Around) -> _Look | None:
    """Return how a run is shown; None if it is hidden or struck through."""
    properties = child(run, "rPr")
    if properties is None:
        return _PLAIN
    font: str | None = None
    is_raised = moved = resized = False
    aligned: str | None = None
    for one in properties:
        tag = local(one.tag)
        if tag in _UNSAID and is_on(one):
            return None
        if tag == "rFonts":
            font = attribute(one, "ascii") or attribute(one, "hAnsi")
        elif tag == "vertAlign":
            aligned = attribute(one, "val")
        elif tag == "rStyle":
            is_raised = (attribute(one, "val") or "") in around.raising
        elif tag == "position":
            moved = _number(attribute(one, "val")) >= _RAISED_BY
        elif tag == "sz":
            resized = True
    if aligned is not None:
        is_raised = aligned == "superscript"
    return _Look(font if is_symbol_font(font) else None, is_raised or (moved and resized))


def settle_control(control: Element) -> None:
    """Write into a content control what it says: a checkbox's mark, and nothing for a prompt."""
    properties = child(control, "sdtPr")
    box = child(properties, "checkbox")
    if box is not None:
        said = _TICKED[is_on(child(box, "checked"))]
    elif is_on(child(properties, "showingPlcHdr")):
        said = ""
    else:
        return
    for one in control.iter():
        tag = local(one.tag)
        if tag == "sdtPr":
            # What is inside has been settled by this.
            one.clear()
        elif tag in ("t", "sym"):
            one.tag, one.text, said = "t", said, ""


def _symbol(element: Element) -> str:
    """Return what a symbol shows; nothing if its font is unknown and its code is the font's own."""
    code = attribute(element, "char") or ""
    if not _CODE.fullmatch(code):
        return ""
    return shown(chr(int(code, 16)), attribute(element, "font") or "")


def _form_field(element: Element) -> str:
    """Return a form field's state: a checkbox's mark, or the entry that was chosen."""
    form = child(element, "ffData")
    box, choices = child(form, "checkBox"), child(form, "ddList")
    if box is not None:
        checked = child(box, "checked")
        return _TICKED[is_on(checked if checked is not None else child(box, "default"))]
    if choices is not None:
        entries = [attribute(one, "val") for one in choices if local(one.tag) == "listEntry"]
        chosen = _number(attribute(child(choices, "result"), "val"))
        return (entries[chosen] or "") if chosen < len(entries) else ""
    return ""


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else 0


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
