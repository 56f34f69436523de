"""Options and help of `answerdesk reading …`; `reading` does the work."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated

import typer

from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption

reading_app = typer.Typer(
    name="reading",
    help="Documents that an older version has read: count them, read them again.",
    no_args_is_help=True,
)


@reading_app.command()
def show(*, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Show how many documents an older version has read."""
    from answerdesk.entrypoints.cli import reading

    reading.run_show(project=project, as_json=as_json)


@reading_app.command()
def again(
    *,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Return when it is done, or immediately.")
    ] = True,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read those documents again, from what is stored; only what has changed is embedded."""
    from answerdesk.entrypoints.cli import reading

    reading.run_again(wait=wait, project=project, as_json=as_json)


@reading_app.command()
def cancel(*, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Stop reading again; what has been read again stays."""
    from answerdesk.entrypoints.cli import reading

    reading.run_cancel(project=project, as_json=as_json)
