"""People: log in, change the password, switch accounts; and the API keys they created."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog

from answerdesk.accounts.api_keys.service import settle_keys_of
from answerdesk.accounts.api_keys.types import KeysLeft
from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.errors import (
    CredentialsInvalid,
    NoAccount,
    SessionEnded,
    account_suspended,
)
from answerdesk.accounts.passwords import Passwords, check_new_password
from answerdesk.accounts.principal import ROLE_SCOPES, Principal
from answerdesk.accounts.sessions import service as sessions
from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.accounts.sessions.types import ACCESS_SECONDS, Client, LogIn
from answerdesk.accounts.types import USER_PREFIX, KnownUser, UserAccount
from answerdesk.accounts.users import repository
from answerdesk.accounts.users.attempts import AttemptLimits, count_attempt
from answerdesk.accounts.users.email import Email
from answerdesk.core.database import Database
from answerdesk.core.errors import Conflict, InvalidInput, NotFound
from answerdesk.core.tenancy import AccountId, UserId, public_id


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """What became of a person's API keys in one account."""

    account: UserAccount
    left: KeysLeft


def in_account(person: Principal, account: UserAccount) -> Principal:
    """Return the caller that a person is in another of their accounts."""
    return replace(
        person,
        account_id=account.account_id,
        role=account.role,
        scopes=ROLE_SCOPES[account.role],
        session_id=None,
    )


def person_by_link(account: UserAccount, user_id: UserId, email: str, client: Client) -> Principal:
    """Return the caller that a person is in an account who has opened a mailed link."""
    return Principal(
        account_id=account.account_id,
        kind="user",
        subject=user_id,
        name=email,
        role=account.role,
        scopes=ROLE_SCOPES[account.role],
        address=client.exact_address,
    )


async def settle_keys_everywhere(
    database: Database,
    user_id: UserId,
    callers: Sequence[tuple[UserAccount, Principal]],
    *,
    revoke: bool,
    noted: str | None = None,
) -> list[AccountKeys]:
    """Revoke a person's keys in these accounts if `revoke`, and return which still work.

    Each account has its own transaction, whose audit log records what was `noted` about the person.
    If the caller may not revoke keys in an account, they keep working there.
    """
    settled = []
    for account, caller in callers:
        async with database.transaction(account.account_id) as session:
            if noted is not None:
                user = public_id(USER_PREFIX, user_id)
                await record_audit(session, caller, noted, "user", user)
            left = await settle_keys_of(session, caller, user_id, revoke=revoke)
        settled.append(AccountKeys(account, left))
    return settled


_TRIES: Final = 3

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody provides to log in."""

    email: Email
    password: str


def account_not_found() -> NotFound:
    """For an account that is not the person's."""
    return NotFound("Account not found", code="account_not_found")


