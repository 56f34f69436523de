"""Several pieces of work at the same time."""

import asyncio

import pytest

from answerdesk.kit.together import together


async def test_an_error_of_any_piece_is_raised() -> None:
    async def fail() -> str:
        raise LookupError

    for work in ([fail()], [asyncio.sleep(0, "done"), fail()]):
        with pytest.raises(LookupError):
            await together(work)


async def test_results_are_in_the_order_of_the_work() -> None:
    turn = asyncio.Event()

    async def first() -> str:
        await turn.wait()
        return "first"

    async def second() -> str:
        turn.set()
        return "second"

    assert await together([first(), second()]) == ["first", "second"]
    assert await together([second()]) == ["second"]
    assert await together([]) == []


async def test_a_single_piece_is_done_in_the_task_that_asks() -> None:
    async def mine() -> asyncio.Task[object] | None:
        return asyncio.current_task()

    assert await together([mine()]) == [asyncio.current_task()]
    assert asyncio.current_task() not in await together([mine(), mine()])
