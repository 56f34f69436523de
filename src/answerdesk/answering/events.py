"""What answering tells while it works: text as it comes, then the whole answer."""

from dataclasses import dataclass

from answerdesk.answering.types import Answer


@dataclass(frozen=True, slots=True)
class AnswerToken:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerFinished:
    """The last event: the answer as a whole; its text is that of all tokens together."""

    answer: Answer


AnswerEvent = AnswerToken | AnswerFinished
