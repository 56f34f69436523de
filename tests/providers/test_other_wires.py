"""Anthropic's and Google's wires, replayed from streams as their documents describe them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from answerdesk.core.outbound import Outbound
from answerdesk.providers.anthropic_chat import AnthropicChat
from answerdesk.providers.chat_model import (
    ChatModel,
    ChatRequest,
    ChatTurn,
    Completed,
    ModelEvent,
    ModelRefuses,
    ModelRejects,
    ModelUnavailable,
    TextDelta,
    Tool,
    ToolCall,
)
from answerdesk.providers.google_chat import GoogleChat
from tests.core.outbound.serving import Served, serving
from tests.providers.model_server import KEY, head, loopback_outbound

MESSAGES = "/v1/messages"
GENERATE = "/v1beta/models/gemini-x:streamGenerateContent?alt=sse"
CALLED = ToolCall("call_0", "hours", '{"day": "Monday"}')
ASKED = ChatRequest(
    [
        ChatTurn("system", "Answer."),
        ChatTurn("user", "When?"),
        ChatTurn("assistant", "I look.", (CALLED, ToolCall("call_1", "odd", "{not json"))),
        ChatTurn("tool", "9 to 5", call_id="call_0"),
        ChatTurn("user", "And?"),
    ],
    max_tokens=77,
    deadline=5,
    tools=[Tool("hours", "Opening hours.", {"type": "object", "properties": {}})],
)
FORMED = ChatRequest([ChatTurn("user", "A form")], schema={"type": "object"}, deadline=5)


@pytest.fixture
async def site() -> AsyncIterator[Served]:
    async with serving("127.0.0.1") as served:
        yield served


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    client = loopback_outbound()
    yield client
    await client.close()


@pytest.fixture
def anthropic(outbound: Outbound, site: Served) -> AnthropicChat:
    return AnthropicChat(outbound, "claude-x", url=f"{site.url}/v1", key=KEY)


@pytest.fixture
def google(outbound: Outbound, site: Served) -> GoogleChat:
    return GoogleChat(outbound, "models/gemini-x", url=f"{site.url}/v1beta", key=KEY)


def named(*events: dict[str, Any]) -> bytes:
    """Write Anthropic's events, which are named as their type."""
    return b"".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events
    )


def data(*chunks: dict[str, Any]) -> bytes:
    """Write Google's chunks."""
    return b"".join(f"data: {json.dumps(chunk)}\r\n\r\n".encode() for chunk in chunks)


def candidate(*parts: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts), "role": "model"}, **fields}]}


async def read(model: ChatModel, request: ChatRequest = ASKED) -> list[ModelEvent]:
    return [event async for event in model.stream(request)]


def body_of(site: Served) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(site.asked[-1].split("\r\n\r\n", 1)[1])
    return sent


def text_delta(index: int, text: str) -> dict[str, Any]:
    delta = {"type": "text_delta", "text": text}
    return {"type": "content_block_delta", "index": index, "delta": delta}


def begun(kind: str = "text", **fields: Any) -> list[dict[str, Any]]:
    usage = {"input_tokens": 20, "cache_read_input_tokens": 5, "output_tokens": 1}
    block = {"type": kind, "text": "", **fields}
    return [
        {"type": "message_start", "message": {"id": "msg_1", "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "ping"},
    ]


def ended(reason: str) -> list[dict[str, Any]]:
    return [
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": reason, "stop_sequence": None},
            "usage": {"output_tokens": 9},
        },
        {"type": "message_stop"},
    ]


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, "authentication_error", ModelRefuses),
        (404, "not_found_error", ModelRefuses),
        (400, "invalid_request_error", ModelRejects),
        (413, "request_too_large", ModelRejects),
        (429, "rate_limit_error", ModelUnavailable),
        (500, "api_error", ModelUnavailable),
        (529, "overloaded_error", ModelUnavailable),
    ],
)
async def test_refusals_of_either(
    anthropic: AnthropicChat,
    google: GoogleChat,
    site: Served,
    status: int,
    error: str,
    kind: type[ModelUnavailable],
) -> None:
    told = json.dumps({"type": "error", "error": {"type": error, "message": f"{KEY} is bad"}})
    for model, path in ((anthropic, MESSAGES), (google, GENERATE)):
        site.raw(path, head(status, "application/json", "Retry-After: 3") + told.encode())
        with pytest.raises(ModelUnavailable) as raised:
            await read(model)
        assert isinstance(raised.value, kind)
        assert raised.value.worth_a_retry == (status in (429, 500, 529))
        assert KEY not in raised.value.message


