"""`answerdesk leads …`: exports the contact details that visitors left."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import typer

from answerdesk.entrypoints.cli.output import readable_name, write_file, write_note
from answerdesk.entrypoints.cli.project_work import ProjectWork, Result, Shown, run_on_project
from answerdesk.leads.exporting import written
from answerdesk.leads.types import QUERY_LENGTH, LeadFilter
from answerdesk.projects.days import open_span

_STANDARD_OUTPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads the options name; the days are those of the project's time zone."""

    query: str | None
    first: date | None
    last: date | None
    consent: bool | None


def run_export(
    file: str, wanted: Wanted, *, force: bool, project: str | None, as_json: bool
) -> None:
    """Write leads to a file or standard output, and exit."""
    query = (wanted.query or "").strip() or None
    if query is not None and len(query) > QUERY_LENGTH:
        raise typer.BadParameter(f"has more than {QUERY_LENGTH} characters", param_hint="--query")

    async def work(on: ProjectWork) -> Result:
        begins, ends = open_span(on.project, wanted.first, wanted.last)
        only = LeadFilter(query, begins, ends, wanted.consent)
        parts = written(on.application.database, on.project, only)
        if file == _STANDARD_OUTPUT:
            async for part in parts:
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
        else:
            await write_file(Path(file), parts, force=force)
        return Result({"file": readable_name(file)})

    def write(shown: Shown) -> None:
        if file != _STANDARD_OUTPUT:
            write_note(f"Wrote {shown['file']}.")

    # On standard output the leads themselves are the result.
    run_on_project(work, write, project=project, as_json=as_json and file != _STANDARD_OUTPUT)
