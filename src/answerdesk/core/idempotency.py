"""Requests that are done once, however often they are sent: what is kept of each, and for how long.

A request with a key is claimed before it does anything, in a transaction of its own, with a lock
that ends by itself. Each transaction of it that writes something notes that in the claim's row
before it commits, and only while the claim is still its own. So of two processes that work on one
key one commits nothing, and after a crash the row tells whether anything was done:

- nothing was: the key is free again as soon as the lock has ended;
- something was, but the answer was lost with the process: the key is refused for good, since to do
  it again would do it twice;
- the answer is there: it is given again, for 24 hours.
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
"""How long a claim holds without an answer. A request that takes longer can lose it, and then fails
at its commit; it is never done twice."""

_DONE_UNANSWERED: Final = 0
"""The status of a request that has taken effect and whose answer is not stored (yet)."""

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
    """What was answered: the HTTP status, the headers, the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HeldKey:
    """One key of one caller, held by one request."""

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
        """Hold the key; return the response to give again, or None if the request is to be done.

        Raises InvalidInput when the key came with another request, Conflict while that request is
        still being done or when its answer was lost.
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
            # Released between the two statements: the request before has ended without an effect.
            raise _in_flight()
        if bytes(found.fingerprint) != fingerprint:
            raise InvalidInput(
                "This Idempotency-Key came with another request before; take a new key for each",
                code="idempotency_key_reused",
            )
        if found.status is None or (found.status == _DONE_UNANSWERED and not found.unlocked):
            raise _in_flight()
        if found.status == _DONE_UNANSWERED:
            raise _answer_lost()
        return KeptResponse(found.status, found.headers, self._opened(bytes(found.body)))

    async def note_effect(self, session: AsyncSession) -> None:
        """Note in a transaction that is about to commit that the request takes effect by it.

        Nothing is noted by one that wrote nothing, or is another account's. Raises Conflict when
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
        """Store the answer, or give the key free if there is nothing to keep.

        An error without any effect is not kept: the same request may well succeed later. None says
        that the request ended without an answer.
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
        # An answer may hold a secret that is shown once, such as a new API key.
        sealed = self._sealer.seal(body, bound_to=self._bound_to)
        return sealed.key_id.encode() + b":" + sealed.data

    def _opened(self, stored: bytes) -> bytes:
        key_id, _, data = stored.partition(b":")
        try:
            return self._sealer.open(Sealed(key_id.decode(), data), bound_to=self._bound_to)
        except Unavailable as error:
            raise _answer_lost() from error


def _in_flight() -> Conflict:
    message = "The request with this Idempotency-Key is still being done; ask again in a moment"
    return Conflict(message, code="idempotency_in_flight")


def _answer_lost() -> Conflict:
    message = (
        "The request with this Idempotency-Key was done, but its answer was lost when the server "
        "stopped; look at what is there, and take a new key if it is to be done again"
    )
    return Conflict(message, code="idempotency_answer_lost")
