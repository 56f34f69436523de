"""A thousand turns, of which every third or fourth meets a model that fails in a way of its own."""

import asyncio
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

import httpx
import pytest

from tests.conftest import Desk, Rows, Server, free_port
from tests.dialects.orac.chat import Chat, parse_frames
from tests.providers.model_server import (
    DONE,
    KEY,
    Behaviour,
    ModelServer,
    Write,
    chunk,
    head,
    model_server,
    refusing,
    saying,
    usage,
)
from tests.waiting import PATIENCE

PROJECTS: Final = 20
TURNS: Final = 50
FAULTY: Final = frozenset({0, 3, 6})
"""Which of ten turns: never two in succession, so that no model is spared for long."""

ANSWERED_WITHIN: Final = 30.0
MOST_ATTEMPTS: Final = 3

PRICES: Final = "The small plan costs nine euros a month. Delivery takes three days."
QUESTION: Final = "What does the small plan cost?"
WORDS: Final = ("The ", "small ", "plan ", "costs ", "nine ", "euros ", "a ", "month [1].")
WELL: Final = (
    *(chunk({"content": word}) for word in WORDS),
    chunk(reason="stop"),
    usage(9, 8),
    DONE,
)
WHOLE: Final = "The small plan costs nine euros a month. [1]"
"""What is stored of the model's answer, if it comes to its end."""

BABBLE: Final = tuple(chunk({"content": "again and again "}) for _ in range(60))


async def _hang_up(_: dict[str, Any], __: Write) -> None:
    raise ConnectionError


async def _stay_silent(_: dict[str, Any], __: Write) -> None:
    await asyncio.sleep(60)


async def _stay_silent_after_the_head(_: dict[str, Any], write: Write) -> None:
    await write(head())
    await asyncio.sleep(60)


NOTHING: Final = chunk(reason="stop") + DONE
CALL: Final = {
    "index": 0,
    "id": "call_1",
    "function": {"name": "no_such", "arguments": "{not json"},
}
ERROR: Final = b'data: {"error": {"message": "overloaded ' + KEY.encode() + b'", "code": 529}}\n\n'
BYTES: Final = tuple(bytes([one]) for one in b"".join(WELL))

FAULTS: Final[dict[str, Behaviour]] = {
    "hangs up": _hang_up,
    "silent": _stay_silent,
    "silent after its head": _stay_silent_after_the_head,
    "429": refusing(429),
    "429 for a second": refusing(429, "as_told", "Retry-After: 1"),
    "429 for an hour": refusing(429, "as_told", "Retry-After: 3600"),
    "500": refusing(500),
    "502": refusing(502),
    "503": refusing(503),
    "529": refusing(529),
    "bad key": refusing(401, "invalid_api_key"),
    "cut at once": saying(),
    "cut after one token": saying(WELL[0]),
    "cut after 50 tokens": saying(*BABBLE[:50]),
    "an error inside": saying(ERROR),
    "an error after a token": saying(WELL[0], ERROR),
    "wrong JSON": saying(b"data: {not json\n\n", DONE),
    "wrong JSON after a token": saying(WELL[0], b"data: {not json\n\n", DONE),
    "empty": saying(NOTHING),
    "white": saying(chunk({"content": " \n\n \t "}), NOTHING),
    "a megabyte": saying(*[b"".join(BABBLE)] * 1100, NOTHING),
    "filtered": saying(chunk(reason="content_filter"), DONE),
    "filtered after a token": saying(WELL[0], chunk(reason="content_filter"), DONE),
    "nonsense calls": saying(chunk({"tool_calls": [CALL]}), chunk(reason="tool_calls"), DONE),
    "split in bytes": saying(*BYTES),
    "one token a second": saying(*WELL, pause=1.0),
}
HARMLESS: Final = {"split in bytes", "one token a second"}
"""What an answer survives."""


@dataclass
class Turn:
    """One question to one project, and what came of it."""

    project: int
    fault: str | None
    attempts: int = 0
    seconds: float = 0.0
    raw: str = ""
    stored: list[dict[str, Any]] = field(default_factory=list)

    @property
    def chat(self) -> Chat:
        return parse_frames(self.raw)

    @property
    def told(self) -> str:
        """How its stream ended: with `done`, or the code of an error."""
        name, data = self.chat.frames[-1]
        return str(data["code"]) if name == "error" else name

    @property
    def answer(self) -> str:
        """The text of the answer that is stored, without its Markdown."""
        stored = "".join(one["content"] for one in self.stored if one["role"] == "assistant")
        return re.sub(r"[\\*]", "", stored)


