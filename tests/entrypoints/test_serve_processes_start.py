"""`serve --processes`: what is made once is made once, and what cannot start is told once."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from answerdesk.core.database import connections_held
from answerdesk.core.postgres import ConnectArguments, EmbeddedPostgres
from tests.accounts.people import PASSWORD, fresh_email
from tests.entrypoints.installation import Installation
from tests.entrypoints.serving_processes import (
    ServingProcesses,
    database_runs,
    kill,
    serving_processes,
)
from tests.ready_database import lay_ready_database
from tests.waiting import PATIENCE, attempts

_NOWHERE = "postgresql://answerdesk@127.0.0.1:1/answerdesk?connect_timeout=2"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(
        tmp_path / "data",
        ANSWERDESK_VISITOR_MESSAGES_PER_MINUTE="0",
        ANSWERDESK_LOG_IN_ATTEMPTS="0",
        ANSWERDESK_LOG_IN_ATTEMPTS_PER_ADDRESS="0",
        ANSWERDESK_SIGN_UPS_PER_ADDRESS="0",
    )
    lay_ready_database(made.data_dir)
    yield made
    assert not database_runs(made.data_dir)


def test_one_process_has_no_parent(desk: Installation) -> None:
    with serving_processes(desk) as server:
        assert server.children() == []
        assert httpx.get(f"{server.url}/readyz").status_code == 200


def test_a_first_start_makes_everything_once(tmp_path: Path) -> None:
    fresh = Installation(tmp_path / "data", ANSWERDESK_DEMO="1")
    with serving_processes(fresh, "--processes", "4") as server:
        # One line, so one banner; `told` reads it.
        assert [one["name"] for one in server.told["projects"]] == ["Answerdesk demo"]
        assert len(server.logged("demo_made")) == 1
        assert len(server.children()) == 4
        with server.owner() as owner:
            [project] = owner.get("/v1/projects").json()["items"]
            [source] = owner.get(f"/v1/projects/{project['id']}/sources").json()["items"]
        made = source["pending"] + source["ready"] + source["failed"]
        assert made == server.logged("demo_made")[0]["documents"]
        assert [record for record in server.records if record["level"] != "info"] == []
    assert not database_runs(fresh.data_dir)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_one_that_is_stopped_while_it_starts_leaves_no_database(
    tmp_path: Path, processes: str
) -> None:
    fresh = Installation(tmp_path / "data")
    server = ServingProcesses(fresh, "--processes", processes)
    # `cluster.new` is being made, or is `cluster` by now.
    assert any([*(fresh.data_dir / "postgres").glob("cluster*")] for _ in attempts(PATIENCE))
    assert server.stop() == 0
    assert server.output == ""
    assert not database_runs(fresh.data_dir)


def test_a_port_in_use_is_told_once(desk: Installation) -> None:
    with serving_processes(desk, "--processes", "2") as server:
        done = desk.run("serve", "--json", "--processes", "2", "--port", str(server.port))
        assert (done.status, done.output) == (1, "")
        assert json.loads(done.errors)["error"]["code"] == "port_in_use"


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"ANSWERDESK_SIGNUP_PLAN": "nothing"}, "plan_unknown"),
        ({"DATABASE_URL": _NOWHERE, "DATABASE_ADMIN_URL": _NOWHERE}, "database_unavailable"),
        ({"ANSWERDESK_DATABASE_CONNECTIONS": "5"}, "too_few_connections"),
    ],
)
def test_what_cannot_start_is_told_once(
    desk: Installation, environment: dict[str, str], code: str
) -> None:
    given = {"ANSWERDESK_LOG_LEVEL": "error", **environment}
    done = desk.run("serve", "--json", "--port", "0", "--processes", "3", environment=given)
    assert (done.status, done.output) == (1, "")
    # One line of JSON and no other.
    assert json.loads(done.errors)["error"]["code"] == code


def test_a_child_that_cannot_start_is_tried_again_while_others_serve(desk: Installation) -> None:
    password = desk.data_dir / "postgres" / "admin.password"
    with serving_processes(desk, "--processes", "2") as server:
        right = password.read_text()
        password.write_text("x" * len(right))
        kill(server.children()[0])
        assert any(len(server.logged("process_ended")) >= 3 for _ in attempts(PATIENCE))
        told = [record.get("error", "") for record in server.logged("process_ended")]
        assert "does not accept the password" in told[-1]
        assert [one["times_in_a_row"] for one in server.logged("process_ended")][:3] == [1, 2, 3]
        for _ in range(10):
            assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).status_code == 200
        password.write_text(right)
        server.wait_for_replacements(1)
        assert len(server.children()) == 2


def test_where_none_can_start_all_ends_and_says_why_once(desk: Installation) -> None:
    password = desk.data_dir / "postgres" / "admin.password"
    with serving_processes(desk, "--processes", "2") as server:
        right = password.read_text()
        password.write_text("x" * len(right))
        for child in server.children():
            kill(child)
        assert server.process.wait(90) == 1
        last = json.loads(server.errors.splitlines()[-1])
        assert "does not accept the password" in last["error"]["message"]
        assert len([one for one in server.records if "event" not in one]) == 1
        password.write_text(right)
    with EmbeddedPostgres.start(desk.data_dir):
        pass


def test_one_that_takes_anothers_place_has_the_same_keys(desk: Installation) -> None:
    """A key that was begun since the start is another's only after all have started anew."""
    with serving_processes(desk, "--processes", "2") as server:
        desk.run("keys", "rotate", "--json").ok()
        (desk.data_dir / "owner.key").rename(desk.data_dir / "owner.key.before")
        for number in (1, 2):
            kill(server.children()[0])
            server.wait_for_replacements(number)
        owner = (desk.data_dir / "owner.key.before").read_text().strip()
        email = fresh_email()
        body = {"email": email, "password": PASSWORD}
        tokens = [_post(server, "signup", body), *(_post(server, "log-in", body) for _ in range(5))]
        # A connection for each request, so that both children are asked.
        for token in [owner, *tokens] * 4:
            shown = httpx.get(
                f"{server.url}/v1/projects", headers={"Authorization": f"Bearer {token}"}
            )
            assert shown.status_code == 200, shown.text
    assert not (desk.data_dir / "owner.key").exists()


