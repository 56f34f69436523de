"""Calls actions: one request to the owner's server, bounded in every respect, and its log.

No transaction is open while the server is talked to: `prepare`, then `send`, then `record`.
"""

import hashlib
import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import jwt
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Principal
from answerdesk.agents.actions import errors
from answerdesk.agents.actions.addresses import filled_address, placeholders
from answerdesk.agents.actions.events import ACTION_CALLED, ACTION_FAILED, ActionCall
from answerdesk.agents.actions.repository import actions as repository
from answerdesk.agents.actions.repository import calls
from answerdesk.agents.actions.service import find_action, headers_of
from answerdesk.agents.actions.template import ResponseUnusable, told
from answerdesk.agents.actions.types import (
    ACTION_PREFIX,
    CALL_PREFIX,
    CONVERSATION_PREFIX,
    MOST_CALLS,
    VALUE_LENGTH,
    WINDOW_SECONDS,
    Action,
    ActionSettings,
    Errand,
    Outcome,
    Parameter,
    Value,
)
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database
from answerdesk.core.events import record
from answerdesk.core.outbound import Outbound, OutboundError, OutboundRequest, OutboundResponse
from answerdesk.core.ratelimit import take
from answerdesk.core.tenancy import new_id, public_id
from answerdesk.kit.redaction import redacted
from answerdesk.projects.identity import identity_secret
from answerdesk.projects.types import PROJECT_PREFIX

_MOST_BYTES: Final = 64 * 1024
_KEPT_CHARACTERS: Final = 1024
_FEWEST_HIDDEN: Final = 6
"""Characters of a header's value that is worth hiding where a response repeats it."""
_HIDDEN: Final = "[secret]"
_STATEMENT: Final = "Answerdesk-Visitor"
_STATEMENT_SECONDS: Final = 60
_WITHOUT_BODY: Final = frozenset({"GET", "DELETE"})
"""Methods whose parameters are sent in the query."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call that is in the log and can be made.

    `headers` have secret values; `secret` signs who the visitor is, if that is proved.
    """

    errand: Errand
    call_id: UUID
    action: Action
    headers: Mapping[str, str]
    secret: bytes | None

    @property
    def settings(self) -> ActionSettings:
        return self.action.settings


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What a request looked like, without any secret."""

    method: str
    url: str
    headers: Sequence[str]
    body: str | None


class Actions:
    """Calls actions for visitors and, to test them, for their owner."""

    def __init__(
        self, database: Database, sealer: Sealer, outbound: Outbound, *, seconds: float
    ) -> None:
        """Give each call `seconds` to respond completely."""
        self._database = database
        self._outbound = outbound
        self._seconds = seconds
        self.sealer = sealer

    async def take(self, subject: UUID) -> None:
        """Count a call for a visitor or a conversation; raises RateLimited."""
        await take(self._database, f"actions:{subject.hex}", MOST_CALLS, WINDOW_SECONDS)

    async def prepare(self, session: AsyncSession, errand: Errand) -> Prepared | None:
        """Store the call in the log; return None if its action may not be called (any more).

        A test may call a disabled action.
        """
        action = await repository.find(session, errand.action_id)
        if action is None or action.project_id != errand.project_id:
            return None
        if not action.settings.enabled and errand.conversation_id is not None:
            return None
        if errand.only_reads and not action.only_reads:
            return None
        headers = await headers_of(session, self.sealer, action)
        secret = None
        if errand.subject is not None:
            secret = await identity_secret(session, self.sealer, errand.project_id)
        shown = {
            name: redacted(value) if isinstance(value, str) else value
            for name, value in errand.parameters.items()
        }
        call_id = await calls.begin(session, errand, shown)
        return Prepared(errand, call_id, action, headers, secret)

    async def send(self, prepared: Prepared, within: float | None = None) -> Outcome:
        """Make the call, once. Whatever goes wrong is the outcome's error, in words for the owner.

        It takes at most `within` seconds, if that is less than every call may take. Call it without
        any transaction.
        """
        began = time.monotonic()
        seconds = self._seconds if within is None else min(within, self._seconds)
        status, body, text, error = None, None, None, None
        try:
            response = await self._outbound.fetch("actions", request_of(prepared, seconds))
        except OutboundError as raised:
            error = raised.message
        else:
            status = response.status
            body = _without(prepared.headers.values(), response.body.decode("utf-8", "replace"))
            text, error = _read(prepared.settings, response, body)
        return Outcome(
            text=text,
            status=status,
            milliseconds=round((time.monotonic() - began) * 1000),
            response=None if body is None else _kept(body),
            error=error,
        )

    async def record(self, session: AsyncSession, prepared: Prepared, outcome: Outcome) -> None:
        """Store what a call came to; for a visitor's, also an event."""
        errand = prepared.errand
        if not await calls.end(session, prepared.call_id, outcome):
            return
        if errand.conversation_id is None:
            return
        event = ACTION_CALLED if outcome.error is None else ACTION_FAILED
        payload = ActionCall(
            action_id=public_id(ACTION_PREFIX, errand.action_id),
            call_id=public_id(CALL_PREFIX, prepared.call_id),
            conversation_id=public_id(CONVERSATION_PREFIX, errand.conversation_id),
        )
        await record(session, prepared.action.account_id, errand.project_id, event, payload)

    async def test(
        self, caller: Principal, action_id: UUID, given: Mapping[str, object]
    ) -> tuple[SentRequest, Outcome]:
        """Call an action now, for nobody; return what was sent, and what came back.

        Raises NotFound, InvalidInput for wrong parameters or an address that they make impossible,
        and RateLimited.
        """
        account_id = caller.account_id
        async with self._database.transaction(account_id) as session:
            action = await find_action(session, caller, action_id)
        values = checked_values(action.settings.parameters, given)
        await self.take(action_id)
        errand = Errand(action.project_id, action_id, values, f"test_{new_id().hex}")
        async with self._database.transaction(account_id) as session:
            prepared = await self.prepare(session, errand)
        if prepared is None:
            raise errors.action_not_found()
        outcome = await self.send(prepared)
        async with self._database.transaction(account_id) as session:
            await self.record(session, prepared, outcome)
        request = request_of(prepared, self._seconds)
        body = None if request.body is None else request.body.decode()
        sent = SentRequest(request.method, request.url, sorted(request.headers), body)
        return sent, outcome


