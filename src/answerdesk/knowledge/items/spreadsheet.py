"""Cells of a CSV file that a spreadsheet opens, and what comes back from one.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` (of either width), a tab or a line
end for a formula, which can send away what stands in other cells. Such a cell gets an apostrophe in
front, which makes it text, and loses it when it comes back, so that nothing is changed by the way.
"""

import re
from collections.abc import Sequence
from typing import Final

COLUMNS: Final = ("question", "answer", "category", "tags")
BYTE_ORDER_MARK: Final = "\ufeff"
"""What a file begins with for Excel to read it as UTF-8."""

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_TEXT: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def to_cell(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def from_cell(cell: str) -> str:
    """Read what `to_cell` has written."""
    return cell[1:] if _MADE_TEXT.match(cell) else cell


def tags_cell(tags: Sequence[str]) -> str:
    """Write tags in one cell."""
    return to_cell("; ".join(tags))
