"""What a reader sees of an element: text, links and anchors."""

import re
from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.html_relevance import is_furniture
from answerdesk.knowledge.ingestion.parse.html_signs import sign_of
from answerdesk.knowledge.ingestion.parse.raised import RAISED, level, settle

LINE_BREAK: Final = "\x1e"
"""Stands for <br> until white space is collapsed; a control character that no text contains."""

_SPACES = re.compile(r"[^\S\x1e]+")
_DOUBLE_SPACES = re.compile(r" {2,}")
_BREAKS = re.compile(r"(?<! ) *\x1e[ \x1e]*")
_BADGE = re.compile(r"badge|shields\.io|/workflows/|travis-ci|codecov|coveralls", re.IGNORECASE)
_FILE_NAME = re.compile(r"\S\.(?:jpe?g|png|gif|svg|webp|avif|bmp)$|^image\d*$", re.IGNORECASE)
_NOTE_LINK = re.compile(r"#(?:cite|fn|footnote|ref|note)", re.IGNORECASE)
_ITEM: Final = "\x07"
"""Like LINE_BREAK: stands before each item of a list that is written on one line."""
_ITEMS = re.compile(r"([:;,.!?]|(?<![ \x07]))[ \x07]*\x07[ \x07]*")
_FEWEST_CONTENTS: Final = 3
_CONTENTS_SHARE: Final = 0.75
_PERMALINKS: Final = frozenset({"¶", "#", "§", "🔗", "\uf0c1"})
_APART: Final = frozenset(
    {"p", "div", "li", "td", "th", "tr", "dt", "dd", "section", "article", "table", "ul", "ol"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "figcaption", "hr", "caption"}
)


def collapse(pieces: list[str]) -> str:
    """Join pieces of running text: white space as a browser shows it, and raised text settled."""
    text = _SPACES.sub(" ", "".join(pieces))
    text = _BREAKS.sub("\n", text).strip()
    if RAISED in text:
        # Marks of notes leave their spaces.
        text = _DOUBLE_SPACES.sub(" ", settle(text)).strip()
    return text


def image_text(node: LexborNode) -> str:
    """Return an image's alternative text; nothing for badges and file names."""
    attributes = node.attributes
    alternative = (attributes.get("alt") or "").strip()
    if _FILE_NAME.search(alternative) or _BADGE.search(attributes.get("src") or ""):
        return ""
    return alternative


def link_address(node: LexborNode) -> str:
    """Return a link's mail address or telephone number, "" for other links."""
    scheme, _, address = (node.attributes.get("href") or "").partition(":")
    if scheme.lower() not in ("mailto", "tel"):
        return ""
    return address.partition("?")[0].strip()


def is_permalink(node: LexborNode, text: str) -> bool:
    """Say whether a link only points to its own place or to a footnote."""
    href = node.attributes.get("href") or ""
    if not href.startswith("#"):
        return False
    if text.strip() in _PERMALINKS:
        return True
    raises = node.parent is not None and node.parent.tag == "sup"
    return (raises or _raises_all(node)) and _NOTE_LINK.match(href) is not None


def _raises_all(link: LexborNode) -> bool:
    """Say whether all of a link's text is raised."""
    raised = link.css_first("sup")
    return (
        raised is not None and raised.text(deep=True).strip() == level(link.text(deep=True)).strip()
    )


def is_contents(node: LexborNode) -> bool:
    """Say whether a list is a table of contents: almost only links within its page."""
    links = node.css('a[href^="#"]')
    if len(links) < _FEWEST_CONTENTS:
        return False
    linked = sum(len("".join(one.text(deep=True).split())) for one in links)
    return linked >= _CONTENTS_SHARE * len("".join(node.text(deep=True).split()))


def inline_text(root: LexborNode, *, keep_buttons: bool = False, in_cell: bool = False) -> str:
    """Return the text of an element on one line, whatever it contains.

    In a cell, ticks and crosses that are no text are read as well, and the addresses of links.
    """
    pieces: list[str] = []
    stack: list[LexborNode | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        tag = node.tag
        if tag == "-text":
            pieces.append(node.text(deep=False))
        elif in_cell and node is not root and (sign := sign_of(node, in_cell=True)):
            pieces.append(f" {sign} ")
        elif tag == "img":
            pieces.append(image_text(node))
        elif node is root or (tag == "button" and keep_buttons) or not _is_left_out(node):
            if tag == "li" and any(map(str.strip, pieces)):
                pieces.append(_ITEM)
            elif tag in _APART or tag == "br":
                pieces.append(" ")
            if in_cell and tag == "a" and (address := _unsaid_address(node)):
                stack.append(f" ({address})")
            stack.extend(reversed(list(node.iter(include_text=True))))
    return _ITEMS.sub(_between_items, collapse(pieces).replace("\n", " "))


def _unsaid_address(link: LexborNode) -> str:
    address = link_address(link)
    return "" if address in link.text(deep=True) else address


def _between_items(match: re.Match[str]) -> str:
    return f"{match[1]} " if match[1] else "; "


def _is_left_out(node: LexborNode) -> bool:
    if node.tag == "a" and is_permalink(node, node.text(deep=True)):
        return True
    return not node.is_element_node or is_furniture(node, in_content=True)


_SECTIONS: Final = frozenset({"section", "div", "article", "header"})
_MOST_WRAPPERS: Final = 5
"""DocBook wraps a section's heading in three elements that contain nothing else."""


def anchor_of(node: LexborNode) -> str | None:
    """Return the fragment that leads to a heading: its own, or that of the section it begins."""
    inside = (one.attributes for one in node.css("a, span"))
    own = node.id or next(
        (found for one in inside if (found := one.get("id") or one.get("name"))), None
    )
    if own or (parent := node.parent) is None:
        return own
    begins = parent.tag in _SECTIONS
    before: str | None = None
    for one in parent.iter():
        if one.mem_id == node.mem_id:
            break
        if one.tag not in ("a", "span") or one.text(deep=True).strip():
            begins, before = False, None
        else:
            # An empty element before the heading, a target for links.
            before = before or one.id or one.attributes.get("name")
    return (_section_begun(parent) if begins else None) or before


def _section_begun(parent: LexborNode) -> str | None:
    """Return the id of the section that a heading begins, beyond wrappers of the heading alone."""
    section: LexborNode | None = parent
    for _ in range(_MOST_WRAPPERS):
        if section is None or section.tag not in _SECTIONS:
            return None
        if section.id:
            return section.id
        outer, alone = section.parent, len(list(section.iter())) == 1
        first = next(outer.iter(), None) if outer is not None else None
        if not alone or first is None or first.mem_id != section.mem_id:
            return None
        section = outer
    return None
