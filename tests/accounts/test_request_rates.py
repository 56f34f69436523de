"""Request rates: exact, whoever shares a window; told in headers; over them a 429."""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from answerdesk.accounts.api_keys.types import key_hash
from tests.accounts.keys import add_account, remove_account
from tests.conftest import Rows, Server
from tests.flooding import all_of, assert_passed
from tests.waiting import PATIENCE, attempts

_LIMIT = 60
_REQUESTS = 500
_AT_A_TIME = 60
_ROUNDS = 5
_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")

KeyOn = Callable[[str], str]


@pytest.fixture
def key_on(rows: Rows) -> Iterator[KeyOn]:
    """Make a key of a fresh account on the plan that is named."""
    accounts = []

    def make(plan: str) -> str:
        account_id, key = add_account(rows, plan, "read")
        accounts.append(account_id)
        return key

    yield make
    for account_id in accounts:
        remove_account(rows, account_id)


def _get(server: Server, key: str) -> httpx.Response:
    return httpx.get(
        f"{server.url}/v1/projects", headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE
    )


@pytest.fixture(scope="module")
def four_servers(server: Server) -> Iterator[Sequence[Server]]:
    """Four processes that serve from one database."""
    others = [Server(server.data_dir) for _ in range(3)]
    threads = [threading.Thread(target=other.start) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield [server, *others]
    for other in others:
        other.stop()


async def _status(server: Server, key: str) -> int:
    """Send one request on a connection of its own; a whole HTTP client would be the bottleneck."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        b"GET /v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Authorization: Bearer %s\r\n\r\n" % key.encode()
    )
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(b" ", 2)[1])


async def _flood(servers: Sequence[Server], key: str) -> Counter[int]:
    """Send all requests, many at a time over all processes; count the statuses."""

    async def send(number: int) -> int:
        return await _status(servers[number % len(servers)], key)

    return Counter(await all_of(_REQUESTS, send, at_a_time=_AT_A_TIME))


async def test_of_500_at_once_over_four_processes_exactly_60_pass(
    four_servers: Sequence[Server], key_on: KeyOn
) -> None:
    began = time.monotonic()
    for _ in range(_ROUNDS):
        counted = await _flood(four_servers, key_on("growth"))
        assert_passed(counted, _LIMIT)
        # All of them have to be inside of one window, or the numbers say nothing.
        assert time.monotonic() - began < 60
        began = time.monotonic()


def test_over_the_rate_a_request_is_refused_with_the_time_to_wait(
    server: Server, key_on: KeyOn, rows: Rows
) -> None:
    key = key_on("growth")
    first = _get(server, key)
    assert first.status_code == 200
    rows(
        "update rate_window w set count = 60 from api_key k where k.key_hash = %s"
        " and w.name = 'requests:api_key:' || replace(k.id::text, '-', '') || ':60' returning 1",
        key_hash(key),
    )
    refused = _get(server, key)
    assert refused.status_code == 429
    assert refused.json()["code"] == "rate_limited"
    assert "60 requests in a minute" in refused.json()["detail"]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-ratelimit-reset"] == first.headers["x-ratelimit-reset"]


def test_a_window_begins_with_its_first_request_and_ends_after_its_time(
    server: Server, key_on: KeyOn, rows: Rows
) -> None:
    key = key_on("growth")
    before = time.time()
    headers = _get(server, key).headers
    assert [headers[name] for name in _HEADERS[:2]] == ["60", "59"]
    assert before + 58 <= int(headers["x-ratelimit-reset"]) <= time.time() + 62
    assert _get(server, key).headers["x-ratelimit-remaining"] == "58"
    rows(
        "update rate_window w set ends_at = now(), count = 60 from api_key k where k.key_hash = %s"
        " and w.name = 'requests:api_key:' || replace(k.id::text, '-', '') || ':60' returning 1",
        key_hash(key),
    )
    again = _get(server, key)
    assert again.status_code == 200
    assert again.headers["x-ratelimit-remaining"] == "59"


def test_the_tighter_window_is_told_and_a_full_hour_takes_nothing_of_the_minute(
    server: Server, key_on: KeyOn, rows: Rows
) -> None:
    key = key_on("professional")
    assert _get(server, key).headers["x-ratelimit-limit"] == "60"
    like = "requests:api_key:' || replace(k.id::text, '-', '') || '"
    rows(
        "update rate_window w set count = 999 from api_key k where k.key_hash = %s"
        f" and w.name = '{like}:3600' returning 1",
        key_hash(key),
    )
    last = _get(server, key)
    assert last.status_code == 200
    assert [last.headers[name] for name in _HEADERS[:2]] == ["1000", "0"]
    refused = _get(server, key)
    assert refused.status_code == 429
    assert "1000 requests in an hour" in refused.json()["detail"]
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    ((count,),) = rows(
        "select w.count from rate_window w, api_key k where k.key_hash = %s"
        f" and w.name = '{like}:60'",
        key_hash(key),
    )
    assert count == 2


async def test_over_four_processes_a_full_hour_takes_nothing_of_the_minute(
    four_servers: Sequence[Server], key_on: KeyOn, rows: Rows
) -> None:
    key = key_on("professional")
    assert _get(four_servers[0], key).status_code == 200
    like = "requests:api_key:' || replace(k.id::text, '-', '') || '"
    of_key = f"from api_key k where k.key_hash = %s and w.name = '{like}"
    rows(f"update rate_window w set count = 979 {of_key}:3600' returning 1", key_hash(key))
    counted = await _flood(four_servers, key)
    assert counted == {200: 21, 429: _REQUESTS - 21}
    taken = (
        f"select w.count from rate_window w, api_key k where k.key_hash = %s and w.name = '{like}"
    )
    assert rows(f"{taken}:3600'", key_hash(key)) == [(1000,)]
    assert rows(f"{taken}:60'", key_hash(key)) == [(22,)]


def test_refusals_of_what_is_asked_count_and_tell_too(server: Server, key_on: KeyOn) -> None:
    key = key_on("growth")
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE) as client:
        assert client.post("/v1/projects", json={"name": "x"}).status_code == 403
        missing = client.get("/v1/projects/proj_0")
        assert missing.status_code == 404
        assert missing.headers["x-ratelimit-remaining"] == "58"


def test_without_a_rate_there_is_no_header(server: Server, owner: httpx.Client) -> None:
    shown = owner.get("/v1/projects")
    assert shown.status_code == 200
    assert [name for name in _HEADERS if name in shown.headers] == []


def test_ended_windows_are_forgotten(server: Server, rows: Rows) -> None:
    rows(
        "insert into rate_window select 'old:' || n, now() - interval '1 hour', 5"
        " from generate_series(1, 20) n returning 1"
    )
    rows("insert into rate_window values ('open', now() + interval '1 hour', 5) returning 1")
    rows("update due_job set run_at = now() where name = 'accounts.forget_counts' returning 1")
    left = "select count(*) from rate_window where name like 'old:%%'"
    assert any(rows(left) == [(0,)] for _ in attempts(PATIENCE))
    assert rows("delete from rate_window where name = 'open' returning count") == [(5,)]


def test_what_is_used_of_which_limit_is_shown(server: Server, owner: httpx.Client) -> None:
    shown = owner.get("/v1/account/usage")
    assert shown.status_code == 200, shown.text
    usage = shown.json()
    assert usage["plan"] == "unlimited"
    assert all(usage["features"].values())
    things = {one["metric"]: one for one in usage["things"]}
    before = things["projects"]["used"]
    assert things["projects"]["limit"] is None
    owner.post("/v1/projects", json={"name": "One more"})
    later = json.loads(owner.get("/v1/account/usage").text)["things"]
    assert next(one["used"] for one in later if one["metric"] == "projects") == before + 1


def test_a_wrong_plans_file_stops_the_start_and_names_the_line(tmp_path: Path) -> None:
    plans = tmp_path / "plans.toml"
    plans.write_text('[unlimited]\ntitle = "All"\nfeatures = "all"\nprojects = "many"\n')
    server = Server(tmp_path / "data", ANSWERDESK_PLANS_FILE=str(plans))
    with pytest.raises(AssertionError, match=r"line 4: unlimited\.projects"):
        server.start()
