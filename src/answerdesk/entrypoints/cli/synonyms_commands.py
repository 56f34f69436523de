"""Options and help of `answerdesk synonyms …`; `synonyms` does the work."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated

import typer

from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption

synonyms_app = typer.Typer(
    name="synonyms",
    help="Words and phrases that mean the same: add, list, remove and import them.",
    no_args_is_help=True,
)


@synonyms_app.command()
def add(
    terms: Annotated[
        list[str],
        typer.Argument(
            metavar="TERM...",
            help='Two to ten words or phrases that mean the same: "flat tire" puncture.',
            show_default=False,
        ),
    ],
    *,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add words that mean the same; the next question already counts them."""
    from answerdesk.entrypoints.cli import synonyms

    synonyms.run_add(terms, project=project, as_json=as_json)


@synonyms_app.command("list")
def list_synonyms(*, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """List a project's groups of words that mean the same, oldest first."""
    from answerdesk.entrypoints.cli import synonyms

    synonyms.run_list(project=project, as_json=as_json)


@synonyms_app.command()
def remove(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="SYNONYMS",
            help="The group, by its id (syn_…) or one of its words.",
            show_default=False,
        ),
    ],
    *,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a group: its words no longer mean the same."""
    from answerdesk.entrypoints.cli import synonyms

    synonyms.run_remove(wanted, project=project, as_json=as_json)


@synonyms_app.command("import")
def import_synonyms(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A CSV file: each row is a group, each cell a word or phrase; no header.",
            show_default=False,
        ),
    ],
    *,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the groups of a table.

    Either all rows are imported or none; errors are reported by row. A row that already exists as
    a group changes nothing.
    """
    from answerdesk.entrypoints.cli import synonyms

    synonyms.run_import(file, project=project, as_json=as_json)
