"""Forgotten passwords: request a link, and set a new password with it."""

import hashlib
import secrets
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.passwords import check_new_password
from answerdesk.accounts.principal import owner_principal
from answerdesk.accounts.sessions.types import Client
from answerdesk.accounts.users import repository
from answerdesk.accounts.users.attempts import count_attempt
from answerdesk.accounts.users.email import Email
from answerdesk.accounts.users.service import (
    AccountKeys,
    People,
    person_by_link,
    settle_keys_everywhere,
)
from answerdesk.core.database import Database
from answerdesk.core.due import schedule
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.tenancy import AccountId, UserId, new_id

RESET_LETTER: Final = "accounts.reset_letter"

_PREFIX: Final = "rst_"


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


async def make_token(session: AsyncSession, user_id: UserId) -> tuple[UUID, str]:
    """Store a token for the person of this transaction; return its id and its text."""
    reset_id, token = new_id(), _PREFIX + secrets.token_urlsafe(32)
    await repository.add_reset(session, reset_id, user_id, token_hash(token))
    return reset_id, token


async def request_letter(
    people: People, email: Email, installation: AccountId, client: Client
) -> None:
    """Mail a link to the person with this address, if there is one.

    Behaviour and timing are the same for an unknown address. Raises RateLimited.
    """
    await count_attempt(people.database, people.limits, "reset", client.address, email.key)
    async with people.database.transaction(None) as session:
        known = await repository.find(session, email.key)
        wanted = known is not None and not known.disabled
        await _schedule_letter(session, installation, known.id if known and wanted else None)


async def _schedule_letter(
    session: AsyncSession, account_id: AccountId, user_id: UserId | None
) -> None:
    """Schedule a mail with a link, or (None) a job that mails nobody, for after the commit.

    `account_id` is the installation's: the person's own accounts are not looked up here.
    """
    payload = {"user_id": None if user_id is None else str(user_id)}
    await schedule(session, RESET_LETTER, account_id=account_id, payload={**payload})


async def make_link_token(
    database: Database, email: Email, *, revoke_keys: bool = False
) -> tuple[str, list[AccountKeys]]:
    """Return a token for the person with this address, for the operator to pass on.

    With `revoke_keys`, the API keys that the person created are revoked immediately. Returns what
    became of them as well. Raises NotFound if nobody has the address.
    """
    async with database.transaction(None) as session:
        known = await repository.find(session, email.key)
    if known is None:
        raise NotFound(f"Nobody here has the address {email.address}", code="user_not_found")
    async with database.transaction(None, user_id=known.id) as session:
        _, token = await make_token(session, known.id)
        accounts = await repository.accounts_of(session)
    callers = [
        (one, replace(owner_principal(one.account_id), name="the operator")) for one in accounts
    ]
    return token, await settle_keys_everywhere(
        database, known.id, callers, revoke=revoke_keys, noted="password.reset_link_made"
    )


async def set_password(
    people: People, token: str, password: str, client: Client, *, revoke_keys: bool = False
) -> list[AccountKeys]:
    """Set the password of the person who received `token`, and end all of that person's log-ins.

    A change of the address that is not confirmed ends, as somebody else may have asked for it.
    With `revoke_keys`, the API keys that the person created are revoked in every account where the
    person may do so. Returns what became of them. Raises RateLimited, and InvalidInput if the token
    is not valid (any more) or the password is not accepted; in the latter case the token stays
    valid for another try.
    """
    database = people.database
    await count_attempt(database, people.limits, "token", client.address)
    hashed = token_hash(token)
    async with database.transaction(None) as session:
        user_id = await repository.user_of_reset(session, hashed)
    if user_id is None:
        raise _token_invalid()
    async with database.transaction(None, user_id=user_id) as session:
        email = await repository.email_of(session, user_id)
        accounts = await repository.accounts_of(session)
    check_new_password(password, email or "")
    changed = await people.passwords.hash(password)
    async with database.transaction(None, user_id=user_id) as session:
        await repository.lock_password(session, user_id)
        if not await repository.use_reset(session, user_id, hashed):
            raise _token_invalid()
        await repository.set_password(session, user_id, changed)
    theirs = [(one, person_by_link(one, user_id, email or "", client)) for one in accounts]
    return await settle_keys_everywhere(
        database, user_id, theirs, revoke=revoke_keys, noted="password.reset"
    )


def _token_invalid() -> InvalidInput:
    return InvalidInput(
        "This link was already used, or its half hour is over; ask for a new one",
        code="reset_token_invalid",
    )
