"""Code in pages: its lines, whatever elements carry them, without the numbers beside them."""

import re
from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.html_inline import is_permalink
from answerdesk.knowledge.ingestion.parse.html_relevance import is_furniture
from answerdesk.knowledge.ingestion.parse.raised import settle

_LINE_TAGS: Final = frozenset({"div", "p", "li", "tr", "ol", "ul", "table", "section", "dd", "dt"})
_LINE_CLASSES: Final = frozenset(
    {"line", "code-line", "token-line", "view-line", "cm-line", "codemirror-line", "ace_line", "cl"}
    | {"hljs-ln-line", "crayon-line", "codeline", "code__line", "react-code-line-contents"}
)
_LINE_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table-row|list-item)", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?:^|[-_])(?:line-?n(?:o|os|um|ums|umbers?|rs?)|ln|lnt|lno|gutters?|nums?|linenodiv|gl)"
    r"(?:$|[-_])"
)
_SPACES = re.compile(r"[ \t\n]+")
_BREAK: Final = "\x1e"
"""Stands for <br> where line feeds are spaces; a control character that no text contains."""
_UNSELECTABLE = re.compile(r"user-select\s*:\s*none", re.IGNORECASE)
_CHANGES: Final = frozenset({"del", "s", "strike"})
_EDITORS: Final = (
    ".cm-content, .CodeMirror-code, .view-lines, .ace_text-layer, textarea[readonly], ol.linenums,"
    " .dp-highlighter > ol"
)
"""Elements that hold code though they aren't <pre>."""
_MOST: Final = 2_000


class _Lines:
    """Collects text, and begins a line for each element that is one."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._waits = False
        """A line has ended, and nothing came after it yet."""

    def add(self, text: str) -> None:
        if not text:
            return
        if self._waits and not text.startswith("\n"):
            self.pieces.append("\n")
        self._waits = False
        self.pieces.append(text)

    def begin(self) -> int:
        if self._waits or (self.pieces and not self.pieces[-1].endswith("\n")):
            self.pieces.append("\n")
        self._waits = False
        return len(self.pieces)

    def end(self, begun: int) -> None:
        # A line that ends with a line feed of its own needs no other.
        if len(self.pieces) == begun or not self.pieces[-1].endswith("\n"):
            self._waits = True


def verbatim_text(root: LexborNode) -> str:
    """Return the text of a preformatted element, with its white space and its lines.

    Outside <pre>, <code> has the lines that it breaks itself.
    """
    lines = _Lines()
    _add(lines, root)
    text = "".join(lines.pieces)
    if root.tag == "code":
        parts = (_SPACES.sub(" ", part).strip(" ") for part in text.split(_BREAK))
        text = "\n".join(parts).replace("\xa0", " ")
    return settle(text).expandtabs(4)


def _add(lines: _Lines, root: LexborNode) -> None:
    stack: list[LexborNode | int] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, int):
            lines.end(node)
        elif node.tag == "-text":
            lines.add(node.text(deep=False))
        elif node.tag == "br":
            lines.add(_BREAK if root.tag == "code" else "\n")
        elif node is root or not _is_left_out(node):
            if node is not root and _is_line(node):
                stack.append(lines.begin())
            stack.extend(reversed(list(node.iter(include_text=True))))


def _is_left_out(node: LexborNode) -> bool:
    if not node.is_element_node or is_gutter(node):
        return True
    if node.tag == "a" and is_permalink(node, node.text(deep=True)):
        return True
    # What is struck through is a line that a change removes.
    return node.tag not in _CHANGES and is_furniture(node, in_content=True)


def _is_line(node: LexborNode) -> bool:
    if node.tag in _LINE_TAGS:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    classes = (attributes.get("class") or "").lower().split()
    return not _LINE_CLASSES.isdisjoint(classes) or bool(
        "data-line" in attributes or _LINE_STYLE.search(attributes.get("style") or "")
    )


def is_gutter(node: LexborNode) -> bool:
    """Say whether an element only has the numbers of lines."""
    attributes = node.attributes
    if not attributes:
        return False
    classes = (attributes.get("class") or "").lower().split()
    marked = (
        any(_NUMBERS.search(one) for one in classes[:20])
        or "data-line-number" in attributes
        or attributes.get("unselectable") == "on"
        or _UNSELECTABLE.search(attributes.get("style") or "")
    )
    if not marked or node.tag in ("pre", "code", "table", "tbody", "tr"):
        return False
    text = "".join(node.text(deep=True).split())
    return not text or text.isdigit()


def numbers_lines(text: str) -> bool:
    """Say whether a text has only numbers that count lines, as beside a listing."""
    words = text.split()
    if len(words) < 2 or not (words[0].isascii() and words[0].isdigit() and len(words[0]) < 7):
        return False
    first = int(words[0])
    return words == [str(number) for number in range(first, first + len(words))]


_CODE_TABLES: Final = frozenset(
    {"highlight", "highlighttable", "codehilitetable", "rouge-table", "lntable", "crayon-table"}
    | {"hljs-ln", "blob-wrapper", "diff-table", "syntaxhighlighter", "js-file-line-container"}
)
_CODE_CELLS: Final = frozenset(
    {"code", "blob-code", "rouge-code", "crayon-code", "hljs-ln-code", "lntd", "line-content"}
    | {"blob-code-inner", "js-file-line", "line-code"}
)


def code_in_table(table: LexborNode) -> str | None:
    """Return the code of a table that shows lines of code; None for another table.

    A listing with <pre> in its cells is no such table: it is read like a layout.
    """
    rows = table.css("tr")
    if not rows or table.css_first("th, pre") is not None:
        return None
    known = not _CODE_TABLES.isdisjoint(_classes(table, 2))
    code: list[LexborNode] = []
    for row in rows:
        cells = [one for one in row.iter() if one.tag == "td"]
        shown = [one for one in cells if not is_gutter(one)]
        is_code = len(shown) == 1 and not _CODE_CELLS.isdisjoint(_classes(shown[0], 0))
        if len(shown) != 1 or not (is_code or known) or (not known and len(cells) == 1):
            return None
        code.append(shown[0])
    lines = _Lines()
    for cell in code:
        begun = lines.begin()
        _add(lines, cell)
        lines.end(begun)
    return "".join(lines.pieces).expandtabs(4)


def _classes(node: LexborNode | None, parents: int) -> set[str]:
    """Return the classes of an element and of some elements around it."""
    found: set[str] = set()
    for _ in range(parents + 1):
        if node is None or not node.is_element_node:
            break
        found.update((node.attributes.get("class") or "").lower().split())
        node = node.parent
    return found


def code_in(root: LexborNode) -> frozenset[int]:
    """Return the elements, by `mem_id`, that hold code though they aren't <pre>."""
    found = {one.mem_id for one in root.css(_EDITORS)[:_MOST]}
    for mark in root.css("code > br")[:_MOST]:
        code = mark.parent
        if code is not None and _is_the_whole_block(code):
            found.add(code.mem_id)
    return frozenset(found)


def _is_the_whole_block(node: LexborNode) -> bool:
    parent = node.parent
    if parent is None or parent.tag in ("pre", "td", "th", "li"):
        return False
    others = (one for one in (node.prev, node.next) if one is not None)
    if parent.tag in ("body", "main", "div", "section", "article"):
        return all(not _is_inline(one) for one in others)
    return all(one.is_text_node and not one.text(deep=False).strip() for one in others)


def _is_inline(node: LexborNode) -> bool:
    if node.is_text_node:
        return bool(node.text(deep=False).strip())
    return node.tag in ("a", "b", "em", "i", "span", "strong", "code", "kbd", "img")
