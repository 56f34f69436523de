"""Whatever is killed, a message that was acknowledged gets one answer."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Desk, Server, rows_of
from tests.conversations.askers import Visitor, expect_one_answer_each, messages
from tests.dialects.orac.chat import parse_frames
from tests.waiting import PATIENCE

_QUESTIONS = 50
_LATENCY = "0.3"
_LEASE = "1.5"


@pytest.fixture
def slow_server() -> Iterator[Server]:
    """A server whose answers take 300 ms, so that a kill lands inside of them."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(
            Path(folder) / "data",
            ANSWERDESK_FAKE_LATENCY=_LATENCY,
            ANSWERDESK_TURN_LEASE=_LEASE,
        )
        yield server
        server.kill()


def _kill_during_answers(server: Server, project_id: str) -> None:
    """Ask many questions, kill the running server in the midst of them, start it again, count."""
    limits = httpx.Limits(max_connections=_QUESTIONS)
    with httpx.Client(base_url=server.url, timeout=PATIENCE, limits=limits) as client:
        visitors = [Visitor(client, project_id, number) for number in range(_QUESTIONS)]
        for visitor in visitors:
            visitor.start()
            time.sleep(0.02)
        deadline = time.monotonic() + PATIENCE
        while sum(visitor.finished for visitor in visitors) < _QUESTIONS // 5:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        server.kill()
        for visitor in visitors:
            visitor.join(timeout=PATIENCE)
    acknowledged = [visitor for visitor in visitors if visitor.acknowledged]
    # The kill was to land inside: some had their answer, some had only our word for it.
    assert len([visitor for visitor in acknowledged if not visitor.finished]) >= 5
    server.start()
    with server.client() as client:
        expect_one_answer_each(client, acknowledged, float(_LEASE))


def _project_about_numbers(server: Server) -> str:
    with server.client(owner=True) as owner, server.client() as client:
        desk = Desk(owner, client)
        desk.add_text("Numbers", "Number seven is lucky. Number three is holy.")
        return desk.project_id


def test_a_kill_during_answers_loses_none_and_doubles_none(slow_server: Server) -> None:
    server = slow_server.start()
    _kill_during_answers(server, _project_about_numbers(server))


@pytest.mark.soak
def test_many_kills_during_answers_lose_none_and_double_none(slow_server: Server) -> None:
    server = slow_server.start()
    project_id = _project_about_numbers(server)
    for _ in range(10):
        _kill_during_answers(server, project_id)


def test_a_visitor_who_leaves_finds_the_answer_later(slow_server: Server) -> None:
    server = slow_server.start()
    with server.client(owner=True) as owner, server.client() as client:
        desk = Desk(owner, client)
        desk.add_text("Numbers", "Number seven is lucky.")
        body = {"project_id": desk.project_id, "message": "Which number is lucky?"}
        with client.stream("POST", "/api/chat", json=body) as response:
            first = next(response.iter_text())
        conversation_id = parse_frames(first).conversation_id
        deadline = time.monotonic() + PATIENCE
        while messages(client, conversation_id) != ["user", "assistant"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_wait_outlives_a_crash_and_is_told_once(slow_server: Server) -> None:
    server = slow_server.start()
    with server.client(owner=True) as owner, server.client() as client:
        desk = Desk(owner, client)
        body = {"project_id": desk.project_id, "message": "I want to talk to a human, please."}
        with client.stream("POST", "/api/chat", json=body) as response:
            conversation_id = parse_frames(next(response.iter_text())).conversation_id
            server.kill()
    server.start()
    for rows in rows_of(server):
        made_due = rows(
            "with late as (update conversation set escalated_at = escalated_at - interval '1 hour'"
            " returning id) update due_job set run_at = now(), state = 'ready' from late"
            " where name = 'conversations.tell_unclaimed' returning due_job.id"
        )
        assert len(made_due) == 1
    with server.client() as client:
        deadline = time.monotonic() + PATIENCE
        while messages(client, conversation_id) != ["user", "assistant", "assistant"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        time.sleep(float(_LEASE) + 0.5)
        assert messages(client, conversation_id) == ["user", "assistant", "assistant"]


def test_a_message_repeated_after_a_crash_is_answered_and_not_doubled(
    slow_server: Server,
) -> None:
    server = slow_server.start()
    with server.client(owner=True) as owner, server.client() as client:
        desk = Desk(owner, client)
        desk.add_text("Numbers", "Number seven is lucky.")
        body = {"project_id": desk.project_id, "message": "Which number is lucky?"}
        with client.stream("POST", "/api/chat", json=body) as response:
            conversation_id = parse_frames(next(response.iter_text())).conversation_id
            server.kill()
    server.start()
    with server.client() as client:
        again = client.post("/api/chat", json={**body, "conversation_id": conversation_id})
        chat = parse_frames(again.text)
        assert chat.conversation_id == conversation_id
        assert "seven" in chat.text
        assert chat.frames[-1][0] == "done"
        time.sleep(float(_LEASE) + 0.5)
        assert messages(client, conversation_id) == ["user", "assistant"]