def _post(server: ServingProcesses, what: str, body: dict[str, str]) -> str:
    path = {"signup": "/v1/auth/signup", "log-in": "/v1/auth/login"}[what]
    answer = httpx.post(f"{server.url}{path}", json=body, timeout=PATIENCE)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["access_token"])


def test_connections_of_all_processes_fit_the_database(desk: Installation) -> None:
    with (
        EmbeddedPostgres.start(desk.data_dir) as postgres,
        psycopg.connect(**_admin(postgres), autocommit=True) as admin,
    ):
        admin.execute("alter system set max_connections = 40")
    with serving_processes(desk, "--processes", "4") as server:
        # Of 37 that are not reserved a quarter is left, and two are for due work: six each.
        assert {one["size"] for one in server.logged("database_pool_made_smaller")} == {3}
        project_id = server.project_about_numbers()
        most = 0
        with (
            EmbeddedPostgres.start(desk.data_dir) as postgres,
            psycopg.connect(**_admin(postgres), autocommit=True) as admin,
            httpx.Client(base_url=server.url, timeout=90) as client,
        ):
            answers: list[str] = []

            def ask() -> None:
                body = {"project_id": project_id, "message": "Which number is lucky?"}
                answers.append(client.post("/api/chat", json=body).text)

            threads = [threading.Thread(target=ask) for _ in range(80)]
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads):
                most = max(most, _count(admin, "true"))
            assert _count(admin, "query like 'listen %'") == 1
        # Pools so small may be waited for too long; what counts is that PostgreSQL refuses nobody.
        assert all("event: done" in one or "database_unavailable" in one for one in answers)
        assert sum("event: done" in one for one in answers) > 20
        log = (desk.data_dir / "postgres" / "server.log").read_text()
        assert "too many" not in log
        assert "connection slots" not in log
        assert 4 < most <= 4 * connections_held(3) + 2


def _admin(postgres: EmbeddedPostgres) -> ConnectArguments:
    return postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)


def _count(admin: "psycopg.Connection[tuple[object, ...]]", which: str) -> int:
    counting = "select count(*) from pg_stat_activity where usename = 'answerdesk_app' and "
    row = admin.execute((counting + which).encode()).fetchone()
    assert row is not None
    return int(str(row[0]))
