"""From the Authorization header to whoever calls.

Every request looks its credential up anew: what is revoked opens nothing from that commit on, on
every node.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import structlog

from answerdesk.accounts.api_keys import service as api_keys
from answerdesk.accounts.api_keys.errors import (
    account_suspended,
    api_not_in_plan,
    key_expired,
    key_revoked,
    key_unknown,
)
from answerdesk.accounts.api_keys.types import KnownKey, key_hash, prefix_of
from answerdesk.accounts.owner_key import FILE_NAME
from answerdesk.accounts.plans import Plans
from answerdesk.accounts.principal import Principal, owner_principal
from answerdesk.core.database import Database
from answerdesk.core.errors import NotAuthenticated
from answerdesk.core.tenancy import AccountId

AccessTokens = Callable[[str], Awaitable[Principal]]
"""Reads a person's access token; raises NotAuthenticated or NotPermitted."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What this installation accepts besides API keys."""

    owner_key: str
    owner_account: AccountId
    access_tokens: AccessTokens


class Authenticator:
    """Finds out who calls."""

    def __init__(self, database: Database, credentials: Credentials, plans: Plans) -> None:
        self._database = database
        self._accepted = credentials
        self._plans = plans
        self._noting: dict[UUID, asyncio.Task[None]] = {}

    async def authenticate(self, authorization: str | None) -> Principal:
        """Return who sends this Authorization header.

        Raises NotAuthenticated for none or one that does not hold, NotPermitted for one of an
        account that is suspended.
        """
        credential = bearer_of(authorization)
        # Same time, wherever the first difference is.
        if hmac.compare_digest(
            credential.encode("utf-8", "replace"), self._accepted.owner_key.encode()
        ):
            return owner_principal(self._accepted.owner_account)
        if prefix_of(credential) is not None:
            return await self._of_key(credential)
        if credential.count(".") == 2:
            return await self._accepted.access_tokens(credential)
        raise NotAuthenticated(
            "This is neither an access token nor an API key nor the owner's key",
            code="credential_unknown",
        )

    async def _of_key(self, key: str) -> Principal:
        known = await api_keys.find_key(self._database, key_hash(key))
        if known is None:
            raise key_unknown()
        if known.state == "revoked":
            raise key_revoked()
        if known.state == "expired":
            raise key_expired()
        if known.suspended:
            raise account_suspended()
        if not self._plans[known.plan].has("api"):
            raise api_not_in_plan()
        if known.unused_for_a_minute:
            self._note_use(known)
        return Principal(
            account_id=known.account_id,
            kind="api_key",
            subject=known.id,
            name=known.name,
            role="viewer",
            scopes=known.scopes,
            projects=known.project_ids,
        )

    def _note_use(self, key: KnownKey) -> None:
        """Keep in the background that the key was used: nobody waits for that."""
        if key.id in self._noting:
            return

        async def note() -> None:
            try:
                await api_keys.note_use(self._database, key.account_id, key.id)
            except Exception:  # noqa: BLE001  # The next use is noted instead.
                _log.warning("key_use_not_noted", key_id=str(key.id), exc_info=True)
            finally:
                self._noting.pop(key.id, None)

        self._noting[key.id] = asyncio.create_task(note())

    async def close(self) -> None:
        """Wait until what is being noted is."""
        await asyncio.gather(*self._noting.values(), return_exceptions=True)


def bearer_of(authorization: str | None) -> str:
    """Return the credential of an Authorization header; raises NotAuthenticated without one."""
    scheme, _, credential = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not credential.strip():
        raise NotAuthenticated(
            "This needs a credential: send `Authorization: Bearer <…>` with an access token, "
            f"an API key, or the owner's key, which is in the file {FILE_NAME} of the data folder"
        )
    return credential.strip()
