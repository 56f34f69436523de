"""Spreadsheets in formats other than XLSX: XLS, XLSB and ODS, read with calamine."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from answerdesk.knowledge.ingestion.parse.decoding import LOST, clean
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import is_excel_95
from answerdesk.knowledge.ingestion.parse.number_formats import format_moment, plain_number
from answerdesk.knowledge.ingestion.parse.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    Row,
    Sheet,
    merge_cells,
    too_many_cells,
    too_many_columns,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_MOST_PLACES: Final = 4_000_000
"""Maximum cells in a sheet's area, empty ones included: calamine allocates each of them."""


def read_other_sheets(content: bytes, name: str) -> Iterator[Sheet]:
    """Yield the visible sheets in order.

    Raises UnreadableDocument if the file is damaged, protected, or has too many cells.
    """
    import python_calamine as calamine  # noqa: PLC0415 - needed for few files only

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            one.name
            for one in workbook.sheets_metadata
            if one.visible == calamine.SheetVisibleEnum.Visible
            and one.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        cells, is_old = 0, is_excel_95(content)
        for title in visible:
            sheet = workbook.get_sheet_by_name(title)
            if sheet.total_height * sheet.total_width > _MOST_PLACES:
                raise too_many_cells(name)
            rows, filled = _rows(sheet, name, MOST_CELLS - cells)
            cells += filled
            if is_old and any(LOST in cell for row in rows for cell in row.cells):
                # Letters of several bytes: calamine reads each byte for itself.
                raise UnreadableDocument(
                    f"{name}: the letters of this Excel 95 file cannot be read; open it and save"
                    " it as XLSX",
                    reason="encoding",
                )
            yield Sheet(clean(title).strip(), rows)
    except calamine.PasswordError as error:
        raise UnreadableDocument(
            f"{name}: the file is protected by a password; save it without one",
            reason="encrypted",
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableDocument(
            f"{name}: the spreadsheet is damaged; open it and save it as XLSX", reason="broken"
        ) from error


def _rows(sheet: "CalamineSheet", name: str, most: int) -> tuple[list[Row], int]:
    """Return a sheet's rows, of at most so many cells, and how many cells they have."""
    top, left = sheet.start or (0, 0)
    rows: dict[int, list[str]] = {}
    cells = 0
    for number, values in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
        texts = [clean(_text(value)).strip() for value in values]
        filled = sum(1 for text in texts if text)
        cells += filled
        if filled > MOST_COLUMNS:
            raise too_many_columns(name, number)
        if cells > most:
            raise too_many_cells(name)
        if filled:
            rows[number] = texts
    merged = 0
    for start, end in sheet.merged_cell_ranges or ():
        if start[1] >= left and merged < MOST_CELLS:
            columns = (start[1] - left, end[1] - left)
            merged += merge_cells(rows, (start[0] + 1, end[0] + 1), columns)
    return [Row(number, texts) for number, texts in rows.items()], cells


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain_number(float(value))
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, time):
        return value.isoformat("minutes" if not value.second else "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
