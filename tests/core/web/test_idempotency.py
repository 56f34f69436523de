"""A POST with an `Idempotency-Key` is done once, whatever happens to it meanwhile."""

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Desk, Rows, Server
from tests.waiting import PATIENCE

_HELD = 771_204
"""Advisory lock that triggers in the database wait for: a request stops where a test wants."""


def post(client: httpx.Client, key: str, name: str, **headers: str) -> httpx.Response:
    return client.post(
        "/v1/projects", json={"name": name}, headers={"Idempotency-Key": key, **headers}
    )


def expect(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert response.json()["code"] == code


def made(rows: Rows, name: str) -> int:
    ((count,),) = rows("select count(*) from project where name = %s", name)
    assert isinstance(count, int)
    return count


@pytest.fixture
def name() -> str:
    return f"Once {uuid4().hex}"


@pytest.fixture
def key() -> str:
    return uuid4().hex


@pytest.mark.parametrize("bad", ["", "a b", "x" * 256, "schlüssel", "tab\there"])
def test_a_key_that_is_none_is_refused(server: Server, owner: httpx.Client, bad: str) -> None:
    headers = {b"Idempotency-Key": bad.encode()}
    refused = owner.post("/v1/projects", json={"name": "Never"}, headers=headers)
    expect(refused, 422, "idempotency_key_invalid")


def test_another_body_under_the_same_key_is_refused(
    owner: httpx.Client, rows: Rows, key: str, name: str
) -> None:
    assert post(owner, key, name).status_code == 201
    expect(post(owner, key, f"{name} other"), 422, "idempotency_key_reused")
    assert made(rows, f"{name} other") == 0


def test_another_path_under_the_same_key_is_refused(
    owner: httpx.Client, key: str, name: str
) -> None:
    project = post(owner, key, name).json()["id"]
    path = f"/v1/projects/{project}/items"
    body = {"question": "What?", "answer": "That."}
    expect(
        owner.post(path, json=body, headers={"Idempotency-Key": key}),
        422,
        "idempotency_key_reused",
    )


def test_nobody_gets_an_answer_without_the_credential(
    owner: httpx.Client, visitor: httpx.Client, key: str, name: str
) -> None:
    assert post(owner, key, name).status_code == 201
    assert post(visitor, key, name).status_code == 401


def test_the_same_request_gets_the_same_answer(
    owner: httpx.Client, rows: Rows, key: str, name: str
) -> None:
    first = post(owner, key, name)
    again = post(owner, key, name)
    assert (again.status_code, again.content) == (first.status_code, first.content) != (200, b"")
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert made(rows, name) == 1


def test_a_text_and_a_file_are_taken_in_once(desk: Desk, key: str) -> None:
    text = {"title": "Hours", "content": "Open from 7 to 18."}
    file = {"file": ("hours.txt", b"Open from 7 to 18.", "text/plain")}
    texts, files = [
        [
            desk.owner.post(
                f"{desk.path}/{path}", headers={"Idempotency-Key": f"{key}{path}"}, **sent
            )
            for _ in range(2)
        ]
        for path, sent in (("texts", {"json": text}), ("files", {"files": file}))
    ]
    for first, again in (texts, files):
        assert (first.status_code, again.status_code) == (201, 201), again.text
        assert again.content == first.content
        assert again.headers["idempotency-replayed"] == "true"
    assert len(desk.owner.get(f"{desk.path}/sources").json()["items"]) == 2


def test_a_stored_answer_is_sealed(owner: httpx.Client, rows: Rows, key: str, name: str) -> None:
    post(owner, key, name)
    ((body,),) = rows("select body from idempotent_request where key = %s", key)
    assert isinstance(body, bytes)
    assert len(body) > len(name)
    assert name.encode() not in body


def test_a_refused_request_leaves_its_key_free(
    owner: httpx.Client, rows: Rows, key: str, name: str
) -> None:
    assert post(owner, key, "").status_code == 422
    assert post(owner, key, name).status_code == 201
    assert made(rows, name) == 1


def test_a_key_is_forgotten_after_a_day(
    owner: httpx.Client, rows: Rows, key: str, name: str
) -> None:
    post(owner, key, name)
    age = "update idempotent_request set created_at = created_at - interval '{}' where key = %s"
    rows(f"{age.format('23 hours')} returning 1", key)
    expect(post(owner, key, f"{name} later"), 422, "idempotency_key_reused")
    rows(f"{age.format('61 minutes')} returning 1", key)
    assert post(owner, key, f"{name} later").status_code == 201


def test_twenty_at_once_are_one(owner: httpx.Client, rows: Rows, key: str, name: str) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: post(owner, key, name), range(20)))
    created = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in created}) == 1
    for other in answers:
        if other.status_code != 201:
            expect(other, 409, "idempotency_in_flight")
    assert made(rows, name) == 1


