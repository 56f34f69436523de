"""A language model behind OpenAI's chat API: OpenAI, Ollama, vLLM, llama.cpp and many others.

API: https://platform.openai.com/docs/api-reference/chat/create
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from answerdesk.core.outbound import Outbound
from answerdesk.kit.event_stream import ServerSentEvent
from answerdesk.providers.chat_model import (
    ChatRequest,
    ChatTurn,
    Completed,
    ModelEvent,
    TextDelta,
    ToolCall,
    estimated_tokens,
)
from answerdesk.providers.model_wire import (
    ModelWire,
    Rejection,
    broken,
    decoded,
    endpoint_of,
    failure_told,
)

OPENAI_URL: Final = "https://api.openai.com/v1"
_OPENAI_HOST: Final = "api.openai.com"
_DONE: Final = "[DONE]"
_REASONS: Final = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tools",
    "function_call": "tools",
    "content_filter": "filter",
}


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _Call(msgspec.Struct):
    index: int = 0
    id: str | None = None
    function: _Function | None = None


class _Message(msgspec.Struct):
    # Mistral's reasoning models send a list of typed parts.
    content: str | list[Any] | None = None
    tool_calls: list[_Call] | None = None


class _Choice(msgspec.Struct):
    delta: _Message | None = None
    message: _Message | None = None
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(msgspec.Struct):
    """A chunk of a stream; also a whole answer, which has the same fields but for the message."""

    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None


class OpenAiChat:
    """One model of one service. `url` is its base address, such as `https://host/v1`.

    Raises UrlRefused if the address may never be fetched.
    """

    def __init__(
        self, outbound: Outbound, model: str, *, url: str = OPENAI_URL, key: str | None = None
    ) -> None:
        self.name = model
        self._url = endpoint_of(url, "/chat/completions")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._wire = ModelWire(outbound, headers)
        # OpenAI's newer models refuse the field that others know.
        is_openai = urlsplit(self._url).hostname == _OPENAI_HOST
        self._limit = "max_completion_tokens" if is_openai else "max_tokens"
        self._tells_usage = True

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield the answer piece by piece, Completed last."""
        try:
            async with aclosing(self._stream(request)) as events:
                async for event in events:
                    yield event
        except Rejection as rejection:
            if not (self._tells_usage and rejection.names("stream_options")):
                raise
            # Some older servers don't know how to say what an answer cost.
            self._tells_usage = False
            async with aclosing(self._stream(request)) as events:
                async for event in events:
                    yield event

    async def close(self) -> None:
        """Refuse further calls; idempotent. The connections belong to the guarded client."""
        self._wire.close()

    def _stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        return self._wire.answer(self._url, self._body(request), request, _StreamReader(request))

    def _body(self, request: ChatRequest) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self.name,
            "messages": [_message(turn) for turn in request.turns],
            self._limit: request.max_tokens,
            "stream": True,
        }
        if self._tells_usage:
            body["stream_options"] = {"include_usage": True}
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": tool.parameters,
                    },
                }
                for tool in request.tools
            ]
            if not request.may_call:
                body["tool_choice"] = "none"
        if request.schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": request.schema},
            }
        return body


def _message(turn: ChatTurn) -> dict[str, object]:
    message: dict[str, object] = {"role": turn.role, "content": turn.text}
    if turn.calls:
        message["content"] = turn.text or None
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in turn.calls
        ]
    if turn.role == "tool":
        message["tool_call_id"] = turn.call_id
    return message


class _StreamReader:
    """Reads the chunks of one answer."""

    def __init__(self, request: ChatRequest) -> None:
        self._request = request
        self._calls: dict[int, tuple[str, str, list[str]]] = {}
        self._reason: str | None = None
        self._usage: _Usage | None = None
        self._written: list[str] = []
        self.is_over = False

    def read(self, event: ServerSentEvent) -> list[ModelEvent]:
        """Return what an event adds. Raises ModelUnavailable if it tells of a failure."""
        if event.data.strip() == _DONE:
            self.is_over = True
            return []
        chunk = decoded(event.data, _Chunk)
        if chunk.error is not None:
            raise failure_told(chunk.error)
        if chunk.usage is not None:
            self._usage = chunk.usage
        found: list[ModelEvent] = []
        for choice in (chunk.choices or ())[:1]:
            said = choice.delta or choice.message
            if said is not None:
                text = _text(said.content)
                if text:
                    self._written.append(text)
                    found.append(TextDelta(text))
                for call in said.tool_calls or ():
                    self._take(call)
            if choice.finish_reason is not None:
                self._reason = choice.finish_reason
        return found

    def end(self) -> list[ModelEvent]:
        """Return the calls and the end. Raises ModelUnavailable if the answer was cut."""
        if self._reason is None and not (self.is_over and self._written):
            raise broken("ended before its answer was complete")
        events: list[ModelEvent] = [
            ToolCall(id_, name, "".join(arguments))
            for _, (id_, name, arguments) in sorted(self._calls.items())
        ]
        reason = _REASONS.get(self._reason or "stop", "stop")
        if reason == "stop" and events:
            reason = "tools"  # Some servers say "stop" after calls, too.
        events.append(self._completed(reason))
        return events

    def _completed(self, reason: Any) -> Completed:  # noqa: ANN401  # One of Completed's.
        if self._usage is not None:
            return Completed(self._usage.prompt_tokens, self._usage.completion_tokens, reason)
        asked = "".join(turn.text for turn in self._request.turns)
        written = "".join(self._written)
        return Completed(
            estimated_tokens(asked), estimated_tokens(written), reason, is_estimate=True
        )

    def _take(self, call: _Call) -> None:
        """Take a piece of a call; the first has its id and name."""
        function = call.function or _Function()
        id_, name, arguments = self._calls.get(call.index, ("", "", []))
        arguments.append(function.arguments or "")
        self._calls[call.index] = (call.id or id_, function.name or name, arguments)


def _text(content: str | list[Any] | None) -> str:
    if isinstance(content, list):
        parts = (part for part in content if isinstance(part, dict) and part.get("type") == "text")
        return "".join(str(part.get("text") or "") for part in parts)
    return content or ""
