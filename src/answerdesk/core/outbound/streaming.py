"""A response whose body is read as it arrives."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final

from aiohttp import ClientError, ClientResponse
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDictProxy

from answerdesk.core.outbound.errors import BadResponse, OutboundError, ResponseTooLarge
from answerdesk.core.outbound.headers import as_text, seconds_of
from answerdesk.core.outbound.translating import RAISED, translated
from answerdesk.core.outbound.types import OutboundRequest
from answerdesk.core.outbound.unpacking import unpacking

_MOST_OF_AN_ERROR: Final = 64 * 1024
_LONGEST_FOR_AN_ERROR: Final = 5.0
"""Seconds to wait for the body of an error response, which is used at most in a log."""

_LONGEST_FOR_AN_END: Final = 0.05


class OutboundStream:
    """One response, whatever its status; its body has not been read yet.

    `ends_at`, on the loop's clock, is when the request's `timeout` is over.
    """

    def __init__(
        self, response: ClientResponse, request: OutboundRequest, host: str, ends_at: float
    ) -> None:
        self._response = response
        self._request = request
        self._host = host
        self._ends_at = ends_at

    @property
    def status(self) -> int:
        """The response's status."""
        return self._response.status

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The response's headers; they ignore case."""
        return as_text(self._response.headers)

    @property
    def retry_after(self) -> float | None:
        """How many seconds `Retry-After` asks to wait, at most a day; None without one."""
        return seconds_of(self._response.headers.get("Retry-After", ""))

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives; no piece is empty.

        Raises OutboundError if the body breaks, exceeds the request's `max_bytes`, or takes longer
        than its `timeout` or `idle_seconds`.
        """
        if self._response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise BadResponse("The response has a compression that was not requested")
        room = self._request.max_bytes
        while piece := await self._next():
            room -= len(piece)
            if room < 0:
                raise ResponseTooLarge(
                    f"The response is larger than {self._request.max_bytes} bytes"
                )
            yield piece

    async def drain(self) -> None:
        """Read a body that is complete to its formal end, so that its connection is used again.

        Waits only a moment: the end usually comes with the last piece.
        """
        with suppress(*RAISED):
            async with asyncio.timeout(_LONGEST_FOR_AN_END):
                while await self._response.content.readany():
                    pass

    async def error_body(self) -> bytes:
        """Return what can be read quickly of an error response's body."""
        return await read_error(self._response, self._request)

    async def _next(self) -> bytes:
        """Return what arrives next; empty at the end. A reader may take any time in between."""
        until, idle = self._ends_at, self._request.idle_seconds
        if idle is not None:
            until = min(until, asyncio.get_running_loop().time() + idle)
        try:
            async with asyncio.timeout_at(until):
                return await self._response.content.readany()
        except RAISED as error:
            raise translated(error, self._host) from error


async def read_error(response: ClientResponse, request: OutboundRequest) -> bytes:
    """Return what can be read quickly of an error response's body, decompressed."""
    try:
        body = unpacking(
            response.headers.get("Content-Encoding", ""), min(request.max_bytes, _MOST_OF_AN_ERROR)
        )
    except OutboundError:
        return b""
    with suppress(OutboundError, ClientError, HttpProcessingError, TimeoutError):
        async with asyncio.timeout(min(request.timeout / 2, _LONGEST_FOR_AN_ERROR)):
            async for piece in response.content.iter_any():
                body.feed(piece)
    return body.so_far()
