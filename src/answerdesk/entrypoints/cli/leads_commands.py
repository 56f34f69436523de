"""Options and help of `answerdesk leads …`; `leads` does the work."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from datetime import datetime
from typing import Annotated

import typer

from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption

_DAY = ["%Y-%m-%d"]

leads_app = typer.Typer(
    name="leads",
    help="Leads: contact details that visitors left.",
    no_args_is_help=True,
)


@leads_app.callback()
def _group() -> None:
    """Keep `export` a command of its own: the group has no other one yet."""


@leads_app.command("export")
def export_leads(
    *,
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help="The file to write; - is standard output.")
    ] = "-",
    query: Annotated[
        str | None,
        typer.Option(
            "--query", help="Only with this in the name, address, phone number or message."
        ),
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DAY, help="Only those added on this day or later."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, help="Only those added on this day or before."),
    ] = None,
    consent: Annotated[
        bool | None,
        typer.Option("--consent/--no-consent", help="Only those with a consent, or without."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a project's leads to a CSV file for spreadsheets, newest first."""
    from answerdesk.entrypoints.cli import leads

    days = (None if first is None else first.date(), None if last is None else last.date())
    leads.run_export(
        out, leads.Wanted(query, *days, consent), force=force, project=project, as_json=as_json
    )
