"""`answerdesk account …`: the operator manages accounts, whether or not a server is running."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from answerdesk.accounts import service as accounts
from answerdesk.accounts.email_changes.service import set_email
from answerdesk.accounts.endpoints.schemas import KeysOfPerson
from answerdesk.accounts.invitations import service as invitations
from answerdesk.accounts.letters import invitation_link, reset_link
from answerdesk.accounts.members import service as members
from answerdesk.accounts.principal import Principal, Role, owner_principal
from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.accounts.types import (
    ACCOUNT_PREFIX,
    INVITATION_PREFIX,
    OPERATOR,
    Account,
    Member,
    UserAccount,
)
from answerdesk.accounts.users.email import Email, parse_email
from answerdesk.accounts.users.reset import make_link_token
from answerdesk.accounts.users.service import AccountKeys, accounts_of_address
from answerdesk.bootstrap import Administration, administering
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, new_id, parse_public_id, public_id
from answerdesk.entrypoints.cli.output import one_line, write_json, write_note
from answerdesk.entrypoints.cli.runner import DONE, FAILED, run_command
from answerdesk.entrypoints.cli.selection import require_installation
from answerdesk.entrypoints.cli.table import write_table

_MOST_MEMBERS: Final = 1000

Shown = dict[str, Any]
Work = Callable[[Administration], Awaitable[Shown]]


def run_administering(
    work: Work,
    write: Callable[[Shown], None],
    *,
    as_json: bool,
    with_any_keys: bool = False,
    failed: Callable[[Shown], bool] = lambda _: False,
) -> None:
    """Run an operator's command, write its result, and exit.

    `with_any_keys` is for the command that changes which keys are the installation's. If the result
    has `failed`, the exit status is 1.
    """

    async def command(settings: Settings) -> int:
        require_installation(settings)
        async with administering(settings, with_any_keys=with_any_keys) as administration:
            shown = await work(administration)
        if as_json:
            write_json(shown)
        else:
            write(shown)
        return FAILED if failed(shown) else DONE

    run_command(command, as_json=as_json)


def run_list(*, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        async with administration.database.transaction(None) as session:
            return {"accounts": [_shown(one) for one in await accounts.every_account(session)]}

    run_administering(work, lambda shown: write_table(shown["accounts"]), as_json=as_json)


def run_show(wanted: str, *, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        account = await find_account(administration, wanted)
        async with administration.database.transaction(account.id) as session:
            found = await members.list_members(session, limit=_MOST_MEMBERS, after=None)
        return {**_shown(account), "members": [_shown_member(one) for one in found]}

    def write(shown: Shown) -> None:
        write_table([{key: value for key, value in shown.items() if key != "members"}])
        sys.stdout.write("\n")
        if shown["members"]:
            write_table(shown["members"])
        else:
            sys.stdout.write("It has no members yet.\n")

    run_administering(work, write, as_json=as_json)


def run_create(name: str, owner: str, plan: str | None, *, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        email = read_email(owner)
        account_id = AccountId(new_id())
        caller = operator_of(account_id)
        async with administration.database.transaction(account_id) as session:
            chosen = plan or administration.settings.signup_plan
            await accounts.create_account(session, account_id, name, chosen, caller=caller)
            invited = invitations.Invited(email, "owner", OPERATOR)
            _, token = await invitations.invite(
                session, caller, token_keys(administration.database), invited
            )
            account = await accounts.get_account(session)
        link = invitation_link(administration.post.base_url, token)
        invitation = {"email": email.address, "link": link, **_letter_of(administration)}
        return {**_shown(account), "invitation": invitation}

    def write(shown: Shown) -> None:
        invitation = shown["invitation"]
        sys.stdout.write(
            f"Account {one_line(shown['name'])} ({shown['id']}) on the plan {shown['plan']}.\n"
            f"{invitation['email']} becomes its owner with this link, valid for seven days:\n"
            f"{invitation['link']}\n"
        )
        _tell_of_letter(invitation)

    run_administering(work, write, as_json=as_json)


def run_plan(wanted: str, plan: str, *, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        found = await find_account(administration, wanted)
        async with administration.database.transaction(found.id) as session:
            return _shown(await accounts.set_plan(session, operator_of(found.id), plan))

    run_administering(work, _write_account, as_json=as_json)


def run_suspend(wanted: str, *, suspended: bool, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        found = await find_account(administration, wanted)
        async with administration.database.transaction(found.id) as session:
            caller = operator_of(found.id)
            return _shown(await accounts.set_suspended(session, caller, suspended=suspended))

    run_administering(work, _write_account, as_json=as_json)


def run_invite(wanted: str, address: str, role: Role, *, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        invited = invitations.Invited(read_email(address), role, OPERATOR)
        found = await find_account(administration, wanted)
        async with administration.database.transaction(found.id) as session:
            made, token = await invitations.invite(
                session, operator_of(found.id), token_keys(administration.database), invited
            )
        return {
            "id": public_id(INVITATION_PREFIX, made.id),
            "account": _shown(found),
            "email": made.email,
            "role": made.role,
            "expires_at": made.expires_at.isoformat(),
            "link": invitation_link(administration.post.base_url, token),
            **_letter_of(administration),
        }

    def write(shown: Shown) -> None:
        sys.stdout.write(
            f"{shown['email']} joins {one_line(shown['account']['name'])} as {shown['role']} with "
            f"this link, valid for seven days:\n{shown['link']}\n"
        )
        _tell_of_letter(shown)

    run_administering(work, write, as_json=as_json)


def _letter_of(administration: Administration) -> Shown:
    """Return the file to which a server or worker writes the letter; None if it is mailed."""
    kept_in = administration.post.kept_in
    return {"letter_file": None if kept_in is None else str(kept_in)}


def _tell_of_letter(shown: Shown) -> None:
    if shown["letter_file"] is None:
        write_note("A server or worker also mails it.")
    else:
        write_note(
            "No mail server is set up, so pass on the link yourself. A server or worker also "
            f"writes the letter to {shown['letter_file']}."
        )


def operator_of(account_id: AccountId) -> Principal:
    """Return the principal that the audit log names as the operator."""
    return replace(owner_principal(account_id), name="the operator")


def read_email(text: str) -> Email:
    """Parse an e-mail address; raises InvalidInput."""
    try:
        return parse_email(text)
    except ValueError as error:
        raise InvalidInput(f"{text!r} {error}", code="invalid_email") from error


async def find_account(administration: Administration, wanted: str) -> Account:
    """Find an account by its id, its name or a member's address.

    Raises NotFound, or InvalidInput if several match.
    """
    async with administration.database.transaction(None) as session:
        every = await accounts.every_account(session)
    account_id = parse_public_id(ACCOUNT_PREFIX, wanted)
    found = [one for one in every if one.id == account_id]
    found = found or [one for one in every if one.name == wanted]
    if not found and "@" in wanted:
        theirs = await accounts_of_address(administration.database, read_email(wanted))
        found = [one for one in every if one.id in theirs]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(public_id(ACCOUNT_PREFIX, one.id) for one in found)
        raise InvalidInput(
            f"{len(found)} accounts match {wanted!r}; name one by its id: {ids}",
            code="account_ambiguous",
        )
    raise NotFound(
        f"No account {wanted!r}; `answerdesk account list` lists them", code="account_not_found"
    )


def _shown(account: Account) -> Shown:
    return {
        "id": public_id(ACCOUNT_PREFIX, account.id),
        "name": account.name,
        "plan": account.plan,
        "suspended": account.suspended,
        "created_at": account.created_at.isoformat(),
    }


def _shown_member(member: Member) -> Shown:
    return {
        "email": member.email,
        "name": member.name,
        "role": member.role,
        "created_at": member.created_at.isoformat(),
    }


def _write_account(shown: Shown) -> None:
    write_table([shown])


def run_remove(wanted: str, address: str, *, revoke_keys: bool, as_json: bool) -> None:
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
            f"{shown['email']} can set a new password with this link, once and within half an "
            "hour:\n"
            f"{shown['link']}\n"
        )
        _tell_of_keys(shown)

    run_administering(work, write, as_json=as_json)


def run_set_email(old: str, new: str, *, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        before, after = read_email(old), read_email(new)
        accounts = await set_email(
            administration.database, before, after, administration.account_id
        )
        return {
            "email": after.address,
            "before": before.address,
            "accounts": [
                {"id": public_id(ACCOUNT_PREFIX, one.account_id), "name": one.name}
                for one in accounts
            ],
        }

    def write(shown: Shown) -> None:
        write_note(
            f"{shown['before']} logs in with {shown['email']} from now on, with the same password. "
            "A server or worker tells the old address."
        )

    run_administering(work, write, as_json=as_json)


def _tell_of_keys(shown: Shown) -> None:
    """Say how many of the person's API keys were revoked, and which still work."""
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
