"""Children that misbehave, die and are killed: the parent always gets a typed error and goes on."""

import asyncio
import gc
import os
import signal
from contextlib import suppress
from dataclasses import replace

import pytest

from answerdesk.core.errors import InvalidInput
from answerdesk.knowledge.ingestion.parse import UnreadableDocument
from answerdesk.knowledge.ingestion.prepare import QuestionAndAnswer, prepare
from answerdesk.knowledge.ingestion.sandbox.errors import ParsingStopped, ParsingUnavailable
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.types import QA_MEDIA_TYPE
from tests.knowledge.ingestion.sandbox.support import (
    LIMITS,
    MARKDOWN,
    eventually,
    is_alive,
    is_well,
    open_descriptors,
    operation,
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("spin", "parsing_timed_out"),
        ("spin_in_c", "parsing_timed_out"),
        ("allocate", "parsing_out_of_memory"),
        ("recurse", "parsing_too_deep"),
        ("fail", "parsing_crashed"),
        ("read_null", "parsing_crashed"),
        ("leave", "parsing_crashed"),
        ("write_garbage", "parsing_crashed"),
        ("answer_oddly", "parsing_crashed"),
    ],
)
async def test_a_reader_that_fails_is_told_by_its_document(
    parsing: ParsingProcess, name: str, code: str
) -> None:
    with pytest.raises(ParsingStopped) as stopped:
        await parsing.run(operation(name), b"", name="handbook.pdf")
    assert stopped.value.code == code
    assert stopped.value.message.startswith("handbook.pdf: ")
    assert "a word of the document" not in stopped.value.message
    assert not stopped.value.retriable
    assert await is_well(parsing)


async def test_an_answer_that_is_too_long_is_refused(parsing: ParsingProcess) -> None:
    assert await parsing.run(operation("answer_much"), b"", "1", name="a") == "x" * 1024 * 1024
    with pytest.raises(ParsingStopped) as stopped:
        await parsing.run(operation("answer_much"), b"", "3", name="a.csv")
    assert stopped.value.code == "parsing_too_much"
    assert "2 MiB" in stopped.value.message
    assert await is_well(parsing)


async def test_the_readers_own_refusals_come_through(parsing: ParsingProcess) -> None:
    with pytest.raises(UnreadableDocument) as unreadable:
        await parsing.prepare(b"", "text/markdown", "a.md")
    assert unreadable.value.reason == "empty"
    assert unreadable.value.message == "a.md: the file is empty"
    with pytest.raises(InvalidInput) as refused:
        await parsing.run(operation("refuse"), b"", name="a")
    assert (refused.value.code, refused.value.message) == ("not_taken", "This is not taken")
    assert not isinstance(refused.value, ParsingStopped)


async def test_a_child_that_is_killed_once_costs_the_document_nothing(
    parsing: ParsingProcess,
) -> None:
    assert await is_well(parsing)
    (killed,) = parsing.pids
    slept = asyncio.create_task(parsing.run(operation("sleep"), b"", "1", name="a"))
    await asyncio.sleep(0)
    os.kill(killed, signal.SIGKILL)
    assert await slept == "slept"
    assert killed not in parsing.pids


@pytest.mark.parametrize(
    ("number", "attempts"), [(signal.SIGSEGV, 2), (signal.SIGTERM, 2), (signal.SIGKILL, 3)]
)
async def test_a_document_whose_child_dies_each_time_is_refused(
    parsing: ParsingProcess, number: signal.Signals, attempts: int
) -> None:
    slept = asyncio.create_task(parsing.run(operation("sleep"), b"", "60", name="a"))
    killed: set[int] = set()
    while not slept.done():
        for pid in parsing.pids - killed:
            os.kill(pid, number)
            killed.add(pid)
        await asyncio.sleep(0.02)
    with pytest.raises(ParsingStopped) as stopped:
        await slept
    assert stopped.value.code == "parsing_crashed"
    assert len(killed) == attempts
    assert await is_well(parsing)


async def test_a_child_that_died_idle_is_replaced(parsing: ParsingProcess) -> None:
    assert await is_well(parsing)
    (pid,) = parsing.pids
    os.kill(pid, signal.SIGKILL)
    assert await is_well(parsing)


