"""What conversations add up to: periods that don't hold first, then each number from its rows."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, new_id
from answerdesk.insights.service import counts
from answerdesk.insights.types import Counts
from tests.conftest import Rows, Server
from tests.insights.past import Past
from tests.knowledge.search.library import runtime_database

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        async for opened in runtime_database(postgres):
            yield opened


@pytest.fixture
def account(server: Server, rows: Rows) -> Iterator[AccountId]:
    account_id = AccountId(new_id())
    rows("insert into account (account_id, name) values (%s, 'Test') returning 1", account_id)
    yield account_id
    rows("delete from account where account_id = %s returning 1", account_id)


async def count(
    database: Database, account: AccountId, only: Any, first: date = DAY, last: date = DAY
) -> Counts:
    async with database.transaction(account) as session:
        return await counts(session, only, first, last)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (DAY, DAY - timedelta(days=1), "period_backwards"),
        (DAY, DAY + timedelta(days=366), "period_too_long"),
        (date.min, date.max, "period_too_long"),
        (date.min, date.min, "period_range"),
        (date.max, date.max, "period_range"),
        (date.max - timedelta(days=1), date.max - timedelta(days=1), "period_range"),
    ],
)
async def test_a_period_that_does_not_hold_is_refused(
    database: Database, account: AccountId, first: date, last: date, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await count(database, account, None, first, last)
    assert refused.value.code == code


async def test_the_longest_and_the_furthest_periods_are_counted(
    database: Database, account: AccountId, rows: Rows
) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        await Past.of(database, rows, account, zone)
    furthest = (date.min + timedelta(days=1), date.max - timedelta(days=2))
    for first, last in ((DAY, DAY + timedelta(days=365)), *((one, one) for one in furthest)):
        assert await count(database, account, None, first, last) == Counts()


async def test_nothing_of_other_accounts_and_projects_is_counted(
    database: Database, account: AccountId, rows: Rows
) -> None:
    ours = await Past.of(database, rows, account)
    beside = await Past.of(database, rows, account)
    gone = await Past.of(database, rows, account)
    for past in (ours, beside, gone):
        past.answered(past.conversation(NOON), NOON, 2)
    rows("update project set deleted_at = now() where id = %s returning 1", gone.project)
    stranger = AccountId(new_id())
    rows("insert into account (account_id, name) values (%s, 'Other') returning 1", stranger)
    try:
        assert await count(database, stranger, [ours.project]) == Counts()
        assert await count(database, stranger, None) == Counts()
    finally:
        rows("delete from account where account_id = %s returning 1", stranger)
    one = Counts(1, 2, 1, 2.0, 0.0)
    assert await count(database, account, []) == Counts()
    assert await count(database, account, [gone.project]) == Counts()
    assert await count(database, account, [ours.project]) == one
    assert await count(database, account, [ours.project, gone.project]) == one
    assert await count(database, account, None) == Counts(2, 4, 2, 2.0, 0.0)


async def test_each_number_comes_from_its_rows(
    database: Database, account: AccountId, rows: Rows
) -> None:
    past = await Past.of(database, rows, account)
    ann, bob = past.visitor(), past.visitor()
    old = past.conversation(NOON - timedelta(days=3), ann)
    past.answered(old, NOON - timedelta(days=3), 50)
    first = past.answered(old, NOON, 1)
    today = past.conversation(NOON, ann)
    second = past.answered(today, NOON, 3)
    third = past.answered(today, NOON + timedelta(minutes=1), 5)
    past.say(past.conversation(NOON, bob), NOON)
    past.say(today, NOON + timedelta(minutes=2), "human")
    # Nobody knows whose it is.
    past.say(past.conversation(NOON), NOON)
    silent = past.conversation(NOON, past.visitor())
    past.say(silent, NOON + timedelta(days=1))
    for message, rating in ((first, "positive"), (second, "positive"), (third, "negative")):
        past.rate(message, rating)
    found = await count(database, account, [past.project])
    assert (found.total_conversations, found.total_messages) == (4, 9)
    assert found.unique_visitors == 3
    assert found.avg_response_time == pytest.approx(3.0)
    assert found.satisfaction_rate == pytest.approx(100 * 2 / 3)
    whole = await count(database, account, [past.project], DAY - timedelta(days=3))
    assert (whole.total_conversations, whole.total_messages) == (5, 11)
    assert whole.avg_response_time == pytest.approx((50 + 1 + 3 + 5) / 4)


@pytest.mark.parametrize(
    ("zone", "begins", "hours"),
    [
        ("UTC", datetime(2026, 3, 10, tzinfo=UTC), 24),
        ("Asia/Tokyo", datetime(2026, 3, 9, 15, tzinfo=UTC), 24),
        ("America/Los_Angeles", datetime(2026, 3, 10, 7, tzinfo=UTC), 24),
        # The clock jumps at 02:00, so that this day has 23 hours.
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
    ],
)
async def test_a_day_is_one_of_the_projects_time_zone(
    database: Database,
    account: AccountId,
    rows: Rows,
    zone: str,
    begins: datetime,
    hours: int,
) -> None:
    past = await Past.of(database, rows, account, zone)
    ends = begins + timedelta(hours=hours)
    instant = timedelta(microseconds=1)
    conversation = past.conversation(begins - instant)
    for at in (begins - instant, begins, ends - instant, ends):
        past.say(conversation, at)
    day = date(2026, 3, 29) if zone == "Europe/Berlin" else DAY
    found = await count(database, account, [past.project], day, day)
    assert (found.total_conversations, found.total_messages) == (0, 2)
    assert (await count(database, account, None, day, day)).total_messages == 2
