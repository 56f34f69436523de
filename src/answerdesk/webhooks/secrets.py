"""The secrets that deliveries are signed with: `whsec_` and 24 to 64 bytes in base64.

That is the form of Standard Webhooks, and every endpoint's has it, whatever its format.
"""

import base64
import binascii
import secrets
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.secrets import delete_secret, get_secret, put_secret
from answerdesk.core.crypto import Sealer
from answerdesk.webhooks import repository
from answerdesk.webhooks.errors import secret_invalid

_BEGIN: Final = "whsec_"
_LEAST_BYTES: Final = 24
_MOST_BYTES: Final = 64
_NEW_BYTES: Final = 32

_CURRENT: Final = "webhook_secret"
_OLD: Final = "webhook_old_secret"


def new_secret() -> str:
    return _BEGIN + base64.b64encode(secrets.token_bytes(_NEW_BYTES)).decode()


def secret_key(secret: str) -> bytes:
    """Return the bytes that a secret stands for. Raises InvalidInput, which never repeats it."""
    if not secret.startswith(_BEGIN):
        raise secret_invalid("does not begin with whsec_")
    try:
        key = base64.b64decode(secret.removeprefix(_BEGIN), validate=True)
    except (binascii.Error, ValueError) as error:
        raise secret_invalid("is not base64 after whsec_") from error
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        size = "short" if len(key) < _LEAST_BYTES else "long"
        raise secret_invalid(f"is too {size} ({len(key)} bytes)")
    return key


async def keep_secret(
    session: AsyncSession, sealer: Sealer, endpoint_id: UUID, secret: str
) -> None:
    """Seal and store an endpoint's secret in place of the current one."""
    await put_secret(session, sealer, endpoint_id, _CURRENT, secret.encode())


async def keep_old_secret(session: AsyncSession, sealer: Sealer, endpoint_id: UUID) -> None:
    """Store the current secret as the old one as well, in place of an older one."""
    current = await secret_of(session, sealer, endpoint_id)
    await put_secret(session, sealer, endpoint_id, _OLD, current.encode())


async def forget_old_secret(session: AsyncSession, endpoint_id: UUID) -> None:
    """Delete an endpoint's old secret, unless it is still valid."""
    if not await repository.old_secret_is_valid(session, endpoint_id):
        await delete_secret(session, endpoint_id, _OLD)


async def forget_secrets(session: AsyncSession, endpoint_id: UUID) -> None:
    """Delete both secrets of an endpoint that is deleted."""
    for name in (_CURRENT, _OLD):
        await delete_secret(session, endpoint_id, name)


async def secret_of(session: AsyncSession, sealer: Sealer, endpoint_id: UUID) -> str:
    """Return the current secret of an endpoint that exists."""
    found = await get_secret(session, sealer, endpoint_id, _CURRENT)
    assert found is not None  # noqa: S101  # Stored and deleted with the endpoint.
    return found.decode()


async def secrets_of(session: AsyncSession, sealer: Sealer, endpoint_id: UUID) -> tuple[str, ...]:
    """Return the secrets to sign with: the current one, and the old one while that is valid."""
    current = await secret_of(session, sealer, endpoint_id)
    old = None
    if await repository.old_secret_is_valid(session, endpoint_id):
        old = await get_secret(session, sealer, endpoint_id, _OLD)
    return (current,) if old is None else (current, old.decode())
