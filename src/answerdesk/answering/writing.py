"""How a model is to write answers: which one, by which policies, at what cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from answerdesk.agents.types import KnowledgePolicy, Verification
from answerdesk.providers.chat_model import ChatRequest, Completed, Tool, ToolCall
from answerdesk.providers.model_chain import ModelChain


class Budget(Protocol):
    """What one answer may cost."""

    async def reserve(self, request: ChatRequest) -> bool:
        """Set aside what an answer may cost at most; tell whether the caps leave room for it."""
        ...

    async def settle(self, place: int, completed: Completed) -> str | None:
        """Note what it cost with the model at this place of the chain.

        Returns that as a text such as "0.0012 USD", if it is known.
        """
        ...

    async def release(self) -> None:
        """Give back what was set aside: no model has begun to answer."""
        ...


CallVerdict = Literal["called", "failed", "refused", "log_in", "too_often", "would_call"]
"""What became of a model's call: `refused` was not made, since it was wrong; `log_in` neither,
since only visitors who are logged in may have it; `would_call` is named only, where nothing is
called."""

UNSAID: Final[frozenset[CallVerdict]] = frozenset({"refused", "would_call"})
"""What a visitor may not read the result of."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a model's call came to.

    `text` is told to the model, as data; unless its verdict is `UNSAID`, the visitor may read it,
    too.
    `name` is the tool's, for people; `trace` has details for the owner.
    """

    verdict: CallVerdict
    text: str
    name: str = ""
    trace: Mapping[str, object] = field(default_factory=dict)


class Tools(Protocol):
    """What a model may ask to be called for one question."""

    offered: Sequence[Tool]

    async def call(self, call: ToolCall, seconds: float) -> ToolResult:
        """Make a call, within so many seconds. Whatever is wrong with it is its result."""
        ...


@dataclass(frozen=True, slots=True)
class Writing:
    """Which models write an answer, in which order, and by which policies.

    `hosts` are the owner's: a link to another, unless a passage is from there, is never sent.
    `numbered` tells whether sentences get the numbers of their sources, which only help where
    those are shown. `tools` are what the models may call.
    """

    chain: ModelChain
    verification: Verification = "mark"
    knowledge: KnowledgePolicy = "strict"
    hosts: frozenset[str] = frozenset()
    budget: Budget | None = None
    numbered: bool = True
    tools: Tools | None = None
