"""The text of a Word document's paragraphs, as a reader sees it with all changes accepted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.html_inline import LINE_BREAK, collapse
from answerdesk.knowledge.ingestion.parse.ooxml import attribute, child, is_on, local

_LEFT_OUT: Final = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "Fallback"}
    | {"rt", "sectPr", "tblPr", "proofErr", "commentReference", "annotationRef"}
)
_AS_CHARACTERS: Final = {"tab": " ", "br": LINE_BREAK, "cr": LINE_BREAK, "noBreakHyphen": "-"}
_GENERATED = re.compile(r"automati|generated|\.(?:png|jpe?g|gif|emf|wmf|bmp)$", re.IGNORECASE)
_UNSAID: Final = ("vanish", "strike", "dstrike")
"""Effects of text that is hidden, or struck through since it holds no longer."""


@dataclass(slots=True)
class Inline:
    """A paragraph's text, and what hangs on it: text boxes and numbers of notes."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, with white space as Word shows it and a line feed where it breaks a line."""
        return collapse(self.pieces)

    @property
    def verbatim(self) -> str:
        """The text with its spaces, for code."""
        return "".join(self.pieces).replace(LINE_BREAK, "\n")


def read_inline(paragraph: Element, links: Mapping[str, tuple[str, str]]) -> Inline:
    """Return what a paragraph says; `links` is what its part refers to by id."""
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
    """Take what an element says by itself; False if that is in what stands inside it."""
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
    """Say whether the paragraph's end is deleted: it goes on in the next one."""
    mark = child(paragraph, "pPr", "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _is_left_out(element: Element) -> bool:
    tag = local(element.tag)
    return tag in _LEFT_OUT or (
        tag == "r" and any(is_on(child(element, "rPr", effect)) for effect in _UNSAID)
    )


def _address(link: Element, links: Mapping[str, tuple[str, str]]) -> str:
    """Return the address to write or to call that a link holds, "" for other links."""
    if local(link.tag) != "hyperlink":
        return ""
    target = links.get(attribute(link, "id") or "", ("", ""))[1]
    scheme, _, address = target.partition(":")
    return address.partition("?")[0].strip() if scheme.lower() in ("mailto", "tel") else ""


def _description(element: Element) -> str:
    text = " ".join((attribute(element, "descr") or "").split())
    return "" if _GENERATED.search(text) else f" {text} "
