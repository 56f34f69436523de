"""The calls that a model asks for while it answers one question: how many, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from answerdesk.answering.writing import UNSAID, ToolResult, Tools
from answerdesk.providers.chat_model import Tool, ToolCall

MOST_ROUNDS: Final = 2
"""Times that a model may ask for calls; then it answers without."""

MOST_CALLS: Final = 3
"""Calls that are made for one answer, whatever becomes of them."""

_FOR_THE_MODEL: Final = 4.0
"""Seconds that a call leaves for the answer to begin."""

_NO_TIME: Final = "There is no time left for this call."
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Called:
    """A call that a model asked for, and what came of it."""

    call: ToolCall
    result: ToolResult


class Calls:
    """The calls for one answer. The same call twice is made once."""

    def __init__(self, tools: Tools | None) -> None:
        self._tools = tools
        self._rounds = 0
        self._ignored = 0
        self._results: dict[tuple[str, str], ToolResult] = {}
        self._made: list[Called] = []

    @property
    def offered(self) -> Sequence[Tool]:
        """What is offered to the model."""
        return () if self._tools is None else self._tools.offered

    @property
    def are_left(self) -> bool:
        """Tell whether the model may ask for another one."""
        return bool(self.offered) and self._rounds < MOST_ROUNDS and len(self._made) < MOST_CALLS

    @property
    def said(self) -> Sequence[ToolResult]:
        """The results that the visitor may read, each once."""
        return [one for one in self._results.values() if one.verdict not in UNSAID]

    @property
    def failure(self) -> str | None:
        """What the visitor is told if the model says nothing: that a call was not possible."""
        last = self.said[-1] if self.said else None
        return None if last is None or last.verdict == "called" else last.text

    def ignore(self, calls: Sequence[ToolCall]) -> None:
        """Note calls that come too late, or are too many."""
        self._ignored += len(calls)

    async def make(
        self, calls: Sequence[ToolCall], seconds: float
    ) -> Sequence[tuple[ToolCall, str]]:
        """Make a round of calls, as far as they may be made, if the answer begins in `seconds`.

        Returns those with their results.
        """
        assert self._tools is not None  # noqa: S101  # Or none would be left.
        self._rounds += 1
        taken = calls[: MOST_CALLS - len(self._made)]
        self.ignore(calls[len(taken) :])
        began = perf_counter()
        for call in taken:
            left = seconds - (perf_counter() - began) - _FOR_THE_MODEL
            result = self._results.get((call.name, call.arguments))
            if result is None:
                result = await self._result(call, left)
                self._results[call.name, call.arguments] = result
            self._made.append(Called(call, result))
        return [(one.call, one.result.text) for one in self._made[-len(taken) :]]

    async def _result(self, call: ToolCall, seconds: float) -> ToolResult:
        assert self._tools is not None  # noqa: S101  # As above.
        if seconds <= 0:
            return ToolResult("refused", _NO_TIME)
        return await self._tools.call(call, seconds)

    def trace(self) -> dict[str, object]:
        """Return what was called, for the owner."""
        if not self.offered:
            return {}
        return {
            "tools": [tool.name for tool in self.offered],
            "calls": [
                {
                    "tool": one.call.name[:_SHOWN],
                    "verdict": one.result.verdict,
                    "result": one.result.text,
                    **one.result.trace,
                }
                for one in self._made
            ],
            "calls_ignored": self._ignored,
        }
