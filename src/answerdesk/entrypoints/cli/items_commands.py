"""`answerdesk items …` with its options and help; what they do is in `items`."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated, Literal

import typer

from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption

items_app = typer.Typer(
    name="items",
    help="Questions with their answers: list, import and export them.",
    no_args_is_help=True,
)


@items_app.command("list")
def list_items(
    *,
    category: Annotated[str | None, typer.Option("--category", help="Only of this.")] = None,
    tag: Annotated[str | None, typer.Option("--tag", help="Only with this.")] = None,
    query: Annotated[
        str | None, typer.Option("--query", help="Only with this in the question or the answer.")
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a project's questions with their answers, oldest first."""
    from answerdesk.entrypoints.cli import items

    items.run_list(category, tag, query, project=project, as_json=as_json)


@items_app.command("import")
def import_items(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A CSV or JSON file with questions and answers.",
            show_default=False,
        ),
    ],
    *,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in a table of questions with answers, and return when all of them are searchable.

    Either all rows are taken or none; what is wrong is told row by row. A row that is there
    already stays the item that it is.
    """
    from answerdesk.entrypoints.cli import items

    items.run_import(file, project=project, as_json=as_json)


@items_app.command("export")
def export_items(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="Where to write it; - is standard output."),
    ] = "-",
    *,
    form: Annotated[
        Literal["csv", "json"] | None,
        typer.Option("--format", help="By default what the file's name says, else json."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write all questions with their answers to a file that `import` takes again."""
    from answerdesk.entrypoints.cli import items

    items.run_export(file, form, force=force, project=project, as_json=as_json)
