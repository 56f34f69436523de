"""A chat model without a model: it repeats the first passage that it is given."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from typing import Final

from answerdesk.providers.chat_model import (
    ChatRequest,
    Completed,
    ModelDeadline,
    ModelEvent,
    ModelUnavailable,
    TextDelta,
)

_PIECE: Final = re.compile(r"\S+\s*")
_PASSAGE: Final = re.compile(r"^\[1\][^\n]*\n(.+?)$", re.MULTILINE)
_NOTHING: Final = "I was given no passage."

Writer = Callable[[ChatRequest], str]


def first_passage(request: ChatRequest) -> str:
    """Return the first line of passage 1 in the request."""
    for turn in request.turns:
        found = _PASSAGE.search(turn.text)
        if found is not None:
            return f"The model says: {found.group(1)}"
    return _NOTHING


class FakeChatModel:
    """Deterministic stand-in for tests and trials: one word is one token.

    `calls` records the requests, so that a test can show that none was made. The model sleeps
    `latency` seconds before the first piece and `pace` seconds before each; it fails after
    `fails_after` pieces.
    """

    name: str = "fake"

    def __init__(
        self,
        *,
        latency: float = 0.0,
        pace: float = 0.0,
        fails_after: int | None = None,
        write: Writer = first_passage,
    ) -> None:
        self.calls: list[ChatRequest] = []
        self.ended = 0
        self._latency = latency
        self._pace = pace
        self._fails_after = fails_after
        self._write = write
        self._closed = False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield the answer piece by piece, Completed last."""
        if self._closed:
            raise ModelUnavailable("The server is shutting down.", code="shutting_down")
        self.calls.append(request)
        ends_at = asyncio.get_running_loop().time() + request.deadline
        try:
            await _sleep(self._latency, ends_at)
            written = 0
            pieces = _PIECE.findall(self._write(request))
            for piece in pieces[: request.max_tokens]:
                await _sleep(self._pace, ends_at)
                if written == self._fails_after:
                    raise ModelUnavailable("The fake model fails here, as configured.")
                written += 1
                yield TextDelta(piece)
            asked = sum(len(turn.text.split()) for turn in request.turns)
            yield Completed(asked, written, "stop" if written == len(pieces) else "length")
        finally:
            self.ended += 1

    async def close(self) -> None:
        """Refuse further calls; idempotent."""
        self._closed = True


async def _sleep(seconds: float, ends_at: float) -> None:
    """Sleep, at most until the deadline; raise ModelDeadline if it is reached."""
    left = ends_at - asyncio.get_running_loop().time()
    if seconds >= left:
        await asyncio.sleep(max(0.0, left))
        raise ModelDeadline("The model took too long.")
    if seconds > 0:
        await asyncio.sleep(seconds)
