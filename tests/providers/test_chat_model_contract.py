"""What every chat model promises, whichever it is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from answerdesk.providers.chat_model import (
    ChatModel,
    ChatRequest,
    ChatTurn,
    Completed,
    ModelDeadline,
    ModelEvent,
    ModelUnavailable,
    TextDelta,
)
from answerdesk.providers.fake_chat_model import FakeChatModel, first_passage
from answerdesk.providers.openai_chat import OpenAiChat
from tests.providers.model_server import (
    DONE,
    KEY,
    MODEL,
    Behaviour,
    Write,
    chunk,
    head,
    loopback_outbound,
    model_server,
    usage,
)

Make = Callable[..., ChatModel]


def behaviour(latency: float = 0.0, pace: float = 0.0, fails_after: int | None = None) -> Behaviour:
    """Have a server answer as the fake model does."""

    async def answer(asked: dict[str, Any], write: Write) -> None:
        turns = [ChatTurn(one["role"], one["content"]) for one in asked["messages"]]
        words = first_passage(ChatRequest(turns)).split(" ")
        await asyncio.sleep(latency)
        await write(head())
        for number, word in enumerate(words[: asked["max_tokens"]]):
            await asyncio.sleep(pace)
            if number == fails_after:
                return
            await write(chunk({"content": f"{word} "}))
        written = min(len(words), asked["max_tokens"])
        await write(chunk(reason="stop" if written == len(words) else "length"))
        await write(usage(20, written) + DONE)

    return answer


@pytest.fixture(params=["fake", "openai"])
async def make(request: pytest.FixtureRequest) -> AsyncIterator[Make]:
    """Make a model; `latency`, `pace` (seconds) and `fails_after` (pieces) say how it behaves."""
    if request.param == "fake":
        yield FakeChatModel
        return
    outbound = loopback_outbound()
    async with model_server() as server:

        def made(**options: Any) -> ChatModel:
            server.always = behaviour(**options)
            return OpenAiChat(outbound, MODEL, url=server.url, key=KEY)

        yield made
        await outbound.close()


_ASKED = ChatRequest(
    [
        ChatTurn("system", "Answer from the passages.\n\n[1] Prices\nThe small plan is free.\n"),
        ChatTurn("user", "What does it cost?"),
    ],
    max_tokens=50,
    deadline=5,
)


async def _all(model: ChatModel, request: ChatRequest) -> list[ModelEvent]:
    return [event async for event in model.stream(request)]


async def test_a_closed_model_refuses(make: Make) -> None:
    model = make()
    await model.close()
    await model.close()
    with pytest.raises(ModelUnavailable):
        await _all(model, _ASKED)


@pytest.mark.parametrize("late", [{"latency": 5.0}, {"pace": 0.1}])
async def test_a_deadline_that_passes_ends_the_answer(make: Make, late: dict[str, float]) -> None:
    request = ChatRequest(_ASKED.turns, deadline=0.25)
    began = asyncio.get_running_loop().time()
    with pytest.raises(ModelDeadline):
        await _all(make(**late), request)
    assert asyncio.get_running_loop().time() - began >= 0.2


@pytest.mark.parametrize("pieces", [0, 2])
async def test_a_failure_is_told_as_one_where_it_happens(make: Make, pieces: int) -> None:
    told: list[ModelEvent] = []

    async def read() -> None:
        async for event in make(fails_after=pieces).stream(_ASKED):
            told.append(event)  # noqa: PERF401  # What came before the failure is the point.

    with pytest.raises(ModelUnavailable):
        await read()
    assert len(told) == pieces
    assert all(isinstance(event, TextDelta) for event in told)


async def test_pieces_come_as_they_are_made_and_the_end_says_what_it_cost(make: Make) -> None:
    *pieces, end = await _all(make(), _ASKED)
    assert len(pieces) > 1
    assert all(isinstance(piece, TextDelta) and piece.text for piece in pieces)
    assert isinstance(end, Completed)
    assert end.reason == "stop"
    assert 0 < end.output_tokens <= _ASKED.max_tokens
    assert end.input_tokens > 0


async def test_the_bound_on_tokens_cuts_the_answer_off(make: Make) -> None:
    *pieces, end = await _all(make(), ChatRequest(_ASKED.turns, max_tokens=2))
    assert isinstance(end, Completed)
    assert end.reason == "length"
    assert end.output_tokens == 2
    assert pieces


async def test_answers_at_the_same_time_do_not_mix(make: Make) -> None:
    model = make(pace=0.01)
    others = [
        ChatRequest([ChatTurn("user", f"[1] N\nNumber {number}."), _ASKED.turns[1]])
        for number in range(8)
    ]
    answers = await asyncio.gather(*(_all(model, one) for one in others))
    for number, answer in enumerate(answers):
        text = "".join(event.text for event in answer if isinstance(event, TextDelta))
        assert f"Number {number}." in text


async def test_a_reader_who_leaves_ends_the_call() -> None:
    model = FakeChatModel(pace=0.01)
    async with aclosing(model.stream(_ASKED)) as stream:
        async for _ in stream:
            break
    assert model.ended == 1
    assert len(model.calls) == 1
