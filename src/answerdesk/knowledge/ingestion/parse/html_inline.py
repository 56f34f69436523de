"""What a reader sees of an element or a table cell: text, links and anchors."""

import re
from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.html_relevance import is_furniture
from answerdesk.knowledge.ingestion.parse.tables import (
    looks_like_header,
    stack_headers,
    table_text,
    words_over_numbers,
)

LINE_BREAK: Final = "\x1e"
"""Stands for <br> until white space is collapsed; a control character that no text contains."""

_SPACES = re.compile(r"[^\S\x1e]+")
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
    """Join pieces of running text, with white space as a browser shows it."""
    text = _SPACES.sub(" ", "".join(pieces))
    return _BREAKS.sub("\n", text).strip()


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
    return text.strip() in _PERMALINKS or (
        node.parent is not None and node.parent.tag == "sup" and bool(_NOTE_LINK.match(href))
    )


def is_contents(node: LexborNode) -> bool:
    """Say whether a list is a table of contents: almost only links within its page."""
    links = node.css('a[href^="#"]')
    if len(links) < _FEWEST_CONTENTS:
        return False
    linked = sum(len("".join(one.text(deep=True).split())) for one in links)
    return linked >= _CONTENTS_SHARE * len("".join(node.text(deep=True).split()))


def inline_text(root: LexborNode, *, keep_buttons: bool = False) -> str:
    """Return the text of an element on one line, whatever it contains."""
    pieces: list[str] = []
    stack = [root]
    while stack:
        node = stack.pop()
        tag = node.tag
        if tag == "-text":
            pieces.append(node.text(deep=False))
        elif tag == "img":
            pieces.append(image_text(node))
        elif node is root or (tag == "button" and keep_buttons) or not _is_left_out(node):
            if tag == "li" and any(map(str.strip, pieces)):
                pieces.append(_ITEM)
            elif tag in _APART or tag == "br":
                pieces.append(" ")
            stack.extend(reversed(list(node.iter(include_text=True))))
    return _ITEMS.sub(_between_items, collapse(pieces).replace("\n", " "))


def _between_items(match: re.Match[str]) -> str:
    return f"{match[1]} " if match[1] else "; "


def _is_left_out(node: LexborNode) -> bool:
    if node.tag == "a" and is_permalink(node, node.text(deep=True)):
        return True
    return not node.is_element_node or is_furniture(node, in_content=True)


def verbatim_text(root: LexborNode) -> str:
    """Return the text of a preformatted element with its white space."""
    pieces: list[str] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.tag == "-text":
            pieces.append(node.text(deep=False))
        elif node.tag == "br":
            pieces.append("\n")
        elif node is root or not _is_left_out(node):
            stack.extend(reversed(list(node.iter(include_text=True))))
    return "".join(pieces).expandtabs(4)


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


_WIDEST: Final = 100
_LONG_CELL: Final = 400


def is_layout(table: LexborNode) -> bool:
    """Say whether a table is only for layout."""
    if (table.attributes.get("role") or "").lower() in ("presentation", "none"):
        return True
    if table.css_first("td table, th table, h1, h2, h3, h4, h5, h6, pre") is not None:
        return True
    if table.css_first("th") is not None:
        return False
    return any(len(cell.text(deep=True)) > _LONG_CELL for cell in table.css("td"))


def html_table_text(table: LexborNode) -> tuple[str, bool]:
    """Return a table's text, and whether its first line is the caption."""
    caption_node = table.css_first("caption")
    caption = inline_text(caption_node) if caption_node is not None else ""
    header: list[str] = []
    rows: list[list[str]] = []
    spanning: dict[int, tuple[int, str]] = {}
    for row in table.css("tr"):
        cells = [one for one in row.iter() if one.tag in ("td", "th")]
        texts = _cells(cells, spanning)
        in_head = row.parent is not None and row.parent.tag == "thead"
        all_heads = bool(cells) and all(one.tag == "th" for one in cells)
        if not rows and (in_head or all_heads):
            header = stack_headers(header, texts)
        elif not header and len(cells) == 2 and cells[0].tag == "th":
            rows.append([f"{texts[0].rstrip(':')}: {texts[1]}" if texts[1] else texts[0]])
        else:
            rows.append(texts)
    is_unmarked = table.css_first("th") is None and len(rows) > 1
    if is_unmarked and (_names_numbers(rows) or _is_bold_once(table)):
        header, *rows = rows
    return table_text(header, rows, caption), bool(caption)


def _names_numbers(rows: list[list[str]]) -> bool:
    return looks_like_header(rows) and words_over_numbers(rows)


def _is_bold_once(table: LexborNode) -> bool:
    """Say whether all cells of the first row are bold, but not all of the second."""
    first, *others = table.css("tr")[:2]
    return bool(others) and _is_bold(first) and not _is_bold(others[0])


def _is_bold(row: LexborNode) -> bool:
    cells = [one for one in row.iter() if one.tag == "td" and one.text(deep=True).strip()]
    return bool(cells) and all(
        (bold := one.css_first("b, strong")) is not None
        and bold.text(deep=True).strip() == one.text(deep=True).strip()
        for one in cells
    )


def _cells(cells: list[LexborNode], spanning: dict[int, tuple[int, str]]) -> list[str]:
    """Return a row's texts, and record in `spanning` the cells that reach into later rows."""
    texts: list[str] = []

    def fill_from_above() -> None:
        while len(texts) in spanning:
            column = len(texts)
            left, text = spanning.pop(column)
            texts.append(text)
            if left > 1:
                waiting[column] = (left - 1, text)

    waiting: dict[int, tuple[int, str]] = {}
    for cell in cells[:_WIDEST]:
        fill_from_above()
        text = inline_text(cell)
        height = _span(cell, "rowspan")
        for _ in range(_span(cell, "colspan")):
            if len(texts) >= _WIDEST:
                break
            if height > 1:
                waiting[len(texts)] = (height - 1, text)
            texts.append(text)
    fill_from_above()
    spanning.clear()
    spanning.update(waiting)
    return texts


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "").strip()
    return min(max(int(value), 1), _WIDEST) if value.isascii() and value.isdigit() else 1
