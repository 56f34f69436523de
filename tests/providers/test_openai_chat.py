"""OpenAI's chat wire over loopback: what is asked, what is read, and every fault on the way."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.providers.chat_model import (
    ChatRequest,
    ChatTurn,
    Completed,
    ModelDeadline,
    ModelEvent,
    ModelRefuses,
    ModelRejects,
    ModelUnavailable,
    TextDelta,
    Tool,
    ToolCall,
)
from answerdesk.providers.openai_chat import OpenAiChat
from tests.providers.model_server import (
    DONE,
    KEY,
    MODEL,
    Behaviour,
    ModelServer,
    Write,
    chunk,
    head,
    loopback_outbound,
    model_server,
    refusing,
    saying,
    usage,
)

ASKED = ChatRequest(
    [ChatTurn("system", "Answer."), ChatTurn("user", "What does it cost?")], deadline=5
)
STOP = chunk(reason="stop")


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    client = loopback_outbound()
    yield client
    await client.close()


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


@pytest.fixture
def model(outbound: Outbound, server: ModelServer) -> OpenAiChat:
    return OpenAiChat(outbound, MODEL, url=server.url, key=KEY)


async def read(model: OpenAiChat, request: ChatRequest = ASKED) -> list[ModelEvent]:
    return [event async for event in model.stream(request)]


def text_of(events: list[ModelEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, ModelRefuses) for status in (401, 402, 403, 404)),
        *((status, ModelRejects) for status in (400, 413, 422)),
        *((status, ModelUnavailable) for status in (429, 500, 502, 503, 529)),
    ],
)
async def test_a_refusal_is_told_without_what_the_service_says(
    model: OpenAiChat, server: ModelServer, status: int, kind: type[ModelUnavailable]
) -> None:
    server.tell([refusing(status)])
    with pytest.raises(ModelUnavailable) as raised:
        await read(model)
    assert isinstance(raised.value, kind)
    assert str(status) in raised.value.message
    assert KEY not in raised.value.message
    assert raised.value.worth_a_retry == (status in (429, 500, 502, 503, 529))


async def test_a_busy_service_may_say_for_how_long(model: OpenAiChat, server: ModelServer) -> None:
    server.tell([refusing(429, "rate_limit_exceeded", "Retry-After: 7")])
    with pytest.raises(ModelUnavailable) as raised:
        await read(model)
    assert raised.value.retry_after == 7


async def test_nobody_there(outbound: Outbound, server: ModelServer) -> None:
    model = OpenAiChat(outbound, MODEL, url="http://127.0.0.1:9/v1", key=KEY)
    with pytest.raises(ModelUnavailable) as raised:
        await read(model)
    assert raised.value.worth_a_retry


async def test_an_address_that_the_operator_has_not_opened() -> None:
    closed = Outbound(OutboundPolicy())
    model = OpenAiChat(closed, MODEL, url="http://127.0.0.1:11434/v1")
    with pytest.raises(ModelRefuses, match="ANSWERDESK_PROVIDER_NETWORKS"):
        await read(model)
    await closed.close()


BROKEN: dict[str, Behaviour] = {
    "cut at once": saying(),
    "cut after a token": saying(chunk({"content": "The "})),
    "cut after fifty": saying(*[chunk({"content": "word "})] * 50),
    "cut within an event": saying(chunk({"content": "The "}), b'data: {"choices": [{"del'),
    "an error inside": saying(
        chunk({"content": "The "}),
        b'data: {"error": {"message": "sk-of-a-test", "type": "server_error"}}\n\n',
        DONE,
    ),
    "no JSON": saying(chunk({"content": "The "}), b"data: {oh dear\n\n", DONE),
    "another JSON": saying(b'data: {"choices": {"0": "text"}}\n\n', DONE),
    "a list": saying(b"data: [1, 2]\n\n", DONE),
    "nested without end": saying(b"data: " + b"[" * 100_000 + b"\n\n", DONE),
    "an endless event": saying(b"data: " + b"x" * 700_000),
    "an endless line": saying(b"x" * 700_000),
    "a page": saying(b"<html>Sign in</html>"),
    "nothing but the end": saying(DONE),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_broken_answer_is_an_error_where_it_breaks(
    model: OpenAiChat, server: ModelServer, broken: str
) -> None:
    server.tell([BROKEN[broken]])
    told: list[ModelEvent] = []

    async def go_on() -> None:
        async for event in model.stream(ASKED):
            told.append(event)  # noqa: PERF401  # What came before is the point.

    with pytest.raises(ModelUnavailable) as raised:
        await go_on()
    assert all(isinstance(event, TextDelta) for event in told)
    assert KEY not in raised.value.message


@pytest.mark.parametrize("after", [0, 1])
async def test_silence_ends_with_the_deadline(
    model: OpenAiChat, server: ModelServer, after: int
) -> None:
    async def silent(_: dict[str, Any], write: Write) -> None:
        await write(head() + chunk({"content": "The "}) * after)
        await asyncio.sleep(30)

    server.tell([silent])
    with pytest.raises(ModelDeadline):
        await read(model, ChatRequest(ASKED.turns, deadline=0.3))


async def test_an_answer_in_any_pieces_is_the_same(model: OpenAiChat, server: ModelServer) -> None:
    words = ("Größe ", "📦 ", "東京 ", "\u2028", "ok")
    whole = b"".join(chunk({"content": word}) for word in words) + STOP + usage(3, 5) + DONE
    whole = b": a comment\n\n" + whole.replace(b"\n\n", b"\r\n\r\n", 2)
    for size in (1, 3, 7, len(whole)):
        pieces = [whole[place : place + size] for place in range(0, len(whole), size)]
        server.tell([saying(*pieces)])
        *_, end = events = await read(model)
        assert text_of(events) == "".join(words)
        assert end == Completed(3, 5)


async def test_the_first_words_come_at_once_and_what_follows_together(
    model: OpenAiChat, server: ModelServer
) -> None:
    is_read, is_written = asyncio.Event(), asyncio.Event()

    async def say(_: dict[str, Any], write: Write) -> None:
        await write(head() + chunk({"content": "At "}))
        await is_read.wait()
        for word in ("nine, ", "as ", "always."):
            await write(chunk({"content": word}))
        is_written.set()
        await write(STOP + DONE)

    server.tell([say])
    told: list[str] = []
    async for event in model.stream(ASKED):
        if isinstance(event, TextDelta):
            told.append(event.text)
            is_read.set()
            await is_written.wait()
    assert told == ["At ", "nine, as always."]


async def test_what_comes_together_with_a_failure_is_told_before_it(
    model: OpenAiChat, server: ModelServer
) -> None:
    words = (chunk({"content": "At "}), chunk({"content": "nine."}))
    server.tell([saying(b"".join([*words, chunk(error={"code": 503})]))])
    events = model.stream(ASKED)
    assert await anext(events) == TextDelta("At nine.")
    with pytest.raises(ModelUnavailable):
        await anext(events)


async def test_an_answer_that_is_not_streamed_is_read_too(
    model: OpenAiChat, server: ModelServer
) -> None:
    async def whole(_: dict[str, Any], write: Write) -> None:
        message = {"role": "assistant", "content": "All at once."}
        body = {
            "choices": [{"message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 4, "completion_tokens": 3},
        }
        await write(head(kind="application/json; charset=utf-8") + json.dumps(body).encode())

    server.tell([whole])
    assert await read(model) == [TextDelta("All at once."), Completed(4, 3)]


async def test_a_service_that_does_not_tell_the_cost(
    model: OpenAiChat, server: ModelServer
) -> None:
    server.tell([saying(chunk({"content": "Some words here."}), STOP, DONE)])
    *_, end = await read(model)
    assert isinstance(end, Completed)
    assert end.is_estimate
    assert end.input_tokens > 3
    assert end.output_tokens > 2


async def test_a_service_that_does_not_know_how_to_tell_the_cost(
    model: OpenAiChat, server: ModelServer
) -> None:
    async def older(asked: dict[str, Any], write: Write) -> None:
        if "stream_options" in asked:
            error = {"error": {"message": "unknown field: stream_options"}}
            await write(head(400, "application/json") + json.dumps(error).encode())
        else:
            await saying(chunk({"content": "Yes."}), STOP, DONE)(asked, write)

    server.always = older
    assert text_of(await read(model)) == "Yes."
    assert text_of(await read(model)) == "Yes."
    assert len(server.asked) == 3, "it asks again what it knows already"


@pytest.mark.parametrize(
    ("said", "reason"),
    [("stop", "stop"), ("length", "length"), ("content_filter", "filter"), ("unheard_of", "stop")],
)
async def test_why_an_answer_ends(
    model: OpenAiChat, server: ModelServer, said: str, reason: str
) -> None:
    server.tell([saying(chunk({"content": "Well"}), chunk(reason=said), usage(1, 1), DONE)])
    *_, end = await read(model)
    assert end == Completed(1, 1, reason)  # type: ignore[arg-type]


async def test_calls_are_put_together_from_their_pieces(
    model: OpenAiChat, server: ModelServer
) -> None:
    def piece(index: int, arguments: str, **first: Any) -> bytes:
        name = {"name": first.pop("name")} if "name" in first else {}
        call = {"index": index, **first, "function": {**name, "arguments": arguments}}
        return chunk({"tool_calls": [call]})

    server.tell(
        [
            saying(
                piece(0, "", id="call_a", name="order_status"),
                piece(0, '{"order'),
                piece(1, "{}", id="call_b", name="hours"),
                piece(0, '": 7}'),
                chunk(reason="tool_calls"),
                usage(9, 8),
                DONE,
            )
        ]
    )
    tool = Tool("order_status", "Where an order is.", {"type": "object", "properties": {}})
    asked = ChatRequest(
        [
            ChatTurn("user", "Where is it?"),
            ChatTurn("assistant", "", (ToolCall("call_0", "hours", "{}"),)),
            ChatTurn("tool", "9 to 5", call_id="call_0"),
        ],
        tools=[tool],
        schema={"type": "object"},
        may_call=False,
    )
    assert await read(model, asked) == [
        ToolCall("call_a", "order_status", '{"order": 7}'),
        ToolCall("call_b", "hours", "{}"),
        Completed(9, 8, "tools"),
    ]
    [sent] = server.asked
    assert sent["tools"][0]["function"]["name"] == "order_status"
    assert sent["messages"][1]["tool_calls"][0]["id"] == "call_0"
    assert sent["messages"][2] == {"role": "tool", "content": "9 to 5", "tool_call_id": "call_0"}
    assert sent["tool_choice"] == "none"
    assert sent["response_format"]["json_schema"]["schema"] == {"type": "object"}


async def test_openai_itself_wants_its_newer_field(outbound: Outbound) -> None:
    own = OpenAiChat(outbound, "gpt", key=KEY)
    assert own._body(ASKED)["max_completion_tokens"] == ASKED.max_tokens
    assert "max_tokens" not in own._body(ASKED)


async def test_a_reader_who_leaves_ends_the_call(model: OpenAiChat, server: ModelServer) -> None:
    left = asyncio.Event()

    async def endless(_: dict[str, Any], write: Write) -> None:
        await write(head())
        try:
            for _number in range(1000):
                await write(chunk({"content": "on and on "}))
                await asyncio.sleep(0.01)
        except ConnectionError:
            left.set()

    server.tell([endless])
    async with aclosing(model.stream(ASKED)) as stream:
        async for _ in stream:
            break
    async with asyncio.timeout(5):
        await left.wait()
