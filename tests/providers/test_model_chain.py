"""Several models as one: what is tried again, who comes next, and when it ends."""

import asyncio
from collections.abc import Sequence

import pytest

from answerdesk.providers import model_chain
from answerdesk.providers.chat_model import (
    ChatRequest,
    ChatTurn,
    Completed,
    ModelDeadline,
    ModelRefuses,
    ModelUnavailable,
    TextDelta,
)
from answerdesk.providers.fake_chat_model import FAULTS, FakeChatModel, Fault
from answerdesk.providers.model_chain import Began, Breaker, ChainEvent, Link, ModelChain

ASKED = ChatRequest([ChatTurn("user", "[1] Prices\nThe small plan is free.\n")], deadline=4)
GOOD = "The model says: The small plan is free."
AFTER_ITS_BEGINNING: tuple[Fault, ...] = (
    *("cut_after_1", "cut_after_50", "error_inside", "endless", "slow"),
)


def chain(*models: FakeChatModel) -> ModelChain:
    return ModelChain([Link(model, Breaker()) for model in models])


async def read(of: ModelChain, request: ChatRequest = ASKED) -> list[ChainEvent]:
    return [event async for event in of.stream(request)]


def text_of(events: Sequence[ChainEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def test_without_models_there_is_no_answer() -> None:
    with pytest.raises(ModelUnavailable):
        await read(chain())


@pytest.mark.parametrize("fault", [one for one in FAULTS if one not in AFTER_ITS_BEGINNING])
async def test_a_model_that_does_not_begin_is_replaced_by_the_next(fault: Fault) -> None:
    first = FakeChatModel(name="first", faults=[fault] * 9)
    second = FakeChatModel(name="second")
    events = await read(chain(first, second))
    if fault in ("nonsense_call", "no_json"):
        # It does answer; what it says is for others to judge.
        assert isinstance(events[0], Began)
        assert events[0].place == 0
        return
    assert isinstance(events[0], Began)
    assert (events[0].place, events[0].model) == (1, "second")
    assert text_of(events) == GOOD
    assert len(first.calls) <= 1 + model_chain.MOST_RETRIES
    assert first.ended == len(first.calls)


async def test_each_model_writes_as_much_as_it_may_itself() -> None:
    first = FakeChatModel(name="first", faults=["refused"] * 9)
    second, third = FakeChatModel(name="second", faults=["bad_key"]), FakeChatModel(name="third")
    links = [Link(first, Breaker(), 4000), Link(second, Breaker()), Link(third, Breaker(), 3)]
    events = await read(ModelChain(links))
    assert text_of(events) == "The model says: "
    assert {call.max_tokens for call in first.calls} == {4000}
    assert [call.max_tokens for call in second.calls] == [ASKED.max_tokens]
    assert [call.max_tokens for call in third.calls] == [3]


async def test_what_is_too_long_goes_by_the_model_that_writes() -> None:
    first = FakeChatModel(name="first", faults=["bad_key"] * 2)
    second = FakeChatModel(name="second", write=lambda _: "on and on " * 100)
    links = [Link(first, Breaker(), 100_000), Link(second, Breaker(), 900)]
    assert len(text_of(await read(ModelChain(links)))) > 500
    endless = FakeChatModel(name="endless", faults=["endless"])
    with pytest.raises(ModelUnavailable) as raised:
        await read(ModelChain([Link(first, Breaker(), 100_000), Link(endless, Breaker(), 9)]))
    assert raised.value.code == "model_answer_too_long"


@pytest.mark.parametrize("fault", AFTER_ITS_BEGINNING)
async def test_a_model_that_has_begun_answers_or_nobody(fault: Fault) -> None:
    first = FakeChatModel(faults=[fault] * 9)
    second = FakeChatModel()
    told: list[ChainEvent] = []

    async def go_on() -> None:
        async for event in chain(first, second).stream(ASKED):
            told.append(event)  # noqa: PERF401  # What came before is the point.

    with pytest.raises(ModelUnavailable):
        await go_on()
    assert isinstance(told[0], Began)
    assert len(first.calls) == 1
    assert not second.calls
    assert not [event for event in told if isinstance(event, Completed)]


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        *((fault, 3) for fault in ("refused", "overloaded", "unreadable", "empty", "white")),
        *(("limited", 3), ("limited_for_long", 1), ("bad_key", 1), ("withheld", 1), ("silent", 1)),
    ],
)
async def test_only_what_may_pass_is_tried_again(fault: Fault, calls: int) -> None:
    model = FakeChatModel(faults=[fault] * 9)
    began = asyncio.get_running_loop().time()
    with pytest.raises(ModelUnavailable):
        await read(chain(model))
    assert len(model.calls) == calls
    assert asyncio.get_running_loop().time() - began < ASKED.deadline + 1


async def test_a_second_attempt_may_succeed() -> None:
    events = await read(chain(FakeChatModel(faults=["overloaded", "limited"])))
    assert isinstance(events[0], Began)
    assert events[0].attempts == 3
    assert text_of(events) == GOOD


async def test_retries_are_counted_over_all_models() -> None:
    models = [FakeChatModel(faults=["overloaded"] * 9) for _ in range(4)]
    with pytest.raises(ModelUnavailable):
        await read(chain(*models))
    assert sum(len(model.calls) for model in models) == 4 + model_chain.MOST_RETRIES


async def test_a_silent_model_leaves_time_for_the_next() -> None:
    first, second = FakeChatModel(faults=["silent"]), FakeChatModel(latency=0.5)
    assert text_of(await read(chain(first, second))) == GOOD
    with pytest.raises(ModelDeadline):
        await read(chain(FakeChatModel(faults=["silent"]), FakeChatModel(faults=["silent"])))


async def test_white_space_is_no_beginning() -> None:
    model = FakeChatModel(write=lambda _: "  \n\n Well.")
    events = await read(chain(model))
    assert text_of(events).strip() == "Well."


async def test_a_model_that_keeps_failing_is_spared() -> None:
    model = FakeChatModel(faults=["overloaded"] * 5)
    link = Link(model, Breaker())
    for _ in range(4):
        with pytest.raises(ModelUnavailable):
            await read(ModelChain([link]))
    assert len(model.calls) == 5, "it is asked though it fails"
    # Another chain with the same link spares it, too.
    second = FakeChatModel(name="second")
    events = await read(ModelChain([link, Link(second, Breaker())]))
    assert isinstance(events[0], Began)
    assert events[0].model == "second"
    assert len(model.calls) == 5


async def test_after_a_while_one_request_tries_it() -> None:
    breaker = Breaker()
    for _ in range(5):
        assert breaker.admits()
        breaker.failed()
    assert not breaker.admits()
    breaker._open_until = 0.0
    assert breaker.admits()
    assert not breaker.admits(), "several requests try it"
    breaker.succeeded()
    assert breaker.admits()


async def test_what_a_visitor_asks_for_spares_no_model() -> None:
    model = FakeChatModel(faults=["withheld"] * 20)
    link = Link(model, Breaker())
    for _ in range(8):
        with pytest.raises(ModelRefuses):
            await read(ModelChain([link]))
    assert len(model.calls) == 8
