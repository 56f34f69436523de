"""Options and help of `answerdesk privacy …`; `privacy` does the work."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated

import typer

from answerdesk.core.dialects import Dialect
from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption

privacy_app = typer.Typer(
    name="privacy",
    help="Privacy: erase or export what is known of one person.",
    no_args_is_help=True,
)

_Email = Annotated[
    str | None, typer.Option("--email", help="By an e-mail address, which finds most.")
]
_Visitor = Annotated[
    str | None, typer.Option("--visitor", metavar="VISITOR", help="By our id (visitor_…).")
]
_Identity = Annotated[
    str | None, typer.Option("--identity", help="By the site's own id, which it has signed.")
]
_External = Annotated[
    str | None,
    typer.Option("--external-id", help="By what a program of a dialect calls them."),
]
_Dialect = Annotated[
    Dialect | None, typer.Option("--dialect", help="Of the external id, if it is one in several.")
]


@privacy_app.command()
def erase(
    *,
    email: _Email = None,
    visitor: _Visitor = None,
    identity: _Identity = None,
    external_id: _External = None,
    dialect: _Dialect = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; it can't be undone.")] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase what is known of a person in a project, everywhere, and print the receipt."""
    from answerdesk.entrypoints.cli import privacy

    subject = privacy.subject_named(email, visitor, identity, external_id, dialect)
    privacy.run_erase(subject, yes=yes, project=project, as_json=as_json)


@privacy_app.command()
def export(  # noqa: PLR0913 - one for each option
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to write; - is standard output.")
    ] = "-",
    *,
    email: _Email = None,
    visitor: _Visitor = None,
    identity: _Identity = None,
    external_id: _External = None,
    dialect: _Dialect = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what is known of a person in a project to a file, as JSON."""
    from answerdesk.entrypoints.cli import privacy

    subject = privacy.subject_named(email, visitor, identity, external_id, dialect)
    privacy.run_export(subject, file, force=force, project=project, as_json=as_json)
