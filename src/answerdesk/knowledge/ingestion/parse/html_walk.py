"""The walk over a page that turns its elements into blocks."""

from collections.abc import Callable
from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.html_code import (
    code_in_table,
    numbers_lines,
    verbatim_text,
)
from answerdesk.knowledge.ingestion.parse.html_inline import (
    LINE_BREAK,
    anchor_of,
    collapse,
    image_text,
    inline_text,
    is_contents,
    is_permalink,
    link_address,
)
from answerdesk.knowledge.ingestion.parse.html_marks import Marks
from answerdesk.knowledge.ingestion.parse.html_relevance import NOT_SAID, is_furniture
from answerdesk.knowledge.ingestion.parse.html_signs import sign_of
from answerdesk.knowledge.ingestion.parse.html_tables import (
    box_in,
    html_table_text,
    is_layout,
)
from answerdesk.knowledge.ingestion.parse.html_tabs import COMPONENTS, component_label
from answerdesk.knowledge.ingestion.parse.outline import Outline, Slugs, shorten
from answerdesk.knowledge.ingestion.parse.tables import ASKS, Listing

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BELOW_HEADINGS: Final = 7
"""Level of the sections that <details> and API definition lists open."""

_BLOCKS: Final = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "address", "figure", "hr"}
    | {"figcaption", "fieldset", "legend", "form", "center", "body", "html", "table", "caption"}
    | {"thead", "tbody", "tfoot", "tr", "td", "th", "hgroup", "search", "optgroup", "aside"}
)
_DEFINITIONS: Final = frozenset(
    {"py", "js", "c", "cpp", "function", "method", "class", "attribute", "data", "option"}
    | {"glossary"}
)
_Step = LexborNode | Callable[[], None]


