"""What answering tells while it works: pieces of the answer, then the decision as a whole."""

from dataclasses import dataclass

from answerdesk.answering.blocks import Blocks
from answerdesk.answering.types import Abstain, Answer


@dataclass(frozen=True, slots=True)
class AnswerToken:
    """The next piece of what a model writes, as Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerBlocks:
    """All that is said, there at once."""

    blocks: Blocks


@dataclass(frozen=True, slots=True)
class AnswerFinished:
    """The last event; what it says is what the pieces have said."""

    decision: Answer | Abstain


AnswerEvent = AnswerToken | AnswerBlocks | AnswerFinished
