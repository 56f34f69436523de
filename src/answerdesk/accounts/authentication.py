"""From the Authorization header to the caller.

Every request looks up its credential again: a revoked one is refused on every node as soon as the
revocation commits. The statement that finds the credential also returns the account and its plan,
and counts the request against the plan's rates, all in one round trip.
"""

import asyncio
import hmac
from dataclasses import dataclass
from uuid import UUID

import structlog

from answerdesk.accounts.api_keys import service as api_keys
from answerdesk.accounts.api_keys.types import KnownKey, key_hash, prefix_of
from answerdesk.accounts.errors import api_not_in_plan, dialect_not_in_plan
from answerdesk.accounts.limits.service import (
    count_for_account,
    rates_by_plan,
    rates_of_dialect,
    windows_name,
    windows_prefix,
)
from answerdesk.accounts.owner_key import FILE_NAME
from answerdesk.accounts.plans import Plans
from answerdesk.accounts.principal import Principal, owner_principal
from answerdesk.accounts.sessions import admit_access_token
from answerdesk.core.database import Database
from answerdesk.core.dialects import DIALECTS, Dialect
from answerdesk.core.errors import NotAuthenticated
from answerdesk.core.ratelimit import Taken
from answerdesk.core.tenancy import AccountId

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What this installation accepts besides API keys."""

    owner_key: str
    owner_account: AccountId


@dataclass(frozen=True, slots=True)
class Admitted:
    """The caller, and the rate window with the fewest requests left; None if the plan has none."""

    caller: Principal
    rate: Taken | None


class Authenticator:
    """Identifies the caller, and counts the request."""

    def __init__(self, database: Database, credentials: Credentials, plans: Plans) -> None:
        self._database = database
        self._accepted = credentials
        self._plans = plans
        self._rates: dict[Dialect | None, str] = {
            None: rates_by_plan(plans),
            **{dialect: rates_of_dialect(plans, dialect) for dialect in DIALECTS},
        }
        self._rates_of_keys = {**self._rates, None: rates_by_plan(plans, "api")}
        self._noting: dict[UUID, asyncio.Task[None]] = {}

    async def admit(self, authorization: str | None, dialect: Dialect | None = None) -> Admitted:
        """Return the sender of this Authorization header, after counting the request.

        It is counted in windows of its dialect's own, or (None) in those of the native API.

        Raises NotAuthenticated for a missing or invalid credential, NotPermitted for a suspended
        account or a plan without the API, and WindowFull over the caller's rate; none of these
        requests is counted.
        """
        credential = bearer_of(authorization)
        # Takes the same time, wherever the first difference is.
        if hmac.compare_digest(
            credential.encode("utf-8", "replace"), self._accepted.owner_key.encode()
        ):
            return await self._owner(dialect)
        if prefix_of(credential) is not None:
            return await self._of_key(credential, dialect)
        if credential.count(".") == 2:
            windows = windows_prefix("user", dialect)
            rates = self._rates[dialect]
            admitted = await admit_access_token(self._database, credential, windows, rates)
            return self._admitted(*admitted, dialect)
        raise NotAuthenticated(
            "The credential is not an access token, an API key or the owner's key",
            code="credential_unknown",
        )

    def _admitted(
        self, caller: Principal, plan: str, rate: Taken | None, dialect: Dialect | None
    ) -> Admitted:
        # Raises Unavailable if the plans file does not have this plan (any more).
        known = self._plans[plan]
        if dialect is not None and not known.speaks(dialect):
            raise dialect_not_in_plan(plan)
        return Admitted(caller, rate)

    async def _owner(self, dialect: Dialect | None) -> Admitted:
        caller = owner_principal(self._accepted.owner_account)
        name = windows_name(caller.kind, caller.subject, dialect)
        rates = self._rates[dialect]
        plan, rate = await count_for_account(self._database, caller.account_id, name, rates)
        return self._admitted(caller, plan, rate, dialect)

    async def _of_key(self, key: str, dialect: Dialect | None) -> Admitted:
        windows, rates = windows_prefix("api_key", dialect), self._rates_of_keys[dialect]
        known, rate = await api_keys.admit_key(self._database, key_hash(key), windows, rates)
        if dialect is None and not self._plans[known.plan].has("api"):
            raise api_not_in_plan()
        if known.unused_for_a_minute:
            self._note_use(known)
        caller = Principal(
            account_id=known.account_id,
            kind="api_key",
            subject=known.id,
            name=known.name,
            role="viewer",
            scopes=known.scopes,
            projects=known.project_ids,
        )
        return self._admitted(caller, known.plan, rate, dialect)

    def _note_use(self, key: KnownKey) -> None:
        """Note in the background that the key was used: nobody waits for that."""
        if key.id in self._noting:
            return

        async def note() -> None:
            try:
                await api_keys.note_use(self._database, key.account_id, key.id)
            except Exception:  # noqa: BLE001  # The next use will be noted instead.
                _log.warning("key_use_not_noted", key_id=str(key.id), exc_info=True)
            finally:
                self._noting.pop(key.id, None)

        self._noting[key.id] = asyncio.create_task(note())

    async def close(self) -> None:
        """Wait until all pending notes are written."""
        await asyncio.gather(*self._noting.values(), return_exceptions=True)


def bearer_of(authorization: str | None) -> str:
    """Return the credential in an Authorization header; raises NotAuthenticated without one."""
    scheme, _, credential = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not credential.strip():
        raise NotAuthenticated(
            "A credential is missing: send `Authorization: Bearer <…>` with an access token, an "
            f"API key, or the owner's key, which is in the file {FILE_NAME} of the data folder"
        )
    return credential.strip()
