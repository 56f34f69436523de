"""Spreadsheets and CSV files: rows that say what their cells mean, or questions and answers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from answerdesk.knowledge.ingestion.parse.delimited import DELIMITED, read_delimited
from answerdesk.knowledge.ingestion.parse.markup import without_markup
from answerdesk.knowledge.ingestion.parse.media_types import XLSX
from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.questions import Field, add_question, question_columns
from answerdesk.knowledge.ingestion.parse.sheets import Row, Sheet
from answerdesk.knowledge.ingestion.parse.tables import (
    looks_like_header,
    row_text,
    with_one_header,
)

_GIVEN_NAME = re.compile(
    r"(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|arkusz|ark|лист|工作表|シート|table)\s*\d*",
    re.IGNORECASE,
)
_MOST_ABOVE: Final = 10
"""Maximum rows in which to look for a header."""
_LONGEST_CAPTION: Final = 200
_WIDEST_ROW: Final = 1_000
"""A longer row is split into several lines, each with its first cell."""


def put_sheets(outline: Outline, sheets: Iterable[Sheet], *, header_expected: bool) -> None:
    """Add the sheets' content; a sheet's name is a heading unless the program chose it."""
    for sheet in sheets:
        if not sheet.rows:
            continue
        if sheet.name and not _GIVEN_NAME.fullmatch(sheet.name):
            outline.heading(2, sheet.name, None)
        elif sheet.name:
            outline.leave(2)
        header: Sequence[str] = ()
        for region in _regions(sheet, split=not header_expected):
            header = _put_region(outline, region, header, header_expected=header_expected)


def _regions(sheet: Sheet, *, split: bool) -> Iterator[list[Sequence[str]]]:
    """Yield the rows between blank rows, without columns that are empty in all of them."""
    region: list[Sequence[str]] = []
    last: Row | None = None
    for row in sheet.rows:
        if split and last is not None and row.number > last.number + 1:
            yield _without_empty_columns(region)
            region = []
        region.append([without_markup(cell) for cell in row.cells])
        last = row
    if region:
        yield _without_empty_columns(region)


def _without_empty_columns(rows: list[Sequence[str]]) -> list[Sequence[str]]:
    width = max(len(row) for row in rows)
    filled = [False] * width
    for row in rows:
        for index, cell in enumerate(row):
            filled[index] = filled[index] or bool(cell)
    kept = [index for index in range(width) if filled[index]]
    return [[row[index] if index < len(row) else "" for index in kept] for row in rows]


def _put_region(
    outline: Outline,
    rows: list[Sequence[str]],
    before: Sequence[str],
    *,
    header_expected: bool,
) -> Sequence[str]:
    """Add a region; return its header, which also applies to a later region without one."""
    above, rows = _part_from_header(with_one_header(rows), header_expected=header_expected)
    rows = with_one_header(rows)
    captions = [row_text((), row) for row in above]
    if len(rows[0]) == 1 or (len(rows) == 1 and not before and not header_expected):
        for text in (*captions, *(" | ".join(filter(None, row)) for row in rows)):
            outline.add("paragraph", text)
        return before
    header: Sequence[str] = ()
    if looks_like_header(rows, expected=header_expected) or question_columns(rows[0]):
        header, rows = rows[0], rows[1:]
    elif len(before) == len(rows[0]):
        header = before
    columns = question_columns(header)
    if columns is not None:
        _put_questions(outline, header, rows, columns, captions)
        return header
    caption = " – ".join(captions)
    if len(caption) > _LONGEST_CAPTION:
        for text in captions:
            outline.add("paragraph", text)
        caption = ""
    lines = [line for row in rows for line in _lines(header, row)]
    if not lines and header:
        lines = [row_text((), header)]
    outline.add(
        "table",
        "\n".join([caption, *lines]) if caption else "\n".join(lines),
        has_caption=bool(caption),
    )
    return header


def _part_from_header(
    rows: list[Sequence[str]], *, header_expected: bool
) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    """Separate a table from the title or notes above it."""
    is_title = len(rows[0]) > 1 and _is_one_text(rows[0])
    if (header_expected and not is_title) or question_columns(rows[0]) is not None:
        return [], rows
    for index, row in enumerate(rows[:_MOST_ABOVE]):
        most = max((_filled(one) for one in rows[index + 1 : index + 20]), default=0)
        is_header = looks_like_header(rows[index:]) or question_columns(row) is not None
        narrower = all(_filled(one) < _filled(row) for one in rows[:index])
        if most and _filled(row) >= most and narrower and is_header:
            return rows[:index], rows[index:]
    titles = 0
    while titles < len(rows) - 1 and len(rows[0]) > 1 and _is_one_text(rows[titles]):
        titles += 1
    return rows[:titles], rows[titles:]


def _filled(row: Sequence[str]) -> int:
    """Count the distinct cells: a merged cell counts once."""
    return len({cell for cell in row if cell})


def _is_one_text(row: Sequence[str]) -> bool:
    return _filled(row) == 1


def _lines(header: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    """Yield a row as one line, or several if it is very wide."""
    text = row_text(header, row)
    if len(text) <= _WIDEST_ROW:
        yield text
        return
    first = row_text(header, row[:1])[:200]
    line = first
    for index in range(1, len(row)):
        cell = row_text(header[index : index + 1], row[index : index + 1])
        if not cell:
            continue
        if len(line) > len(first) and len(line) + len(cell) > _WIDEST_ROW:
            yield line
            line = first
        line = f"{line} | {cell}" if line else cell
    if line:
        yield line


def _put_questions(
    outline: Outline,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    columns: dict[Field, int],
    captions: Sequence[str],
) -> None:
    for caption in captions:
        outline.add("paragraph", caption)
    used = set(columns.values())
    for row in rows:
        others = [
            row_text(header[index : index + 1], row[index : index + 1])
            for index in range(len(row))
            if index not in used and row[index]
        ]
        add_question(
            outline,
            row[columns["question"]],
            "\n".join(filter(None, [row[columns["answer"]], *others])),
            row[columns["category"]] if "category" in columns else "",
        )


def parse_spreadsheet(content: bytes, kind: str, name: str) -> Outline:
    """Return the outline of a spreadsheet: one table per sheet, or questions and answers."""
    outline = Outline()
    if kind in DELIMITED:
        put_sheets(outline, [read_delimited(content, kind, name)], header_expected=True)
    elif kind == XLSX:
        from answerdesk.knowledge.ingestion.parse.xlsx import read_xlsx  # noqa: PLC0415

        put_sheets(outline, read_xlsx(content, name), header_expected=False)
    else:
        from answerdesk.knowledge.ingestion.parse.other_sheets import (  # noqa: PLC0415
            read_other_sheets,
        )

        put_sheets(outline, read_other_sheets(content, name), header_expected=False)
    return outline
