"""Options and help of `answerdesk account …`; `account` does the work."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from typing import Annotated, Literal

import typer

from answerdesk.entrypoints.cli.options import JsonOption

account_app = typer.Typer(
    name="account",
    help="Accounts: list, create, change, and give people access.",
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
        str, typer.Option("--owner", metavar="EMAIL", help="Address of the first owner to invite.")
    ],
    plan: Annotated[
        str | None,
        typer.Option("--plan", help="Its plan; default: ANSWERDESK_SIGNUP_PLAN."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Create an account, and print the link that lets its owner join."""
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
    """Suspend an account: its log-ins and keys stop working immediately."""
    from answerdesk.entrypoints.cli import account

    account.run_suspend(wanted, suspended=True, as_json=as_json)


@account_app.command()
def resume(wanted: _Account, *, as_json: JsonOption = False) -> None:
    """Lift the suspension of an account."""
    from answerdesk.entrypoints.cli import account

    account.run_suspend(wanted, suspended=False, as_json=as_json)


@account_app.command()
def invite(
    wanted: _Account,
    email: _Email,
    *,
    role: Annotated[
        Literal["owner", "admin", "agent", "viewer"], typer.Option("--role", help="The role.")
    ] = "admin",
    as_json: JsonOption = False,
) -> None:
    """Invite somebody to an account, and print the link. It works even if sign-up is closed."""
    from answerdesk.entrypoints.cli import account

    account.run_invite(wanted, email, role, as_json=as_json)


@account_app.command()
def remove(
    wanted: _Account,
    email: _Email,
    *,
    revoke_keys: Annotated[
        bool,
        typer.Option("--revoke-keys", help="Also revoke the API keys that the member made in it."),
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
            help="Immediately revoke the API keys that this person made, in all accounts.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print a link to set a new password, once and within half an hour.

    Also lists the person's API keys that still work.
    """
    from answerdesk.entrypoints.cli import account

    account.run_reset_password(email, revoke_keys=revoke_keys, as_json=as_json)


@account_app.command("set-email")
def set_email(
    email: _Email,
    new: Annotated[str, typer.Argument(metavar="NEW", show_default=False)],
    *,
    as_json: JsonOption = False,
) -> None:
    """Give a person's log-in another e-mail address, at once and without a link.

    For somebody who can no longer log in, or whose address was changed by a stranger.
    """
    from answerdesk.entrypoints.cli import account

    account.run_set_email(email, new, as_json=as_json)
