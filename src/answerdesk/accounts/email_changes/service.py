"""One's own e-mail address: ask for another, confirm it by a link, cancel it; the operator's way.

The old address logs in until the new one is confirmed. Tokens are recomputed, not stored, so the
links of all letters about one change work alike.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.email_changes import repository
from answerdesk.accounts.errors import (
    EmailChangeNotFound,
    SessionEnded,
    address_in_use,
    address_unchanged,
    email_token_invalid,
)
from answerdesk.accounts.principal import Principal, owner_principal
from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.accounts.sessions.types import Client
from answerdesk.accounts.types import USER_PREFIX, EmailChange, UserAccount
from answerdesk.accounts.users import repository as users
from answerdesk.accounts.users.attempts import count_attempt, count_letter
from answerdesk.accounts.users.email import Email, parse_email
from answerdesk.accounts.users.service import Credentials, People, person_by_link
from answerdesk.core.database import Database
from answerdesk.core.due import schedule
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import AccountId, UserId, new_id, public_id

NEW_ADDRESS_LETTER: Final = "accounts.new_address_letter"
OLD_ADDRESS_LETTER: Final = "accounts.old_address_letter"

_PREFIX: Final = "emc_"

Told = Literal["asked", "made"]
"""What the old address is told of: a change that was asked for, or one that was made."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`installation` is whose jobs the letters are.

    With `tells`, somebody who asks for an address that is in use is told so, as when signing up
    tells it. Otherwise only the owner of that address gets to know, by mail.
    """

    installation: AccountId
    tells: bool


async def ask(people: People, caller: Principal, given: Credentials, rules: Rules) -> EmailChange:
    """Mail a link to the address that the caller wants to log in with, and tell the present one.

    An earlier change that was not confirmed ends. Raises NotPermitted if the caller is not a
    person, InvalidInput if the password is wrong or the address is theirs already, RateLimited,
    and Conflict (`email_in_use`).
    """
    await people.require_password(caller, given.password)
    user_id, database, email = caller.require_person(), people.database, given.email
    async with database.transaction(caller.account_id, user_id=user_id) as session:
        await _require_another(session, user_id, email)
        if rules.tells and await users.find(session, email.key) is not None:
            raise address_in_use()
    await count_letter(database, user_id)
    async with database.transaction(caller.account_id, user_id=user_id) as session:
        await users.lock_password(session, user_id)
        present = await _require_another(session, user_id, email)
        await repository.drop(session, user_id)
        change_id = new_id()
        token = make_token(token_keys(database).email_change[0], change_id)
        change = await repository.add(
            session,
            repository.NewChange(change_id, user_id, present, email.address, token_hash(token)),
        )
        await _record(session, caller, "user.email_change_asked", change)
        await _schedule_link(session, change, rules.installation)
        await _schedule_notice(session, change, rules.installation, "asked")
    return change


async def send_again(people: People, caller: Principal, rules: Rules) -> EmailChange:
    """Mail the link of the caller's open change once more; it works for another hour.

    Raises NotPermitted, EmailChangeNotFound and RateLimited.
    """
    user_id, database = caller.require_person(), people.database
    async with database.transaction(caller.account_id, user_id=user_id) as session:
        if await repository.open_of(session, user_id) is None:
            raise EmailChangeNotFound
    await count_letter(database, user_id)
    async with database.transaction(caller.account_id, user_id=user_id) as session:
        change = await repository.renew(session, user_id)
        if change is None:
            raise EmailChangeNotFound
        await _schedule_link(session, change, rules.installation)
    return change


async def cancel(people: People, caller: Principal) -> None:
    """Cancel the caller's open change. Raises NotPermitted and EmailChangeNotFound."""
    user_id = caller.require_person()
    async with people.database.transaction(caller.account_id, user_id=user_id) as session:
        change = await repository.drop(session, user_id)
        if change is None or not change.open:
            raise EmailChangeNotFound
        await _record(session, caller, "user.email_change_cancelled", change)


async def open_change(session: AsyncSession, user_id: UserId) -> EmailChange | None:
    """Return the change that a person can still confirm; the transaction must be theirs."""
    return await repository.open_of(session, user_id)


