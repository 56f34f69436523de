"""A deleted project is gone for everybody at once, and shortly after from every table."""

import time
from uuid import UUID

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Desk, Rows, Server
from tests.dialects.orac.chat import ask
from tests.projects.problems import assert_problem
from tests.waiting import PATIENCE


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A project that has something in every table."""
    desk.add_text("Shipping", "Express shipping costs nine euros. It takes one day.")
    desk.add_item("Where are you?", "In Berlin, near the river.")
    return desk


def tables_with(rows: Rows, column: str) -> list[str]:
    """Return the tables that have a column of this name, as PostgreSQL lists them."""
    found = rows(
        "select table_name from information_schema.columns"
        " where table_schema = 'public' and column_name = %s order by 1",
        column,
    )
    return [name for (name,) in found]


def left_of(rows: Rows, project_id: UUID) -> dict[str, int]:
    """Count a project's rows in every table that names projects."""
    counts = {
        table: rows(f"select count(*) from {table} where project_id = %s", project_id)[0][0]
        for table in tables_with(rows, "project_id")
    }
    counts["project"] = rows("select count(*) from project where id = %s", project_id)[0][0]
    counts["stored_secret"] = rows(
        "select count(*) from stored_secret where subject_id = %s", project_id
    )[0][0]
    return counts


def wait_until_gone(rows: Rows, project_id: UUID) -> None:
    deadline = time.monotonic() + PATIENCE
    left = {"not looked": 1}
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = {table: count for table, count in left_of(rows, project_id).items() if count}
    if not left:
        return
    raise AssertionError(f"not removed within {PATIENCE:.0f} s: {left}")


def test_all_that_it_had_goes(full: Desk, visitor: httpx.Client, rows: Rows) -> None:
    other = Desk(full.owner, visitor)
    other.add_text("Returns", "Returns are free within thirty days.")
    answer = ask(visitor, full.project_id, "What does express shipping cost?", visitor_id="me")
    assert "nine euros" in answer.text
    done = answer.first("done")["message_id"]
    visitor.post("/api/widget/feedback", json={"message_id": done, "rating": "negative"})
    escalated = {"conversation_id": answer.conversation_id, "email": "a@example.com"}
    visitor.post("/api/widget/escalate", json=escalated)
    key = full.owner.post(f"{full.path}/widget-keys", json={"name": "Shop"}).json()["id"]
    website = {"website_url": "https://shop.example"}
    assert full.owner.post(f"{full.path}/domains", json=website).status_code == 201
    full.owner.post(f"{full.path}/identity-secret")
    project_id = UUID(full.project_id.removeprefix("proj_"))
    routed = rows(
        "select id from conversation where project_id = %s"
        " union all select id from message where project_id = %s"
        " union all select id from widget_key where project_id = %s"
        " union all select token from project_domain where project_id = %s"
        " union all select cast(%s as uuid)",
        *(project_id,) * 5,
    )
    had = {table for table, count in left_of(rows, project_id).items() if count}
    assert had >= {"chunk", "embedding", "message", "lead", "event", "agent", "stored_secret"}
    assert "project_domain" in had

    assert full.owner.delete(full.path).status_code == 204

    assert_problem(full.owner.get(full.path), 404, "project_not_found")
    assert_problem(full.owner.delete(full.path), 404, "project_not_found")
    wait_until_gone(rows, project_id)
    assert full.project_id not in full.owner.get("/v1/projects", params={"limit": 200}).text
    ids = [one for (one,) in routed]
    assert rows("select count(*) from public_id where id = any(%s)", ids) == [(0,)]
    session = visitor.post("/v1/visitor/session", json={"widget_key": key})
    assert_problem(session, 404, "widget_key_not_found")
    assert "thirty days" in ask(visitor, other.project_id, "Are returns free?").text


def test_it_is_gone_at_once_though_no_worker_runs(tmp_path_factory: pytest.TempPathFactory) -> None:
    data_dir = tmp_path_factory.mktemp("d")
    server = Server(data_dir, ANSWERDESK_WORKER="0").start()
    try:
        with server.client(owner=True) as owner, server.client() as visitor:
            desk = Desk(owner, visitor)
            desk.add_item("Where are you?", "In Berlin, near the river.")
            answer = ask(visitor, desk.project_id, "Where are you?")
            done = answer.first("done")["message_id"]
            key = owner.post(f"{desk.path}/widget-keys", json={"name": "Shop"}).json()["id"]
            assert owner.delete(desk.path).status_code == 204

            # Its rows are all still there: nobody works.
            with EmbeddedPostgres.start(data_dir) as postgres:
                assert _count_of_messages(postgres) == 2
            assert owner.get("/v1/projects").json()["items"] == []
            conversation = answer.conversation_id
            refusals = [
                owner.get(desk.path),
                owner.get(f"{desk.path}/agents"),
                owner.get(f"{desk.path}/sources"),
                visitor.get("/api/widget/config", params={"id": desk.project_id}),
                visitor.get("/api/widget/messages", params={"conversationId": conversation}),
                visitor.post(
                    "/api/chat", json={"project_id": desk.project_id, "message": "Hello?"}
                ),
                visitor.post(
                    "/api/widget/feedback", json={"message_id": done, "rating": "positive"}
                ),
                visitor.post("/api/widget/escalate", json={"conversation_id": conversation}),
                visitor.get("/progress/" + desk.project_id),
                visitor.post("/v1/visitor/session", json={"widget_key": key}),
            ]
            assert [one.status_code for one in refusals] == [404] * len(refusals)
    finally:
        server.stop()


def _count_of_messages(postgres: EmbeddedPostgres) -> int:
    admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
    with psycopg.connect(**admin) as connection:
        found = connection.execute("select count(*) from message").fetchone()
    assert found is not None
    return int(found[0])
