"""Nothing is lost and nothing comes twice, however many look and write."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Rows, Server, rows_of
from tests.conversations.visitors.site import Site
from tests.inbox.live.crowd import Crowd

_IN_USE = (
    "select count(*) from pg_stat_activity where backend_type = 'client backend'"
    " and pid <> pg_backend_pid() and state <> 'idle'"
)


@pytest.fixture
def own(request: pytest.FixtureRequest) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        running = Server(Path(folder) / "data").start()
        yield running
        running.stop()


@pytest.fixture
def own_rows(own: Server) -> Iterator[Rows]:
    yield from rows_of(own)


async def crowded(
    own: Server, rows: Rows, people: int, visitors: int, seconds: float, pace: float
) -> Crowd:
    """Let everybody come and talk; return the crowd, which has heard everything once."""
    with own.client(owner=True) as owner, own.client() as visitor:
        crowd = Crowd.of(own, rows, Site(owner, visitor), people)
        try:
            await crowd.come(visitors)
            assert rows(_IN_USE)[0][0] < 10  # However many listen.
            await crowd.talk(seconds, visitors_every=60 / pace, people_every=15 / pace)
            await crowd.expect_all_heard()
        finally:
            crowd.go()
    late = crowd.lateness
    said = sum(len(one.said) for one in crowd.visitors)
    print(  # noqa: T201  # What was measured, for who reads it.
        f"{people} people, {visitors} visitors, {seconds:g} s: {said} messages;"
        f" seen after {late[len(late) // 2]:.3f} s, p95 {late[len(late) * 95 // 100]:.3f} s"
    )
    return crowd


async def test_a_crowd_of_a_minute(own: Server, own_rows: Rows) -> None:
    crowd = await crowded(own, own_rows, people=50, visitors=300, seconds=60, pace=1)
    assert len(crowd.lateness) > 1000


@pytest.mark.soak
async def test_a_large_crowd_of_ten_minutes(own: Server, own_rows: Rows) -> None:
    crowd = await crowded(own, own_rows, people=200, visitors=2000, seconds=600, pace=1)
    late = crowd.lateness
    assert late[len(late) * 95 // 100] <= 0.25
