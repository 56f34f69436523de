"""Writes rows: a table for people on a terminal, tab-separated for programs elsewhere."""

import sys
from collections.abc import Mapping
from typing import Any, Final

from rich.table import Table

from answerdesk.entrypoints.cli.output import make_console, one_line

_COPIED: Final = frozenset({"id", "project"})
"""Columns that people copy into the next command, so they stay whole and on one line."""


def write_table(rows: list[Mapping[str, Any]]) -> None:
    """Write one or more rows as a table, or tab-separated into a file or pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            sys.stdout.write("\t".join(one_line(str(value)) for value in row.values()) + "\n")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in rows[0]:
        table.add_column(name, no_wrap=name in _COPIED, overflow="fold")
    for row in rows:
        table.add_row(*(one_line(str(value)) for value in row.values()))
    make_console().print(table)
