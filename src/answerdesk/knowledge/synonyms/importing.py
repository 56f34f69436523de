"""Turns a table of synonyms into rows; checks every row before anything is stored."""

from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError

from answerdesk.core.faults import faults as told
from answerdesk.knowledge.ingestion.parse.delimited import DELIMITED
from answerdesk.knowledge.ingestion.parse.media_types import CSV, media_type_of
from answerdesk.knowledge.ingestion.parse.sheets import Row, Sheet
from answerdesk.knowledge.ingestion.sandbox.process import Operation, ParsingProcess
from answerdesk.knowledge.items.errors import RowsInvalid, import_invalid
from answerdesk.knowledge.items.types import RowFault
from answerdesk.knowledge.synonyms.schemas import SynonymsIn
from answerdesk.knowledge.synonyms.types import MOST_GROUPS, SynonymsRow

_READ: Final = Operation("answerdesk.knowledge.ingestion.parse.delimited:read_delimited", Sheet)


async def rows_of_file(parsing: ParsingProcess, content: bytes, name: str) -> Sequence[SynonymsRow]:
    """Read a CSV file: a row is a group, a cell a word or phrase; there is no header.

    Raises InvalidInput if it is no such table, RowsInvalid with the faults of its rows, and
    ParsingUnavailable if the machine is too busy to read it while somebody waits.
    """
    kind = media_type_of(name)
    sheet = await parsing.run(
        _READ,
        content,
        kind if kind in DELIMITED else CSV,
        name,
        name=name,
        patience=parsing.patience,
    )
    if not 1 <= len(sheet.rows) <= MOST_GROUPS:
        raise import_invalid(
            f"An import must have 1 to {MOST_GROUPS:,} rows; this one has {len(sheet.rows):,}"
        )
    rows: list[SynonymsRow] = []
    faults: list[RowFault] = []
    for row in sheet.rows:
        try:
            rows.append(_checked(row))
        except ValidationError as error:
            found = told(error.errors(), whole="row", model=SynonymsIn)
            faults += [RowFault(row.number, one.field, one.text) for one in found]
    if faults:
        raise RowsInvalid(faults, len(sheet.rows))
    return rows


def _checked(row: Row) -> SynonymsRow:
    terms = [cell for cell in row.cells if cell]
    return SynonymsRow(row.number, tuple(SynonymsIn(terms=terms).terms))
