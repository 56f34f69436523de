"""Reads and writes tokens for new passwords."""

from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import UserId

MINUTES: Final = 30

_FIND_USER: Final = text("select user_of_reset(:hash)")
_ADD: Final = text(
    "insert into password_reset (id, user_id, token_hash, expires_at) values (:id, :user_id,"
    " :hash, statement_timestamp() + make_interval(mins => :minutes))"
)
_RECENT: Final = text(
    "select count(*) from password_reset where user_id = :user_id"
    " and created_at > statement_timestamp() - interval '1 hour'"
)
_FORGET: Final = text(
    "delete from password_reset where user_id = :user_id"
    " and created_at < statement_timestamp() - interval '1 day'"
)
_USE: Final = text(
    "update password_reset set used_at = statement_timestamp() where user_id = :user_id"
    " and token_hash = :hash and used_at is null and expires_at > statement_timestamp()"
    " returning id"
)
_USE_ALL: Final = text(
    "update password_reset set used_at = statement_timestamp()"
    " where user_id = :user_id and used_at is null"
)
_REMOVE: Final = text("delete from password_reset where user_id = :user_id and id = :id")


async def find_user(session: AsyncSession, token_hash: bytes) -> UserId | None:
    """Return whose password a token may set now; needs no tenant and no person."""
    found = await session.scalar(_FIND_USER, {"hash": token_hash})
    return None if found is None else UserId(found)


async def add(session: AsyncSession, reset_id: UUID, user_id: UserId, token_hash: bytes) -> None:
    """Store a token, and forget the person's old ones."""
    await session.execute(_FORGET, {"user_id": user_id})
    parameters = {"id": reset_id, "user_id": user_id, "hash": token_hash, "minutes": MINUTES}
    await session.execute(_ADD, parameters)


async def count_recent(session: AsyncSession, user_id: UserId) -> int:
    """Count the tokens of a person that were made within the last hour."""
    return int(await session.scalar(_RECENT, {"user_id": user_id}))


async def use(session: AsyncSession, user_id: UserId, token_hash: bytes) -> bool:
    """Use up a token and with it all others of the person; tell whether it could be used."""
    parameters = {"user_id": user_id, "hash": token_hash}
    if await session.scalar(_USE, parameters) is None:
        return False
    await session.execute(_USE_ALL, {"user_id": user_id})
    return True


async def remove(session: AsyncSession, reset_id: UUID, user_id: UserId) -> None:
    """Delete a token that never reached anybody."""
    await session.execute(_REMOVE, {"id": reset_id, "user_id": user_id})