class Shops:
    """Projects that are each answered by a model of their own; every other one falls back."""

    def __init__(self, owner: httpx.Client, visitor: httpx.Client, url: str, closed: str) -> None:
        self.desks = [Desk(owner, visitor) for _ in range(PROJECTS + 1)]
        for number, desk in enumerate(self.desks):
            desk.add_text("Prices", PRICES)
            falls_back = number % 2 == 0
            second = self._add(desk, "Second", url, "second") if falls_back else None
            refused = number == PROJECTS
            self._add(desk, "First", closed if refused else url, f"first-{number}", fallback=second)
            [agent] = owner.get(f"{desk.path}/agents").json()["items"]
            changed = owner.patch(f"{desk.path}/agents/{agent['id']}", json={"model": "First"})
            assert changed.status_code == 200, changed.text

    def _add(self, desk: Desk, name: str, url: str, model: str, **fields: Any) -> str:
        body = {"name": name, "provider": "compatible", "url": url, "model": model, "key": KEY}
        body |= {"project_id": desk.project_id, **fields}
        added = desk.owner.post("/v1/language-models", json=body, params={"unchecked": "true"})
        assert added.status_code == 201, added.text
        return str(added.json()["id"])


class Asking:
    """Asks, one turn of a project after the other, and tells the model how to fail."""

    def __init__(self, client: httpx.AsyncClient, shops: Shops, model: ModelServer) -> None:
        self._client = client
        self._shops = shops
        self._current: dict[str, Turn] = {}
        model.models = {"second", *(f"first-{number}" for number in range(PROJECTS))}
        model.always = self._behave

    async def _behave(self, asked: dict[str, Any], write: Write) -> None:
        turn = self._current.get(asked["model"])
        if turn is not None:
            turn.attempts += 1
        fault = None if turn is None else turn.fault
        await (saying(*WELL) if fault is None else FAULTS[fault])(asked, write)

    async def ask(self, turn: Turn) -> Turn:
        self._current[f"first-{turn.project}"] = turn
        body = {"project_id": self._shops.desks[turn.project].project_id, "message": QUESTION}
        began = time.monotonic()
        turn.raw = (await self._client.post("/api/chat", json=body)).text
        turn.seconds = time.monotonic() - began
        turn.stored = await self._stored(turn.chat.conversation_id)
        return turn

    async def _stored(self, conversation: str) -> list[dict[str, Any]]:
        path = "/api/widget/messages"
        shown = await self._client.get(path, params={"conversationId": conversation})
        return list(shown.json()["messages"])

    async def all_of(self, turns: Sequence[Turn]) -> Sequence[Turn]:
        return [await self.ask(turn) for turn in turns]


def _planned() -> Iterator[list[Turn]]:
    """Plan the turns of each project: the faults in turn, so that each is met about as often."""
    faults = cycle(FAULTS)
    for project in range(PROJECTS):
        yield [
            Turn(project, next(faults) if number % 10 in FAULTY else None)
            for number in range(TURNS)
        ]


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


@pytest.mark.soak
async def test_however_a_model_fails_each_question_gets_one_whole_answer(
    server: Server, owner: httpx.Client, visitor: httpx.Client, model: ModelServer, rows: Rows
) -> None:
    closed = f"http://127.0.0.1:{free_port()}/v1"
    # The model answers in this thread's loop, so nothing else may hold it meanwhile.
    shops = await asyncio.to_thread(Shops, owner, visitor, model.url, closed)
    limits = httpx.Limits(max_connections=PROJECTS + 1)
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE, limits=limits) as client:
        asking = Asking(client, shops, model)
        refused = [Turn(PROJECTS, None) for _ in range(10)]
        done = await asyncio.gather(*(asking.all_of(one) for one in [*_planned(), refused]))
    turns = [turn for one in done for turn in one]
    _report(turns)

    for turn in turns:
        assert [one["role"] for one in turn.stored] == ["user", "assistant"], turn
        assert turn.answer in (WHOLE, PRICES), turn
        assert turn.seconds <= ANSWERED_WITHIN, turn
        assert turn.attempts <= MOST_ATTEMPTS, turn
        assert turn.told in ("done", "answer_cut"), turn
        for secret in (KEY, model.url, f":{model.port}", closed):
            assert secret not in turn.raw + str(turn.stored), turn
        shown = turn.chat.text.replace("*", "")
        assert turn.told == "answer_cut" or shown == turn.answer, turn
        if turn.fault is None or turn.fault in HARMLESS:
            assert (turn.told, turn.answer) == ("done", WHOLE), turn
        if turn.told == "answer_cut":
            assert turn.answer == PRICES, turn
    met = [turn for turn in turns if turn.fault is not None and turn.attempts > 0]
    assert len(met) == PROJECTS * TURNS * len(FAULTY) // 10
    assert {turn.fault for turn in met} == set(FAULTS)
    assert rows("select id from spending_reservation") == []


def _report(turns: Sequence[Turn]) -> None:
    """Tell what came of the turns; `make soak ARGS=-s` shows it."""
    lines = [f"{len(turns)} turns, {sum(turn.fault is not None for turn in turns)} of them faulty"]
    for fault in [None, *FAULTS]:
        of = [turn for turn in turns if turn.fault == fault]
        ended = Counter((turn.told, "model" if turn.answer == WHOLE else "passages") for turn in of)
        lines.append(
            f"{fault or 'none'}: {len(of)}, at most {max(turn.attempts for turn in of)} attempts,"
            f" {max(turn.seconds for turn in of):.1f} s,"
            f" {', '.join(f'{told} ({by}) {count}' for (told, by), count in ended.items())}"
        )
    sys.stdout.write("\n".join(["", *lines, ""]))
