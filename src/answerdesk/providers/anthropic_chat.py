"""A language model of Anthropic's.

API: https://docs.anthropic.com/en/api/messages and its streamed events
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final

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
)
from answerdesk.providers.model_wire import (
    ModelWire,
    arguments_of,
    broken,
    decoded,
    endpoint_of,
    failure_told,
)

ANTHROPIC_URL: Final = "https://api.anthropic.com/v1"
_VERSION: Final = "2023-06-01"
_ANSWER: Final = "answer"
"""The tool whose input is an answer of a given form: the API has no other way to ask for one."""

_REASONS: Final = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tools",
    "refusal": "filter",
}


class _Usage(msgspec.Struct):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class _Message(msgspec.Struct):
    usage: _Usage | None = None


class _Block(msgspec.Struct):
    type: str = ""
    id: str = ""
    name: str = ""
    text: str = ""


class _Delta(msgspec.Struct):
    type: str = ""
    text: str = ""
    partial_json: str = ""
    stop_reason: str | None = None


class _Event(msgspec.Struct):
    """Any event of a stream; each type has some of the fields."""

    type: str
    index: int = 0
    message: _Message | None = None
    content_block: _Block | None = None
    delta: _Delta | None = None
    usage: _Usage | None = None
    error: Any = None


class AnthropicChat:
    """One model. `url` is the base address of the API, for gateways that speak it, too."""

    def __init__(
        self, outbound: Outbound, model: str, *, url: str = ANTHROPIC_URL, key: str | None = None
    ) -> None:
        self.name = model
        self._url = endpoint_of(url, "/messages")
        headers = {"anthropic-version": _VERSION, **({"x-api-key": key} if key else {})}
        self._wire = ModelWire(outbound, headers)

    def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield the answer piece by piece, Completed last."""
        return self._wire.answer(self._url, self._body(request), request, _StreamReader(request))

    async def close(self) -> None:
        """Refuse further calls; idempotent. The connections belong to the guarded client."""
        self._wire.close()

    def _body(self, request: ChatRequest) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self.name,
            "max_tokens": request.max_tokens,
            "stream": True,
            "messages": _messages([turn for turn in request.turns if turn.role != "system"]),
        }
        system = "\n\n".join(turn.text for turn in request.turns if turn.role == "system")
        if system:
            body["system"] = system
        tools = [
            {"name": one.name, "description": one.description, "input_schema": one.parameters}
            for one in request.tools
        ]
        if request.schema is not None:
            described = "Give the answer in this form."
            tools = [{"name": _ANSWER, "description": described, "input_schema": request.schema}]
            body["tool_choice"] = {"type": "tool", "name": _ANSWER}
        elif tools and not request.may_call:
            body["tool_choice"] = {"type": "none"}
        if tools:
            body["tools"] = tools
        return body


def _messages(turns: Sequence[ChatTurn]) -> list[dict[str, object]]:
    """Write turns. All results of an answer's calls have to be in one message."""
    messages: list[dict[str, object]] = []
    results: list[object] = []
    for turn in turns:
        if turn.role != "tool":
            results = []
            messages.append(_message(turn))
            continue
        if not results:
            messages.append({"role": "user", "content": results})
        results.append({"type": "tool_result", "tool_use_id": turn.call_id, "content": turn.text})
    return messages


def _message(turn: ChatTurn) -> dict[str, object]:
    if not turn.calls:
        return {"role": turn.role, "content": turn.text}
    said = [{"type": "text", "text": turn.text}] if turn.text else []
    return {"role": turn.role, "content": [*said, *_calls(turn.calls)]}


def _calls(calls: Sequence[ToolCall]) -> list[dict[str, object]]:
    return [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": arguments_of(call)}
        for call in calls
    ]


class _StreamReader:
    """Reads the events of one answer."""

    def __init__(self, request: ChatRequest) -> None:
        self._has_form = request.schema is not None
        self._calls: dict[int, tuple[str, str, list[str]]] = {}
        self._usage = _Usage()
        self._reason: str | None = None
        self.is_over = False

    def read(self, told: ServerSentEvent) -> list[ModelEvent]:
        """Return what an event adds. Raises ModelUnavailable if it tells of a failure."""
        self.is_over = told.type == "message_stop"
        event = decoded(told.data, _Event)
        if event.type == "error":
            raise failure_told(event.error)
        self._count(event.usage if event.message is None else event.message.usage)
        block, delta = event.content_block, event.delta
        if block is not None and block.type == "tool_use":
            self._calls[event.index] = (block.id, block.name, [])
        text = "" if block is None else block.text
        if delta is not None:
            self._reason = delta.stop_reason or self._reason
            text = delta.text
            if delta.partial_json and self._has_form:
                text = delta.partial_json
            elif delta.partial_json and event.index in self._calls:
                self._calls[event.index][2].append(delta.partial_json)
        return [TextDelta(text)] if text else []

    def end(self) -> list[ModelEvent]:
        """Return the calls and the end. Raises ModelUnavailable if the answer was cut."""
        if self._reason is None:
            raise broken("ended before its answer was complete")
        reason: Any = _REASONS.get(self._reason, "stop")
        usage = self._usage
        asked = sum(
            tokens or 0
            for tokens in (
                usage.input_tokens,
                usage.cache_creation_input_tokens,
                usage.cache_read_input_tokens,
            )
        )
        if self._has_form:
            return [
                Completed(asked, usage.output_tokens or 0, "stop" if reason == "tools" else reason)
            ]
        return [
            *(
                ToolCall(id_, name, "".join(pieces) or "{}")
                for _, (id_, name, pieces) in sorted(self._calls.items())
            ),
            Completed(asked, usage.output_tokens or 0, reason),
        ]

    def _count(self, usage: _Usage | None) -> None:
        """Take the latest numbers, which are totals."""
        if usage is not None:
            for field in usage.__struct_fields__:
                told = getattr(usage, field)
                if told is not None:
                    setattr(self._usage, field, told)
