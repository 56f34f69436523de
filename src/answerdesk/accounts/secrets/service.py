"""Seals secrets into rows, opens them for their own account only, and reseals all of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.secrets import repository
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.tenancy import AccountId


def binding(account_id: AccountId, subject_id: UUID, name: str) -> str:
    """Name the place that a sealed secret belongs to; it doesn't open anywhere else."""
    return f"stored_secret:{account_id}:{subject_id}:{name}"


async def put_secret(
    session: AsyncSession, sealer: Sealer, subject_id: UUID, name: str, plain: bytes
) -> None:
    """Seal and store `plain` as the tenant's secret `name` of the thing `subject_id`."""
    bound_to = binding(tenant_of(session), subject_id, name)
    await repository.put(session, subject_id, name, sealer.seal(plain, bound_to=bound_to))


async def get_secret(
    session: AsyncSession, sealer: Sealer, subject_id: UUID, name: str
) -> bytes | None:
    """Return the tenant's secret `name` of `subject_id`; None if there is none.

    Raises Unavailable if its key is not among ours.
    """
    sealed = await repository.get(session, subject_id, name)
    if sealed is None:
        return None
    return sealer.open(sealed, bound_to=binding(tenant_of(session), subject_id, name))


async def put_secrets(
    session: AsyncSession, sealer: Sealer, name: str, plain: Mapping[UUID, bytes]
) -> None:
    """Seal and store the secret `name` of each of the tenant's things in `plain`."""
    account_id = tenant_of(session)
    sealed = {
        subject_id: sealer.seal(one, bound_to=binding(account_id, subject_id, name))
        for subject_id, one in plain.items()
    }
    await repository.put_all(session, name, sealed)


async def get_secrets(
    session: AsyncSession, sealer: Sealer, subject_ids: Sequence[UUID], name: str
) -> Mapping[UUID, bytes]:
    """Return the secret `name` of those of the tenant's things that have one.

    Raises Unavailable if a key is not among ours.
    """
    account_id = tenant_of(session)
    return {
        subject_id: sealer.open(sealed, bound_to=binding(account_id, subject_id, name))
        for subject_id, sealed in (await repository.get_all(session, subject_ids, name)).items()
    }


async def delete_secrets(session: AsyncSession, subject_ids: Sequence[UUID], name: str) -> None:
    """Delete the secret `name` of each of the tenant's things."""
    await repository.delete_all(session, subject_ids, name)


async def secret_set_at(session: AsyncSession, subject_id: UUID, name: str) -> datetime | None:
    """Return when the tenant's secret `name` of `subject_id` was stored; None without one."""
    return await repository.set_at(session, subject_id, name)


async def delete_secret(session: AsyncSession, subject_id: UUID, name: str) -> None:
    """Delete the tenant's secret `name` of `subject_id`."""
    await repository.delete(session, subject_id, name)


_BATCH: Final = 100

Progress = Callable[[int, int], None]
"""Called with the number of secrets done and the total."""


async def reseal_all(database: Database, sealer: Sealer, progress: Progress) -> int:
    """Reseal with the newest key what older keys have sealed; return how many secrets that were.

    `database` connects as the tables' owner. Each batch commits by itself; changing a secret waits
    for its batch. Raises Unavailable for a secret whose key is not among ours; batches before it
    stay done.
    """
    total = await left_to_reseal(database, sealer)
    done = 0
    progress(done, total)
    while True:
        async with database.transaction(None) as session:
            account_id = await repository.next_account(session, sealer.key_id)
        if account_id is None:
            return done
        async with database.transaction(account_id) as session:
            found = await repository.lock_others(session, sealer.key_id, _BATCH)
            for subject_id, name, sealed in found:
                bound_to = binding(account_id, subject_id, name)
                plain = sealer.open(sealed, bound_to=bound_to)
                renewed = sealer.seal(plain, bound_to=bound_to)
                await repository.reseal(session, subject_id, name, renewed)
        done += len(found)
        progress(done, max(total, done))


async def left_to_reseal(database: Database, sealer: Sealer) -> int:
    """Return how many secrets are sealed with a key other than the newest."""
    async with database.transaction(None) as session:
        return await repository.count_others(session, sealer.key_id)
