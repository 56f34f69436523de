"""Options shared by several commands."""

from typing import Annotated

import typer

JsonOption = Annotated[
    bool, typer.Option("--json", help="Write JSON to standard output, and errors as JSON.")
]
ProjectOption = Annotated[
    str | None,
    typer.Option(
        "--project",
        metavar="PROJECT",
        help="The project, by its id (proj_…) or its name; default: the oldest.",
    ),
]
