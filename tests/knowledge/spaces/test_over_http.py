"""Changing the embedding model of a running server: refusals, answers throughout, a kill."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import parse_public_id
from tests.conftest import Desk, Server, serving
from tests.dialects.orac.chat import ask
from tests.waiting import PATIENCE


def _handbook(sections: int) -> str:
    """Return a text of as many passages, each about a drawer of its own."""
    return "# Handbook\n\n" + "\n".join(
        f"## Drawer {number}\n\n"
        f"Drawer {number} of the cabinet holds the papers of year {number}. "
        f"It is opened with key {number * 7}, which hangs beside the door of room {number}. "
        "Whoever takes a paper out of it writes down the day, the hour and the reason. "
        "Papers are put back in the order of their dates, the oldest in front of the others. "
        f"What is older than drawer {number} itself is kept in the cellar of the old building. "
        "A key that is lost is reported to the porter on the same day, in writing. "
        "Nobody but the archivist may take a whole drawer out of the cabinet at once.\n"
        for number in range(sections)
    )


@pytest.fixture(scope="module")
def slow() -> Iterator[Server]:
    """A server whose embedders take their time, so that something can happen meanwhile."""
    with serving(ANSWERDESK_FAKE_LATENCY="0.1") as server:
        yield server


@pytest.fixture
def owner(slow: Server) -> Iterator[httpx.Client]:
    with slow.client(owner=True) as client:
        yield client


@pytest.fixture
def visitor(slow: Server) -> Iterator[httpx.Client]:
    with slow.client() as client:
        yield client


def _embedding(desk: Desk) -> dict[str, Any]:
    shown = desk.owner.get(f"{desk.path}/embedding")
    assert shown.status_code == 200, shown.text
    embedding: dict[str, Any] = shown.json()
    return embedding


def _change(desk: Desk, space: str) -> httpx.Response:
    return desk.owner.post(f"{desk.path}/embedding/change", json={"space": space})


def _until(desk: Desk, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while not reached(embedding := _embedding(desk)):
        assert time.monotonic() < deadline, embedding
        time.sleep(0.05)
    return embedding


def _changed_to(space: str) -> Callable[[dict[str, Any]], bool]:
    return lambda embedding: embedding["space"] == space and embedding["change"] is None


def _vectors(server: Server, desk: Desk, space: str) -> list[tuple[Any, ...]]:
    """Return the project's rows of a space apart from ids and times."""
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            return connection.execute(
                "select c.content, c.heading_path, c.anchor, c.ordinal, d.title, e.vector::text,"
                " encode(e.sentence_vectors, 'hex') from embedding e"
                " join chunk c on c.account_id = e.account_id and c.id = e.chunk_id"
                " join document d on d.account_id = c.account_id and d.id = c.document_id"
                " where e.project_id = %s and e.space = %s order by 1, 2, 3, 4",
                (parse_public_id("proj", desk.project_id), space),
            ).fetchall()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"space": "gone"}, "unknown_space"),
        ({}, "validation_error"),
        ({"space": ""}, "validation_error"),
        ({"space": "fake:2", "force": True}, "validation_error"),
    ],
)
def test_a_body_that_does_not_hold_is_refused(desk: Desk, body: dict[str, Any], code: str) -> None:
    refused = desk.owner.post(f"{desk.path}/embedding/change", json=body)
    assert refused.status_code == 422, refused.text
    if code == "unknown_space":
        assert refused.json()["code"] == code
        assert "fake:2" in refused.json()["detail"]


