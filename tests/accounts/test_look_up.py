"""One look-up a request: whose credential it is, the account, its plan and the rate, in one go."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.accounts.keys import code_of, make_key
from tests.accounts.people import sign_up
from tests.conftest import Server, serving

_LOGGED = re.compile(r"LOG:  (?:statement|execute [^:]*): (\w+)")

Statements = Callable[[Callable[[], httpx.Response]], tuple[httpx.Response, Sequence[str]]]


@pytest.fixture(scope="module")
def quiet() -> Iterator[Server]:
    """A server of its own that does nothing unless it is asked; people sign up for a rate."""
    settings = {"ANSWERDESK_WORKER": "0", "ANSWERDESK_SIGNUP_PLAN": "professional"}
    with serving(**settings) as running:
        yield running


@pytest.fixture(scope="module")
def statements(quiet: Server) -> Statements:
    """Send a request, and return what it had the database do: the first word of each statement."""
    log = quiet.data_dir / "postgres" / "server.log"
    with EmbeddedPostgres.start(quiet.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            connection.execute("alter role answerdesk_app set log_statement = 'all'")
            # Those that are open would not know of it.
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'answerdesk_app'"
            )

    def of(send: Callable[[], httpx.Response]) -> tuple[httpx.Response, Sequence[str]]:
        for _ in range(3):
            send()  # Connections are opened, and that a key is used is noted once a minute.
        before = _size_when_quiet(log)
        answer = send()
        with log.open("rb") as written:
            written.seek(before)
            return answer, _LOGGED.findall(written.read().decode())

    return of


def _size_when_quiet(log: Path) -> int:
    """Return the log's size when nothing has been written to it for a while."""
    size = -1
    for _ in range(100):
        if (now := log.stat().st_size) == size:
            return size
        size = now
        time.sleep(0.5)
    raise AssertionError(f"{log} does not rest")


@pytest.fixture(scope="module")
def callers(quiet: Server) -> Iterator[dict[str, httpx.Client]]:
    """One of each kind: a person and a key with rates, and the owner's key."""
    person = sign_up(quiet)
    headers = {"Authorization": f"Bearer {make_key(person.client)['key']}"}
    with (
        httpx.Client(base_url=quiet.url, headers=headers) as program,
        quiet.client(owner=True) as owner,
    ):
        yield {"person": person.client, "key": program, "owner": owner}


@pytest.mark.parametrize("name", ["person", "key", "owner"])
def test_a_request_is_one_look_up_and_its_own_transaction(
    callers: dict[str, httpx.Client], statements: Statements, name: str
) -> None:
    answer, done = statements(lambda: callers[name].get("/v1/projects"))
    assert answer.status_code == 200, answer.text
    assert ("x-ratelimit-limit" in answer.headers) == (name != "owner")
    assert done == ["with", "BEGIN", "select", "SELECT", "COMMIT"]


@pytest.mark.parametrize("name", ["person", "key", "owner"])
def test_the_project_of_the_path_is_one_round_trip_more(
    callers: dict[str, httpx.Client], statements: Statements, name: str
) -> None:
    client = callers[name]
    project = client.post("/v1/projects", json={"name": "Website"}).json()["id"]
    answer, done = statements(lambda: client.get(f"/v1/projects/{project}"))
    assert (answer.status_code, answer.json()["name"]) == (200, "Website")
    assert done == ["with", "with"]


def test_what_is_refused_does_nothing_else(
    callers: dict[str, httpx.Client], statements: Statements, quiet: Server
) -> None:
    made = make_key(callers["person"])
    headers = {"Authorization": f"Bearer {made['key']}"}
    with httpx.Client(base_url=quiet.url, headers=headers) as client:
        assert client.get("/v1/projects").status_code == 200
        revoked = callers["person"].delete(f"/v1/api-keys/{made['id']}")
        assert revoked.status_code == 204
        answer, done = statements(lambda: client.get("/v1/projects"))
    assert code_of(answer, 401) == "api_key_revoked"
    assert done == ["with"]
    assert "x-ratelimit-limit" not in answer.headers