async def test_google_tells_of_a_bad_key_with_400(google: GoogleChat, site: Served) -> None:
    told = {"error": {"code": 400, "details": [{"reason": "API_KEY_INVALID"}]}}
    site.raw(GENERATE, head(400, "application/json") + json.dumps(told).encode())
    with pytest.raises(ModelRefuses, match="key") as raised:
        await read(google)
    assert not isinstance(raised.value, ModelRejects)


ANTHROPIC_BROKEN = {
    "cut": named(*begun(), text_delta(0, "At ")),
    "an error inside": named(
        *begun(), {"type": "error", "error": {"type": "overloaded_error", "message": KEY}}
    ),
    "no JSON": b"event: ping\ndata: {\n\n",
    "nothing": b"",
    "another JSON": named({"type": "content_block_delta", "delta": "text"}),
}
GOOGLE_BROKEN = {
    "cut": data(candidate({"text": "At "})),
    "an error inside": data({"error": {"code": 503, "status": "UNAVAILABLE", "message": KEY}}),
    "no JSON": b"data: {\n\n",
    "nothing": b"",
    "another JSON": data({"candidates": {"0": 1}}),
}


@pytest.mark.parametrize("how", ANTHROPIC_BROKEN)
async def test_a_broken_answer_of_either_is_an_error(
    anthropic: AnthropicChat, google: GoogleChat, site: Served, how: str
) -> None:
    site.raw(MESSAGES, head() + ANTHROPIC_BROKEN[how])
    site.raw(GENERATE, head() + GOOGLE_BROKEN[how])
    for model in (anthropic, google):
        with pytest.raises(ModelUnavailable) as raised:
            await read(model)
        assert KEY not in raised.value.message


@pytest.mark.parametrize(
    ("said", "reason"),
    [("end_turn", "stop"), ("max_tokens", "length"), ("refusal", "filter"), ("new_one", "stop")],
)
async def test_an_answer_of_anthropics(
    anthropic: AnthropicChat, site: Served, said: str, reason: Any
) -> None:
    events = [*begun(), text_delta(0, "At "), text_delta(0, "nine."), *ended(said)]
    site.raw(MESSAGES, head() + named(*events))
    assert await read(anthropic) == [TextDelta("At nine."), Completed(25, 9, reason)]
    assert f"x-api-key: {KEY}" in site.asked[-1]
    assert "anthropic-version: 2023-06-01" in site.asked[-1]
    sent = body_of(site)
    assert (sent["system"], sent["max_tokens"], sent["stream"]) == ("Answer.", 77, True)
    assert [turn["role"] for turn in sent["messages"]] == ["user", "assistant", "user", "user"]
    assert sent["messages"][1]["content"][1]["input"] == {"day": "Monday"}
    assert sent["messages"][1]["content"][2]["input"] == {}
    assert sent["messages"][2]["content"][0]["tool_use_id"] == "call_0"
    assert sent["tools"][0]["input_schema"] == {"type": "object", "properties": {}}


def json_delta(index: int, text: str) -> dict[str, Any]:
    delta = {"type": "input_json_delta", "partial_json": text}
    return {"type": "content_block_delta", "index": index, "delta": delta}


async def test_calls_and_forms_of_anthropics(anthropic: AnthropicChat, site: Served) -> None:
    events = [
        *begun("tool_use", id="toolu_1", name="hours"),
        *(json_delta(0, piece) for piece in ("", '{"day"', ': "Monday"}')),
        *ended("tool_use"),
    ]
    site.raw(MESSAGES, head() + named(*events))
    assert await read(anthropic) == [
        ToolCall("toolu_1", "hours", '{"day": "Monday"}'),
        Completed(25, 9, "tools"),
    ]
    assert await read(anthropic, FORMED) == [
        TextDelta('{"day": "Monday"}'),
        Completed(25, 9, "stop"),
    ]
    assert body_of(site)["tool_choice"] == {"type": "tool", "name": "answer"}


