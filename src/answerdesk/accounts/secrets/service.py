"""Seals a secret into its row, and opens it again for its own account only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.secrets import repository
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId


def binding(account_id: AccountId, subject_id: UUID, name: str) -> str:
    """Name the place that a sealed secret belongs to; anywhere else it does not open."""
    return f"stored_secret:{account_id}:{subject_id}:{name}"


async def put_secret(
    session: AsyncSession, sealer: Sealer, subject_id: UUID, name: str, plain: bytes
) -> None:
    """Store `plain` sealed, as the tenant's secret `name` of the thing `subject_id`."""
    bound_to = binding(tenant_of(session), subject_id, name)
    await repository.put(session, subject_id, name, sealer.seal(plain, bound_to=bound_to))


async def get_secret(
    session: AsyncSession, sealer: Sealer, subject_id: UUID, name: str
) -> bytes | None:
    """Return the tenant's secret `name` of `subject_id`; None when there is none.

    Raises Unavailable when the key that sealed it is not among ours.
    """
    sealed = await repository.get(session, subject_id, name)
    if sealed is None:
        return None
    return sealer.open(sealed, bound_to=binding(tenant_of(session), subject_id, name))


async def secret_set_at(session: AsyncSession, subject_id: UUID, name: str) -> datetime | None:
    """Return when the tenant's secret `name` of `subject_id` was stored; None without one."""
    return await repository.set_at(session, subject_id, name)


async def delete_secret(session: AsyncSession, subject_id: UUID, name: str) -> None:
    """Forget the tenant's secret `name` of `subject_id`."""
    await repository.delete(session, subject_id, name)
