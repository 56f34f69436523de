"""What a message is read into."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["question", "complaint", "statement"]
"""How something is asked: "Where are my invoices?", "I can't find my invoices", "invoices"."""

SmallTalkKind = Literal["hello", "thanks", "ok", "bye", "who_are_you", "how_are_you"]

MessageKind = Literal["small_talk", "person", "question"]


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One thing that a message asks.

    `text` has the asking sentences as written, without greeting and politeness around them.
    `read_as` is what answers are judged by: a complaint becomes a question in its language, any
    other form loses its politeness.
    """

    text: str
    form: Form
    read_as: str


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message, read.

    `language` is an ISO 639-1 code, or "und" if the message doesn't tell. `questions` has one to
    three parts in the order written if the kind is "question", and is empty otherwise. `rest` is
    what else was said (greeting, story, signature): it helps to find passages, and never counts
    against an answer.
    """

    kind: MessageKind
    language: str
    small_talk: SmallTalkKind | None = None
    questions: tuple[AskedPart, ...] = ()
    rest: str = ""
