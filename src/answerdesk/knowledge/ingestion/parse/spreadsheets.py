"""Spreadsheets and CSV files."""

from answerdesk.knowledge.ingestion.parse.delimited import DELIMITED, read_delimited
from answerdesk.knowledge.ingestion.parse.media_types import XLSX
from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.sheet_tables import put_sheets


def parse_spreadsheet(content: bytes, kind: str, name: str) -> Outline:
    """Return the outline of a spreadsheet: a table a sheet, or its questions and answers."""
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
