"""Rates by dialect: exact over several processes, and each dialect's own."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest

from answerdesk.core.dialects import DIALECTS, Dialect
from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Rows, Server
from tests.dialects.keys import key_of
from tests.flooding import all_of, assert_passed
from tests.waiting import PATIENCE

# A request for each dialect that does little and needs a key.
CALLS: dict[Dialect, tuple[str, str]] = {
    "chatorex": ("sk_live_", "/chatorex/api/sources"),
    "noras": ("sk_", "/noras/api/widgets"),
    "novachat": ("nc_live_", "/novachat/nc-api/v1/account/domains"),
    "novaro": ("ad_live_", "/novaro/api/v1/auth/verify"),
    "orac": ("orac_live_", "/orac/api/projects"),
}
PLANS = """
[unlimited]
title = "A hundred of everything"
features = ["api"]
dialects.chatorex = { requests_per_minute = 100 }
dialects.noras = { requests_per_minute = 100, requests_per_hour = 150 }
dialects.novachat = { requests_per_minute = 100 }
dialects.novaro = { requests_per_minute = 100 }
dialects.orac = { requests_per_minute = 100 }
"""
_PROCESSES = 4
_REQUESTS = 300
_AT_A_TIME = 20


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Server]]:
    """Four processes on one data folder, with these plans."""
    plans = tmp_path_factory.mktemp("plans") / "plans.toml"
    plans.write_text(PLANS, encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder, ExitStack() as stack:
        servers = []
        for _ in range(_PROCESSES):
            server = Server(Path(folder) / "data", ANSWERDESK_PLANS_FILE=str(plans)).start()
            stack.callback(server.stop)
            servers.append(server)
        yield servers


@pytest.fixture(scope="module")
def four_rows(four: Sequence[Server]) -> Iterator[Rows]:
    with EmbeddedPostgres.start(four[0].data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            yield lambda statement, *values: connection.execute(
                statement.encode(), values
            ).fetchall()


async def flood(servers: Sequence[Server], path: str, key: dict[str, str]) -> Counter[int]:
    """Send many requests at the same time to all processes; return how they were answered."""
    async with httpx.AsyncClient(timeout=120) as client:

        async def send(number: int) -> int:
            url = f"{servers[number % len(servers)].url}{path}"
            return (await client.get(url, headers=key)).status_code

        return Counter(await all_of(_REQUESTS, send, at_a_time=_AT_A_TIME))


@pytest.mark.parametrize("dialect", CALLS)
async def test_of_300_at_once_over_four_processes_exactly_a_hundred_pass(
    four: Sequence[Server], four_rows: Rows, dialect: Dialect
) -> None:
    prefix, path = CALLS[dialect]
    with four[0].client(owner=True) as owner:
        key = key_of(owner, prefix)
    assert_passed(await flood(four, path, key), 100)
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        refused = await client.get(f"{four[0].url}{path}", headers=key)
    assert refused.status_code == 429
    assert refused.headers["x-ratelimit-limit"] == "100"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    if dialect != "noras":
        return
    # The minute ends; of the hour's 150 there are 50 left.
    four_rows(
        "update rate_window set ends_at = now() where name like 'requests:noras:%%:60' returning 1"
    )
    assert_passed(await flood(four, path, key), 50)


def test_no_dialect_is_left_out() -> None:
    assert {*CALLS} == {*DIALECTS}


def test_each_dialect_counts_by_itself(four: Sequence[Server]) -> None:
    with four[0].client(owner=True) as owner:
        key = key_of(owner)
    for _, path in CALLS.values():
        first = httpx.get(f"{four[0].url}{path}", headers=key, timeout=PATIENCE)
        assert first.status_code == 200, first.text
        assert first.headers["x-ratelimit-remaining"] == "99"
