"""One request to the models, answered: what of it is shown, what it calls, what it cost."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from time import perf_counter
from typing import Final, assert_never

import structlog

from answerdesk.agents.types import Verification
from answerdesk.answering.generation.links import LinkGuard, host_of
from answerdesk.answering.generation.opening import Opening
from answerdesk.answering.generation.proving import Proving
from answerdesk.answering.generation.types import Given, Prepared
from answerdesk.answering.types import AnswerRequest
from answerdesk.answering.verification import Evidence
from answerdesk.answering.writing import ToolResult, Writing
from answerdesk.providers.chat_model import (
    ChatRequest,
    Completed,
    ModelUnavailable,
    TextDelta,
    ToolCall,
    estimated_tokens,
)
from answerdesk.providers.model_chain import Began, ChainEvent

_HELD_CHARACTERS: Final = 300
_HELD_SECONDS: Final = 2.0
"""What is written before a call is held back so far, as the answer may only follow the call."""

_log = structlog.get_logger(__name__)


class Text:
    """What is shown of an answer, as it is written; `results` are those of calls.

    Where the policy is strict and nothing was found or called, no claim is shown.
    """

    def __init__(
        self,
        request: AnswerRequest,
        writing: Writing,
        prepared: Prepared,
        results: Sequence[ToolResult],
    ) -> None:
        given = prepared.given
        texts = [*(one.text for one in given), *(one.text for one in results)]
        verification: Verification = writing.verification
        if writing.knowledge == "strict" and not texts:
            verification = "remove"
        self.results = results
        self.opening = Opening()
        self._guard = LinkGuard(writing.hosts | _hosts_of(given), texts)
        self.proving = Proving(
            Evidence.of(texts),
            verification,
            question=request.text,
            language=prepared.language,
            numbered=writing.numbered,
            citable=len(given),
            verify=prepared.verify,
        )
        self.shown: list[str] = []

    def feed(self, text: str) -> str:
        """Return what a piece adds to what is shown."""
        return self._show(self.proving.feed(self._guard.feed(self.opening.feed(text))))

    def end(self) -> str:
        """Return the rest, at the end of the answer."""
        rest = self._guard.feed(self.opening.end()) + self._guard.end()
        return self._show(self.proving.feed(rest) + self.proving.end())

    def _show(self, piece: str) -> str:
        if not self.shown:
            piece = piece.lstrip()
        if piece:
            self.shown.append(piece)
        return piece


class Round:
    """One request while it is answered. `failed` is why there is no answer.

    Pieces are held back while the model may still call instead: not longer than until
    `holds_until`, by `perf_counter`.
    """

    def __init__(
        self, writing: Writing, asked: ChatRequest, text: Text, holds_until: float | None
    ) -> None:
        self._writing = writing
        self._holds_until = holds_until
        self._held = ""
        self._first_at: float | None = None
        self.asked = asked
        self.text = text
        self.written: list[str] = []
        self.calls: list[ToolCall] = []
        self.began: Began | None = None
        self.completed: Completed | None = None
        self.cost: str | None = None
        self.failed: str | None = None

    async def pieces(self, patience: float) -> AsyncGenerator[str, None]:
        """Yield what is shown; `failed` or `calls` then tell how it went.

        The model has to begin within `patience` seconds.
        """
        try:
            async with aclosing(self._writing.chain.stream(self.asked, patience)) as events:
                async for event in events:
                    if piece := self._take(event):
                        yield piece
            if self.completed is not None and self.completed.reason == "filter":
                self.failed = "model_answer_withheld"
            elif self.calls and self.may_call:
                pass  # What it has written before is not shown.
            elif not self.written:
                self.failed = "model_answer_empty"
            elif piece := self._released() + self.text.end():
                yield piece
        except ModelUnavailable as error:
            self.failed = error.code
            _log.warning("generation_failed", code=error.code, shown=bool(self.text.shown))
        finally:
            await self._account()

    @property
    def may_call(self) -> bool:
        """Tell whether calls may be made: not for what is answered already."""
        return self._holds_until is not None and not self.text.shown

    def _take(self, event: ChainEvent) -> str:
        """Return what an event adds to the answer that is shown."""
        match event:
            case TextDelta(text):
                self.written.append(text)
                self._held += text
                return "" if self._holds() else self._released()
            case Began():
                self.began = event
            case Completed():
                self.completed = event
            case ToolCall():
                self.calls.append(event)
            case _:
                assert_never(event)
        return ""

    def _holds(self) -> bool:
        if self._holds_until is None or self.text.shown:
            return False
        now = perf_counter()
        if self._first_at is None:
            self._first_at = now
        until = min(self._holds_until, self._first_at + _HELD_SECONDS)
        return now < until and len(self._held) <= _HELD_CHARACTERS

    def _released(self) -> str:
        held, self._held = self._held, ""
        return self.text.feed(held)

    async def _account(self) -> None:
        """Settle what the answer cost, or give back what was set aside for it."""
        budget = self._writing.budget
        if budget is None:
            return
        if self.began is None:
            await budget.release()
            return
        completed = self.completed
        if completed is None:  # It broke off, and nobody tells what it cost.
            asked = "".join(turn.text for turn in self.asked.turns)
            written = estimated_tokens("".join(self.written))
            completed = Completed(estimated_tokens(asked), written, is_estimate=True)
        self.cost = await budget.settle(self.began.place, completed)


def _hosts_of(given: Sequence[Given]) -> frozenset[str]:
    urls = (one.citation.url for one in given)
    return frozenset(host for url in urls if url is not None and (host := host_of(url)))
