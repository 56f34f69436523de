"""`serve --processes`: who is killed is replaced, nothing that was acknowledged is lost."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.conversations.askers import Visitor, expect_one_answer_each
from tests.entrypoints.installation import PROGRAM, Installation, end
from tests.entrypoints.serving_processes import (
    Knocking,
    database_runs,
    kill,
    serving_processes,
    wait_for_end,
)
from tests.ready_database import lay_ready_database
from tests.waiting import PATIENCE, attempts

_QUESTIONS = 48
_LEASE = "1.5"
_BODY = {"message": "Which number is lucky?"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Installation]:
    """An installation whose answers take half a second, so that a kill lands inside of them."""
    made = Installation(
        tmp_path / "data",
        ANSWERDESK_FAKE_LATENCY="0.5",
        ANSWERDESK_TURN_LEASE=_LEASE,
        ANSWERDESK_VISITOR_SESSIONS_PER_MINUTE="0",
        ANSWERDESK_VISITOR_MESSAGES_PER_MINUTE="0",
    )
    lay_ready_database(made.data_dir)
    yield made
    assert not database_runs(made.data_dir)


def _waiting(visitors: list[Visitor]) -> int:
    return sum(visitor.acknowledged and not visitor.finished for visitor in visitors)


def test_killed_children_are_replaced_and_lose_no_question(desk: Installation) -> None:
    # Long enough that we do not take answers for running that only we have not read yet.
    slow = Installation(desk.data_dir, **{**desk.environment, "ANSWERDESK_FAKE_LATENCY": "3"})
    with serving_processes(slow, "--processes", "3") as server:
        project_id = server.project_about_numbers()
        knocking = Knocking(server.port)
        knocking.start()
        limits = httpx.Limits(max_connections=_QUESTIONS, max_keepalive_connections=0)
        with httpx.Client(base_url=server.url, timeout=PATIENCE, limits=limits) as client:
            visitors = [Visitor(client, project_id, number) for number in range(_QUESTIONS)]
            first, second, third = server.children()
            for number, visitor in enumerate(visitors):
                visitor.start()
                time.sleep(0.02)
                if number in (_QUESTIONS // 3, 2 * _QUESTIONS // 3):
                    assert any(_waiting(visitors) >= 12 for _ in attempts(PATIENCE))
                    # The first one does due work, which takes up what the killed ones leave.
                    kill(second if number == _QUESTIONS // 3 else first)
            for visitor in visitors:
                visitor.join(timeout=90)
        server.wait_for_replacements(2)
        # A very busy machine does not come to all of them, and says so.
        sent_back = [visitor for visitor in visitors if visitor.sent_back]
        assert all("database_unavailable" in one.refusal + one.received for one in sent_back)
        acknowledged = [one for one in visitors if one.acknowledged and not one.sent_back]
        # The kills were to land inside: some had their answer, some had only our word for it.
        assert any(not visitor.finished for visitor in acknowledged)
        assert any(visitor.finished for visitor in acknowledged)
        assert not [one for one in visitors if isinstance(one.error, httpx.ConnectError)]
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            expect_one_answer_each(client, acknowledged, float(_LEASE))
        assert len(server.children()) == 3
        assert third in server.children()
        assert not {first, second} & set(server.children())
        knocking.stop()
        assert knocking.knocks > 100
        assert knocking.refused == 0
        assert [record["how"] for record in server.logged("process_ended")] == ["by signal 9"] * 2


def test_a_child_that_is_stopped_alone_is_replaced(desk: Installation) -> None:
    with serving_processes(desk, "--processes", "2") as server:
        stopped = server.children()[0]
        os.kill(stopped, signal.SIGTERM)
        server.wait_for_replacements(1)
        assert stopped not in server.children()
        for _ in range(10):
            assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).status_code == 200


def test_children_end_with_their_parent_whatever_ends_it(desk: Installation) -> None:
    with serving_processes(desk, "--processes", "3") as server:
        project_id = server.project_about_numbers()
        children, port = server.children(), server.port
        body = {**_BODY, "project_id": project_id}
        with httpx.stream("POST", f"{server.url}/api/chat", json=body, timeout=PATIENCE) as answer:
            lines = answer.iter_lines()
            assert "conversation_id" in next(lines)
            server.process.kill()
            # They stop as at any other end: what has begun is finished.
            assert any("event: done" in line for line in lines)
        assert wait_for_end(children)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/healthz")


def test_stopping_finishes_the_answers_of_all_children(desk: Installation) -> None:
    with serving_processes(desk, "--processes", "3") as server:
        project_id = server.project_about_numbers()
        children = server.children()
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            visitors = [Visitor(client, project_id, number) for number in range(12)]
            for visitor in visitors:
                visitor.start()
            assert any(all(one.acknowledged for one in visitors) for _ in attempts(PATIENCE))
            assert server.stop() == 0
            for visitor in visitors:
                visitor.join(60)
        assert all(visitor.finished or visitor.sent_back for visitor in visitors)
        assert any(visitor.finished for visitor in visitors)
        assert wait_for_end(children)
        assert [record for record in server.records if record["level"] != "info"] == []


def _begin_in_a_group(desk: Installation, processes: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", "--json", "--processes", str(processes)],
        env=desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_a_terminal_stops_parent_and_children_together(desk: Installation) -> None:
    """Ctrl-C, and a service manager, signal every process of the group at once."""
    quiet = Installation(desk.data_dir, ANSWERDESK_FAKE_LATENCY="2", ANSWERDESK_LOG_LEVEL="warning")
    process = _begin_in_a_group(quiet, 2)
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]
    children = [one.pid for one in psutil.Process(process.pid).children()]
    key = (desk.data_dir / "owner.key").read_text().strip()
    owner = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE)
    project_id = owner.post("/v1/projects", json={"name": "Stopping"}).json()["id"]
    item = {"question": "Which number is lucky?", "answer": "Seven."}
    owner.post(f"/v1/projects/{project_id}/items", json=item).raise_for_status()
    with owner.stream("POST", "/api/chat", json={**_BODY, "project_id": project_id}) as answer:
        lines = answer.iter_lines()
        assert "conversation_id" in next(lines)
        os.killpg(process.pid, signal.SIGINT)
        assert any("event: done" in line for line in lines)
    output, errors = process.communicate(timeout=90)
    assert (process.returncode, output, errors) == (0, b"", b"")
    assert wait_for_end(children)


def test_a_second_signal_ends_everything_at_once(desk: Installation) -> None:
    slow = Installation(desk.data_dir, ANSWERDESK_FAKE_LATENCY="30")
    process = _begin_in_a_group(slow, 2)
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        children = [one.pid for one in psutil.Process(process.pid).children()]
        key = (desk.data_dir / "owner.key").read_text().strip()
        headers = {"Authorization": f"Bearer {key}"}
        project = httpx.post(f"{url}/v1/projects", json={"name": "Slow"}, headers=headers)
        body = {**_BODY, "project_id": project.json()["id"]}
        with httpx.stream("POST", f"{url}/api/chat", json=body, timeout=PATIENCE) as answer:
            assert "conversation_id" in next(answer.iter_lines())
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert process.poll() is None
            began = time.monotonic()
            ended = end(process, signal.SIGTERM)
        assert ended.status == -signal.SIGTERM
        # The answer alone would have taken 30 s, and the grace 10.
        assert time.monotonic() - began < 9
        assert wait_for_end(children)
    finally:
        process.kill()
        # The next start takes the database over, and the last one to leave stops it.
        with serving_processes(desk, "--processes", "2"):
            pass


def test_the_port_is_open_while_no_child_lives(desk: Installation) -> None:
    with serving_processes(desk, "--processes", "2") as server:
        knocking = Knocking(server.port)
        knocking.start()
        killed = server.children()
        for child in killed:
            kill(child)
        # Whoever comes now waits for the first one that is there again.
        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200
        server.wait_for_replacements(2)
        knocking.stop()
        assert knocking.refused == 0
        assert not set(killed) & set(server.children())
