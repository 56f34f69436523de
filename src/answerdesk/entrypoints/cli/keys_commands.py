"""`answerdesk keys …` with its options and help; what they do is in `keys`."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from datetime import UTC, datetime
from typing import Annotated

import typer

from answerdesk.accounts.api_keys.types import KeyPrefix
from answerdesk.entrypoints.cli.options import JsonOption

keys_app = typer.Typer(
    name="keys",
    help="API keys: list, make, revoke. And the keys that the nodes of an installation share: "
    "rotate, adopt.",
    no_args_is_help=True,
)

_Account = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="ACCOUNT",
        help="The account, by its id (acct_…), its name, or the e-mail address of a member; by "
        "default the installation's own.",
    ),
]


@keys_app.command("list")
def list_keys(*, account: _Account = None, as_json: JsonOption = False) -> None:
    """List an account's API keys, newest first. What they open with is not kept anywhere."""
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
            help="What it may do: read, write, or <resource>:read|write. Give it once or more.",
        ),
    ],
    prefix: Annotated[
        KeyPrefix, typer.Option("--prefix", help="What the key begins with.")
    ] = "ad_live_",
    projects: Annotated[
        list[str] | None,
        typer.Option(
            "--project",
            metavar="PROJECT",
            help="Id of a project (proj_…) that it reaches; by default all of the account's.",
        ),
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option("--expires", help="When it ends, in UTC; by default never."),
    ] = None,
    account: _Account = None,
    as_json: JsonOption = False,
) -> None:
    """Make an API key and print it, this once."""
    from answerdesk.entrypoints.cli import keys

    ends = None if expires is None else expires.replace(tzinfo=UTC)
    wish = keys.Wish(name, scopes, prefix, projects, ends)
    keys.run_create(account, wish, as_json=as_json)


@keys_app.command()
def revoke(
    key_id: Annotated[
        str, typer.Argument(metavar="KEY", help="Its id (key_…), or the key.", show_default=False)
    ],
    *,
    account: _Account = None,
    as_json: JsonOption = False,
) -> None:
    """Revoke an API key: it opens nothing any more, at once and on every node."""
    from answerdesk.entrypoints.cli import keys

    keys.run_revoke(account, key_id, as_json=as_json)


@keys_app.command()
def rotate(
    *,
    forget_old: Annotated[
        bool,
        typer.Option(
            "--forget-old",
            help="Remove older secret keys, once nothing is sealed with them any more. Whoever "
            "logged in under them logs in again.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Seal all stored secrets with a new secret key; the old one is kept until told otherwise.

    Stopped in the midst of it, it goes on where it was. Keys that ANSWERDESK_SECRET_KEYS gives are
    yours to change: put a new one in front, restart every node, then run this.
    """
    from answerdesk.entrypoints.cli import keys

    keys.run_rotate(forget_old=forget_old, as_json=as_json)


@keys_app.command("adopt")
def adopt_keys(*, as_json: JsonOption = False) -> None:
    """Make the keys of this node the installation's: after they were lost, or changed on purpose.

    A node with other keys than the installation's does not start. This takes the owner's key and
    the secret keys that this node has, from its settings or its data folder, as the right ones.
    """
    from answerdesk.entrypoints.cli import keys

    keys.run_adopt(as_json=as_json)
