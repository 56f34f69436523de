"""A chat model without a model: it says the first passage again that it was given."""

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
    """Return the first line of the passage numbered 1 in what the model was given."""
    for turn in request.turns:
        found = _PASSAGE.search(turn.text)
        if found is not None:
            return f"The model says: {found.group(1)}"
    return _NOTHING


class FakeChatModel:
    """Deterministic stand-in for tests and for trying things out: a word is a token.

    `calls` holds what it was asked, so that a test can show that it was not. `latency` is slept, in
    seconds, before the first piece and `pace` before each; `fails_after` so many pieces it breaks.
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
                    raise ModelUnavailable("The fake model breaks here, as it was told to.")
                written += 1
                yield TextDelta(piece)
            asked = sum(len(turn.text.split()) for turn in request.turns)
            yield Completed(asked, written, "stop" if written == len(pieces) else "length")
        finally:
            self.ended += 1

    async def close(self) -> None:
        """Refuse further calls; may be repeated."""
        self._closed = True


async def _sleep(seconds: float, ends_at: float) -> None:
    """Sleep, but not beyond the deadline; raises ModelDeadline there."""
    left = ends_at - asyncio.get_running_loop().time()
    if seconds >= left:
        await asyncio.sleep(max(0.0, left))
        raise ModelDeadline("The model took too long.")
    if seconds > 0:
        await asyncio.sleep(seconds)