@pytest.mark.parametrize("python", ["/no/python", "/bin/true", "/bin/cat"])
async def test_no_child_can_be_started(python: str) -> None:
    parsing = ParsingProcess(LIMITS, python=python)
    with pytest.raises(ParsingUnavailable, match="could not be started") as unavailable:
        await parsing.prepare(MARKDOWN, "text/markdown", "a.md")
    assert unavailable.value.retriable
    await parsing.close()
    assert parsing.pids == frozenset()


async def test_cancelled_reading_leaves_no_child(parsing: ParsingProcess) -> None:
    spinning = asyncio.create_task(parsing.run(operation("spin"), b"", name="a"))
    await eventually(lambda: parsing.pids)
    (pid,) = parsing.pids
    spinning.cancel()
    await asyncio.gather(spinning, return_exceptions=True)
    assert await eventually(lambda: not is_alive(pid))
    assert await is_well(parsing)


async def test_nothing_is_left_open_after_many_deaths(parsing: ParsingProcess) -> None:
    assert await is_well(parsing)
    before = open_descriptors()
    for _ in range(5):
        with pytest.raises(ParsingStopped):
            await parsing.run(operation("leave"), b"", name="a")
    assert await is_well(parsing)
    assert await eventually(lambda: open_descriptors() <= before)


async def test_what_readers_print_disturbs_nothing(parsing: ParsingProcess) -> None:
    assert await parsing.run(operation("print_much"), b"", name="a") == "printed"


async def test_a_child_that_keeps_memory_is_replaced(parsing: ParsingProcess) -> None:
    keep = operation("keep", int)
    first = await parsing.run(keep, b"1000", name="a")
    assert await parsing.run(keep, b"160000000", name="a") == first
    assert await parsing.run(keep, b"1000", name="a") != first


async def test_a_child_without_work_ends() -> None:
    parsing = ParsingProcess(LIMITS, idle_seconds=0.2)
    assert await is_well(parsing)
    (pid,) = parsing.pids
    assert await eventually(lambda: not is_alive(pid))
    assert parsing.pids == frozenset()
    assert await is_well(parsing)
    await parsing.close()


async def test_closing_ends_what_is_being_read() -> None:
    parsing = ParsingProcess(LIMITS)
    spinning = asyncio.create_task(parsing.run(operation("spin"), b"", name="a"))
    await eventually(lambda: parsing.pids)
    (pid,) = parsing.pids
    await parsing.close()
    with pytest.raises(ParsingUnavailable):
        await spinning
    assert not is_alive(pid)
    with pytest.raises(ParsingUnavailable):
        await is_well(parsing)


async def test_closing_ends_a_child_that_just_starts() -> None:
    parsing = ParsingProcess(LIMITS)
    reading = asyncio.create_task(parsing.run(operation("spin"), b"", name="a"))
    await asyncio.sleep(0.01)
    await parsing.close()
    with pytest.raises(ParsingUnavailable):
        await reading
    assert parsing.pids == frozenset()


def test_a_reading_cancelled_while_its_child_starts_leaves_nothing_behind() -> None:
    async def cancel(after: float) -> None:
        parsing = ParsingProcess(LIMITS)
        reading = asyncio.create_task(parsing.run(operation("spin"), b"", name="a"))
        await asyncio.sleep(after)
        reading.cancel()
        await asyncio.wait({reading})
        await parsing.close()

    for after in (0.01, 0.05, 0.2):
        asyncio.run(cancel(after))
    # What is left tells now that its loop is gone, and pytest fails the test.
    gc.collect()


async def test_long_documents_let_short_ones_pass() -> None:
    parsing = ParsingProcess(replace(LIMITS, seconds=60, quick_seconds=0.3))
    bombs = [
        asyncio.create_task(parsing.run(operation("spin"), b"", name="bomb")) for _ in range(3)
    ]
    await eventually(lambda: parsing.pids)
    assert await is_well(parsing)
    assert not any(bomb.done() for bomb in bombs)
    assert len(parsing.pids) <= 2
    await parsing.close()
    results = await asyncio.gather(*bombs, return_exceptions=True)
    assert [type(one) for one in results] == [ParsingUnavailable] * 3


async def test_the_clock_condemns_no_document() -> None:
    parsing = ParsingProcess(replace(LIMITS, wall_seconds=0.5))
    with pytest.raises(ParsingUnavailable) as busy:
        await parsing.run(operation("sleep"), b"", "60", name="a")
    assert busy.value.code == "parsing_busy"
    assert busy.value.retriable
    await parsing.close()
    assert parsing.readings == 0


