"""`answerdesk items …` with its options and help; what they do is in `items`."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated, Literal

import typer

items_app = typer.Typer(
    name="items",
    help="Questions with their answers: list, import and export them.",
    no_args_is_help=True,
)

_Json = Annotated[
    bool, typer.Option("--json", help="Write JSON to standard output, and errors as JSON.")
]
_Project = Annotated[
    str | None,
    typer.Option(
        "--project",
        metavar="PROJECT",
        help="The project, by its id (proj_…) or its name; by default the oldest.",
    ),
]


@items_app.command("list")
def list_items(
    *,
    category: Annotated[str | None, typer.Option("--category", help="Only of this.")] = None,
    tag: Annotated[str | None, typer.Option("--tag", help="Only with this.")] = None,
    query: Annotated[
        str | None, typer.Option("--query", help="Only with this in the question or the answer.")
    ] = None,
    project: _Project = None,
    as_json: _Json = False,
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
    project: _Project = None,
    as_json: _Json = False,
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
    project: _Project = None,
    as_json: _Json = False,
) -> None:
    """Write all questions with their answers to a file that `import` takes again."""
    from answerdesk.entrypoints.cli import items

    items.run_export(file, form, force=force, project=project, as_json=as_json)
