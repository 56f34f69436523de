"""Options and help of `answerdesk items …`; `items` does the work."""

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
    category: Annotated[str | None, typer.Option("--category", help="Only this category.")] = None,
    tag: Annotated[str | None, typer.Option("--tag", help="Only with this tag.")] = None,
    query: Annotated[
        str | None,
        typer.Option("--query", help="Only with this text in the question or the answer."),
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
    """Import a table of questions with answers, and return when all are searchable.

    Either all rows are imported or none; errors are reported by row. A row that already exists as
    an item changes nothing.
    """
    from answerdesk.entrypoints.cli import items

    items.run_import(file, project=project, as_json=as_json)


@items_app.command("export")
def export_items(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="The file to write; - is standard output."),
    ] = "-",
    *,
    form: Annotated[
        Literal["csv", "json"] | None,
        typer.Option("--format", help="Default: by the file's extension, else json."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write all questions with their answers to a file that `import` can read."""
    from answerdesk.entrypoints.cli import items

    items.run_export(file, form, force=force, project=project, as_json=as_json)