def test_what_cannot_be_done_now_is_a_conflict(desk: Desk) -> None:
    desk.add_text("Hours", "We open at nine.")
    expected = {
        "embedding/cancel": "no_change_running",
        "embedding/rollback": "no_previous_space",
    }
    for path, code in expected.items():
        refused = desk.owner.post(f"{desk.path}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    served = _change(desk, "fake")
    assert (served.status_code, served.json()["code"]) == (409, "space_served")
    gone = desk.owner.delete(f"{desk.path}/embedding/previous")
    assert (gone.status_code, gone.json()["code"]) == (404, "no_previous_space")


def test_a_project_shows_its_space_and_what_there_is(desk: Desk) -> None:
    assert _embedding(desk) == {
        "space": "fake",
        "usable": True,
        "available": [
            {"space": "fake", "dimensions": 384},
            {"space": "minilm-l6-v2", "dimensions": 384},
            {"space": "e5-small-multilingual", "dimensions": 384},
            {"space": "fake:2", "dimensions": 64},
        ],
        "change": None,
        "previous": None,
        "suggestion": None,
    }


def test_a_project_in_another_language_is_suggested_the_model_that_knows_it(desk: Desk) -> None:
    german = "Der Versand nach Österreich kostet neun Euro, und die Lieferung dauert drei Tage."
    desk.add_text("Versand", german)
    assert _embedding(desk)["suggestion"] == {
        "space": "e5-small-multilingual",
        "installed": True,
        "languages": ["de"],
    }


class Asking(threading.Thread):
    """A visitor who asks the same again and again, and keeps what was not answered well."""

    def __init__(self, server: Server, project_id: str) -> None:
        super().__init__()
        self._server = server
        self._project_id = project_id
        self._stopped = threading.Event()
        self.answers = 0
        self.failures: list[str] = []

    def run(self) -> None:
        with self._server.client() as client:
            while not self._stopped.is_set():
                try:
                    chat = ask(client, self._project_id, "What is the opening word of the house?")
                    if "Rumpelstilt" in chat.text:
                        self.answers += 1
                    else:
                        self.failures.append(chat.text or str(chat.frames))
                except (AssertionError, httpx.HTTPError, LookupError) as error:
                    self.failures.append(repr(error))

    def stop(self) -> None:
        self._stopped.set()
        self.join(timeout=PATIENCE)


def _wait_for_answers(asking: list[Asking], number: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while sum(one.answers for one in asking) < number:
        assert time.monotonic() < deadline, "nothing is answered any more"
        time.sleep(0.05)


def test_every_question_is_answered_throughout_a_change_and_a_roll_back(
    slow: Server, desk: Desk
) -> None:
    desk.add_text("House", "The opening word of the house is Rumpelstilt. It is said at the door.")
    desk.add_text("Handbook", _handbook(200))
    gone = desk.add_text("Gone", "This page goes away during the change.")
    item = desk.add_item("Who keeps the keys?", "The porter keeps the keys.")
    asking = [Asking(slow, desk.project_id) for _ in range(2)]
    for one in asking:
        one.start()
    try:
        started = _change(desk, "fake:2")
        assert started.status_code == 202, started.text
        assert started.json()["change"]["to"] == "fake:2"
        again = _change(desk, "minilm-l6-v2")
        assert (again.status_code, again.json()["code"]) == (409, "change_running")
        desk.add_text("Late", "This page came during the change. It is about lanterns.")
        changed = {"question": "Who keeps the keys?", "answer": "The gardener keeps the keys."}
        put = desk.owner.put(f"{desk.path}/items/{item['id']}", json=changed)
        assert put.is_success, put.text
        assert desk.owner.delete(f"{desk.path}/documents/{gone['id']}").is_success
        _until(desk, _changed_to("fake:2"))
        before_roll_back = sum(one.answers for one in asking)
        rolled_back = desk.owner.post(f"{desk.path}/embedding/rollback")
        assert rolled_back.status_code == 200, rolled_back.text
        assert rolled_back.json()["space"] == "fake"
        forward = desk.owner.post(f"{desk.path}/embedding/rollback")
        assert forward.json()["space"] == "fake:2"
        _wait_for_answers(asking, before_roll_back + 2)
    finally:
        for one in asking:
            one.stop()
    assert [failure for one in asking for failure in one.failures] == []
    # Slow machines answer few, but some while the change went on.
    assert before_roll_back > 0

    fresh = Desk(desk.owner, desk.visitor)
    assert _change(fresh, "fake:2").status_code == 202
    _until(fresh, _changed_to("fake:2"))
    fresh.add_text("House", "The opening word of the house is Rumpelstilt. It is said at the door.")
    fresh.add_text("Handbook", _handbook(200))
    fresh.add_text("Late", "This page came during the change. It is about lanterns.")
    fresh.add_item("Who keeps the keys?", "The gardener keeps the keys.")
    expected = _vectors(slow, fresh, "fake:2")
    assert len(expected) > 100
    assert _vectors(slow, desk, "fake:2") == expected


def test_a_change_whose_server_is_killed_is_finished_by_the_next(
    slow: Server, desk: Desk, owner: httpx.Client
) -> None:
    desk.add_text("Handbook", _handbook(400))
    assert _change(desk, "fake:2").status_code == 202
    half = _until(
        desk, lambda embedding: embedding["change"] is None or embedding["change"]["done"] > 60
    )
    slow.kill()
    assert half["change"] is not None, "it was over before it could be killed"
    assert half["change"]["done"] < half["change"]["total"]
    assert half["change"]["chunks_per_minute"] > 0
    assert half["change"]["seconds_left"] > 0
    slow.start()
    embedding = _until(desk, _changed_to("fake:2"))
    assert embedding["previous"] == {"space": "fake", "complete": True}
    rows = _vectors(slow, desk, "fake:2")
    assert len(rows) == len(_vectors(slow, desk, "fake")) > 190
    fresh = Desk(owner, desk.visitor)
    assert _change(fresh, "fake:2").status_code == 202
    _until(fresh, _changed_to("fake:2"))
    fresh.add_text("Handbook", _handbook(400))
    assert rows == _vectors(slow, fresh, "fake:2")
