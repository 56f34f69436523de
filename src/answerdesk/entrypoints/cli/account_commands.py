"""`answerdesk account …` with its options and help; what they do is in `account`."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated, Literal

import typer

from answerdesk.entrypoints.cli.options import JsonOption

account_app = typer.Typer(
    name="account",
    help="Accounts: list, make, change, and let people in.",
    no_args_is_help=True,
)

_Account = Annotated[
    str,
    typer.Argument(
        metavar="ACCOUNT",
        help="The account, by its id (acct_…), its name, or the e-mail address of a member.",
        show_default=False,
    ),
]
_Email = Annotated[str, typer.Argument(metavar="EMAIL", show_default=False)]


@account_app.command("list")
def list_accounts(*, as_json: JsonOption = False) -> None:
    """List all accounts, oldest first."""
    from answerdesk.entrypoints.cli import account

    account.run_list(as_json=as_json)


@account_app.command()
def show(wanted: _Account, *, as_json: JsonOption = False) -> None:
    """Show an account with its members."""
    from answerdesk.entrypoints.cli import account

    account.run_show(wanted, as_json=as_json)


@account_app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    *,
    owner: Annotated[
        str, typer.Option("--owner", metavar="EMAIL", help="Who is invited as its first owner.")
    ],
    plan: Annotated[
        str | None,
        typer.Option("--plan", help="Its plan; by default ANSWERDESK_SIGNUP_PLAN."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make an account, and print the link with which its owner gets in."""
    from answerdesk.entrypoints.cli import account

    account.run_create(name, owner, plan, as_json=as_json)


@account_app.command()
def plan(
    wanted: _Account,
    name: Annotated[str, typer.Argument(metavar="PLAN", show_default=False)],
    *,
    as_json: JsonOption = False,
) -> None:
    """Put an account on a plan."""
    from answerdesk.entrypoints.cli import account

    account.run_plan(wanted, name, as_json=as_json)


@account_app.command()
def suspend(wanted: _Account, *, as_json: JsonOption = False) -> None:
    """Suspend an account: from now on no log-in and no key of it opens anything."""
    from answerdesk.entrypoints.cli import account

    account.run_suspend(wanted, suspended=True, as_json=as_json)


@account_app.command()
def resume(wanted: _Account, *, as_json: JsonOption = False) -> None:
    """Let a suspended account go on."""
    from answerdesk.entrypoints.cli import account

    account.run_suspend(wanted, suspended=False, as_json=as_json)


@account_app.command()
def invite(
    wanted: _Account,
    email: _Email,
    *,
    role: Annotated[
        Literal["owner", "admin", "agent", "viewer"], typer.Option("--role", help="As what.")
    ] = "admin",
    as_json: JsonOption = False,
) -> None:
    """Invite somebody to an account, and print the link; it works when sign-up is closed, too."""
    from answerdesk.entrypoints.cli import account

    account.run_invite(wanted, email, role, as_json=as_json)


@account_app.command()
def remove(
    wanted: _Account,
    email: _Email,
    *,
    revoke_keys: Annotated[
        bool,
        typer.Option("--revoke-keys", help="Revoke the API keys that the member made in it, too."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove a member from an account, and say which of the member's API keys still work."""
    from answerdesk.entrypoints.cli import account

    account.run_remove(wanted, email, revoke_keys=revoke_keys, as_json=as_json)


@account_app.command("reset-password")
def reset_password(
    email: _Email,
    *,
    revoke_keys: Annotated[
        bool,
        typer.Option(
            "--revoke-keys",
            help="Revoke the API keys that this person made, in all accounts, and at once.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print a link with which somebody sets a new password, once and within half an hour.

    It says which API keys of this person still work.
    """
    from answerdesk.entrypoints.cli import account

    account.run_reset_password(email, revoke_keys=revoke_keys, as_json=as_json)
