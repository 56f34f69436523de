"""Reads and writes changes of e-mail addresses, each in a transaction of the person's own."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.types import EMAIL_CHANGE_MINUTES, EmailChange, LetterState
from answerdesk.core.tenancy import UserId

# A new password ends what was asked for before it: somebody else may have known the old one.
_OPEN: Final = (
    "confirmed_at is null and expires_at > statement_timestamp() and created_at >"
    " coalesce((select u.password_changed_at from app_user u where u.id = user_id),"
    " cast('-infinity' as timestamptz))"
)
_COLUMNS: Final = (
    "id, user_id, old_email, new_email, token_hash, letter, letter_at, letter_error, expires_at,"
    f" created_at, {_OPEN} as open"
)
_END: Final = "statement_timestamp() + make_interval(mins => :minutes)"
_GET: Final = text(f"select {_COLUMNS} from email_change where user_id = :user_id and id = :id")
_GET_OPEN: Final = text(f"select {_COLUMNS} from email_change where user_id = :user_id and {_OPEN}")
_ADD: Final = text(
    "insert into email_change (id, user_id, old_email, new_email, token_hash, expires_at,"
    " confirmed_at) values (:id, :user_id, :old_email, :new_email, :token_hash,"
    f" {_END}, case when cast(:token_hash as bytea) is null then statement_timestamp() end)"
    f" returning {_COLUMNS}"
)
_RENEW: Final = text(
    f"update email_change set expires_at = {_END}, letter = null, letter_at = null,"
    f" letter_error = null where user_id = :user_id and {_OPEN} returning {_COLUMNS}"
)
_DROP: Final = text(
    "with gone as (delete from email_change where user_id = :user_id and confirmed_at is null"
    f" returning *) select {_COLUMNS} from gone"
)
# It is of one address to another: a change of any other does not count.
_CONFIRM: Final = text(
    "update email_change set confirmed_at = statement_timestamp()"
    f" where user_id = :user_id and token_hash = :token_hash and {_OPEN}"
    " and old_email = (select email from app_user where id = :user_id)"
    f" returning {_COLUMNS}"
)
_NOTE_LETTER: Final = text(
    "update email_change set letter = :letter, letter_at = statement_timestamp(),"
    " letter_error = cast(:error as text) where user_id = :user_id and id = :id"
)
_FIND_USER: Final = text("select user_of_email_change(:token_hash)")
_FORGET: Final = text("select forget_email_changes(:limit)")


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change to store. Without a hash it is the operator's, and confirmed at once."""

    id: UUID
    user_id: UserId
    old_email: str
    new_email: str
    token_hash: bytes | None


def _change(row: Row[Any] | None) -> EmailChange | None:
    return None if row is None else EmailChange(**row._asdict())


async def get(session: AsyncSession, user_id: UserId, change_id: UUID) -> EmailChange | None:
    parameters = {"user_id": user_id, "id": change_id}
    return _change((await session.execute(_GET, parameters)).one_or_none())


async def open_of(session: AsyncSession, user_id: UserId) -> EmailChange | None:
    """Return the change that a person can still confirm."""
    return _change((await session.execute(_GET_OPEN, {"user_id": user_id})).one_or_none())


async def add(session: AsyncSession, new: NewChange) -> EmailChange:
    """Store a change. Drop the person's others first."""
    parameters = {
        "id": new.id,
        "user_id": new.user_id,
        "old_email": new.old_email,
        "new_email": new.new_email,
        "token_hash": new.token_hash,
        "minutes": EMAIL_CHANGE_MINUTES,
    }
    return EmailChange(**(await session.execute(_ADD, parameters)).one()._asdict())


async def renew(session: AsyncSession, user_id: UserId) -> EmailChange | None:
    """Let the person's open change be confirmed for another hour."""
    parameters = {"user_id": user_id, "minutes": EMAIL_CHANGE_MINUTES}
    return _change((await session.execute(_RENEW, parameters)).one_or_none())


async def drop(session: AsyncSession, user_id: UserId) -> EmailChange | None:
    """Delete the change that the person has not confirmed, open or not, and return it."""
    return _change((await session.execute(_DROP, {"user_id": user_id})).one_or_none())


async def confirm(session: AsyncSession, user_id: UserId, token_hash: bytes) -> EmailChange | None:
    """Use up the token of the person's open change; None if it has none (any more)."""
    parameters = {"user_id": user_id, "token_hash": token_hash}
    return _change((await session.execute(_CONFIRM, parameters)).one_or_none())


async def note_letter(
    session: AsyncSession,
    user_id: UserId,
    change_id: UUID,
    letter: LetterState,
    error: str | None,
) -> None:
    parameters = {"user_id": user_id, "id": change_id, "letter": letter, "error": error}
    await session.execute(_NOTE_LETTER, parameters)


async def user_of_token(session: AsyncSession, token_hash: bytes) -> UserId | None:
    """Return the person whose address a token may change now; needs no tenant and no person."""
    found = await session.scalar(_FIND_USER, {"token_hash": token_hash})
    return None if found is None else UserId(found)


async def forget(session: AsyncSession, limit: int) -> int:
    """Delete changes that ended a day ago, of all people; return how many."""
    return int(await session.scalar(_FORGET, {"limit": limit}))
