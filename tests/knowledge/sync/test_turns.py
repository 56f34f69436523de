"""Turns to ask a host: one at a time, then a pause, among the askers of one process or of all."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from itertools import pairwise

import pytest

from answerdesk.core.database import Database
from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.settings import Settings
from answerdesk.knowledge.sync.shared_host_turns import SharedTurns
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.host_turns import LONGEST_WAIT, NotYet, OwnTurns, Turns
from tests.knowledge.website.conftest import LOOPBACK, ThreadReader
from tests.ready_database import ready_postgres
from tests.waiting import PATIENCE
from tests.websites import Website

HOST = "https://example.com"
Two = tuple[Turns, Turns]


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    with ready_postgres() as server:
        yield server


@pytest.fixture(params=["own", "shared"])
async def two(request: pytest.FixtureRequest) -> AsyncIterator[Two]:
    """What two askers have: the same in one process, one each in two."""
    if request.param == "own":
        own = OwnTurns()
        yield own, own
        return
    postgres: EmbeddedPostgres = request.getfixturevalue("postgres")
    runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
    async with AsyncExitStack() as stack:
        databases = [Database({**runtime}, pool_size=2) for _ in range(2)]
        for database in databases:
            stack.push_async_callback(database.close)
        one, other = map(SharedTurns, databases)
        yield one, other


async def _talk(turns: Turns, url: str, pause: float, seconds: float) -> tuple[float, float]:
    async with turns.turn(url, pause):
        began = time.monotonic()
        await asyncio.sleep(seconds)
        return began, time.monotonic()


async def test_two_askers_of_one_host_talk_one_at_a_time_with_a_pause(two: Two) -> None:
    one, other = two
    url = f"{HOST}:81/one"
    talks = [_talk(turns, url, 0.3, 0.2) for turns in (one, other, one, other)]
    spans = sorted(await asyncio.gather(*talks))
    for (_, ended), (began, _) in pairwise(spans):
        assert began - ended >= 0.295


async def test_the_pause_is_of_the_host_whatever_port_and_however_written(two: Two) -> None:
    one, other = two
    _, ended = await _talk(one, f"{HOST}/two", 0.3, 0.0)
    began, _ = await _talk(other, "http://EXAMPLE.com:8080/", 0.3, 0.0)
    assert began - ended >= 0.295


async def test_other_hosts_do_not_wait(two: Two) -> None:
    one, other = two
    async with one.turn("https://busy.example/", 60.0):
        async with asyncio.timeout(PATIENCE):
            await _talk(other, "https://free.example/", 60.0, 0.0)


async def test_no_pause_is_no_waiting(two: Two) -> None:
    one, other = two
    async with one.turn("https://own.example/", 60.0), asyncio.timeout(PATIENCE):
        await _talk(other, "https://own.example/", 0.0, 0.0)


async def test_who_is_not_patient_is_told_how_long_it_takes(two: Two) -> None:
    one, other = two
    url = "https://slow.example/"
    await _talk(one, url, 60.0, 0.0)
    with pytest.raises(NotYet) as raised:
        async with other.turn(url, 60.0, patient=False):
            raise AssertionError("It is not its turn")
    assert LONGEST_WAIT < raised.value.seconds <= 60.0


async def test_a_request_that_fails_ends_its_turn(two: Two) -> None:
    one, other = two
    url = "https://broken.example/"
    with pytest.raises(ConnectionError):
        async with one.turn(url, 0.2):
            raise ConnectionError
    async with asyncio.timeout(PATIENCE), other.turn(url, 0.2, patient=False):
        pass


async def test_two_workers_keep_one_pause_for_all_that_they_ask(two: Two, site: Website) -> None:
    """Pages, robots.txt and sitemaps alike, by two fetchers at once."""
    site.set("/a", "<main><p>The harbour opens at nine.</p></main>", delay=0.1)
    site.sitemap(["/a"])
    site.robots("User-agent: *\nAllow: /")
    outbound = Outbound(OutboundPolicy(networks={"pages": LOOPBACK}))
    settings = Settings(crawl_delay=0.25)
    fetchers = [PageFetcher(outbound, ThreadReader(), None, settings, turns) for turns in two]

    async def work(fetcher: PageFetcher) -> None:
        await fetcher.fetch(f"{site.url}/a")
        await fetcher.fetch_sitemap(f"{site.url}/sitemap.xml")
        await fetcher.get(f"{site.url}/robots.txt", max_bytes=1_000)

    await asyncio.gather(*map(work, fetchers))
    await outbound.close()
    asked = [(request.at, request.path) for request in site.requests]
    assert len(asked) == 6
    for (before, path), (after, _) in pairwise(asked):
        assert after - before >= 0.245 + (0.1 if path == "/a" else 0.0)
