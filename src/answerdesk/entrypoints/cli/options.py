"""Options shared by several commands."""

from typing import Annotated

import typer

JsonOption = Annotated[
    bool, typer.Option("--json", help="Write JSON to standard output, and errors as JSON.")
]
AccountOption = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="ACCOUNT",
        help="The account, by its id (acct_…), its name, or the e-mail address of a member; "
        "default: the installation's own.",
    ),
]
ProjectOption = Annotated[
    str | None,
    typer.Option(
        "--project",
        metavar="PROJECT",
        help="The project, by its id (proj_…) or its name; default: the oldest but the demo.",
    ),
]