def request_of(prepared: Prepared, seconds: float) -> OutboundRequest:
    """Return the request of a call; raises OutboundError if its parameters make it impossible."""
    settings, values = prepared.settings, prepared.errand.parameters
    texts = {name: _written(value) for name, value in values.items()}
    in_address = set(placeholders(settings.url))
    others = {name: value for name, value in values.items() if name not in in_address}
    body = None
    query: list[tuple[str, str]] = []
    headers = {**prepared.headers, "Idempotency-Key": prepared.errand.key}
    if settings.method in _WITHOUT_BODY:
        query = [(name, texts[name]) for name in others]
    else:
        body = json.dumps(others, ensure_ascii=False, separators=(",", ":")).encode()
        headers["Content-Type"] = "application/json"
    url = filled_address(settings.url, texts, query)
    if prepared.secret is not None:
        headers[_STATEMENT] = _statement(prepared, prepared.secret, url, body)
    return OutboundRequest(
        url=url,
        method=settings.method,
        headers=headers,
        body=body,
        max_bytes=_MOST_BYTES,
        timeout=seconds,
        header_seconds=seconds,
        max_redirects=0,
    )


def _statement(prepared: Prepared, secret: bytes, url: str, body: bytes | None) -> str:
    """Return who the visitor is, signed for this request only.

    The audience is the action, so nobody can sign in with it as the visitor: for that it would have
    to be the project, or nobody.
    """
    split = urlsplit(url)
    target = f"{split.path}?{split.query}" if split.query else split.path
    request = f"{prepared.settings.method} {target}\n".encode() + (body or b"")
    now = int(time.time())
    claims = {
        "iss": "answerdesk",
        "aud": public_id(ACTION_PREFIX, prepared.action.id),
        "sub": prepared.errand.subject,
        "iat": now,
        "exp": now + _STATEMENT_SECONDS,
        "jti": prepared.errand.key,
        "project_id": public_id(PROJECT_PREFIX, prepared.action.project_id),
        "request_sha256": hashlib.sha256(request).hexdigest(),
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def _written(value: Value) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _read(
    settings: ActionSettings, response: OutboundResponse, body: str
) -> tuple[str | None, str | None]:
    """Return what the visitor reads, or else what is wrong with a response."""
    status = response.status
    if 300 <= status < 400:  # HTTP.
        return None, (
            f"The server redirects ({status}). Redirects are not followed; give the action the "
            "address that answers itself"
        )
    if not 200 <= status < 300:
        return None, f"The server answered {status}; only 200 to 299 is an answer"
    try:
        return told(settings.answer, response.media_type, body), None
    except ResponseUnusable as error:
        return None, str(error)


def _without(secrets: Collection[str], body: str) -> str:
    """Return a body without headers' values, which some servers repeat."""
    for secret in secrets:
        for part in (secret, secret.rpartition(" ")[2]):
            if len(part) >= _FEWEST_HIDDEN:
                body = body.replace(part, _HIDDEN)
    return body


def _kept(body: str) -> str:
    return redacted(body[:_KEPT_CHARACTERS].replace("\0", "�"))


def checked_values(
    parameters: Sequence[Parameter], given: Mapping[str, object]
) -> Mapping[str, Value]:
    """Return the values of a test; raises InvalidInput."""
    by_name = {one.name: one for one in parameters}
    unknown = sorted(set(given) - set(by_name))
    if unknown:
        raise errors.parameters_invalid(f"{unknown[0]} is not a parameter of this action")
    missing = [one.name for one in parameters if one.required and given.get(one.name) is None]
    if missing:
        raise errors.parameters_invalid(f"{missing[0]} is missing")
    return {
        name: _checked_value(by_name[name], value)
        for name, value in given.items()
        if value is not None
    }


def _checked_value(parameter: Parameter, value: object) -> Value:
    fits: bool
    match parameter.type:
        case "boolean":
            fits = isinstance(value, bool)
        case "number":
            fits = isinstance(value, int | float) and not isinstance(value, bool)
            fits = fits and abs(value) < 1e15  # type: ignore[arg-type]
        case "string":
            fits = isinstance(value, str) and 0 < len(value.strip()) <= VALUE_LENGTH
    if not fits:
        raise errors.parameters_invalid(f"{parameter.name} is not a {parameter.type} that is sent")
    return value  # type: ignore[return-value]  # Checked above.
