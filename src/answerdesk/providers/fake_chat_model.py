"""A chat model without a model: it repeats the first passage it is given, and fails as told."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Final, Literal, get_args

from answerdesk.providers.chat_model import (
    ChatRequest,
    Completed,
    ModelDeadline,
    ModelEvent,
    ModelRefuses,
    ModelRejects,
    ModelUnavailable,
    TextDelta,
    ToolCall,
)

_PIECE: Final = re.compile(r"\S+\s*")
_PASSAGE: Final = re.compile(r"^\[1\][^\n]*\n(.+?)$", re.MULTILINE)
_NOTHING: Final = "I was given no passage."
_SILENT_SECONDS: Final = 60.0

Writer = Callable[[ChatRequest], str]
Caller = Callable[[ChatRequest], Sequence[ToolCall]]

Fault = Literal[
    "refused",
    "silent",
    "limited",
    "limited_for_long",
    "overloaded",
    "cut_at_once",
    "cut_after_1",
    "cut_after_50",
    "error_inside",
    "unreadable",
    "empty",
    "white",
    "endless",
    "withheld",
    "no_json",
    "nonsense_call",
    "bad_key",
    "slow",
]
"""What may go wrong with a model, as the port tells it. `no_json` is for answers with a schema."""

FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)

_AT_ONCE: Final[dict[Fault, Callable[[], ModelUnavailable]]] = {
    "refused": lambda: ModelUnavailable("The fake model can't be reached"),
    "limited": lambda: ModelUnavailable("The fake model is busy", retry_after=0.05),
    "limited_for_long": lambda: ModelUnavailable("The fake model is busy", retry_after=3600.0),
    "overloaded": lambda: ModelUnavailable("The fake model is overloaded"),
    "unreadable": lambda: ModelUnavailable("It can't be read", code="model_answer_broken"),
    "withheld": lambda: ModelRejects("It withholds the answer", code="model_answer_withheld"),
    "bad_key": lambda: ModelRefuses("The fake model rejects the key"),
}
_CUT: Final[dict[Fault, int]] = {
    "cut_at_once": 0,
    "cut_after_1": 1,
    "error_inside": 3,
    "cut_after_50": 50,
}
_TEXTS: Final[dict[Fault, str]] = {
    "empty": "",
    "white": " \n\n \t ",
    "no_json": "Certainly! Here is the JSON that you asked for: {",
    "endless": "over and over " * 70_000,
    "cut_after_50": "again and " * 40,
}


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
    `fails_after` pieces. After the text, it asks for what `calls_for` says. `faults` tells what
    goes wrong with each request, by its number from 0; a request beyond them, or with None, goes
    well.
    """

    def __init__(
        self,
        *,
        name: str = "fake",
        latency: float = 0.0,
        pace: float = 0.0,
        fails_after: int | None = None,
        write: Writer = first_passage,
        calls_for: Caller = lambda _: (),
        faults: Sequence[Fault | None] = (),
    ) -> None:
        self.name = name
        self.calls: list[ChatRequest] = []
        self.ended = 0
        self._latency = latency
        self._pace = pace
        self._fails_after = fails_after
        self._write = write
        self._calls_for = calls_for
        self._faults = faults
        self._closed = False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield the answer piece by piece, Completed last."""
        if self._closed:
            raise ModelUnavailable("The server is shutting down.", code="shutting_down")
        number = len(self.calls)
        self.calls.append(request)
        fault = self._faults[number] if number < len(self._faults) else None
        ends_at = asyncio.get_running_loop().time() + request.deadline
        try:
            if fault in _AT_ONCE:
                raise _AT_ONCE[fault]()
            await _sleep(_SILENT_SECONDS if fault == "silent" else self._latency, ends_at)
            if fault == "nonsense_call":
                yield ToolCall("call_1", "no_such_tool", "{not json")
                yield Completed(1, 1, "tools")
                return
            async for event in self._written(request, fault, ends_at):
                yield event
        finally:
            self.ended += 1

    async def _written(
        self, request: ChatRequest, fault: Fault | None, ends_at: float
    ) -> AsyncGenerator[ModelEvent, None]:
        fails_after = self._fails_after if fault is None else _CUT.get(fault)
        text = self._write(request) if fault not in _TEXTS else _TEXTS[fault]
        most = None if fault == "endless" else request.max_tokens
        pace = 1.0 if fault == "slow" else self._pace
        written = 0
        pieces = [text] if fault == "white" else _PIECE.findall(text)
        for piece in pieces[:most]:
            await _sleep(pace, ends_at)
            if written == fails_after:
                raise ModelUnavailable("The fake model fails here, as configured.")
            written += 1
            yield TextDelta(piece)
        asked = sum(len(turn.text.split()) for turn in request.turns)
        wanted = () if fault else self._calls_for(request)
        for call in wanted:
            yield call
        if wanted:
            yield Completed(asked, written, "tools")
            return
        yield Completed(asked, written, "stop" if written == len(pieces) else "length")

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
