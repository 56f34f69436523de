"""`Idempotency-Key` on POSTs of the native API: a request that is sent twice runs once.

The middleware sees the whole response, errors included; `hold_key` claims the key once the caller
is known. The key's record commits together with the writes of the handler's transactions: see
`answerdesk.core.idempotency`.
"""

import hashlib
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import structlog
from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from answerdesk.core.database import witnessed
from answerdesk.core.errors import InvalidInput
from answerdesk.core.idempotency import HeldKey, KeptResponse
from answerdesk.core.tenancy import AccountId
from answerdesk.core.web.body import BODY_DIGEST

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
LONGEST: Final = 255
_STATE: Final = "idempotency"
_VISIBLE: Final = range(0x21, 0x7F)
_LARGEST_ANSWER: Final = 1024 * 1024
_NOT_KEPT: Final = frozenset({"content-length", "date", "server", "set-cookie"})

_log = structlog.get_logger(__name__)


class _Attempt:
    """A request that has a key."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.held: HeldKey | None = None


class _Replay(Exception):  # Not an error: the response is already stored.
    def __init__(self, answer: KeptResponse) -> None:
        self.answer = answer


async def hold_key(request: Request, account_id: AccountId, subject: UUID) -> None:
    """Claim the request's key for the caller `subject`, if it is a POST with a key.

    Call it once the caller is authorised and before anything is done. Raises InvalidInput
    (`idempotency_key_invalid`, `idempotency_key_reused`) and Conflict (`idempotency_in_flight`,
    `idempotency_answer_lost`). A request that has already been done ends here.
    """
    attempt: _Attempt | None = getattr(request.state, _STATE, None)
    if attempt is None or attempt.held is not None:
        return
    key = checked_key(attempt.key)
    application = request.app.state.application
    held = HeldKey(application.database, application.sealer, account_id, subject, key)
    answer = await held.take(await _fingerprint(request))
    if answer is not None:
        raise _Replay(answer)
    attempt.held = held


def checked_key(key: str) -> str:
    """Return a key as it is; raises InvalidInput (`idempotency_key_invalid`)."""
    if not 1 <= len(key) <= LONGEST or any(ord(letter) not in _VISIBLE for letter in key):
        raise InvalidInput(
            f"An Idempotency-Key must have 1 to {LONGEST} visible ASCII characters",
            code="idempotency_key_invalid",
        )
    return key


async def _fingerprint(request: Request) -> bytes:
    body: bytes | None = getattr(request.state, BODY_DIGEST, None)
    if body is None:
        body = hashlib.sha256(await request.body()).digest()
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(asked + body).digest()


class IdempotentRequests:
    """ASGI middleware: stores the responses of claimed requests before they are sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = Headers(scope=scope).get(HEADER) if scope["type"] == "http" else None
        if key is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        attempt = _Attempt(key)
        scope.setdefault("state", {})[_STATE] = attempt
        outcome = _Outcome(attempt, send)
        with witnessed(outcome.note_effect):
            try:
                await self._app(scope, receive, outcome.send)
            finally:
                await outcome.end_without_answer()


class _Outcome:
    """Holds back a claimed request's response until it is stored."""

    def __init__(self, attempt: _Attempt, send: Send) -> None:
        self._attempt = attempt
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def note_effect(self, session: AsyncSession) -> None:
        if self._attempt.held is not None:
            await self._attempt.held.note_effect(session)

    async def send(self, message: Message) -> None:
        if self._attempt.held is None:
            await self._send(message)
            return
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        assert self._start is not None  # noqa: S101  # A response begins with its start message.
        await self._attempt.held.end(self._answer(self._start))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": bytes(self._body)})

    def _answer(self, start: Message) -> KeptResponse | None:
        if len(self._body) > _LARGEST_ANSWER:
            _log.error("answer_too_large_to_keep", bytes=len(self._body))
            return None
        return KeptResponse(
            start["status"], _kept(Headers(raw=start["headers"])), bytes(self._body)
        )

    async def end_without_answer(self) -> None:
        """Release the key if the request failed before it responded, having done nothing."""
        if self._attempt.held is not None:
            await self._attempt.held.end(None)


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in _NOT_KEPT}


async def _again(_: Request, replay: Exception) -> Response:
    if not isinstance(replay, _Replay):
        raise replay
    headers = {**replay.answer.headers, REPLAYED: "true"}
    return Response(replay.answer.body, replay.answer.status, headers)


def accept_idempotency_keys(app: FastAPI) -> None:
    """Make `app` store its responses; its endpoints claim keys with `hold_key`."""
    app.add_exception_handler(_Replay, _again)
    app.add_middleware(IdempotentRequests)
