"""Who waits for whom when some documents take long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from answerdesk.knowledge.ingestion.sandbox.errors import ParsingUnavailable
from answerdesk.knowledge.ingestion.sandbox.lanes import Lanes, MustMakeWay, Used
from tests.waiting import PATIENCE

QUICK = 0.05


@asynccontextmanager
async def reading(
    lanes: Lanes, ends: asyncio.Event, used: Used = lambda: None
) -> AsyncIterator["asyncio.Task[str]"]:
    """Read a document in a quick place until the event; the task says how that went."""
    began = asyncio.Event()

    async def read() -> str:
        try:
            async with lanes.quick_place() as place:
                began.set()
                work = asyncio.create_task(ends.wait())
                try:
                    await place.wait_for(work, used)
                finally:
                    work.cancel()
                return "aside" if place.is_aside else "quick"
        except MustMakeWay:
            return "stopped"

    task = asyncio.create_task(read())
    await began.wait()
    try:
        yield task
    finally:
        ends.set()
        await task


async def test_waiting_too_long_is_told_as_a_reason_to_try_again() -> None:
    lanes = Lanes(1, quick_seconds=60, wait_seconds=0.05)
    async with reading(lanes, asyncio.Event()):
        with pytest.raises(ParsingUnavailable) as unavailable:
            async with lanes.quick_place():
                pass
    assert unavailable.value.code == "parsing_busy"


async def test_a_short_one_keeps_its_place() -> None:
    lanes, ends = Lanes(1, QUICK, PATIENCE), asyncio.Event()
    ends.set()
    async with reading(lanes, ends) as task:
        assert await task == "quick"


async def test_a_long_one_goes_aside_and_lets_others_in() -> None:
    lanes, long = Lanes(1, QUICK, PATIENCE), asyncio.Event()
    async with reading(lanes, long) as task:
        async with lanes.quick_place():
            assert not task.done()
        long.set()
        assert await task == "aside"
    async with lanes.slow_place(), lanes.quick_place():
        pass


async def test_a_second_long_one_is_stopped_only_when_somebody_waits() -> None:
    lanes = Lanes(1, QUICK, PATIENCE)
    async with reading(lanes, asyncio.Event()), reading(lanes, asyncio.Event()) as second:
        await asyncio.sleep(QUICK * 10)
        assert not second.done()
        async with lanes.quick_place():
            assert await second == "stopped"


async def test_a_second_long_one_goes_aside_when_the_first_is_done() -> None:
    lanes, first_ends, second_ends = Lanes(1, QUICK, PATIENCE), asyncio.Event(), asyncio.Event()
    async with reading(lanes, first_ends) as first, reading(lanes, second_ends) as second:
        first_ends.set()
        assert await first == "aside"
        async with lanes.quick_place():
            assert not second.done()
        second_ends.set()
        assert await second == "aside"


async def test_one_that_gets_nothing_of_a_processor_begins_not_anew_at_once() -> None:
    # So long that the clock alone says nothing before the test is over.
    quick, used = 1.0, 0.0
    lanes = Lanes(1, quick, PATIENCE)
    async with (
        reading(lanes, asyncio.Event()) as first,
        reading(lanes, asyncio.Event(), lambda: used) as second,
    ):
        waiting = asyncio.create_task(_pass_through(lanes))
        await asyncio.sleep(quick * 1.5)
        assert not any(one.done() for one in (first, second, waiting))
        used = quick
        assert await second == "stopped"
        await waiting


async def test_one_that_gets_nothing_of_a_processor_has_no_place_for_ever() -> None:
    lanes = Lanes(1, QUICK, PATIENCE)
    async with reading(lanes, asyncio.Event()), reading(lanes, asyncio.Event(), lambda: 0.0) as one:
        await _pass_through(lanes)
        assert await one == "stopped"


async def _pass_through(lanes: Lanes) -> None:
    async with lanes.quick_place():
        pass


async def test_places_are_given_back_however_it_ends() -> None:
    lanes = Lanes(2, QUICK, PATIENCE)
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            async with lanes.quick_place():
                raise ZeroDivisionError
    async with lanes.quick_place(), lanes.quick_place(), lanes.slow_place():
        pass
