"""Spreadsheets and CSV files: rows that say what their cells mean, or questions and answers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from answerdesk.knowledge.ingestion.parse.delimited import DELIMITED, read_delimited
from answerdesk.knowledge.ingestion.parse.grids import GridRow, grid_text
from answerdesk.knowledge.ingestion.parse.media_types import XLSX
from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.questions import Field, add_question, question_columns
from answerdesk.knowledge.ingestion.parse.sheet_regions import regions
from answerdesk.knowledge.ingestion.parse.sheets import Sheet
from answerdesk.knowledge.ingestion.parse.tables import (
    ACROSS,
    SEPARATOR,
    looks_like_header,
    row_text,
    spread,
    with_groups,
    with_one_header,
)

_GIVEN_NAME = re.compile(
    r"(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|arkusz|ark|лист|工作表|シート|table)\s*\d*",
    re.IGNORECASE,
)
_MOST_ABOVE: Final = 10
"""Maximum rows in which to look for a header."""
_LONGEST_CAPTION: Final = 200
_SAMPLE: Final = 60
"""Rows that show whether the first one names the columns."""
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
        headers: dict[int, Sequence[str]] = {}
        found = list(regions(sheet, split=not header_expected))
        has_several = sum(1 for _, region in found if _has_title(region)) > 1
        for left, region in found:
            rows = region
            outline.leave(3)
            if has_several and _has_title(region):
                # The titles tell apart rows that read alike.
                outline.heading(3, row_text((), region[0]), None)
                rows = region[1:]
            before = headers.get(left, ())
            headers[left] = _put_region(outline, rows, before, header_expected=header_expected)


def _has_title(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether a table begins with a title: one text over several columns."""
    return (
        len(rows) > 2
        and len(rows[0]) > 1
        and _is_one_text(rows[0])
        and rows[0][0] != ""
        and len(rows[0][0]) <= _LONGEST_CAPTION
        and _filled(rows[1]) > 1
    )


def _put_region(
    outline: Outline,
    rows: list[Sequence[str]],
    before: Sequence[str],
    *,
    header_expected: bool,
) -> Sequence[str]:
    """Add a region; return its header, which also applies to a later region without one."""
    above, rows = _part_from_header(_with_one_header(rows), header_expected=header_expected)
    rows = _with_one_header(rows)
    captions = [row_text((), row) for row in above]
    if len(rows[0]) == 1 or (len(rows) == 1 and not before and not header_expected):
        for text in (*captions, *(row_text((), row) for row in rows)):
            outline.add("paragraph", text)
        return before
    header: Sequence[str] = ()
    if _names_columns(rows, expected=header_expected) or question_columns(rows[0]):
        header, rows = spread(rows[0]), rows[1:]
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
    names = [GridRow(header, [True] * len(header))] if header else []
    below = rows if header_expected or not header else with_groups(rows)
    body = [GridRow(row, [False] * len(row)) for row in below]
    text, has_caption = grid_text([*names, *body], caption)
    lines = (one for line in text.split("\n") for one in _parted(line))
    outline.add("table", "\n".join(lines), has_caption=has_caption)
    return header


def _with_one_header(rows: list[Sequence[str]]) -> list[Sequence[str]]:
    """Join two rows of names, of which the upper has some that span columns."""
    top = [spread(row) for row in rows[:_SAMPLE]]
    joined = with_one_header(list(top))
    return [joined[0], *rows[2:]] if len(joined) < len(top) else rows


def _names_columns(rows: Sequence[Sequence[str]], *, expected: bool = False) -> bool:
    return looks_like_header([spread(row) for row in rows[:_SAMPLE]], expected=expected)


def _part_from_header(
    rows: list[Sequence[str]], *, header_expected: bool
) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    """Separate a table from the title or notes above it."""
    is_title = len(rows[0]) > 1 and _is_one_text(rows[0])
    if (header_expected and not is_title) or question_columns(rows[0]) is not None:
        return [], rows
    for index, row in enumerate(rows[:_MOST_ABOVE]):
        most = max((_filled(one) for one in rows[index + 1 : index + 20]), default=0)
        is_header = (
            _names_columns(rows[index : index + _SAMPLE]) or question_columns(row) is not None
        )
        narrower = all(_filled(one) < _filled(row) for one in rows[:index])
        if most and _filled(row) >= most and narrower and is_header:
            return rows[:index], rows[index:]
    titles = 0
    while titles < len(rows) - 1 and len(rows[0]) > 1 and _is_one_text(rows[titles]):
        titles += 1
    return rows[:titles], rows[titles:]


def _filled(row: Sequence[str]) -> int:
    """Count the distinct cells: a merged cell counts once."""
    return len({cell for cell in row if cell not in ("", ACROSS)})


def _is_one_text(row: Sequence[str]) -> bool:
    return _filled(row) == 1


def _parted(line: str) -> Iterator[str]:
    """Yield a row's line, or several if it is very wide, each with its first cell."""
    if len(line) <= _WIDEST_ROW:
        yield line
        return
    first, *others = line.split(SEPARATOR)
    first = first[:_LONGEST_CAPTION]
    part = first
    for cell in others:
        if len(part) > len(first) and len(part) + len(cell) > _WIDEST_ROW:
            yield part
            part = first
        part = f"{part}{SEPARATOR}{cell}"
    yield part


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
    for row in map(spread, rows):
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
