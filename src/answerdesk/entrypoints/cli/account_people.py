"""`answerdesk account remove | reset-password`: people, and the API keys that they made."""

import sys

from answerdesk.accounts.endpoints.schemas import KeysOfPerson
from answerdesk.accounts.letters import reset_link
from answerdesk.accounts.members import service as members
from answerdesk.accounts.types import UserAccount
from answerdesk.accounts.users.reset import make_link_token
from answerdesk.accounts.users.service import AccountKeys
from answerdesk.bootstrap import Administration
from answerdesk.entrypoints.cli.account import (
    Shown,
    find_account,
    operator_of,
    read_email,
    run_administering,
)
from answerdesk.entrypoints.cli.output import one_line, write_note


def run_remove(wanted: str, address: str, *, revoke_keys: bool, as_json: bool) -> None:
    """Remove a member from an account, and exit."""

    async def work(administration: Administration) -> Shown:
        email = read_email(address)
        found = await find_account(administration, wanted)
        async with administration.database.transaction(found.id) as session:
            member = await members.member_with(session, email.key)
            left = await members.remove_member(
                session, operator_of(found.id), member.id, revoke_keys=revoke_keys
            )
        account = UserAccount(found.id, found.name, member.role, found.suspended)
        keys = KeysOfPerson.of([AccountKeys(account, left)])
        return {
            "email": member.email,
            "account_name": found.name,
            "removed": True,
            **keys.model_dump(mode="json"),
        }

    def write(shown: Shown) -> None:
        write_note(f"Removed {shown['email']} from {one_line(shown['account_name'])}.")
        _tell_of_keys(shown)

    run_administering(work, write, as_json=as_json)


def run_reset_password(address: str, *, revoke_keys: bool, as_json: bool) -> None:
    """Print a link that sets a new password, and exit."""

    async def work(administration: Administration) -> Shown:
        email = read_email(address)
        token, settled = await make_link_token(
            administration.database, email, revoke_keys=revoke_keys
        )
        return {
            "email": email.address,
            "link": reset_link(administration.post.base_url, token),
            **KeysOfPerson.of(settled).model_dump(mode="json"),
        }

    def write(shown: Shown) -> None:
        sys.stdout.write(
            f"{shown['email']} sets a new password with this link, once and within half an hour:\n"
            f"{shown['link']}\n"
        )
        _tell_of_keys(shown)

    run_administering(work, write, as_json=as_json)


def _tell_of_keys(shown: Shown) -> None:
    """Say which of the person's API keys still work, and what became of the others."""
    if shown["keys_revoked"]:
        write_note(f"Revoked {_counted(shown['keys_revoked'])} that {shown['email']} made.")
    if not shown["keys_working"]:
        return
    verb = "works" if shown["keys_working"] == 1 else "work"
    write_note(
        f"{_counted(shown['keys_working'])} that {shown['email']} made still {verb}; "
        "`answerdesk keys revoke KEY --account ACCOUNT` revokes one:"
    )
    for key in shown["keys"]:
        used = key["last_used_at"] or "never"
        write_note(
            f"  {key['id']}  {one_line(key['name'])}  {key['hint']}  last used {used}"
            f"  ({one_line(key['account_name'])}, {key['account_id']})"
        )


def _counted(keys: int) -> str:
    return "1 API key" if keys == 1 else f"{keys} API keys"
