"""What the wires of language models share: a request sent, its events read, its failures told."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Final, Protocol, TypeVar

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
    ModelEvent,
    ModelRefuses,
    ModelRejects,
    ModelUnavailable,
    TextDelta,
    ToolCall,
)

IDLE_SECONDS: Final = 20.0
"""Longest silence between two pieces of an answer, once it has begun."""

_TOGETHER_SECONDS: Final = 0.03
"""How long the text that follows is gathered, once some has been passed on: 33 times a second is
as smooth as anybody can read, and models write up to a few hundred tokens a second."""

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


class WireReader(Protocol):
    """Reads the events of one answer, in a service's format.

    `is_over` tells that its last event has been read, for services that mark it.
    """

    is_over: bool

    def read(self, event: ServerSentEvent, /) -> Iterable[ModelEvent]:
        """Return what an event adds. Raises ModelUnavailable if it tells of a failure."""
        ...

    def end(self) -> Iterable[ModelEvent]:
        """Return the calls and the end. Raises ModelUnavailable if the answer was cut."""
        ...


class ModelWire:
    """Sends requests to one service, with the headers that it asks for."""

    def __init__(self, outbound: Outbound, headers: Mapping[str, str]) -> None:
        self._outbound = outbound
        self._headers = {"Content-Type": "application/json", **headers}
        self._is_closed = False

    def close(self) -> None:
        """Refuse further requests; idempotent."""
        self._is_closed = True

    async def answer(
        self, url: str, body: Mapping[str, object], request: ChatRequest, reader: WireReader
    ) -> AsyncGenerator[ModelEvent, None]:
        """Yield what a streamed answer says, then its end; one that isn't streamed is one piece.

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
                async with aclosing(_pieces(response, reader)) as pieces:
                    async for piece in pieces:
                        yield piece
        except OutboundError as error:
            raise _unavailable(error) from error
        except EventTooLong as error:
            raise broken("sends an event that is too long") from error
        for event in reader.end():
            yield event


async def _pieces(response: OutboundStream, reader: WireReader) -> AsyncGenerator[ModelEvent, None]:
    """Yield what the events of a response say; what has arrived by then is one piece."""
    async with aclosing(_events(response)) as arriving:
        async for events in arriving:
            has_text = False
            for piece in _joined(_read(events, reader)):
                has_text = has_text or isinstance(piece, TextDelta)
                yield piece
            if reader.is_over:
                await response.drain()
                return
            if has_text:
                # A piece costs the same on its way to the visitor, however long it is.
                await asyncio.sleep(_TOGETHER_SECONDS)


async def _events(response: OutboundStream) -> AsyncGenerator[Sequence[ServerSentEvent], None]:
    """Yield the events that arrive together."""
    async with aclosing(response.pieces()) as pieces:
        if "json" in response.headers.get("Content-Type", ""):
            body = b"".join([piece async for piece in pieces])
            yield [ServerSentEvent("message", body.decode("utf-8", "replace"))]
            return
        reader = EventStreamReader(_LONGEST_EVENT)
        async for piece in pieces:
            yield reader.feed(piece)


def _read(events: Iterable[ServerSentEvent], reader: WireReader) -> Iterator[ModelEvent]:
    for event in events:
        yield from reader.read(event)
        if reader.is_over:
            return


def _joined(events: Iterable[ModelEvent]) -> Iterator[ModelEvent]:
    """Yield events, texts that follow each other as one; those before an error come before it."""
    texts: list[str] = []
    failure: ModelUnavailable | None = None
    try:
        for event in events:
            if isinstance(event, TextDelta):
                texts.append(event.text)
                continue
            if texts:
                yield TextDelta("".join(texts))
                texts.clear()
            yield event
    except ModelUnavailable as error:
        failure = error
    if texts:
        yield TextDelta("".join(texts))
    if failure is not None:
        raise failure


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
