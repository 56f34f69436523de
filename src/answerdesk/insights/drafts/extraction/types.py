"""What is drawn from, and what is drawn."""

from dataclasses import dataclass

from answerdesk.conversations.types import Author


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `answered`: it is a visitor's, and the assistant had an answer."""

    author: Author
    text: str
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its answer; each of their sentences was said."""

    question: str
    answer: str
