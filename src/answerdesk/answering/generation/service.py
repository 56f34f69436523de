"""Has a model write an answer, streams what may be said of it, and proves it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter
from typing import Final, assert_never

import structlog

from answerdesk.answering.errors import AnswerCut
from answerdesk.answering.events import AnswerBlocks, AnswerEvent, AnswerFinished, AnswerToken
from answerdesk.answering.generation.links import LinkGuard, host_of
from answerdesk.answering.generation.opening import Opening
from answerdesk.answering.generation.prompt import prompt
from answerdesk.answering.generation.proving import Proving, sourced
from answerdesk.answering.generation.types import Given, Prepared
from answerdesk.answering.types import Abstain, Answer, AnswerRequest, Trace
from answerdesk.answering.verification import Evidence
from answerdesk.answering.writing import Writing
from answerdesk.providers.chat_model import (
    ChatRequest,
    Completed,
    ModelUnavailable,
    TextDelta,
    ToolCall,
    estimated_tokens,
)
from answerdesk.providers.model_chain import Began, ChainEvent

MOST_PASSAGES: Final = 5
"""Passages that a model is given."""

_OVERRULES: Final = 0.6
"""Confidence from which extraction is believed against a model that finds no answer."""

_log = structlog.get_logger(__name__)


async def generate(
    request: AnswerRequest, writing: Writing, prepared: Prepared
) -> AsyncGenerator[AnswerEvent, None]:
    """Yield a model's answer piece by piece, then the decision.

    If no model begins to answer, or the caps leave no room for one, the decision is the one without
    a model. Raises AnswerCut if a model fails after something has been shown.
    """
    asked = prompt(request, prepared.given, writing.knowledge, writing.max_tokens)
    budget = writing.budget
    if budget is not None and not await budget.reserve(asked):
        decision = _traced(prepared.extractive, {"failed": "spending_cap"})
        yield AnswerBlocks(decision.blocks)
        yield AnswerFinished(decision)
        return
    run = _Run(request, writing, prepared, asked)
    async with aclosing(run.pieces()) as pieces:
        async for piece in pieces:
            yield AnswerToken(piece)
    if not run.failed:
        decision = run.decision()
    elif run.has_shown:
        raise AnswerCut(_traced(prepared.extractive, run.trace()))
    else:
        decision = _traced(prepared.extractive, run.trace())
    if not run.has_shown:
        yield AnswerBlocks(decision.blocks)
    yield AnswerFinished(decision)


def _traced(decision: Answer | Abstain, generation: Trace) -> Answer | Abstain:
    return replace(decision, trace={**decision.trace, "generation": generation})


class _Run:
    """One answer while it is written. `failed` is why it is none."""

    def __init__(
        self, request: AnswerRequest, writing: Writing, prepared: Prepared, asked: ChatRequest
    ) -> None:
        self._writing = writing
        self._prepared = prepared
        self._asked = asked
        texts = [one.text for one in prepared.given]
        self._opening = Opening()
        self._guard = LinkGuard(writing.hosts | _hosts_of(prepared.given), texts)
        self._proving = Proving(
            Evidence.of(texts),
            writing.verification,
            question=request.text,
            language=prepared.language,
        )
        self._shown: list[str] = []
        self._written: list[str] = []
        self._began: Began | None = None
        self._completed: Completed | None = None
        self._cost: str | None = None
        self._started = perf_counter()
        self.failed: str | None = None

    @property
    def has_shown(self) -> bool:
        """Tell whether something visible has been passed on."""
        return bool(self._shown)

    async def pieces(self) -> AsyncGenerator[str, None]:
        """Yield what is shown of the answer, as it is written; `failed` then tells how it went."""
        try:
            async with aclosing(self._writing.chain.stream(self._asked)) as events:
                async for event in events:
                    if piece := self._take(event):
                        yield piece
            if self._completed is not None and self._completed.reason == "filter":
                self.failed = "model_answer_withheld"
            elif not self._written:
                self.failed = "model_answer_empty"
            elif piece := self._rest():
                yield piece
        except ModelUnavailable as error:
            self.failed = error.code
            _log.warning("generation_failed", code=error.code, shown=self.has_shown)
        finally:
            await self._account()

    def _take(self, event: ChainEvent) -> str:
        """Return what an event adds to the answer that is shown."""
        match event:
            case TextDelta(text):
                self._written.append(text)
                return self._show(self._proving.feed(self._guard.feed(self._opening.feed(text))))
            case Began():
                self._began = event
            case Completed():
                self._completed = event
            case ToolCall():
                pass  # None was offered.
            case _:
                assert_never(event)
        return ""

    def _rest(self) -> str:
        """Return the rest, at the end of the answer."""
        rest = self._guard.feed(self._opening.end()) + self._guard.end()
        return self._show(self._proving.feed(rest) + self._proving.end())

    def _show(self, piece: str) -> str:
        if not self._shown:
            piece = piece.lstrip()
        if piece:
            self._shown.append(piece)
        return piece

    async def _account(self) -> None:
        """Settle what the answer cost, or give back what was set aside for it."""
        budget = self._writing.budget
        if budget is None:
            return
        if self._began is None:
            await budget.release()
            return
        completed = self._completed
        if completed is None:  # It broke off, and nobody tells what it cost.
            asked = "".join(turn.text for turn in self._asked.turns)
            written = estimated_tokens("".join(self._written))
            completed = Completed(estimated_tokens(asked), written, is_estimate=True)
        self._cost = await budget.settle(self._began.place, completed)

    def decision(self) -> Answer | Abstain:
        """Return what the answer amounts to."""
        extractive, nothing = self._prepared.extractive, self._prepared.nothing
        text = "".join(self._shown).strip()
        if not text:
            sure = isinstance(extractive, Answer) and extractive.confidence >= _OVERRULES
            believed = sure or not self._opening.has_no_answer
            return _traced(extractive if believed else nothing, self.trace())
        verdicts = [one.verdict for one in self._proving.checked]
        scores = [one.score for one in verdicts if one.supported is not None]
        blocks = sourced(text, self._unsupported())
        trace = {**extractive.trace, "generation": self.trace()}
        if not scores and self._writing.knowledge == "strict" and verdicts:
            # It says nothing that passages could say, such as that it doesn't know.
            return Abstain(blocks, nothing.confidence, trace)
        confidence = sum(scores) / len(scores) if scores else extractive.confidence
        given = self._prepared.given
        citations = tuple(given[place].citation for place in self._proving.sources)
        return Answer(blocks, citations, confidence, trace)

    def _unsupported(self) -> list[str]:
        return [one.sentence for one in self._proving.checked if one.verdict.supported is False]

    def trace(self) -> dict[str, object]:
        """Return how the answer came about, for the owner."""
        began, completed = self._began, self._completed
        return {
            "model": None if began is None else began.model,
            "attempts": None if began is None else began.attempts,
            "failed": self.failed,
            "first_token_milliseconds": None if began is None else round(began.seconds * 1000, 1),
            "milliseconds": round((perf_counter() - self._started) * 1000, 1),
            "input_tokens": None if completed is None else completed.input_tokens,
            "output_tokens": None if completed is None else completed.output_tokens,
            "tokens_estimated": completed is not None and completed.is_estimate,
            "cost": self._cost,
            "reason": None if completed is None else completed.reason,
            "no_answer": self._opening.has_no_answer,
            "verification": self._writing.verification,
            "knowledge": self._writing.knowledge,
            "prompt": [{"role": turn.role, "text": turn.text} for turn in self._asked.turns],
            "passages": [str(one.citation.chunk_id) for one in self._prepared.given],
            "verdicts": [
                {
                    "sentence": one.sentence,
                    "supported": one.verdict.supported,
                    "passages": [place + 1 for place in one.verdict.sources],
                    "score": round(one.verdict.score, 3),
                    "reason": one.verdict.reason,
                }
                for one in self._proving.checked
            ],
        }


def _hosts_of(given: Sequence[Given]) -> frozenset[str]:
    urls = (one.citation.url for one in given)
    return frozenset(host for url in urls if url is not None and (host := host_of(url)))
