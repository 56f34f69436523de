"""Requests that run once, however often they are sent: what is stored about each, and how long.

A request with a key is claimed before it does anything, in its own transaction, with a lock that
expires. Every transaction of the request that writes something notes this in the claim's row before
it commits, and only while it still holds the claim. So if two processes work on one key, one of
them commits nothing, and after a crash the row tells whether anything was done:

- nothing was done: the key is free again as soon as the lock has expired;
- something was done, but the response was lost with the process: the key is refused for good,
  because repeating the request would do it twice;
- the response is stored: it is returned again, for 24 hours.
"""

# ruff: noqa: S608 - statements are put together from constants of this module only.

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.crypto import Sealed, Sealer
from answerdesk.core.database import Database, account_in
from answerdesk.core.errors import Conflict, InvalidInput, Unavailable
from answerdesk.core.tenancy import AccountId

_LOCK_SECONDS: Final = 60.0
"""How long a claim lasts without a response. A request that takes longer can lose it; then its
commit fails, and it is never done twice."""

_DONE_UNANSWERED: Final = 0
"""Status of a request that has taken effect and whose response is not stored (yet)."""

_FORGOTTEN_AT_ONCE: Final = 50

_WHERE: Final = "account_id = :account_id and subject = :subject and key = :key"
_OLD: Final = "created_at < clock_timestamp() - interval '24 hours'"

_HOLD = text(
    "insert into idempotent_request as old (account_id, subject, key, fingerprint, locked_until)"
    " values (:account_id, :subject, :key, :fingerprint,"
    " clock_timestamp() + make_interval(secs => cast(:seconds as double precision)))"
    " on conflict (account_id, subject, key) do update set fingerprint = excluded.fingerprint,"
    " locked_until = excluded.locked_until, created_at = clock_timestamp(),"
    " status = null, headers = null, body = null"
    f" where old.{_OLD} or (old.status is null and old.locked_until < clock_timestamp())"
    " returning locked_until"
)
_FORGET = text(
    f"delete from idempotent_request where account_id = :account_id and {_OLD}"
    " and (subject, key) in (select subject, key from idempotent_request"
    f" where account_id = :account_id and {_OLD} order by created_at limit :most)"
)
_FIND = text(
    "select fingerprint, status, headers, body, locked_until < clock_timestamp() as unlocked"
    f" from idempotent_request where {_WHERE}"
)
_HAS_WRITTEN = text("select pg_current_xact_id_if_assigned() is not null")
_NOTE = text(
    f"update idempotent_request set status = {_DONE_UNANSWERED}"
    f" where {_WHERE} and locked_until = :claim returning true"
)
_STORE = text(
    "update idempotent_request set status = :status, headers = cast(:headers as jsonb),"
    f" body = :body where {_WHERE} and locked_until = :claim"
)
_RELEASE = text(
    f"delete from idempotent_request where {_WHERE} and locked_until = :claim and status is null"
)


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """A stored response: HTTP status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HeldKey:
    """One key of one caller, claimed by one request."""

    def __init__(
        self, database: Database, sealer: Sealer, account_id: AccountId, subject: UUID, key: str
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._account_id = account_id
        self._row = {"account_id": account_id, "subject": subject, "key": key}
        self._bound_to = f"idempotent_request:{account_id}:{subject}:{key}"
        self._token: datetime | None = None
        self._has_written = False

    async def take(self, fingerprint: bytes) -> KeptResponse | None:
        """Claim the key; return the response to repeat, or None if the request is to be done.

        Raises InvalidInput if the key was used for another request, Conflict if that request is
        still in progress or its response was lost.
        """
        async with self._database.transaction(self._account_id) as session:
            await session.execute(
                _FORGET, {"account_id": self._account_id, "most": _FORGOTTEN_AT_ONCE}
            )
            claiming = {**self._row, "fingerprint": fingerprint, "seconds": _LOCK_SECONDS}
            token = await session.scalar(_HOLD, claiming)
            if token is None:
                return await self._known(session, fingerprint)
        self._token = token
        return None

    async def _known(self, session: AsyncSession, fingerprint: bytes) -> KeptResponse:
        found = (await session.execute(_FIND, self._row)).first()
        if found is None:
            # Released between the two statements: the earlier request ended without an effect.
            raise _in_flight()
        if bytes(found.fingerprint) != fingerprint:
            raise key_reused()
        if found.status is None or (found.status == _DONE_UNANSWERED and not found.unlocked):
            raise _in_flight()
        if found.status == _DONE_UNANSWERED:
            raise _answer_lost()
        return KeptResponse(found.status, found.headers, self._opened(bytes(found.body)))

    async def note_effect(self, session: AsyncSession) -> None:
        """Note, in a transaction about to commit, that the request takes effect with it.

        Notes nothing if the transaction wrote nothing or is another account's. Raises Conflict if
        the claim is no longer ours, so that nothing is committed.
        """
        if self._token is None or account_in(session) != self._account_id:
            return
        if not await session.scalar(_HAS_WRITTEN):
            return
        if not await session.scalar(_NOTE, {**self._row, "claim": self._token}):
            raise _in_flight()
        self._has_written = True

    async def end(self, answer: KeptResponse | None) -> None:
        """Store the response, or release the key if there is nothing to keep.

        An error without any effect is not kept, because the same request may succeed later. None
        means that the request ended without a response.
        """
        token, self._token = self._token, None
        if token is None:
            return
        row = {**self._row, "claim": token}
        async with self._database.transaction(self._account_id) as session:
            if answer is not None and (self._has_written or answer.status < 400):
                sealed = self._sealed(answer.body)
                headers = json.dumps(dict(answer.headers))
                stored = {"status": answer.status, "headers": headers, "body": sealed}
                await session.execute(_STORE, {**row, **stored})
            else:
                await session.execute(_RELEASE, row)

    def _sealed(self, body: bytes) -> bytes:
        # A response may contain a secret that is shown once, such as a new API key.
        sealed = self._sealer.seal(body, bound_to=self._bound_to)
        return sealed.key_id.encode() + b":" + sealed.data

    def _opened(self, stored: bytes) -> bytes:
        key_id, _, data = stored.partition(b":")
        try:
            return self._sealer.open(Sealed(key_id.decode(), data), bound_to=self._bound_to)
        except Unavailable as error:
            raise _answer_lost() from error


def key_reused() -> InvalidInput:
    """For a key that came with another request."""
    message = "This Idempotency-Key was used for another request; use a new key for each request"
    return InvalidInput(message, code="idempotency_key_reused")


def _in_flight() -> Conflict:
    message = "The request with this Idempotency-Key is still in progress; try again in a moment"
    return Conflict(message, code="idempotency_in_flight")


def _answer_lost() -> Conflict:
    message = (
        "The request with this Idempotency-Key was done, but its response was lost when the server "
        "stopped; check the result, and use a new key if the request must be done again"
    )
    return Conflict(message, code="idempotency_answer_lost")
