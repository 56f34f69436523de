"""An answer that takes longer than its lease stays with whoever is at work on it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Desk, Server, serving
from tests.dialects.orac.chat import parse_frames

_ANSWER_SECONDS = "5"
_LEASE = "1.5"
_QUESTIONS = 5


@pytest.fixture(scope="module")
def slow() -> Iterator[Server]:
    with serving(ANSWERDESK_FAKE_LATENCY=_ANSWER_SECONDS, ANSWERDESK_TURN_LEASE=_LEASE) as server:
        yield server
        server.kill()  # Not stopped, which waits: answers are under way.


def test_leases_of_all_questions_are_renewed_until_they_are_answered(slow: Server) -> None:
    with slow.client(owner=True) as owner, slow.client() as visitor:
        desk = Desk(owner, visitor)
        desk.add_text("Numbers", "Number seven is lucky.")

        def ask(number: int) -> list[str]:
            body = {"project_id": desk.project_id, "message": f"Is number {number} lucky?"}
            return parse_frames(visitor.post("/api/chat", json=body).text).names

        with ThreadPoolExecutor(_QUESTIONS) as pool:
            told = list(pool.map(ask, range(_QUESTIONS)))
    assert all(names[-1] == "done" for names in told)
    with EmbeddedPostgres.start(slow.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            turns = connection.execute("select state, attempt from turn").fetchall()
    assert turns == [("answered", 1)] * _QUESTIONS, "somebody else took one up"
