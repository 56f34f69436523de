"""The token of a link that sets a new password."""

import hashlib
import secrets
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.reset import repository
from answerdesk.core.tenancy import UserId, new_id

_PREFIX: Final = "rst_"


def token_hash(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


async def make_token(session: AsyncSession, user_id: UserId) -> tuple[UUID, str]:
    """Store a token for a person, whose transaction it is; return its id and its text."""
    reset_id, token = new_id(), _PREFIX + secrets.token_urlsafe(32)
    await repository.add(session, reset_id, user_id, token_hash(token))
    return reset_id, token
