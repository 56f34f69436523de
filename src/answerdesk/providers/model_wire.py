"""What the wires of language models share: a request sent, its events read, its failures told."""

import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Final, TypeVar

import msgspec
import structlog

from answerdesk.core.outbound import (
    Outbound,
    OutboundError,
    OutboundRequest,
    OutboundStream,
    checked_url,
)
from answerdesk.kit.event_stream import EventStreamReader, EventTooLong, ServerSentEvent
from answerdesk.providers.chat_model import (
    ChatRequest,
    ModelDeadline,
    ModelRefuses,
    ModelRejects,
    ModelUnavailable,
    ToolCall,
)

IDLE_SECONDS: Final = 20.0
"""Longest silence between two pieces of an answer, once it has begun."""

_MOST_BYTES: Final = 4 * 1024 * 1024
_LONGEST_EVENT: Final = 512 * 1024
_OK: Final = 200

_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_ADVICE: Final = {
    401: "it rejects the key",
    402: "the account there has no credit left",
    403: "the key doesn't permit this model",
    404: "it has no such model, or the address is wrong",
}
_TRY_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})

_Read = TypeVar("_Read")
_log = structlog.get_logger(__name__)


class Rejection(ModelRejects):
    """The service rejects what a request says; `names` tells what its response speaks of."""

    def __init__(self, message: str, body: bytes) -> None:
        super().__init__(message)
        self._body = body

    def names(self, field: str) -> bool:
        """Tell whether the response names a field of the request."""
        return field.encode() in self._body


class ModelWire:
    """Sends requests to one service, with the headers that it asks for."""

    def __init__(self, outbound: Outbound, headers: Mapping[str, str]) -> None:
        self._outbound = outbound
        self._headers = {"Content-Type": "application/json", **headers}
        self._is_closed = False

    def close(self) -> None:
        """Refuse further requests; idempotent."""
        self._is_closed = True

    async def events(
        self,
        url: str,
        body: Mapping[str, object],
        request: ChatRequest,
        is_last: Callable[[ServerSentEvent], bool],
    ) -> AsyncGenerator[ServerSentEvent, None]:
        """Yield the events of a streamed answer up to its last; one that isn't streamed is one.

        Raises ModelUnavailable if there is no answer, or it breaks.
        """
        if self._is_closed:
            raise ModelUnavailable("The server is shutting down.", code="shutting_down")
        outgoing = OutboundRequest(
            url=url,
            method="POST",
            headers=self._headers,
            body=json.dumps(body).encode(),
            max_bytes=_MOST_BYTES,
            timeout=request.deadline,
            header_seconds=request.deadline,
            idle_seconds=IDLE_SECONDS,
            max_redirects=0,
        )
        try:
            async with self._outbound.stream("providers", outgoing) as response:
                if response.status != _OK:
                    raise await _refusal(response)
                async with aclosing(_events(response)) as events:
                    async for event in events:
                        if is_last(event):
                            await response.drain()
                            yield event
                            return
                        yield event
        except OutboundError as error:
            raise _unavailable(error) from error
        except EventTooLong as error:
            raise broken("sends an event that is too long") from error


async def _events(response: OutboundStream) -> AsyncGenerator[ServerSentEvent, None]:
    async with aclosing(response.pieces()) as pieces:
        if "json" in response.headers.get("Content-Type", ""):
            body = b"".join([piece async for piece in pieces])
            yield ServerSentEvent("message", body.decode("utf-8", "replace"))
            return
        reader = EventStreamReader(_LONGEST_EVENT)
        async for piece in pieces:
            for event in reader.feed(piece):
                yield event


async def _refusal(response: OutboundStream) -> ModelUnavailable:
    body = await response.error_body()
    # Services quote keys and texts in their messages, so only the code is logged.
    _log.warning("model_service_answers", status=response.status, code=code_in(body))
    if response.status in _TRY_AGAIN:
        return ModelUnavailable(
            f"The model's service responded with {response.status}",
            retry_after=response.retry_after,
        )
    responded = f"The model's service responded with {response.status}"
    if response.status in _ADVICE:
        return ModelRefuses(f"{responded}: {_ADVICE[response.status]}")
    return Rejection(f"{responded}: it rejects the request", body)


def _unavailable(error: OutboundError) -> ModelUnavailable:
    if error.code == "timed_out":
        return ModelDeadline("The model's service did not respond in time")
    if error.retriable:
        return ModelUnavailable(f"The model's service: {error.message}")
    return ModelRefuses(f"The model's service: {error.message}", code=error.code)


def broken(how: str) -> ModelUnavailable:
    """Return the error for an answer that can't be read."""
    return ModelUnavailable(f"The model's service {how}", code="model_answer_broken")


def failure_told(error: object) -> ModelUnavailable:
    """Return the error for a failure that an answer tells of, though it had begun well."""
    code = error.get("type") or error.get("code") if isinstance(error, dict) else error
    told = str(code) if _CODE.fullmatch(str(code)) else "no reason"
    _log.warning("model_service_fails", code=told)
    return ModelUnavailable(f"The model's service gave up: {told}")


def decoded(text: str, kind: type[_Read]) -> _Read:
    """Read one event's JSON; raises ModelUnavailable if it isn't of this kind."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise broken("sends something that can't be read") from error


def arguments_of(call: ToolCall) -> Mapping[str, object]:
    """Return a call's arguments, for services that take an object only; {} if they are none."""
    try:
        read = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def endpoint_of(url: str, path: str) -> str:
    """Return the address of a service's function from its base address or the full one."""
    base = checked_url(url).rstrip("/")
    return base if base.endswith(path) else f"{base}{path}"


def code_in(body: bytes) -> str | None:
    """Return the code of a refusal as most services write it; None if there is none."""
    try:
        error = json.loads(body)["error"]
        said = str(error.get("code") or error.get("type") or error.get("status") or "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return said if _CODE.fullmatch(said) else None
