"""The port to a language model that answers."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from answerdesk.core.errors import Unavailable

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that a model may ask to be called. `parameters` is the JSON Schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model asks for a tool. `arguments` is what it wrote, which need not be valid JSON.

    `signature` is what its provider wants to have back with the call, if anything.
    """

    id: str
    name: str
    arguments: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One utterance and its role. A `system` turn holds the instructions and comes first.

    An `assistant` turn may hold the `calls` that the model asked for; a `tool` turn for each of
    them follows, with its result as `text` and the call's id as `call_id`.
    """

    role: Role
    text: str
    calls: Sequence[ToolCall] = ()
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What to ask a model: the turns, oldest first, ending with the user's or a tool's.

    `max_tokens` limits the answer; `deadline` is the seconds that the whole answer may take. With
    `schema`, a JSON Schema, the answer is a JSON text of that form, as far as the model keeps to
    it. Unless it `may_call`, the `tools` only explain calls among the turns.
    """

    turns: Sequence[ChatTurn]
    max_tokens: int = 800
    deadline: float = 60.0
    tools: Sequence[Tool] = ()
    schema: Mapping[str, object] | None = None
    may_call: bool = True


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The end of an answer and its cost in tokens.

    `reason` is `stop` for a complete answer, `length` for one that `max_tokens` cut off, `tools`
    for one that waits for its calls, `filter` for one that the provider withheld. `is_estimate`
    tells that the provider didn't say what it cost.
    """

    input_tokens: int
    output_tokens: int
    reason: Literal["stop", "length", "tools", "filter"] = "stop"
    is_estimate: bool = False


ModelEvent = TextDelta | ToolCall | Completed


class ModelUnavailable(Unavailable):
    """The model is unreachable or doesn't respond properly; it may at the next attempt.

    `retry_after` is how many seconds it asks to wait, if it does.
    """

    code = "model_unavailable"
    worth_a_retry: ClassVar[bool] = True

    def __init__(
        self, message: str, *, code: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class ModelDeadline(ModelUnavailable):
    """The model took longer than the request's deadline, or fell silent."""

    code = "model_deadline"
    worth_a_retry = False


class ModelRefuses(ModelUnavailable):
    """The model rejects the request: its key, its name, or what it was asked; a retry won't help.

    The message is for the owner, and says what to check.
    """

    code = "model_refuses"
    worth_a_retry = False


class ModelRejects(ModelRefuses):
    """The model rejects this request, or withholds its answer; it may well answer another."""

    code = "model_rejects_request"


class ChatModel(Protocol):
    """A language model. `name` identifies it in traces and bills."""

    name: str

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield the answer piece by piece, then the calls it asks for, Completed last.

        Raises ModelUnavailable (of which ModelDeadline and ModelRefuses are kinds) before the first
        piece or between two pieces. A caller that stops iterating ends the call.
        """
        ...

    async def close(self) -> None:
        """Free the model's resources; it must not be used afterwards."""
        ...


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text has, if its provider doesn't say; rather too many."""
    return len(text.encode("utf-8", "replace")) // 3 + 1
