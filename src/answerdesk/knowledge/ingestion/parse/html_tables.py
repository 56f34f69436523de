"""HTML tables: their cells, with those that span several rows or columns."""

from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.html_inline import inline_text
from answerdesk.knowledge.ingestion.parse.tables import (
    looks_like_header,
    stack_headers,
    table_text,
    words_over_numbers,
)

_WIDEST: Final = 100
_LONG_CELL: Final = 400


def is_layout(table: LexborNode) -> bool:
    """Say whether a table only places things beside each other."""
    if (table.attributes.get("role") or "").lower() in ("presentation", "none"):
        return True
    if table.css_first("td table, th table, h1, h2, h3, h4, h5, h6, pre") is not None:
        return True
    if table.css_first("th") is not None:
        return False
    return any(len(cell.text(deep=True)) > _LONG_CELL for cell in table.css("td"))


def html_table_text(table: LexborNode) -> tuple[str, bool]:
    """Return a table's lines, and whether the first is its caption."""
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
    """Say whether all cells of the first row are bold, and not all of the second."""
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
    """Return the texts of a row, and note in `spanning` what reaches into the rows below."""
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
