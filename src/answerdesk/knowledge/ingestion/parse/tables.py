"""Tables as lines of text: each row says by itself what its cells mean."""

from collections.abc import Sequence

_SEPARATOR = " | "


def table_text(header: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """Return the table's lines: the caption if it has one, then its rows.

    With a header a row reads "Plan: Pro | Price: $20"; without one "Pro | $20". Empty cells are
    left out.
    """
    lines = [caption] if caption else []
    body = [_row(header, row) for row in rows if any(row)]
    if not body and any(header):
        body = [_SEPARATOR.join(cell for cell in header if cell)]
    return "\n".join(lines + body)


def _row(header: Sequence[str], row: Sequence[str]) -> str:
    if len({cell for cell in row if cell}) == 1 and len(row) > 1 and all(row):
        # One cell across the whole row: the name of the rows below.
        return row[0]
    cells = []
    for index, cell in enumerate(row):
        name = header[index] if index < len(header) else ""
        if cell:
            cells.append(f"{name.rstrip(':')}: {cell}" if name else cell)
    return _SEPARATOR.join(cells)