class People:
    """Verifies who somebody is, and logs people in."""

    def __init__(self, database: Database, passwords: Passwords, limits: AttemptLimits) -> None:
        self.database = database
        self.passwords = passwords
        self.limits = limits

    async def log_in(
        self,
        given: Credentials,
        wanted: AccountId | None,
        client: Client,
        *,
        access_seconds: int = ACCESS_SECONDS,
    ) -> LogIn:
        """Log in to the account `wanted`, or to the first that the person joined.

        `access_seconds` is how long the access token is valid (`DAY_SECONDS` for a dialect).
        Raises RateLimited, CredentialsInvalid (for an unknown address the same and as late as for a
        wrong password), NotFound for an account that is not the person's, NotPermitted, NoAccount.
        """
        await count_attempt(self.database, self.limits, "log-in", client.address, given.email.key)
        for _ in range(_TRIES):
            known, renewed = await self.prove(given)
            async with self.database.transaction(None, user_id=known.id) as session:
                if renewed is not None and known.password_hash is not None:
                    await repository.renew_hash(session, known.id, known.password_hash, renewed)
                accounts = await repository.accounts_of(session)
            account_id = _choose(accounts, wanted)
            async with self.database.transaction(account_id, user_id=known.id) as session:
                held = await repository.hold_password(session, known.id)
                if held in (known.password_hash, renewed):
                    keys = token_keys(self.database)
                    return await sessions.begin(session, keys, known.id, client, access_seconds)
            # The password or its hash changed between the two reads: try once more.
        raise CredentialsInvalid

    async def prove(self, given: Credentials) -> tuple[KnownUser, str | None]:
        """Return the person with this address and password, and the hash to renew, if any.

        Raises CredentialsInvalid.
        """
        async with self.database.transaction(None) as session:
            known = await repository.find(session, given.email.key)
        stored = None if known is None else known.password_hash
        verified = await self.passwords.verify(stored, given.password)
        if known is None or known.disabled or not verified.right:
            _log.info("log_in_refused")
            raise CredentialsInvalid
        return known, verified.renewed

    async def change_password(
        self, caller: Principal, current: str, new: str, *, revoke_keys: bool = False
    ) -> list[AccountKeys]:
        """Change the caller's own password, which ends the person's other log-ins.

        A change of the address that is not confirmed ends, as somebody else may have asked for it.
        With `revoke_keys`, the API keys that the person created are revoked in every account where
        the person may do so. Returns what became of them. Raises NotPermitted if the caller is not
        a person, InvalidInput if the new password is not accepted or `current` is wrong, and
        RateLimited.
        """
        user_id = caller.require_person()
        where = self.database.transaction(caller.account_id, user_id=user_id)
        async with where as session:
            email = await repository.email_of(session, user_id)
            stored = await repository.hold_password(session, user_id)
        if email is None:
            raise SessionEnded
        check_new_password(new, email)
        await self._require_password(user_id, stored, current)
        changed = await self.passwords.hash(new)
        async with self.database.transaction(caller.account_id, user_id=user_id) as session:
            if await repository.lock_password(session, user_id) != stored:
                raise Conflict("The password was changed in the meantime", code="password_changed")
            await repository.set_password(session, user_id, changed)
            if caller.session_id is not None:
                await sessions.outlive_password_change(session, caller.session_id)
            user = public_id(USER_PREFIX, user_id)
            await record_audit(session, caller, "password.changed", "user", user)
        theirs = [(one, in_account(caller, one)) for one in await self.accounts_of(user_id)]
        return await settle_keys_everywhere(self.database, user_id, theirs, revoke=revoke_keys)

    async def rename(self, caller: Principal, name: str) -> None:
        """Change the caller's own name, in all their accounts.

        Raises NotPermitted if the caller is not a person.
        """
        user_id = caller.require_person()
        name = " ".join(name.split())  # One line, as it stands in mails and lists.
        async with self.database.transaction(caller.account_id, user_id=user_id) as session:
            before = await repository.rename(session, user_id, name)
            if before is None:
                raise SessionEnded
            if before != name:
                user = public_id(USER_PREFIX, user_id)
                detail = {"from": before, "to": name}
                await record_audit(session, caller, "user.renamed", "user", user, {**detail})

    async def require_password(self, caller: Principal, given: str) -> None:
        """Make sure that the caller is a person who knows their password.

        Raises NotPermitted for a key, InvalidInput if the password is wrong, and RateLimited.
        """
        user_id = caller.require_person()
        async with self.database.transaction(caller.account_id, user_id=user_id) as session:
            stored = await repository.hold_password(session, user_id)
        await self._require_password(user_id, stored, given)

    async def _require_password(self, user_id: UserId, stored: str | None, given: str) -> None:
        # Counted by person, not by client address: a stolen access token must not try passwords.
        await count_attempt(self.database, self.limits, "log-in", user_id.hex, "password")
        if not (await self.passwords.verify(stored, given)).right:
            raise InvalidInput("The current password is wrong", code="password_wrong")

    async def switch(self, caller: Principal, wanted: AccountId, client: Client) -> LogIn:
        """Log the caller in to another of the person's accounts; the present log-in continues.

        Raises NotPermitted if the caller is not a person, NotFound for an account that is not the
        person's, and NotPermitted (`account_suspended`).
        """
        user_id = caller.require_person()
        async with self.database.transaction(None, user_id=user_id) as session:
            accounts = await repository.accounts_of(session)
        account_id = _choose(accounts, wanted)
        async with self.database.transaction(account_id, user_id=user_id) as session:
            return await sessions.begin(session, token_keys(self.database), user_id, client)

    async def accounts_of(self, user_id: UserId) -> list[UserAccount]:
        """Return a person's accounts in the order of joining."""
        async with self.database.transaction(None, user_id=user_id) as session:
            return await repository.accounts_of(session)


async def accounts_of_address(database: Database, email: Email) -> set[AccountId]:
    """Return the accounts of the person with this address."""
    async with database.transaction(None) as session:
        known = await repository.find(session, email.key)
    if known is None:
        return set()
    async with database.transaction(None, user_id=known.id) as session:
        return {one.account_id for one in await repository.accounts_of(session)}


def _choose(accounts: Sequence[UserAccount], wanted: AccountId | None) -> AccountId:
    if wanted is not None:
        accounts = [one for one in accounts if one.account_id == wanted]
        if not accounts:
            raise account_not_found()
    elif not accounts:
        raise NoAccount
    active = [one for one in accounts if not one.suspended]
    if not active:
        raise account_suspended()
    return active[0].account_id
