"""Windows of a caller in the database: all of them count a request, or none does."""

import json
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.waiting import PATIENCE, attempts

Connection = psycopg.Connection[tuple[Any, ...]]
Rates = Sequence[tuple[int, int]]


@dataclass
class Told:
    """What a call has told."""

    is_full: bool
    most: int
    seconds: int
    remaining: int
    left_seconds: float


@pytest.fixture
def name() -> str:
    return f"test:{secrets.token_hex(8)}"


@pytest.fixture
def open_connection(postgres: EmbeddedPostgres) -> Iterator[Any]:
    """Connect as the runtime role, which has to be able to count."""
    opened = []

    def connect(*, autocommit: bool = True) -> Connection:
        arguments = postgres.conninfo(
            user=postgres.runtime_user, password=postgres.runtime_password
        )
        opened.append(psycopg.connect(**arguments, autocommit=autocommit))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def connection(open_connection: Any) -> Connection:
    made: Connection = open_connection()
    return made


def take(connection: Connection, name: str, rates: Rates | None) -> Told | None:
    given = None if rates is None else json.dumps(rates)
    row = connection.execute(
        "select is_full, most, seconds, remaining,"
        " extract(epoch from ends_at - clock_timestamp())::float8"
        " from take_of_windows(%s, %s)",
        (name, given),
    ).fetchone()
    return None if row is None else Told(*row)


def counts(connection: Connection, name: str) -> dict[str, int]:
    rows = connection.execute(
        "select name, count from rate_window where starts_with(name, %s) and ends_at > now()",
        (name,),
    )
    return {str(one).removeprefix(name): count for one, count in rows}


def test_without_a_rate_nothing_is_counted(connection: Connection, name: str) -> None:
    assert take(connection, name, None) is None
    assert take(connection, name, []) is None
    assert counts(connection, name) == {}


def test_a_rate_of_none_lets_nothing_pass(connection: Connection, name: str) -> None:
    told = take(connection, name, [(0, 60)])
    assert told is not None
    assert (told.is_full, told.most, told.remaining) == (True, 0, 0)
    assert 59 < told.left_seconds <= 60
    assert counts(connection, name) == {}


def test_the_tighter_window_is_told_and_the_first_that_is_full(
    connection: Connection, name: str
) -> None:
    rates = [(3, 60), (4, 3600)]
    told = [take(connection, name, rates) for _ in range(3)]
    assert [(one.most, one.remaining) for one in told if one] == [(3, 2), (3, 1), (3, 0)]
    full = take(connection, name, rates)
    assert full is not None
    assert (full.is_full, full.most, full.seconds) == (True, 3, 60)
    assert counts(connection, name) == {":60": 3, ":3600": 3}
    # The minute is over, and the hour has one place.
    connection.execute("update rate_window set ends_at = now() where name = %s", (f"{name}:60",))
    last = take(connection, name, rates)
    assert last is not None
    assert (last.is_full, last.most, last.remaining) == (False, 4, 0)
    full = take(connection, name, rates)
    assert full is not None
    assert (full.is_full, full.most, full.seconds) == (True, 4, 3600)
    assert 3500 < full.left_seconds <= 3600
    assert counts(connection, name) == {":60": 1, ":3600": 4}


def test_what_a_full_window_refuses_opens_no_other(connection: Connection, name: str) -> None:
    assert take(connection, name, [(1, 3600)]) is not None
    told = take(connection, name, [(5, 60), (1, 3600)])
    assert told is not None
    assert told.is_full
    assert counts(connection, name) == {":3600": 1}


@pytest.mark.parametrize("commits", [True, False], ids=["taken", "given back"])
def test_two_never_take_the_last_place(
    open_connection: Any, connection: Connection, name: str, commits: bool
) -> None:
    """The second waits until it is known whether the first has it."""
    rates = [(9, 60), (2, 3600)]
    assert take(connection, name, rates) is not None
    first: Connection = open_connection(autocommit=False)
    taken = take(first, name, rates)
    assert taken is not None
    assert (taken.is_full, taken.remaining) == (False, 0)
    second: Connection = open_connection()
    told: list[Told | None] = []
    waiting = threading.Thread(target=lambda: told.append(take(second, name, rates)))
    waiting.start()
    _wait_until_blocked(connection, second)
    if commits:
        first.commit()
    else:
        first.rollback()
    waiting.join(timeout=PATIENCE)
    assert told[0] is not None
    assert told[0].is_full == commits
    assert counts(connection, name) == {":60": 2, ":3600": 2}


def test_whoever_comes_to_a_full_window_waits_for_nobody(
    open_connection: Any, connection: Connection, name: str
) -> None:
    assert take(connection, name, [(1, 60)]) is not None
    holder: Connection = open_connection(autocommit=False)
    holder.execute("select 1 from rate_window where name = %s for update", (f"{name}:60",))
    connection.execute("set lock_timeout = '5s'")
    told = take(connection, name, [(1, 60)])
    assert told is not None
    assert told.is_full


def _wait_until_blocked(looking: Connection, blocked: Connection) -> None:
    for _ in attempts(PATIENCE):
        row = looking.execute(
            "select cardinality(pg_blocking_pids(%s))", (blocked.info.backend_pid,)
        ).fetchone()
        if row is not None and row[0]:
            return
        time.sleep(0.01)
    raise AssertionError("it was not blocked")
