"""Several models as one: retries, falls back to the next, and spares those that keep failing."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

import structlog

from answerdesk.providers.chat_model import (
    ChatModel,
    ChatRequest,
    Completed,
    ModelDeadline,
    ModelEvent,
    ModelRejects,
    ModelUnavailable,
    TextDelta,
)

FIRST_PIECE_SECONDS: Final = 25.0
"""Longest wait for the first piece, all models and attempts together."""

MOST_RETRIES: Final = 2
"""Most repetitions for one request, all models together; falling back is none."""

_FIRST_PAUSE: Final = 0.25
_FAILURES: Final = 5
_SPARED_SECONDS: Final = 30.0
_MOST_CHARACTERS_A_TOKEN: Final = 32
"""A token has about four characters; servers that exceed this ignore `max_tokens`."""

_log = structlog.get_logger(__name__)


class Breaker:
    """Spares a model that fails again and again: after a while, one request tries it."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until = 0.0

    def admits(self) -> bool:
        """Tell whether a request may be made now; it then has to report how it went."""
        if self._failures < _FAILURES:
            return True
        now = asyncio.get_running_loop().time()
        if now < self._open_until:
            return False
        self._open_until = now + _SPARED_SECONDS  # For this one request only.
        return True

    def succeeded(self) -> None:
        """Note that the model answers."""
        self._failures = 0

    def failed(self) -> None:
        """Note a failure that is the model's."""
        self._failures += 1
        if self._failures >= _FAILURES:
            self._open_until = asyncio.get_running_loop().time() + _SPARED_SECONDS


@dataclass(frozen=True, slots=True)
class Link:
    """A model in a chain. Chains with the same model share its breaker.

    `max_tokens` limits what this model writes; None leaves that to the request.
    """

    model: ChatModel
    breaker: Breaker
    max_tokens: int | None = None

    def asked(self, request: ChatRequest) -> ChatRequest:
        """Return a request as this model gets it."""
        return replace(request, max_tokens=self.max_tokens or request.max_tokens)


@dataclass(frozen=True, slots=True)
class Began:
    """A model begins to answer: which of the chain, after how many attempts, how many seconds."""

    place: int
    model: str
    attempts: int
    seconds: float


ChainEvent = Began | ModelEvent


class ModelChain:
    """Asks models in turn until one begins to answer; then that one answers, or nobody."""

    def __init__(self, links: Sequence[Link]) -> None:
        self.links = tuple(links)

    async def stream(
        self, request: ChatRequest, patience: float = FIRST_PIECE_SECONDS
    ) -> AsyncGenerator[ChainEvent, None]:
        """Yield Began, then the model's events; the first piece comes within `patience` seconds.

        Raises ModelUnavailable: before Began if no model answers in time, after it if the one that
        had begun fails, says nothing, or writes without end.
        """
        run = _Run(request, patience)
        failure = ModelUnavailable("No model is available at the moment")
        for place, link in enumerate(self.links):
            while link.breaker.admits():
                left = run.left(len(self.links) - place)
                if left <= 0:
                    raise failure
                try:
                    async with aclosing(run.attempt(place, link, left)) as events:
                        async for event in events:
                            yield event
                except ModelUnavailable as error:
                    if run.has_begun:
                        raise
                    failure = error
                    _log.warning("model_failed", model=link.model.name, code=error.code)
                    if not await run.may_repeat(error, len(self.links) - place):
                        break
                else:
                    return
        raise failure


class _Run:
    """One request to a chain."""

    def __init__(self, request: ChatRequest, patience: float) -> None:
        self._request = request
        self._patience = min(patience, FIRST_PIECE_SECONDS, request.deadline)
        self._loop = asyncio.get_running_loop()
        self._began_at = self._loop.time()
        self._attempts = 0
        self._retries = 0
        self._room = 0
        self.has_begun = False

    def left(self, models: int) -> float:
        """Return the seconds for an attempt's first piece, if so many models are left to try."""
        return (self._began_at + self._patience - self._loop.time()) / models

    async def may_repeat(self, error: ModelUnavailable, models: int) -> bool:
        """Wait as long as a failed model asks, if it may be asked again; tell whether."""
        pause = max(error.retry_after or 0.0, _FIRST_PAUSE * 2**self._retries)
        pause *= random.uniform(1.0, 1.2)  # noqa: S311  # No secret.
        if not error.worth_a_retry or self._retries >= MOST_RETRIES or pause > self.left(models):
            return False
        self._retries += 1
        await asyncio.sleep(pause)
        return True

    async def attempt(
        self, place: int, link: Link, seconds: float
    ) -> AsyncGenerator[ChainEvent, None]:
        """Ask one model once; `seconds` are for its first piece."""
        self._attempts += 1
        deadline = self._request.deadline - (self._loop.time() - self._began_at)
        request = link.asked(replace(self._request, deadline=deadline))
        self._room = request.max_tokens * _MOST_CHARACTERS_A_TOKEN
        asked = link.model.stream(request)
        try:
            async with aclosing(asked) as events:
                async for event in _first_within(events, seconds):
                    if not self.has_begun:
                        _require_content(event)
                        self.has_begun = True
                        waited = self._loop.time() - self._began_at
                        yield Began(place, link.model.name, self._attempts, waited)
                    self._require_room(event)
                    yield event
        except ModelRejects:
            raise  # Another request may be answered, so the model is not spared.
        except ModelUnavailable:
            link.breaker.failed()
            raise
        link.breaker.succeeded()

    def _require_room(self, event: ModelEvent) -> None:
        """Raise ModelUnavailable if an answer is longer than it may be."""
        if isinstance(event, TextDelta):
            self._room -= len(event.text)
        if self._room < 0:
            raise ModelUnavailable(
                "The model writes more than it was asked for", code="model_answer_too_long"
            )


async def _first_within(
    events: AsyncGenerator[ModelEvent, None], seconds: float
) -> AsyncGenerator[ModelEvent, None]:
    """Yield events without the white space that comes before the first visible piece.

    Raises ModelDeadline if that takes longer than `seconds`.
    """
    try:
        async with asyncio.timeout(seconds):
            async for event in events:
                if isinstance(event, TextDelta) and not event.text.strip():
                    continue
                first = event
                break
            else:
                raise ModelUnavailable("The model said nothing", code="model_answer_empty")
    except TimeoutError as error:
        raise ModelDeadline("The model did not begin to answer in time") from error
    yield first
    async for event in events:
        yield event


def _require_content(event: ModelEvent) -> None:
    """Raise ModelUnavailable if an answer ends before it began."""
    if isinstance(event, Completed):
        if event.reason == "filter":
            raise ModelRejects("The model withholds its answer", code="model_answer_withheld")
        raise ModelUnavailable("The model said nothing", code="model_answer_empty")
