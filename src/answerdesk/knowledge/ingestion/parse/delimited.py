"""CSV and TSV: encoding, delimiter and rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from answerdesk.knowledge.ingestion.parse.decoding import clean, decode
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import CSV, TSV
from answerdesk.knowledge.ingestion.parse.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    Row,
    Sheet,
    too_many_cells,
    too_many_columns,
)

DELIMITED: Final = frozenset({CSV, TSV})

_NAMED = re.compile(r"\Asep=([^\n])\n", re.IGNORECASE)
"""The first line with which a file tells Excel its delimiter."""
_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE_ROWS: Final = 50
_SAMPLE: Final = 64 * 1024


def read_delimited(content: bytes, kind: str, name: str) -> Sheet:
    """Return the rows of a CSV or TSV file.

    Raises UnreadableDocument if it can't be read or has too many cells.
    """
    text = decode(content, kind, name)
    first = 1
    if named := _NAMED.match(text):
        delimiter, text, first = named[1], text[named.end() :], 2
    else:
        delimiter = _delimiter(text, kind)
    try:
        rows = list(_bounded(_rows(text, delimiter, strict=True), name, first))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise UnreadableDocument(
                f"{name}: a cell starts with a quotation mark that is never closed; such a cell"
                " must also end with one",
                reason="broken",
            ) from error
        if "field larger" in str(error):
            raise UnreadableDocument(
                f"{name}: a cell has more than {csv.field_size_limit():,} characters; split it, or"
                " check whether it starts with a quotation mark that is never closed",
                reason="broken",
            ) from error
        # Quotation marks inside a cell that were not doubled: every program reads them literally.
        rows = list(_bounded(_rows(text, delimiter, strict=False), name, first))
    return Sheet("", rows)


def _rows(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=True
    )


def _bounded(rows: Iterator[list[str]], name: str, first: int) -> Iterator[Row]:
    cells = 0
    for number, row in enumerate(rows, start=first):
        texts = [clean(cell).strip() for cell in row]
        filled = sum(1 for text in texts if text)
        cells += filled
        if filled > MOST_COLUMNS:
            raise too_many_columns(name, number)
        if cells > MOST_CELLS:
            raise too_many_cells(name)
        if filled:
            yield Row(number, texts)


def _delimiter(text: str, kind: str) -> str:
    """Return the delimiter that splits the first rows most evenly; TSV files prefer tabs."""
    if kind == TSV and "\t" in text[:_SAMPLE]:
        return "\t"
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = _widths(text[:_SAMPLE], delimiter)
        if not widths:
            continue
        width, count = max(Counter(widths).items(), key=lambda one: (one[1] * (one[0] > 1), one[0]))
        score = count / len(widths) * (width > 1)
        # A header's width is better evidence than commas in the sentences below it.
        score += 0.5 * (widths[0] > 1)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    """Return the number of cells in each of the first rows; blank rows don't count."""
    widths: list[int] = []
    try:
        for row in _rows(sample, delimiter, strict=False):
            if row:
                widths.append(len(row))
            if len(widths) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return widths
