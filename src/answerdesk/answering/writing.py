"""How a model is to write answers: which one, by which policies, at what cost."""

from dataclasses import dataclass
from typing import Protocol

from answerdesk.agents.types import KnowledgePolicy, Verification
from answerdesk.providers.chat_model import ChatRequest, Completed
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


@dataclass(frozen=True, slots=True)
class Writing:
    """Which models write an answer, in which order, and by which policies.

    `max_tokens` limits the answer. `hosts` are the owner's: a link to another, unless a passage is
    from there, is never sent.
    """

    chain: ModelChain
    verification: Verification = "mark"
    knowledge: KnowledgePolicy = "strict"
    max_tokens: int = 800
    hosts: frozenset[str] = frozenset()
    budget: Budget | None = None