@pytest.mark.parametrize(
    ("said", "reason"),
    [("STOP", "stop"), ("MAX_TOKENS", "length"), ("SAFETY", "filter"), ("RECITATION", "filter")],
)
async def test_an_answer_of_googles(
    google: GoogleChat, site: Served, said: str, reason: Any
) -> None:
    usage = {"promptTokenCount": 20, "candidatesTokenCount": 7, "thoughtsTokenCount": 2}
    chunks = [
        candidate({"text": "Let me think", "thought": True}, {"text": "At "}),
        {**candidate({"text": "nine."}, finishReason=said), "usageMetadata": usage},
    ]
    site.raw(GENERATE, head() + data(*chunks))
    assert await read(google) == [TextDelta("At nine."), Completed(20, 9, reason)]
    assert f"x-goog-api-key: {KEY}" in site.asked[-1]
    sent = body_of(site)
    assert sent["systemInstruction"] == {"parts": [{"text": "Answer."}]}
    assert sent["generationConfig"] == {"maxOutputTokens": 77}
    assert [turn["role"] for turn in sent["contents"]] == ["user", "model", "user", "user"]
    assert sent["contents"][1]["parts"][1]["functionCall"]["args"] == {"day": "Monday"}
    response = {"name": "hours", "response": {"result": "9 to 5"}}
    assert sent["contents"][2]["parts"] == [{"functionResponse": response}]
    assert sent["tools"][0]["functionDeclarations"][0]["name"] == "hours"


async def test_calls_forms_and_blocks_of_googles(google: GoogleChat, site: Served) -> None:
    call = {"functionCall": {"name": "hours", "args": {"day": "Monday"}}}
    site.raw(GENERATE, head() + data(candidate(call, finishReason="STOP")))
    assert await read(google) == [CALLED, Completed(0, 0, "tools")]
    site.raw(GENERATE, head() + data({"promptFeedback": {"blockReason": "SAFETY"}}))
    assert await read(google, FORMED) == [Completed(0, 0, "filter")]
    assert body_of(site)["generationConfig"]["responseMimeType"] == "application/json"


TWO = (
    ToolCall("call_0", "hours", '{"day": "Monday"}', "c2lnbmVk"),
    ToolCall("call_1", "hours", '{"day": "Sunday"}'),
)
CONTINUED = ChatRequest(
    [
        ChatTurn("user", "When?"),
        ChatTurn("assistant", "", TWO),
        ChatTurn("tool", "9 to 5", call_id="call_0"),
        ChatTurn("tool", "closed", call_id="call_1"),
        ChatTurn("assistant", "Wait.", TWO[:1]),
        ChatTurn("tool", "9 to 5", call_id="call_0"),
    ],
    deadline=5,
    tools=ASKED.tools,
    may_call=False,
)


async def test_several_results_are_one_message_of_anthropics(
    anthropic: AnthropicChat, site: Served
) -> None:
    site.raw(MESSAGES, head() + named(*begun("text"), *ended("end_turn")))
    await read(anthropic, CONTINUED)
    sent = body_of(site)
    assert [turn["role"] for turn in sent["messages"]] == [
        *("user", "assistant", "user", "assistant", "user")
    ]
    results = sent["messages"][2]["content"]
    assert [(one["tool_use_id"], one["content"]) for one in results] == [
        ("call_0", "9 to 5"),
        ("call_1", "closed"),
    ]
    assert len(sent["messages"][4]["content"]) == 1
    assert sent["tool_choice"] == {"type": "none"}
    assert sent["tools"]


async def test_several_results_and_signatures_of_googles(google: GoogleChat, site: Served) -> None:
    call = {"functionCall": {"name": "hours", "args": {}}, "thoughtSignature": "c2lnbmVk"}
    site.raw(GENERATE, head() + data(candidate(call, finishReason="STOP")))
    [called, _] = await read(google, CONTINUED)
    assert called == ToolCall("call_0", "hours", "{}", "c2lnbmVk")
    sent = body_of(site)
    assert [turn["role"] for turn in sent["contents"]] == ["user", "model", "user", "model", "user"]
    asked, answered = sent["contents"][1]["parts"], sent["contents"][2]["parts"]
    assert [one.get("thoughtSignature") for one in asked] == ["c2lnbmVk", None]
    assert [one["functionResponse"]["response"] for one in answered] == [
        {"result": "9 to 5"},
        {"result": "closed"},
    ]
    assert len(sent["contents"][4]["parts"]) == 1
    assert sent["toolConfig"] == {"functionCallingConfig": {"mode": "NONE"}}
    # The API refuses an object without properties.
    assert "parameters" not in sent["tools"][0]["functionDeclarations"][0]


async def test_both_refuse_once_they_are_closed(
    anthropic: AnthropicChat, google: GoogleChat
) -> None:
    for model in (anthropic, google):
        await model.close()
        with pytest.raises(ModelUnavailable):
            await read(model)