async def confirm(people: People, token: str, client: Client, installation: AccountId) -> str:
    """Have the person who received `token` log in with the new address, and return it.

    Log-ins continue, as the password is the same; links to set a new password end, as they went to
    the old address. Raises RateLimited, InvalidInput if the token is not valid (any more) or the
    person has left every account, and Conflict (`email_in_use`).
    """
    database, hashed = people.database, token_hash(token)
    await count_attempt(database, people.limits, "token", client.address)
    async with database.transaction(None) as session:
        user_id = await repository.user_of_token(session, hashed)
    accounts = [] if user_id is None else await people.accounts_of(user_id)
    if user_id is None or not accounts:
        raise email_token_invalid()
    async with database.transaction(None, user_id=user_id) as session:
        await users.lock_password(session, user_id)
        change = await repository.confirm(session, user_id, hashed)
        if change is None:
            raise email_token_invalid()
        await _make(session, change, installation)
    callers = (person_by_link(one, user_id, change.old_email, client) for one in accounts)
    await _record_everywhere(database, callers, change)
    return change.new_email


async def set_email(
    database: Database, old: Email, new: Email, installation: AccountId
) -> Sequence[UserAccount]:
    """Change somebody's address as the operator, at once; return the person's accounts.

    Raises NotFound if nobody has the address `old`, InvalidInput if both are the same, and
    Conflict (`email_in_use`).
    """
    async with database.transaction(None) as session:
        known = await users.find(session, old.key)
    if known is None:
        raise NotFound(f"Nobody here has the address {old.address}", code="user_not_found")
    async with database.transaction(None, user_id=known.id) as session:
        await users.lock_password(session, known.id)
        present = await _require_another(session, known.id, new)
        await repository.drop(session, known.id)
        change = await repository.add(
            session, repository.NewChange(new_id(), known.id, present, new.address, None)
        )
        await _make(session, change, installation)
        accounts = await users.accounts_of(session)
    callers = (replace(owner_principal(one.account_id), name="the operator") for one in accounts)
    await _record_everywhere(database, callers, change)
    return accounts


async def _require_another(session: AsyncSession, user_id: UserId, wanted: Email) -> str:
    """Return the person's present address; raises InvalidInput if it is the wanted one."""
    present = await users.email_of(session, user_id)
    if present is None:
        raise SessionEnded
    if parse_email(present).key == wanted.key:
        raise address_unchanged()
    return present


async def _make(session: AsyncSession, change: EmailChange, installation: AccountId) -> None:
    """Give the person the new address. The person's row is locked. Raises Conflict."""
    try:
        await users.set_email(session, change.user_id, parse_email(change.new_email))
    except IntegrityError as error:
        raise address_in_use() from error
    await users.use_all_resets(session, change.user_id)
    await _schedule_notice(session, change, installation, "made")


async def _schedule_link(session: AsyncSession, change: EmailChange, account_id: AccountId) -> None:
    payload = {"user_id": str(change.user_id), "change_id": str(change.id)}
    await schedule(session, NEW_ADDRESS_LETTER, account_id=account_id, payload={**payload})


async def _schedule_notice(
    session: AsyncSession, change: EmailChange, account_id: AccountId, told: Told
) -> None:
    payload = {"user_id": str(change.user_id), "change_id": str(change.id), "told": told}
    await schedule(session, OLD_ADDRESS_LETTER, account_id=account_id, payload={**payload})


async def _record(
    session: AsyncSession, caller: Principal, action: str, change: EmailChange
) -> None:
    detail = {"from": change.old_email, "to": change.new_email}
    user = public_id(USER_PREFIX, change.user_id)
    await record_audit(session, caller, action, "user", user, {**detail})


async def _record_everywhere(
    database: Database, callers: Iterable[Principal], change: EmailChange
) -> None:
    for caller in callers:
        async with database.transaction(caller.account_id) as session:
            await _record(session, caller, "user.email_changed", change)


def make_token(key: bytes, change_id: UUID) -> str:
    """Return a change's token. It is the same each time, so it need not be stored."""
    secret = base64.urlsafe_b64encode(hmac.digest(key, change_id.bytes, "sha256"))
    return _PREFIX + secret.decode().rstrip("=")


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def token_of(keys: Sequence[bytes], change: EmailChange) -> str | None:
    """Return a change's token; None if its key is gone."""
    tokens = [make_token(key, change.id) for key in keys]
    return next((one for one in tokens if token_hash(one) == change.token_hash), None)