class Walk:
    """One walk over a page; `outline` holds what it found.

    Headings without an id get an anchor from `slugs` if the site generates one the same way; the
    elements in `left_out` (by `mem_id`) are skipped. `marks` are those of the page.
    """

    def __init__(
        self,
        *,
        in_content: bool,
        drop_furniture: bool,
        slugs: Slugs | None,
        title: str | None = None,
        left_out: frozenset[int] = frozenset(),
        marks: Marks | None = None,
    ) -> None:
        self.outline = Outline(title)
        self._in_content = in_content
        self._drop_furniture = drop_furniture
        self._slugs = slugs
        self._marks = marks or Marks()
        self._left_out = left_out | self._marks.labels
        self._stack: list[_Step] = []
        self._pieces: list[str] = []
        self._says = False
        """The running text has words, not only pictures."""
        self._captions = 0
        self._listing: Listing | None = None
        self._quotes = 0
        self._sections = 0
        self._handlers: dict[str, Callable[[LexborNode], None]] = {
            "br": self._text_break,
            "img": self._image,
            "a": self._link,
            "label": self._apart,
            "pre": self._preformatted,
            "listing": self._preformatted,
            "xmp": self._preformatted,
            "blockquote": self._quote,
            "ul": self._list,
            "ol": self._list,
            "li": self._item,
            "dl": self._definitions,
            "dt": self._term,
            "dd": self._definition,
            "details": self._details,
            "summary": self._summary,
        }

    def run(self, root: LexborNode) -> Outline:
        self._push_children(root)
        while self._stack:
            step = self._stack.pop()
            if isinstance(step, LexborNode):
                self._enter(step)
            else:
                step()
        self._flush()
        return self.outline

    def _push_children(self, node: LexborNode) -> None:
        self._stack.extend(reversed(list(node.iter(include_text=True))))

    def _enter(self, node: LexborNode) -> None:
        tag, key, marks = node.tag or "", node.mem_id, self._marks
        if key in marks.ends:
            self._end_section_after(self.outline.level)
        if tag == "-text":
            self._text(node)
        elif key in marks.panels:
            self._panel(node, marks.panels[key])
        elif key in marks.code:
            self._preformatted(node)
        elif not node.is_element_node or self._took_sign(node) or self._is_left_out(node):
            return
        elif tag in _HEADINGS:
            self._heading(node, _HEADINGS[tag])
        elif tag in _BLOCKS or key in marks.grids:
            self._block(node)
        elif tag in COMPONENTS:
            self._panel(node, component_label(node))
        else:
            self._handlers.get(tag, self._push_children)(node)

    def _text(self, node: LexborNode) -> None:
        text = node.text(deep=False)
        self._says = self._says or not text.isspace()
        self._pieces.append(text)

    def _took_sign(self, node: LexborNode) -> bool:
        """Take a tick or a cross of a list, which may be all that tells its items apart."""
        in_link = node.parent is not None and node.parent.tag == "a"
        sign = "" if self._listing is None or in_link else sign_of(node, in_cell=False)
        if sign:
            self._pieces.append(f" {sign} ")
        return bool(sign)

    def _is_left_out(self, node: LexborNode) -> bool:
        if node.mem_id in self._left_out:
            return True
        if node.mem_id in self._marks.opened:
            return False
        if self._drop_furniture:
            return is_furniture(node, in_content=self._in_content)
        return node.tag in NOT_SAID

    def _flush(self) -> None:
        """End the running text: another block follows."""
        text = collapse(self._pieces)
        is_caption = bool(self._captions) or not self._says
        self._pieces.clear()
        self._says = False
        if not text:
            return
        if self._listing is not None:
            self._listing.add(text)
        elif is_caption:
            self.outline.add("paragraph", shorten(text), is_caption=True)
        else:
            self.outline.add("quote" if self._quotes else "paragraph", text)

    def _block(self, node: LexborNode) -> None:
        self._flush()
        if (node.tag == "table" or node.mem_id in self._marks.grids) and self._took_table(node):
            return
        before = self._in_content, self._captions
        # Headers and asides inside an article belong to it.
        self._in_content = self._in_content or node.tag == "article"
        self._captions += node.mem_id in self._marks.captions

        def leave() -> None:
            self._flush()
            self._in_content, self._captions = before

        self._stack.append(leave)
        self._push_children(node)

    def _took_table(self, table: LexborNode) -> bool:
        """Add a table; False for one that only lays out what is in it."""
        code = code_in_table(table)
        if code is not None:
            self._add("code", code)
            return True
        box = box_in(table)
        if box is not None:
            label, cells = box
            self._say(f"{label}: " if label else "")
            self._stack.append(self._flush)
            self._stack.extend(reversed(cells))
            return True
        if is_layout(table):
            return False
        text, has_caption = html_table_text(table)
        self._add("table", text, has_caption=has_caption)
        return True

    def _say(self, text: str) -> None:
        self._says = self._says or bool(text)
        self._pieces.append(text)

    def _add(self, kind: str, text: str, *, has_caption: bool = False) -> None:
        if self._listing is not None:
            self._listing.add(text)
        elif kind == "table":
            self.outline.add("table", text, has_caption=has_caption)
        else:
            self.outline.add("code", text)

    def _heading(self, node: LexborNode, level: int) -> None:
        self._flush()
        text = inline_text(node, keep_buttons=True)
        if self._listing is not None:
            self._listing.add(text)
            return
        anchor = anchor_of(node)
        if anchor is None and self._slugs is not None:
            anchor = self._slugs.slug(text)
        # Headings inside sections that <details> opened are deeper.
        self.outline.heading(level + self._sections * _BELOW_HEADINGS, text, anchor)

    def _text_break(self, _node: LexborNode) -> None:
        self._pieces.append(LINE_BREAK)

    def _image(self, node: LexborNode) -> None:
        self._pieces.append(image_text(node))

    def _link(self, node: LexborNode) -> None:
        if is_permalink(node, node.text(deep=True)):
            return
        address = link_address(node)
        if address:
            start = len(self._pieces)

            def add_address() -> None:
                if address not in "".join(self._pieces[start:]):
                    self._pieces.append(f" ({address})")

            self._stack.append(add_address)
        self._push_children(node)

    def _apart(self, node: LexborNode) -> None:
        """Separate the labels of tabs and fields, which adjoin without a space."""
        self._pieces.append(" ")
        self._stack.append(lambda: self._pieces.append(" "))
        self._push_children(node)

    def _preformatted(self, node: LexborNode) -> None:
        self._flush()
        text = verbatim_text(node)
        if node.parent is None or node.parent.tag != "td" or not numbers_lines(text):
            self._add("code", text)

    def _quote(self, node: LexborNode) -> None:
        self._flush()
        self._quotes += 1

        def leave() -> None:
            self._flush()
            self._quotes -= 1

        self._stack.append(leave)
        self._push_children(node)

    def _list(self, node: LexborNode) -> None:
        self._flush()
        if self._listing is None:
            if is_contents(node):
                return
            self._listing = Listing()
        start = node.attributes.get("start") or "1"
        self._listing.open(
            ordered=node.tag == "ol",
            start=int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1,
        )
        self._stack.append(self._leave_list)
        self._push_children(node)

    def _leave_list(self) -> None:
        self._flush()
        if self._listing is not None and self._listing.close():
            self.outline.add("list", "\n".join(self._listing.lines))
            self._listing = None

    def _item(self, node: LexborNode) -> None:
        self._flush()
        if self._listing is not None:
            self._listing.item()
        self._stack.append(self._flush)
        self._push_children(node)

    def _definitions(self, node: LexborNode) -> None:
        """Read a list of terms as a list; one that documents an API as sections."""
        classes = (node.attributes.get("class") or "").lower().split()
        terms = [one for one in node.iter() if one.tag == "dt"]
        if self._listing is not None or not (
            _DEFINITIONS.intersection(classes) or any(one.id for one in terms)
        ):
            self._list(node)
            return
        self._flush()
        self._open_sections()
        self._push_children(node)

    def _open_sections(self) -> None:
        self._sections += 1
        level = self._sections * _BELOW_HEADINGS

        def leave() -> None:
            self._flush()
            self.outline.leave(level)
            self._sections -= 1

        self._stack.append(leave)

    def _end_section_after(self, level: int) -> None:
        def leave() -> None:
            self._flush()
            if level:
                self.outline.leave(level)

        self._stack.append(leave)

    def _term(self, node: LexborNode) -> None:
        if self._listing is not None:
            self._item(node)
            return
        self._flush()
        level = max(self._sections, 1) * _BELOW_HEADINGS
        self.outline.heading(level, inline_text(node), node.id or None)

    def _definition(self, node: LexborNode) -> None:
        self._flush()
        if self._listing is not None:
            self._listing.definition()
        self._stack.append(self._flush)
        self._push_children(node)

    def _details(self, node: LexborNode) -> None:
        self._flush()
        if self._listing is None:
            self._open_sections()
        self._stack.append(self._flush)
        self._push_children(node)

    def _panel(self, node: LexborNode, label: str) -> None:
        """Read a panel of tabs as a section under its label."""
        self._flush()
        if self._listing is None and label:
            self._open_sections()
            self.outline.heading(self._sections * _BELOW_HEADINGS, label, node.id or None)
        else:
            self._say(f"{label} " if label.endswith(ASKS) else f"{label}: " if label else "")
        self._stack.append(self._flush)
        self._push_children(node)

    def _summary(self, node: LexborNode) -> None:
        self._flush()
        text = inline_text(node, keep_buttons=True)
        if self._listing is not None or not self._sections:
            self._say(text)
            self._flush()
            return
        anchor = node.id or (node.parent.id if node.parent is not None else None)
        self.outline.heading(self._sections * _BELOW_HEADINGS, text, anchor)
