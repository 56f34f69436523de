"""A language model of Google's (Gemini).

API: https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
"""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final
from urllib.parse import quote

import msgspec

from answerdesk.core.outbound import Outbound
from answerdesk.kit.event_stream import ServerSentEvent
from answerdesk.providers.chat_model import (
    ChatRequest,
    ChatTurn,
    Completed,
    ModelEvent,
    ModelRefuses,
    TextDelta,
    Tool,
    ToolCall,
)
from answerdesk.providers.model_wire import (
    ModelWire,
    Rejection,
    arguments_of,
    broken,
    decoded,
    endpoint_of,
    failure_told,
)

GOOGLE_URL: Final = "https://generativelanguage.googleapis.com/v1beta"
_BAD_KEY: Final = "API_KEY_INVALID"
"""What a 400 says of the key; of others it says what is wrong with the request."""

_REASONS: Final = {"STOP": "stop", "MAX_TOKENS": "length"}


class _Part(msgspec.Struct):
    text: str | None = None
    thought: bool = False
    functionCall: Any = None  # noqa: N815  # The wire's name.
    thoughtSignature: str | None = None  # noqa: N815


class _Content(msgspec.Struct):
    parts: list[_Part] | None = None


class _Candidate(msgspec.Struct):
    content: _Content | None = None
    finishReason: str | None = None  # noqa: N815


class _Usage(msgspec.Struct):
    promptTokenCount: int = 0  # noqa: N815
    candidatesTokenCount: int = 0  # noqa: N815
    thoughtsTokenCount: int = 0  # noqa: N815


class _Chunk(msgspec.Struct):
    candidates: list[_Candidate] | None = None
    usageMetadata: _Usage | None = None  # noqa: N815
    promptFeedback: Any = None  # noqa: N815
    error: Any = None


class GoogleChat:
    """One model. `url` is the base address of the API."""

    def __init__(
        self, outbound: Outbound, model: str, *, url: str = GOOGLE_URL, key: str | None = None
    ) -> None:
        self.name = model
        named = quote(model.removeprefix("models/"), safe="")
        path = f"/models/{named}:streamGenerateContent"
        self._url = f"{endpoint_of(url, path)}?alt=sse"
        self._wire = ModelWire(outbound, {"x-goog-api-key": key} if key else {})

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield the answer piece by piece, Completed last."""
        asked = self._wire.answer(self._url, _body(request), request, _StreamReader())
        try:
            async with aclosing(asked) as events:
                async for event in events:
                    yield event
        except Rejection as rejection:
            if rejection.names(_BAD_KEY):
                raise ModelRefuses("The model's service rejects the key") from rejection
            raise

    async def close(self) -> None:
        """Refuse further calls; idempotent. The connections belong to the guarded client."""
        self._wire.close()


def _body(request: ChatRequest) -> dict[str, object]:
    config: dict[str, object] = {"maxOutputTokens": request.max_tokens}
    if request.schema is not None:
        config["responseMimeType"] = "application/json"
        config["responseJsonSchema"] = request.schema
    body: dict[str, object] = {
        "contents": _contents([turn for turn in request.turns if turn.role != "system"]),
        "generationConfig": config,
    }
    system = "\n\n".join(turn.text for turn in request.turns if turn.role == "system")
    if system:
        body["systemInstruction"] = {"parts": [{"text": system}]}
    if request.tools:
        body["tools"] = [{"functionDeclarations": [_declared(one) for one in request.tools]}]
        if not request.may_call:
            body["toolConfig"] = {"functionCallingConfig": {"mode": "NONE"}}
    return body


def _declared(tool: Tool) -> dict[str, object]:
    """Describe a tool; the API refuses an object without properties."""
    declared: dict[str, object] = {"name": tool.name, "description": tool.description}
    return (
        {**declared, "parameters": tool.parameters}
        if tool.parameters.get("properties")
        else (declared)
    )


def _contents(turns: Sequence[ChatTurn]) -> list[dict[str, object]]:
    """Write turns. A result is matched to its call by the tool's name.

    As many results as there were calls have to be in one content.
    """
    names: dict[str, str] = {}
    contents: list[dict[str, object]] = []
    results: list[object] = []
    for turn in turns:
        if turn.role == "tool":
            response = {"name": names.get(turn.call_id, ""), "response": {"result": turn.text}}
            if not results:
                contents.append({"role": "user", "parts": results})
            results.append({"functionResponse": response})
            continue
        results = []
        parts: list[dict[str, object]] = [{"text": turn.text}] if turn.text else []
        for call in turn.calls:
            names[call.id] = call.name
            signed = {"thoughtSignature": call.signature} if call.signature else {}
            parts.append(
                {"functionCall": {"name": call.name, "args": arguments_of(call)}, **signed}
            )
        contents.append({"role": "model" if turn.role == "assistant" else "user", "parts": parts})
    return contents


class _StreamReader:
    """Reads the chunks of one answer."""

    def __init__(self) -> None:
        self._calls: list[ToolCall] = []
        self._usage = _Usage()
        self._reason: str | None = None
        self.is_over = False  # No event is marked as the last.

    def read(self, event: ServerSentEvent) -> list[ModelEvent]:
        """Return what an event adds. Raises ModelUnavailable if it tells of a failure."""
        chunk = decoded(event.data, _Chunk)
        if chunk.error is not None:
            raise failure_told(chunk.error)
        if chunk.usageMetadata is not None:
            self._usage = chunk.usageMetadata
        if isinstance(chunk.promptFeedback, dict) and chunk.promptFeedback.get("blockReason"):
            self._reason = "SAFETY"
        found: list[ModelEvent] = []
        for candidate in (chunk.candidates or ())[:1]:
            parts = () if candidate.content is None else candidate.content.parts or ()
            for part in parts:
                if part.text and not part.thought:
                    found.append(TextDelta(part.text))
                if isinstance(part.functionCall, dict):
                    self._take(part.functionCall, part.thoughtSignature or "")
            self._reason = candidate.finishReason or self._reason
        return found

    def end(self) -> list[ModelEvent]:
        """Return the calls and the end. Raises ModelUnavailable if the answer was cut."""
        if self._reason is None:
            raise broken("ended before its answer was complete")
        reason: Any = _REASONS.get(self._reason, "filter")
        if reason == "stop" and self._calls:
            reason = "tools"
        usage = self._usage
        written = usage.candidatesTokenCount + usage.thoughtsTokenCount
        return [*self._calls, Completed(usage.promptTokenCount, written, reason)]

    def _take(self, call: Mapping[str, object], signature: str) -> None:
        """Take a call, which comes whole and need not have an id."""
        arguments = json.dumps(call.get("args") or {}, ensure_ascii=False)
        id_ = str(call.get("id") or f"call_{len(self._calls)}")
        self._calls.append(ToolCall(id_, str(call.get("name") or ""), arguments, signature))
