"""Options and help of `answerdesk sources …`; `sources` does the work."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated, Literal

import typer

from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption

sources_app = typer.Typer(
    name="sources",
    help="Sources of a project's knowledge: list, show, sync, remove.",
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
    """Show a source, the state of its last sync, and when the next one is due."""
    from answerdesk.entrypoints.cli import sources

    sources.run_show(source, project=project, as_json=as_json)


@sources_app.command()
def sync(
    source: _Source,
    *,
    only_failed: Annotated[
        bool, typer.Option("--only-failed", help="Fetch only the pages that failed.")
    ] = False,
    confirm_removals: Annotated[
        bool,
        typer.Option(
            "--confirm-removals",
            help="Remove all pages that are gone, however many: it is not an outage.",
        ),
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Return when it has ended, or immediately.")
    ] = True,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sync a website, and return when its changes are searchable.

    Unchanged pages cost nothing. The exit status is 1 if a page failed; its earlier content stays.
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
    """Cancel a website's running sync; the pages ingested so far stay."""
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
    """List a website's pages by address, with the reason if a page failed."""
    from answerdesk.entrypoints.cli import sources

    sources.run_pages(source, state, project=project, as_json=as_json)


@sources_app.command()
def changes(
    source: _Source,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="SYNC", help="All changes since this sync (sync_…) taken together."
        ),
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the changes by a website's last sync."""
    from answerdesk.entrypoints.cli import sources

    sources.run_changes(source, since, project=project, as_json=as_json)


@sources_app.command()
def remove(
    source: _Source,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove it; without --yes only say what would be removed.")
    ] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a source with all its documents."""
    from answerdesk.entrypoints.cli import sources

    sources.run_remove(source, yes=yes, project=project, as_json=as_json)
