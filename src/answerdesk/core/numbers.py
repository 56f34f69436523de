"""Integer numbers beside our ids, for dialects whose clients know things by integers.

Numbers of conversations and messages are random, because knowing one is a permission on a widget's
tier. Others are sequential. All fit into 53 bits, which JSON readers hold exactly.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database, tenant_of
from answerdesk.core.errors import Unavailable
from answerdesk.core.tenancy import AccountId

NumberKind = Literal[
    "account", "user", "agent", "domain", "item", "key", "conversation", "message", "draft"
]

HIGHEST: Final = 2**53 - 1

_RANDOM: Final[frozenset[NumberKind]] = frozenset({"conversation", "message"})
_TRIES: Final = 5

_FIND: Final = text(
    "select id, number from public_number"
    " where account_id = :account_id and kind = :kind and id = any(cast(:ids as uuid[]))"
)
_ADD: Final = text(
    "insert into public_number (account_id, kind, id, number)"
    " select :account_id, :kind, id, coalesce(number, nextval('public_number_next'))"
    " from unnest(cast(:ids as uuid[]), cast(:numbers as bigint[])) as u (id, number)"
    " on conflict do nothing"
)
_ID: Final = text(
    "select id from public_number"
    " where account_id = :account_id and kind = :kind and number = :number"
)
_THING: Final = text("select account_id, id from thing_of_number(:kind, :number)")


async def numbers_of(
    session: AsyncSession, kind: NumberKind, ids: Sequence[UUID]
) -> Mapping[UUID, int]:
    """Return the number of each of the tenant's things; those without one get it now."""
    key = {"account_id": tenant_of(session), "kind": kind}
    known: dict[UUID, int] = {}
    # Ordered, so that two transactions that number the same things don't wait for each other.
    missing = sorted(set(ids))
    for _ in range(_TRIES):
        rows = await session.execute(_FIND, {**key, "ids": missing})
        known |= {row.id: row.number for row in rows}
        missing = [one for one in missing if one not in known]
        if not missing:
            return known
        numbers = [_random() if kind in _RANDOM else None for _ in missing]
        # Skips what another transaction numbered meanwhile, and a random number that is taken.
        await session.execute(_ADD, {**key, "ids": missing, "numbers": numbers})
    raise Unavailable("Too many others are doing the same now; try again")


def _random() -> int:
    return secrets.randbelow(HIGHEST) + 1


async def id_of_number(session: AsyncSession, kind: NumberKind, number: int) -> UUID | None:
    """Return the id of the tenant's thing with a number; None if it has none."""
    if not 1 <= number <= HIGHEST:
        return None
    key = {"account_id": tenant_of(session), "kind": kind, "number": number}
    found: UUID | None = await session.scalar(_ID, key)
    return found


async def thing_of_number(
    database: Database, kind: NumberKind, number: int
) -> tuple[AccountId, UUID] | None:
    """Return the account and id of the thing with a number, before the tenant is known.

    None if there is no such number. Check the caller's access before using them.
    """
    if not 1 <= number <= HIGHEST:
        return None
    async with database.transaction(None) as session:
        row = (await session.execute(_THING, {"kind": kind, "number": number})).first()
    return None if row is None else (AccountId(row.account_id), row.id)
