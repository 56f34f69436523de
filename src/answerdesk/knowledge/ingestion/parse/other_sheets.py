"""Spreadsheets in formats other than XLSX: XLS, XLSB and ODS, read with calamine."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from answerdesk.knowledge.ingestion.parse.decoding import clean
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.number_formats import format_moment, plain_number
from answerdesk.knowledge.ingestion.parse.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    Row,
    Sheet,
    too_many_cells,
    too_many_columns,
)

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
        cells = 0
        for title in visible:
            sheet = workbook.get_sheet_by_name(title)
            if sheet.total_height * sheet.total_width > _MOST_PLACES:
                raise too_many_cells(name)
            first = sheet.start[0] + 1 if sheet.start is not None else 1
            rows: list[Row] = []
            for number, values in enumerate(sheet.to_python(skip_empty_area=True), start=first):
                texts = [clean(_text(value)).strip() for value in values]
                filled = sum(1 for text in texts if text)
                cells += filled
                if filled > MOST_COLUMNS:
                    raise too_many_columns(name, number)
                if cells > MOST_CELLS:
                    raise too_many_cells(name)
                if filled:
                    rows.append(Row(number, texts))
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
