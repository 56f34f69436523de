"""Tables of pages: what their cells mean, and which tables are none."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.grids import GridRow, grid_text
from answerdesk.knowledge.ingestion.parse.html_inline import inline_text
from answerdesk.knowledge.ingestion.parse.html_signs import CHECKED, UNCHECKED, names_in, sign_in
from answerdesk.knowledge.ingestion.parse.tables import (
    ACROSS,
    looks_like_header,
    spread,
    words_over_numbers,
)

_WIDEST: Final = 100
_TALLEST: Final = 65_534
_LONG_CELL: Final = 400
_NOT_IN_CELLS: Final = (
    'td table, th table, h1, h2, h3, h4, h5, h6, pre, [role="row"] [role="row"],'
    ' [role="row"] [role="table"], [role="cell"] [role="cell"], [role="gridcell"] [role="gridcell"]'
)
_HEADS: Final = ("columnheader", "rowheader")
_SECTIONS: Final = ("thead", "tbody", "tfoot")


def is_layout(table: LexborNode) -> bool:
    """Say whether a table is only for layout."""
    if (table.attributes.get("role") or "").lower() in ("presentation", "none"):
        return True
    if table.css_first(_NOT_IN_CELLS) is not None:
        return True
    if table.css_first("th") is not None:
        return False
    cells = table.css("td")
    return len(cells) == 1 or any(len(cell.text(deep=True)) > _LONG_CELL for cell in cells)


def html_table_text(table: LexborNode) -> tuple[str, bool]:
    """Return a table's text, and whether its first line is the caption."""
    rows = list(_rows(table))
    captions = [_caption(table)]
    if len(rows) > 1 and not any(any(row.heads) or row.in_head for row in rows):
        texts = [spread(row.cells) for row in rows]
        names = looks_like_header(texts) and words_over_numbers(texts)
        if names or (rows[0].stands_out and not rows[1].stands_out):
            first = rows[0]
            rows[0] = GridRow(first.cells, [True] * len(first.cells), look=first.look)
        elif _reaches_down(table):
            # A cell beside all rows, as across all columns, is said once.
            captions.append(rows[0].cells[0])
            rows = [_without_first(row) for row in rows]
    return grid_text(rows, " – ".join(filter(None, captions)))


def _caption(table: LexborNode) -> str:
    caption = table.css_first("caption")
    figure = table.parent
    if caption is None and figure is not None and figure.tag == "figure":
        caption = figure.css_first("figcaption")
    return inline_text(caption) if caption is not None else ""


def _rows(table: LexborNode) -> Iterator[GridRow]:
    spanning: dict[int, _Spanning] = {}
    section, part = 0, None
    for row in table.css("tr") or table.css('[role="row"]'):
        parent = row.parent
        if parent is not None and parent.mem_id != part:
            # No cell reaches beyond its part of the table.
            part, section = parent.mem_id, section + 1
            spanning = {}
        cells = _cells_of(row)
        texts, heads = _spread_out(cells, spanning)
        if texts and not _is_picture(cells):
            yield GridRow(
                texts,
                heads,
                in_head=parent is not None and parent.tag == "thead",
                section=section,
                stands_out=_is_bold(cells),
                look=f"{cells[0].tag} {cells[0].attributes.get('class') or ''}" if cells else "",
            )


def _is_picture(cells: list[LexborNode]) -> bool:
    """Say whether a row only shows a picture across several columns, with its caption."""
    return (
        len(cells) == 1
        and _span(cells[0], "colspan", _WIDEST) > 1
        and cells[0].css_first("img, picture, video, canvas") is not None
        and len(cells[0].text(deep=True)) <= _LONG_CELL
    )


def _cells_of(row: LexborNode) -> list[LexborNode]:
    if row.tag == "tr":
        return [one for one in row.iter() if one.tag in ("td", "th")]
    return row.css('[role="cell"], [role="gridcell"], [role="columnheader"], [role="rowheader"]')


def _is_bold(cells: list[LexborNode]) -> bool:
    """Say whether all text of a row is bold."""
    filled = [one for one in cells if one.text(deep=True).strip()]
    return bool(filled) and all(
        one.tag == "td"
        and (bold := one.css_first("b, strong")) is not None
        and bold.text(deep=True).strip() == one.text(deep=True).strip()
        for one in filled
    )


_Spanning = tuple[int, str, bool]
"""How many more rows a cell reaches into, its text, and whether it is a head."""


