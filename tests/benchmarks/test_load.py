"""Clients that chat with a server for a while: what they count, and what not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from time import monotonic

import psutil
import pytest

from answerdesk.providers.chat_model import ChatRequest, ChatTurn, Completed, TextDelta
from answerdesk.providers.openai_chat import OpenAiChat
from benchmarks.speed.corpora import made_up, real
from benchmarks.speed.load import PARTS, Round, chats
from benchmarks.speed.server import Serving
from benchmarks.speed.stub_model import (
    FIRST_TOKEN_SECONDS,
    TOKEN_SECONDS,
    TOKENS,
    StubModel,
    stub_model,
)
from tests.benchmarks.test_data import write_set
from tests.providers.model_server import loopback_outbound

WRITTEN = b'HTTP/1.1 200 OK\r\n\r\nevent: token\ndata: {"token":"Indeed,"}\n\nevent: done\n\n'
ANSWER = b"HTTP/1.1 200 OK\r\n\r\nevent: token\ndata: {}\n\nevent: done\ndata: {}\n\n"
BROKEN_OFF = b"HTTP/1.1 200 OK\r\n\r\nevent: token\ndata: {}\n\n"
REFUSAL = b"HTTP/1.1 503 Service Unavailable\r\n\r\n"


@asynccontextmanager
async def _server(tmp_path: Path, *answers: bytes) -> AsyncIterator[tuple[Serving, list[bytes]]]:
    asked: list[bytes] = []
    replies = cycle(answers)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"}")).splitlines()[-1])
        writer.write(next(replies))
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield Serving(f"http://127.0.0.1:{port}", port, tmp_path, "", psutil.Process(), 0.0), asked


async def test_a_chat_counts_that_came_to_its_end(tmp_path: Path) -> None:
    async with _server(tmp_path, ANSWER) as (server, asked):
        one = await chats(server, "proj_1", cycle(["Why?", "How?"]), 2, 1.0)
    assert one.times
    assert one.failed == 0
    assert set(one.processor) == set(PARTS)
    assert {b'"message": "Why?"' in question for question in asked} == {True, False}


async def test_what_is_refused_or_broken_off_is_counted_as_failed(tmp_path: Path) -> None:
    async with _server(tmp_path, REFUSAL, BROKEN_OFF) as (server, _):
        one = await chats(server, "proj_1", cycle(["Why?"]), 2, 1.0)
    assert one.failed > 0
    assert one.times == []


async def test_with_a_model_times_are_above_its_own_and_other_chats_have_none(
    tmp_path: Path,
) -> None:
    model = StubModel("", psutil.Process())
    async with _server(tmp_path, WRITTEN, ANSWER) as (server, _):
        one = await chats(server, "proj_1", cycle(["Why?"]), 2, 0.5, model)
    assert one.others > 0
    assert one.chats == one.others + len(one.times)
    # This server answers at once, long before the model that it doesn't ask.
    assert -FIRST_TOKEN_SECONDS <= min(one.times) < 0


async def test_the_stub_model_writes_what_the_passages_say_at_its_pace() -> None:
    passage = "The plan is small. It costs nothing. " * 12
    system = f"Rules.\n\n<passages>\n<passage>\n[1] Prices\n{passage}\n</passage>\n</passages>"
    asked = ChatRequest([ChatTurn("system", system), ChatTurn("user", "Why?")])
    outbound = loopback_outbound()
    with stub_model() as running:
        model = OpenAiChat(outbound, "stub", url=running.url)
        began = monotonic()
        events = [(monotonic() - began, event) async for event in model.stream(asked)]
    await outbound.close()
    *said, (_, completed) = events
    text = "".join(event.text for _, event in said if isinstance(event, TextDelta))
    assert text.startswith("Indeed, The plan is small. [1] It costs nothing. [1]")
    assert completed == Completed(1000, TOKENS)
    assert said[0][0] >= FIRST_TOKEN_SECONDS
    assert said[-1][0] >= FIRST_TOKEN_SECONDS + (TOKENS - 1) * TOKEN_SECONDS


def test_rounds_add_up() -> None:
    processor = dict.fromkeys(PARTS, 0.5)
    both = Round(2, [0.1, 0.2], 1, processor) + Round(3, [0.3], 0, processor)
    assert (both.seconds, both.failed, both.rate) == (5, 1, 3 / 5)
    assert both.percentile(50) == pytest.approx(200)
    # Three parts of a second each, over three chats; the clients are no part of it.
    assert both.milliseconds() == pytest.approx(1000)
    assert both.milliseconds("clients") == pytest.approx(1000 / 3)


def test_a_large_project_is_filled_with_texts_of_which_no_two_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERDESK_EVAL_DATA", str(tmp_path))
    first = "A river rises here. It is long. It ends there."
    second = "The town is old. Its wall is older. Its people are young."
    write_set(tmp_path, "squad2", [("The_Rhine", first), ("The_Rhine", second)], "Where?")
    write_set(tmp_path, "xquad_en", [("The_Rhine", first)], "Why?")
    corpus = real(10)
    assert all(title == "The Rhine" for title, _ in corpus.texts)
    contents = [content for _, content in corpus.texts]
    assert contents[:2] == [first, second]
    assert len(contents) == len(set(contents)) == 4
    assert sorted(corpus.questions) == ["Where?", "Why?", "other"]
    assert len(real(3).texts) == 3


def test_made_up_questions_are_the_same_each_time() -> None:
    assert made_up(150) == made_up(150)
    assert len(made_up(150).texts) == 2
    assert len(set(made_up(1).questions)) > 2048