async def test_a_document_that_waits_long_for_a_processor_is_read(parsing: ParsingProcess) -> None:
    # More of the clock than it may have of a processor.
    seconds = 2.5 * LIMITS.seconds
    assert await parsing.run(operation("sleep"), b"", str(seconds), name="a") == "slept"


async def test_a_child_that_is_stopped_for_long_costs_the_document_nothing() -> None:
    parsing = ParsingProcess(replace(LIMITS, wall_seconds=3))
    await _until_read(parsing)
    (stopped,) = parsing.pids
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(ParsingUnavailable) as busy:
        await is_well(parsing)
    assert busy.value.code == "parsing_busy"
    with suppress(ProcessLookupError):
        os.kill(stopped, signal.SIGCONT)
    assert await eventually(lambda: not is_alive(stopped))
    await _until_read(parsing)
    assert stopped not in parsing.pids
    await parsing.close()


async def _until_read(parsing: ParsingProcess) -> None:
    """Read a document as ingestion does: again where others had the machine."""
    for _ in range(20):
        with suppress(ParsingUnavailable):
            assert await is_well(parsing)
            return
    raise AssertionError("no document is read")


async def test_who_waits_for_an_answer_is_not_kept_for_ever(parsing: ParsingProcess) -> None:
    sleep = operation("sleep")
    with pytest.raises(ParsingUnavailable) as busy:
        await parsing.run(sleep, b"", "60", name="a", patience=0.3)
    assert busy.value.code == "parsing_busy"
    # Waiting for one's turn counts.
    readings = [asyncio.create_task(parsing.run(sleep, b"", "60", name="a")) for _ in range(3)]
    await eventually(lambda: parsing.pids)
    with pytest.raises(ParsingUnavailable):
        await parsing.prepare(MARKDOWN, "text/markdown", "a.md", patience=0)
    for reading in readings:
        reading.cancel()
    await asyncio.gather(*readings, return_exceptions=True)
    assert await is_well(parsing)


async def test_a_child_that_gets_rid_of_its_timer_is_told_all_the_same() -> None:
    parsing = ParsingProcess(replace(LIMITS, seconds=0.1, wall_seconds=4))
    with pytest.raises(ParsingStopped) as stopped:
        await parsing.run(operation("spin_for_ever"), b"", name="a.pdf")
    assert stopped.value.code == "parsing_timed_out"
    await parsing.close()


async def test_processor_time_is_that_of_one_document(parsing: ParsingProcess) -> None:
    """What earlier documents took does not count."""
    work = operation("work", int)
    pids = {await parsing.run(work, b"", str(LIMITS.seconds / 3), name="a") for _ in range(5)}
    assert len(pids) == 1
    with pytest.raises(ParsingStopped) as stopped:
        await parsing.run(work, b"", str(LIMITS.seconds * 3), name="a")
    assert stopped.value.code == "parsing_timed_out"


async def test_readings_are_counted(parsing: ParsingProcess) -> None:
    for content in (MARKDOWN, b"", MARKDOWN):
        with suppress(UnreadableDocument):
            await parsing.prepare(content, "text/markdown", "a.md")
    assert parsing.readings == 3


async def test_documents_are_prepared_as_without_a_child() -> None:
    parsing = ParsingProcess()
    assert await parsing.prepare(MARKDOWN, "text/markdown", "a.md") == prepare(
        MARKDOWN, "text/markdown", "a.md"
    )
    many = "\n\n".join(f"# Part {n}\n\n{'Words of a part. ' * 80}" for n in range(160)).encode()
    prepared = await parsing.prepare(many, "text/markdown", "many.md")
    assert prepared == prepare(many, "text/markdown", "many.md")
    assert len(prepared.drafts) > 150
    await parsing.close()


async def test_items_of_our_own_need_no_child(parsing: ParsingProcess) -> None:
    item = QuestionAndAnswer(question="When?", answer="At nine.").to_bytes()
    prepared = await parsing.prepare(item, QA_MEDIA_TYPE, "item")
    assert prepared.drafts[0].text == "When?\nAt nine."
    assert parsing.pids == frozenset()
