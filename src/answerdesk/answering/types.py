"""The input of answering, and its decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal
from uuid import UUID

from answerdesk.agents.actions.types import PlannedAction
from answerdesk.answering.blocks import Blocks, plain_text
from answerdesk.answering.writing import Writing
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.types import ContextText


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the conversation and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """A question to one project, with the earlier exchanges, oldest first.

    `guidance` tells a model how its agent speaks and what it does. `contexts` answer beside the
    project's knowledge, for this question only. `people` tells whether a person can be asked for.
    `agent` and `project` are the names that the assistant goes by, if it may say them. `writing` is
    how a model writes the answer; without it, the answer is made of passages. With `redact` a model
    gets no e-mail address, phone or card number of the conversation. `threshold` is the confidence,
    0 to 1, from which the passages answer; None takes the built-in one.
    """

    account_id: AccountId
    project_id: ProjectId
    text: str
    history: tuple[Exchange, ...] = ()
    guidance: str = ""
    contexts: tuple[ContextText, ...] = ()
    people: bool = True
    redact: bool = True
    agent: str = ""
    project: str = ""
    writing: Writing | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that supports an answer, as it was when the answer was given.

    `quote` has the sentences taken from it; `url` is the document's own address, if it has one.
    """

    chunk_id: UUID
    document_id: UUID
    document: str
    title: str
    heading_path: tuple[str, ...]
    anchor: str | None
    url: str | None
    quote: str
    score: float


Trace = Mapping[str, object]
"""How a decision came about, for the owner; JSON."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The knowledge answers the question.

    Each block's `source` is a place in `citations`. `confidence` is the calibrated probability, 0
    to 1, that the answer is right.
    """

    blocks: Blocks
    citations: tuple[Citation, ...]
    confidence: float
    trace: Trace = field(default_factory=dict)

    kind: ClassVar[Literal["answer"]] = "answer"

    @property
    def text(self) -> str:
        """The answer as plain text."""
        return plain_text(self.blocks)


@dataclass(frozen=True, slots=True)
class Abstain:
    """The knowledge doesn't answer the question; the blocks say so and name the nearest `topics`.

    `confidence` is that of the best candidate, which was too low.
    """

    blocks: Blocks
    confidence: float
    trace: Trace = field(default_factory=dict)
    topics: tuple[str, ...] = ()

    kind: ClassVar[Literal["abstain"]] = "abstain"
    citations: ClassVar[tuple[Citation, ...]] = ()

    @property
    def text(self) -> str:
        """What is said, as plain text."""
        return plain_text(self.blocks)


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """The message asks nothing; the blocks are a polite reply."""

    blocks: Blocks

    kind: ClassVar[Literal["small_talk"]] = "small_talk"
    citations: ClassVar[tuple[Citation, ...]] = ()
    confidence: ClassVar[None] = None
    trace: ClassVar[Trace] = {}

    @property
    def text(self) -> str:
        """What is said, as plain text."""
        return plain_text(self.blocks)


@dataclass(frozen=True, slots=True)
class HandOff:
    """A person must take over. What the visitor is told depends on who is available.

    `reason`: the visitor asked for a person.
    """

    reason: Literal["asked"] = "asked"

    kind: ClassVar[Literal["hand_off"]] = "hand_off"


@dataclass(frozen=True, slots=True)
class Act:
    """An action of the owner's is called, or the visitor is asked for what it needs."""

    action: PlannedAction

    kind: ClassVar[Literal["act"]] = "act"


Decision = Answer | Abstain | SmallTalk | HandOff | Act
"""What to do with a message: decided once, stored on its turn, shown by each client its own way."""

DecisionKind = Literal["answer", "abstain", "small_talk", "hand_off", "act"]


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that search found, with its best passage."""

    document: str
    title: str
    url: str | None
    score: float
    passage: str