def _spread_out(
    cells: list[LexborNode], spanning: dict[int, _Spanning]
) -> tuple[list[str], list[bool]]:
    """Return a row by columns, and record in `spanning` the cells that reach into later rows."""
    texts: list[str] = []
    heads: list[bool] = []
    waiting: dict[int, _Spanning] = {}

    def fill_from_above() -> None:
        while len(texts) in spanning:
            column = len(texts)
            left, text, is_head = spanning.pop(column)
            texts.append(text)
            heads.append(is_head)
            if left > 1:
                waiting[column] = (left - 1, text, is_head)

    for cell in cells[:_WIDEST]:
        fill_from_above()
        text, is_head = cell_text(cell), _is_head(cell)
        height = _span(cell, "rowspan", _TALLEST)
        for at in range(max(_span(cell, "colspan", _WIDEST), 1)):
            if at and len(texts) >= _WIDEST:
                break
            said = ACROSS if at and text else text
            if height != 1 and len(texts) < _WIDEST:
                waiting[len(texts)] = ((height or _TALLEST) - 1, said, is_head)
            texts.append(said)
            heads.append(is_head)
    fill_from_above()
    spanning.clear()
    spanning.update(waiting)
    return texts, heads


def _is_head(cell: LexborNode) -> bool:
    return cell.tag == "th" or cell.attributes.get("role") in _HEADS


def _span(cell: LexborNode, name: str, most: int) -> int:
    attributes = cell.attributes
    value = (attributes.get(name) or attributes.get(f"aria-{name}") or "1").strip()[:9]
    return min(int(value), most) if value.isascii() and value.isdigit() else 1


def cell_text(cell: LexborNode) -> str:
    """Return what a cell says, in words if it only shows a sign and somewhere says more."""
    text = inline_text(cell, in_cell=True)
    if any(map(str.isalnum, text)) or CHECKED in text or UNCHECKED in text:
        return text
    words, shown = names_in(cell)
    return words or text or shown or sign_in(cell, in_cell=True)


def _reaches_down(table: LexborNode) -> bool:
    """Say whether the first cell stands beside all rows of the table."""
    rows = table.css("tr")
    cells = _cells_of(rows[0])[:1] if rows else []
    height = _span(cells[0], "rowspan", _TALLEST) if cells else 1
    return height == 0 or height >= len(rows) > 1


def _without_first(row: GridRow) -> GridRow:
    return GridRow(row.cells[1:], row.heads[1:], row.in_head, row.section, row.stands_out, row.look)


_KINDS = re.compile(
    r"(?:^|[-_ ])(?:admonition(?:block)?|note|warning|tip|important|caution|danger|attention|hint"
    r"|info|notice|alert|callout|[atco]mbox|messagebox)(?:$|[-_ ])",
    re.IGNORECASE,
)
_ICON = re.compile(r"(?:^|[-_ ])(?:icon|image|title|label)(?:$|[-_ ])", re.IGNORECASE)
_LONGEST_LABEL: Final = 40


def box_in(table: LexborNode) -> tuple[str, list[LexborNode]] | None:
    """Return the label and the cells of a note or warning that is laid out as a table.

    Its first cell shows a picture or the label, which may stand beside several rows.
    """
    rows = [cells for row in table.css("tr") if (cells := _cells_of(row))]
    if not 1 <= len(rows) <= 2 or len(rows[0]) != 2 or len(rows[-1]) > 2:
        return None
    icon, *others = chain.from_iterable(rows)
    said = inline_text(icon)
    words = any(map(str.isalnum, said))
    drawn = not words or icon.css_first("img, svg, i") is not None or _is_named(icon, _ICON)
    marked = _is_named(table, _KINDS) or _is_named(table.parent, _KINDS)
    if len(said) > _LONGEST_LABEL or not drawn or (words and not marked and len(rows) == 1):
        return None
    if len(rows) == 2 and (_span(icon, "rowspan", _TALLEST) == 1 or len(rows[1]) != 1):
        return None
    label = said if words else names_in(icon)[0]
    if others[0].tag == "th":
        label = inline_text(others.pop(0)) or label
    label = label.strip(" []():!")
    if not others or (not words and not marked and len(others) > 1):
        return None
    begins = inline_text(others[0])[: len(label)]
    is_said = not any(map(str.isalpha, label)) or begins.casefold() == label.casefold()
    return ("" if is_said else label), others


def _is_named(node: LexborNode | None, names: re.Pattern[str]) -> bool:
    return node is not None and names.search(node.attributes.get("class") or "") is not None
