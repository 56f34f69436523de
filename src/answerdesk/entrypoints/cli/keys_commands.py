"""Options and help of `answerdesk keys …`; `keys` does the work."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from datetime import UTC, datetime
from typing import Annotated

import typer

from answerdesk.accounts.api_keys.types import KeyPrefix
from answerdesk.entrypoints.cli.options import AccountOption, JsonOption

keys_app = typer.Typer(
    name="keys",
    help="API keys: list, create, revoke. Keys shared by the nodes of an installation: rotate, "
    "adopt.",
    no_args_is_help=True,
)


@keys_app.command("list")
def list_keys(*, account: AccountOption = None, as_json: JsonOption = False) -> None:
    """List an account's API keys, newest first. The secret parts are not stored anywhere."""
    from answerdesk.entrypoints.cli import keys

    keys.run_list(account, as_json=as_json)


@keys_app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    *,
    scopes: Annotated[
        list[str],
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="What it may do: read, write, or <resource>:read|write; repeatable.",
        ),
    ],
    prefix: Annotated[
        KeyPrefix, typer.Option("--prefix", help="The beginning of the key.")
    ] = "ad_live_",
    projects: Annotated[
        list[str] | None,
        typer.Option(
            "--project",
            metavar="PROJECT",
            help="Id of a project (proj_…) that it can access; repeatable; default: all of the "
            "account's.",
        ),
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option("--expires", help="When it expires, in UTC; default: never."),
    ] = None,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create an API key and print it; it can't be shown again."""
    from answerdesk.entrypoints.cli import keys

    ends = None if expires is None else expires.replace(tzinfo=UTC)
    wish = keys.Wish(name, scopes, prefix, projects, ends)
    keys.run_create(account, wish, as_json=as_json)


@keys_app.command()
def revoke(
    key_id: Annotated[
        str,
        typer.Argument(metavar="KEY", help="Its id (key_…) or the key itself.", show_default=False),
    ],
    *,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """Revoke an API key: it stops working immediately, on every node."""
    from answerdesk.entrypoints.cli import keys

    keys.run_revoke(account, key_id, as_json=as_json)


@keys_app.command()
def rotate(
    *,
    forget_old: Annotated[
        bool,
        typer.Option(
            "--forget-old",
            help="Remove older secret keys, if nothing is sealed with them any more. People who "
            "logged in under them must log in again.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Reseal all stored secrets with a new secret key; the old one is kept until --forget-old.

    If interrupted, run it again to continue. Keys in ANSWERDESK_SECRET_KEYS are yours to change:
    put a new one in front, restart every node, then run this.
    """
    from answerdesk.entrypoints.cli import keys

    keys.run_rotate(forget_old=forget_old, as_json=as_json)


@keys_app.command("adopt")
def adopt_keys(*, as_json: JsonOption = False) -> None:
    """Make this node's keys the installation's, after they were lost or changed on purpose.

    A node whose keys differ from the installation's does not start. This makes the owner key and
    secret keys in this node's settings or data folder the installation's.
    """
    from answerdesk.entrypoints.cli import keys

    keys.run_adopt(as_json=as_json)
