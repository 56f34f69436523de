"""`answerdesk sources …` with its options and help; what they do is in `sources`."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated, Literal

import typer

from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption

sources_app = typer.Typer(
    name="sources",
    help="Sources: list, look at, sync, and remove what a project knows.",
    no_args_is_help=True,
)

_Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="The source, by its id (src_…), its name or its address.",
        show_default=False,
    ),
]


@sources_app.command("list")
def list_sources(*, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """List a project's sources with their state, oldest first."""
    from answerdesk.entrypoints.cli import sources

    sources.run_list(project=project, as_json=as_json)


@sources_app.command()
def show(source: _Source, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Show a source, how far its last sync is, and when the next one is due."""
    from answerdesk.entrypoints.cli import sources

    sources.run_show(source, project=project, as_json=as_json)


@sources_app.command()
def sync(
    source: _Source,
    *,
    only_failed: Annotated[
        bool, typer.Option("--only-failed", help="Look only at the pages that failed.")
    ] = False,
    confirm_removals: Annotated[
        bool,
        typer.Option(
            "--confirm-removals",
            help="Let pages that are gone go, however many they are: it is no outage.",
        ),
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Return when it has ended, or at once.")
    ] = True,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at a website's pages again, and return when what has changed is searchable.

    Unchanged pages cost nothing. The exit status is 1 when a page failed; what it said stays.
    """
    from answerdesk.entrypoints.cli import sources

    sources.run_sync(
        source,
        only_failed=only_failed,
        confirm_removals=confirm_removals,
        wait=wait,
        project=project,
        as_json=as_json,
    )


@sources_app.command()
def cancel(source: _Source, *, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """End the sync of a website that is running; what it has taken in stays."""
    from answerdesk.entrypoints.cli import sources

    sources.run_cancel(source, project=project, as_json=as_json)


@sources_app.command()
def pages(
    source: _Source,
    *,
    state: Annotated[
        Literal["found", "good", "failed", "skipped", "gone"] | None,
        typer.Option("--state", help="Only pages in this state."),
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a website's pages by address, those that failed with the reason."""
    from answerdesk.entrypoints.cli import sources

    sources.run_pages(source, state, project=project, as_json=as_json)


@sources_app.command()
def changes(
    source: _Source,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="SYNC", help="All in all since this sync (sync_…), not the last one."
        ),
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what the last sync of a website has changed."""
    from answerdesk.entrypoints.cli import sources

    sources.run_changes(source, since, project=project, as_json=as_json)


@sources_app.command()
def remove(
    source: _Source,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without this it only says what would go.")
    ] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a source and all that came from it out of the answers."""
    from answerdesk.entrypoints.cli import sources

    sources.run_remove(source, yes=yes, project=project, as_json=as_json)
