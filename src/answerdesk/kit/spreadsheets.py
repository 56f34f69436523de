"""CSV that spreadsheets open as what it is, and nothing of which they run.

A spreadsheet treats a cell that begins with `=`, `+`, `-`, `@` (of either width), a tab or a line
end as a formula, which can send the content of other cells elsewhere. An apostrophe before such a
cell makes it text.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""Makes Excel read a file as UTF-8."""

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_TEXT: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def to_cell(text: str) -> str:
    """Write a text so that no spreadsheet treats it as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def from_cell(cell: str) -> str:
    """Read what `to_cell` has written."""
    return cell[1:] if _MADE_TEXT.match(cell) else cell


def csv_lines(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines of CSV that end in CRLF."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()
