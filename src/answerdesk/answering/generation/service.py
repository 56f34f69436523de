"""Has a model write an answer, streams what may be said of it, and proves it.

A model that has tools may ask for calls before it answers: then it is asked again, with their
results.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from time import perf_counter
from typing import Final

from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.errors import AnswerCut
from answerdesk.answering.events import AnswerBlocks, AnswerEvent, AnswerFinished, AnswerToken
from answerdesk.answering.generation.calling import Calls
from answerdesk.answering.generation.prompt import prompt, with_results
from answerdesk.answering.generation.proving import Checked, sourced
from answerdesk.answering.generation.rounds import Round, Text
from answerdesk.answering.generation.types import Prepared
from answerdesk.answering.types import Abstain, Answer, AnswerRequest, Trace
from answerdesk.answering.writing import Writing
from answerdesk.providers.chat_model import ChatRequest, ChatTurn
from answerdesk.providers.model_chain import FIRST_PIECE_SECONDS

MOST_PASSAGES: Final = 5
"""Passages that a model is given."""

_OVERRULES: Final = 0.6
"""Confidence from which extraction is believed against a model that finds no answer."""

_HOLDS_SECONDS: Final = 9.0
"""How far into an answer its beginning may be held back: with the longest silence of a model, it
is told within 30 seconds."""


async def generate(
    request: AnswerRequest, writing: Writing, prepared: Prepared
) -> AsyncGenerator[AnswerEvent, None]:
    """Yield a model's answer piece by piece, then the decision.

    If no model begins to answer, or the caps leave no room for one, the decision is the one without
    a model. Raises AnswerCut if a model fails after something has been shown.
    """
    calls = Calls(writing.tools)
    asked = prompt(request, prepared.given, writing.knowledge, calls.offered)
    budget = writing.budget
    if budget is not None and not await budget.reserve(asked):
        decision = _traced(prepared.extractive, {"failed": "spending_cap"})
        yield AnswerBlocks(decision.blocks)
        yield AnswerFinished(decision)
        return
    run = _Run(request, writing, prepared, asked, calls)
    async with aclosing(run.pieces()) as pieces:
        async for piece in pieces:
            yield AnswerToken(piece)
    if not run.failed:
        decision = run.decision()
    elif run.has_shown:
        raise AnswerCut(_traced(prepared.extractive, run.trace()))
    else:
        decision = run.silent(prepared.extractive)
    if not run.has_shown:
        yield AnswerBlocks(decision.blocks)
    yield AnswerFinished(decision)


def _traced(decision: Answer | Abstain, generation: Trace) -> Answer | Abstain:
    return replace(decision, trace={**decision.trace, "generation": generation})


class _Run:
    """One answer while it is written, in rounds. `failed` is why it is none."""

    def __init__(
        self,
        request: AnswerRequest,
        writing: Writing,
        prepared: Prepared,
        asked: ChatRequest,
        calls: Calls,
    ) -> None:
        self._request = request
        self._writing = writing
        self._prepared = prepared
        self._calls = calls
        self._started = perf_counter()
        self._rounds = [self._round(asked)]
        self._first_piece: float | None = None
        self.failed: str | None = None

    @property
    def has_shown(self) -> bool:
        """Tell whether something visible has been passed on."""
        return bool(self._rounds[-1].text.shown)

    async def pieces(self) -> AsyncGenerator[str, None]:
        """Yield what is shown of the answer, as it is written; `failed` then tells how it went."""
        while True:
            current, began = self._rounds[-1], self._seconds()
            async with aclosing(current.pieces(FIRST_PIECE_SECONDS - began)) as pieces:
                async for piece in pieces:
                    yield piece
            if current.began is not None:
                self._first_piece = began + current.began.seconds
            self.failed = current.failed
            if self.failed or not current.calls or not current.may_call:
                self._calls.ignore(current.calls)
                return
            asked = await self._called(current)
            budget = self._writing.budget
            if budget is not None and not await budget.reserve(asked):
                self.failed = "spending_cap"
                return
            self._rounds.append(self._round(asked))

    def _round(self, asked: ChatRequest) -> Round:
        text = Text(self._request, self._writing, self._prepared, self._calls.said)
        may_call = self._calls.are_left
        return Round(
            self._writing,
            replace(asked, may_call=may_call or not asked.tools),
            text,
            self._started + _HOLDS_SECONDS if may_call else None,
        )

    async def _called(self, current: Round) -> ChatRequest:
        """Make the calls that a round ended with; return what to ask then."""
        left = FIRST_PIECE_SECONDS - self._seconds()
        called = await self._calls.make(current.calls, left)
        return with_results(
            current.asked,
            "".join(current.written),
            called,
            redact=self._request.redact,
            deadline=max(1.0, self._rounds[0].asked.deadline - self._seconds()),
        )

    def _seconds(self) -> float:
        return perf_counter() - self._started

    def decision(self) -> Answer | Abstain:
        """Return what the answer amounts to."""
        extractive, nothing = self._prepared.extractive, self._prepared.nothing
        text = self._rounds[-1].text
        shown = "".join(text.shown).strip()
        if not shown:
            sure = isinstance(extractive, Answer) and extractive.confidence >= _OVERRULES
            believed = sure or not text.opening.has_no_answer
            return self.silent(extractive if believed else nothing)
        verdicts = [one.verdict for one in text.proving.checked]
        scores = [one.score for one in verdicts if one.supported is not None]
        blocks = sourced(shown, self._unsupported())
        trace = {**extractive.trace, "generation": self.trace()}
        if self._writing.knowledge == "strict" and verdicts and not self._rests_on_something():
            # It says nothing that passages could say, such as that it doesn't know, or just that a
            # call was not possible.
            return replace(nothing, blocks=blocks, trace=trace)
        confidence = sum(scores) / len(scores) if scores else extractive.confidence
        given = self._prepared.given
        citations = tuple(
            given[place].citation for place in text.proving.sources if place < len(given)
        )
        return Answer(blocks, citations, confidence, trace)

    def silent(self, decision: Answer | Abstain) -> Answer | Abstain:
        """Return the decision if the model says nothing: one without it, or that a call failed."""
        failure = self._calls.failure
        if failure is not None and isinstance(decision, Abstain):
            decision = replace(decision, blocks=paragraphs(failure))
        return _traced(decision, self.trace())

    def _rests_on_something(self) -> bool:
        """Tell whether the answer claims something that passages or results could say."""
        text, given = self._rounds[-1].text, len(self._prepared.given)
        verdicts = [one.verdict for one in text.proving.checked]
        places = {place for one in verdicts if one.supported for place in one.sources}
        told = [place for place, one in enumerate(text.results, given) if one.verdict == "called"]
        if places:
            return any(place < given or place in told for place in places)
        claims = any(one.supported is not None for one in verdicts)
        return claims and bool(given or text.results)

    def _unsupported(self) -> list[str]:
        checked = self._rounds[-1].text.proving.checked
        return [one.sentence for one in checked if one.verdict.supported is False]

    def trace(self) -> dict[str, object]:
        """Return how the answer came about, for the owner."""
        rounds, last = self._rounds, self._rounds[-1]
        began = [one.began for one in rounds if one.began is not None]
        completed = [one.completed for one in rounds if one.completed is not None]
        given = self._prepared.given
        return {
            "model": began[-1].model if began else None,
            "attempts": sum(one.attempts for one in began) if began else None,
            "failed": self.failed,
            "first_token_milliseconds": None
            if self._first_piece is None
            else round(self._first_piece * 1000, 1),
            "milliseconds": round(self._seconds() * 1000, 1),
            "input_tokens": sum(one.input_tokens for one in completed) if completed else None,
            "output_tokens": sum(one.output_tokens for one in completed) if completed else None,
            "tokens_estimated": any(one.is_estimate for one in completed),
            "cost": _total([one.cost for one in rounds if one.cost is not None]),
            "reason": None if last.completed is None else last.completed.reason,
            "no_answer": last.text.opening.has_no_answer,
            "verification": self._writing.verification,
            "knowledge": self._writing.knowledge,
            "prompt": [_turn(turn) for turn in last.asked.turns],
            "passages": [str(one.citation.chunk_id) for one in given],
            "verdicts": [self._verdict(one) for one in last.text.proving.checked],
            **self._calls.trace(),
        }

    def _verdict(self, checked: Checked) -> dict[str, object]:
        verdict, given = checked.verdict, len(self._prepared.given)
        told: dict[str, object] = {
            "sentence": checked.sentence,
            "supported": verdict.supported,
            "passages": [place + 1 for place in verdict.sources if place < given],
            "score": round(verdict.score, 3),
            "reason": verdict.reason,
        }
        said = self._rounds[-1].text.results
        actions = [said[place - given].name for place in verdict.sources if place >= given]
        return {**told, "actions": actions} if actions else told


def _turn(turn: ChatTurn) -> dict[str, object]:
    told: dict[str, object] = {"role": turn.role, "text": turn.text}
    if turn.calls:
        told["calls"] = [{"tool": one.name, "arguments": one.arguments} for one in turn.calls]
    return told


def _total(costs: Sequence[str]) -> str | None:
    """Add amounts such as "0.001200 USD", which are of one currency."""
    if not costs:
        return None
    amounts = [Decimal(cost.partition(" ")[0]) for cost in costs]
    return f"{sum(amounts, Decimal())} {costs[0].partition(' ')[2]}"
