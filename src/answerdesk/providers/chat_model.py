"""The port through which a language model answers."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from answerdesk.core.errors import Unavailable

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """Something said, and by whom. `system` is the instructions, and comes first if at all."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is asked: the turns, oldest first, the last one the user's.

    `max_tokens` bounds the answer; `deadline` is how many seconds it may take as a whole.
    """

    turns: Sequence[ChatTurn]
    max_tokens: int = 800
    deadline: float = 60.0


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The end of an answer, with what it cost in tokens.

    `reason` is `stop` for a whole answer, `length` for one that `max_tokens` cut off.
    """

    input_tokens: int
    output_tokens: int
    reason: Literal["stop", "length"] = "stop"


ModelEvent = TextDelta | Completed


class ModelUnavailable(Unavailable):
    """The model cannot be reached or does not answer properly."""

    code = "model_unavailable"


class ModelDeadline(ModelUnavailable):
    """The model took longer than the request's deadline."""

    code = "model_deadline"


class ChatModel(Protocol):
    """A language model. `name` is what traces and bills call it."""

    name: str

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield the answer piece by piece, Completed last.

        Raises ModelUnavailable, before the first piece or between two; ModelDeadline is one. A
        reader who leaves early ends the call.
        """
        ...

    async def close(self) -> None:
        """Free what the model holds; it is not used afterwards."""
        ...