def wait_until(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


class Stage:
    """A server of a test's own whose requests can be stopped inside the database."""

    def __init__(self, server: Server, connection: psycopg.Connection[Any]) -> None:
        self.server = server
        self._connection = connection
        self._pool = ThreadPoolExecutor(4)

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []

    @contextmanager
    def stopping(self, table: str, event: str) -> Iterator[None]:
        """Let whatever does `event` on `table` wait until the block ends."""
        self.rows(
            "create or replace function stop_here() returns trigger language plpgsql as"
            f" $$ begin perform pg_advisory_xact_lock_shared({_HELD}); return new; end $$"
        )
        self.rows(f"create trigger stop_here before {event} execute function stop_here()")
        self.rows(f"select pg_advisory_lock({_HELD})")
        try:
            yield
        finally:
            self.rows(f"select pg_advisory_unlock({_HELD})")
            self.rows(f"drop trigger stop_here on {table}")

    def waiting(self) -> int:
        """Say how many requests wait where they were stopped."""
        ((count,),) = self.rows(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            " and objid = %s",
            _HELD,
        )
        return int(count)

    def begin(self, key: str, name: str) -> "Future[httpx.Response]":
        def run() -> httpx.Response:
            with self.server.client(owner=True) as client:
                return post(client, key, name)

        return self._pool.submit(run)

    def end_locks(self) -> None:
        self.rows("update idempotent_request set locked_until = clock_timestamp()")


@pytest.fixture
def stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        data_dir = Path(folder) / "data"
        server = Server(data_dir).start()
        with EmbeddedPostgres.start(data_dir) as postgres:
            admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
            with psycopg.connect(**admin, autocommit=True) as connection:
                yield Stage(server, connection)
                server.stop()


def test_a_request_in_flight_is_not_begun_again(stage: Stage, key: str, name: str) -> None:
    with stage.server.client(owner=True) as owner:
        with stage.stopping("project", "insert on project for each row"):
            first = stage.begin(key, name)
            wait_until(stage.waiting)
            expect(post(owner, key, name), 409, "idempotency_in_flight")
            expect(post(owner, key, f"{name} other"), 422, "idempotency_key_reused")
        assert first.result().status_code == 201
        assert post(owner, key, name).content == first.result().content
    assert made(stage.rows, name) == 1


def test_one_that_lost_its_claim_commits_nothing(stage: Stage, key: str, name: str) -> None:
    with stage.stopping("project", "insert on project for each row"):
        first = stage.begin(key, name)
        wait_until(lambda: stage.waiting() == 1)
        stage.end_locks()
        second = stage.begin(key, name)
        wait_until(lambda: stage.waiting() == 2)
    assert second.result().status_code == 201
    expect(first.result(), 409, "idempotency_in_flight")
    assert made(stage.rows, name) == 1


def crash(stage: Stage, doomed: "Future[httpx.Response]") -> None:
    wait_until(stage.waiting)
    stage.server.kill()
    with pytest.raises(httpx.HTTPError):
        doomed.result()


def test_a_crash_before_the_effect_frees_the_key_when_the_lock_ends(
    stage: Stage, key: str, name: str
) -> None:
    with stage.stopping("project", "insert on project for each row"):
        crash(stage, stage.begin(key, name))
        # The server's statement waits on; as it would end when its connection is found dead.
        stage.rows(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
            " and not granted and objid = %s",
            _HELD,
        )
    stage.server.start()
    with stage.server.client(owner=True) as owner:
        expect(post(owner, key, name), 409, "idempotency_in_flight")
        stage.end_locks()
        assert post(owner, key, name).status_code == 201
        assert post(owner, key, name).headers["idempotency-replayed"] == "true"
    assert made(stage.rows, name) == 1


def test_a_crash_between_the_effect_and_its_answer_never_doubles_the_effect(
    stage: Stage, key: str, name: str
) -> None:
    storing = "update on idempotent_request for each row when (new.status > 0)"
    with stage.stopping("idempotent_request", storing):
        crash(stage, stage.begin(key, name))
        stage.rows(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
            " and not granted and objid = %s",
            _HELD,
        )
    assert made(stage.rows, name) == 1
    stage.server.start()
    with stage.server.client(owner=True) as owner:
        expect(post(owner, key, name), 409, "idempotency_in_flight")
        stage.end_locks()
        expect(post(owner, key, name), 409, "idempotency_answer_lost")
    assert made(stage.rows, name) == 1
