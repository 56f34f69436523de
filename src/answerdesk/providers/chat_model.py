"""The port to a language model that answers."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from answerdesk.core.errors import Unavailable

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One utterance and its role. A `system` turn holds the instructions and comes first."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What to ask a model: the turns, oldest first, ending with the user's.

    `max_tokens` limits the answer; `deadline` is the seconds that the whole answer may take.
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
    """The end of an answer and its cost in tokens.

    `reason` is `stop` for a complete answer, `length` for one that `max_tokens` cut off.
    """

    input_tokens: int
    output_tokens: int
    reason: Literal["stop", "length"] = "stop"


ModelEvent = TextDelta | Completed


class ModelUnavailable(Unavailable):
    """The model is unreachable or doesn't respond properly."""

    code = "model_unavailable"


class ModelDeadline(ModelUnavailable):
    """The model took longer than the request's deadline."""

    code = "model_deadline"


class ChatModel(Protocol):
    """A language model. `name` identifies it in traces and bills."""

    name: str

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield the answer piece by piece, Completed last.

        Raises ModelUnavailable (of which ModelDeadline is one kind) before the first piece or
        between two pieces. A caller that stops iterating ends the call.
        """
        ...

    async def close(self) -> None:
        """Free the model's resources; it must not be used afterwards."""
        ...
