"""What to look for: the questions of a message, each with the queries that find its answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from answerdesk.answering.compound import Halves, halves_of
from answerdesk.answering.message import read_question
from answerdesk.answering.rewrite import joined, standalone
from answerdesk.answering.types import AnswerRequest, Exchange

MOST_QUERIES: Final = 3


@dataclass(frozen=True, slots=True)
class Queries:
    """One question that stands alone, and what else to search for.

    A question in two parts is searched for whole and by its `halves`, each judged by itself. One
    that follows another is searched for together with it (`also`), which only adds candidates.
    """

    text: str
    halves: Halves | None = None
    also: str | None = None

    @property
    def judged(self) -> tuple[str, ...]:
        """The texts whose candidates are each judged by themselves, the whole question first."""
        if self.halves is None:
            return (self.text,)
        return (self.text, self.halves.first, self.halves.second)

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts to search for, one to three."""
        return self.judged if self.also is None else (*self.judged, self.also)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A message as questions that stand alone; `rest` is what it says beside them."""

    questions: tuple[Queries, ...]
    rest: str


def rewrite(request: AnswerRequest) -> Rewritten:
    """Return the questions of a message, each with what its conversation adds to it."""
    message = read_question(request.text)
    texts = [part.read_as for part in message.questions] or [request.text]
    history = [_asked_before(one) for one in request.history]
    return Rewritten(
        tuple(queries(standalone(text, history), history) for text in texts), message.rest
    )


def queries(text: str, history: Sequence[Exchange]) -> Queries:
    """Return what to search for, for a question that stands alone."""
    halves = halves_of(text)
    return Queries(text, halves, None if halves else joined(text, history))


def _asked_before(exchange: Exchange) -> Exchange:
    """Return an earlier exchange with what its message asked."""
    asked = read_question(exchange.question).questions
    return replace(exchange, question=asked[-1].read_as) if asked else exchange
