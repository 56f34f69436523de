"""Events of answering: pieces of the answer, then the whole decision."""

from dataclasses import dataclass

from answerdesk.answering.blocks import Blocks
from answerdesk.answering.types import Abstain, Answer, SmallTalk


@dataclass(frozen=True, slots=True)
class AnswerToken:
    """The next piece of a model's answer, as Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerBlocks:
    """The complete answer, available immediately."""

    blocks: Blocks


@dataclass(frozen=True, slots=True)
class AnswerFinished:
    """The last event; its decision says what the pieces said."""

    decision: Answer | Abstain | SmallTalk


AnswerEvent = AnswerToken | AnswerBlocks | AnswerFinished
