"""Reading again on a running server: refusals, progress, a kill, and who may do it."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import parse_public_id
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from tests.conftest import Desk, Server, serving
from tests.waiting import PATIENCE, attempts


@pytest.fixture(scope="module")
def slow() -> Iterator[Server]:
    """A server whose embedder takes its time, so that something can happen meanwhile."""
    with serving(ANSWERDESK_FAKE_LATENCY="0.2") as server:
        yield server


@pytest.fixture
def owner(slow: Server) -> Iterator[httpx.Client]:
    with slow.client(owner=True) as client:
        yield client


@pytest.fixture
def visitor(slow: Server) -> Iterator[httpx.Client]:
    with slow.client() as client:
        yield client


def _page(number: int) -> str:
    return f"Lantern {number} hangs at door {number} of the old house."


def _run(server: Server, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []


def _age(server: Server, desk: Desk) -> None:
    """Make an older reader the one that has read the project's documents, with other words."""
    project_id = parse_public_id("proj", desk.project_id)
    _run(
        server,
        "update chunk set content = 'Garbled.', content_hash = '\\x00', sentences = array[0, 8]"
        " where project_id = %s",
        project_id,
    )
    _run(
        server,
        "update document set reader_version = %s where project_id = %s",
        READER_VERSION - 1,
        project_id,
    )


def _reading(desk: Desk) -> dict[str, Any]:
    shown = desk.owner.get(f"{desk.path}/reading")
    assert shown.status_code == 200, shown.text
    reading: dict[str, Any] = shown.json()
    return reading


def _until(desk: Desk, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    for _ in attempts(PATIENCE):
        if reached(reading := _reading(desk)):
            return reading
    raise AssertionError(f"not reached: {_reading(desk)}")


def test_what_cannot_be_done_now_is_a_conflict(desk: Desk) -> None:
    desk.add_text("Hours", "We open at nine.")
    for path, code in {"again": "nothing_to_read_again", "cancel": "not_reading_again"}.items():
        refused = desk.owner.post(f"{desk.path}/reading/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert _reading(desk) == {"version": READER_VERSION, "older": 0, "kept": 0, "running": None}


def test_a_project_that_is_not_there_is_not_found(desk: Desk) -> None:
    refused = desk.owner.post("/v1/projects/proj_nothing/reading/again")
    assert (refused.status_code, refused.json()["code"]) == (404, "project_not_found")


def test_what_is_read_again_is_finished_after_a_kill(slow: Server, desk: Desk) -> None:
    number = 24
    for one in range(number):
        desk.add_text(f"Lantern {one}", _page(one))
    _age(slow, desk)
    assert _reading(desk)["older"] == number
    began = desk.owner.post(f"{desk.path}/reading/again")
    assert began.status_code == 202, began.text
    assert began.json()["running"]["total"] == number
    again = desk.owner.post(f"{desk.path}/reading/again")
    assert (again.status_code, again.json()["code"]) == (409, "already_reading_again")
    half = _until(desk, lambda one: one["running"] is None or one["running"]["done"] > 2)
    slow.kill()
    assert half["running"] is not None, "it was over before it could be killed"
    slow.start()
    reading = _until(desk, lambda one: one["running"] is None)
    assert (reading["older"], reading["kept"]) == (0, 0)
    project_id = parse_public_id("proj", desk.project_id)
    chunks = _run(slow, "select content from chunk where project_id = %s", project_id)
    assert sorted(text for (text,) in chunks) == sorted(map(_page, range(number)))
    # Each was embedded, and told, once more, whatever the kill interrupted.
    told = _run(
        slow,
        "select count(*) from event where type = 'document.ready' and project_id = %s",
        project_id,
    )
    assert told == [(2 * number,)]


def test_it_can_be_cancelled_and_begun_again(slow: Server, desk: Desk) -> None:
    for one in range(12):
        desk.add_text(f"Lantern {one}", _page(one))
    _age(slow, desk)
    assert desk.owner.post(f"{desk.path}/reading/again").status_code == 202
    cancelled = desk.owner.post(f"{desk.path}/reading/cancel")
    assert cancelled.status_code == 200, cancelled.text
    assert cancelled.json()["running"] is None
    left = cancelled.json()["older"]
    assert left > 0
    assert desk.owner.post(f"{desk.path}/reading/again").status_code == 202
    assert _until(desk, lambda one: one["running"] is None)["older"] == 0
    actions = [one["action"] for one in desk.owner.get("/v1/audit-log").json()["items"]]
    assert actions.count("reading.started") >= 2
    assert "reading.cancelled" in actions


def test_a_file_that_is_uploaded_again_is_read_again(slow: Server, desk: Desk) -> None:
    def upload() -> dict[str, Any]:
        sent = desk.owner.post(f"{desk.path}/files", files={"file": ("a.txt", _page(1).encode())})
        assert sent.status_code == 201, sent.text
        return desk.wait_for(sent.json()["id"])

    document = upload()
    _age(slow, desk)
    assert _reading(desk)["older"] == 1
    assert upload()["id"] == document["id"]
    assert _reading(desk)["older"] == 0
    project_id = parse_public_id("proj", desk.project_id)
    assert _run(slow, "select content from chunk where project_id = %s", project_id) == [
        (_page(1),)
    ]
