"""What language models may cost: caps hold however many ask at once, and whatever crashes."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from answerdesk.accounts.limits.spending.service import (
    Budget,
    spent_by_projects,
    usage_by_model,
)
from answerdesk.accounts.limits.spending.types import (
    Amount,
    BilledModel,
    ProjectSpendingCaps,
    Refused,
    Reservation,
)
from answerdesk.accounts.plans import install_plans, parse_plans
from answerdesk.accounts.types import Sender
from answerdesk.core.database import Database
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, ProjectId
from tests.conftest import Desk, Rows, Server
from tests.flooding import all_of
from tests.projects.problems import refusal

_AT_A_TIME = 40
MODEL = BilledModel(UUID(int=1), "Fast")
TEN = Amount(6, 4, 1000)
"""Ten tokens for 0.001."""


@dataclass
class Purse:
    """A project of a test's own, and what counts its spending."""

    budgets: Sequence[Budget]
    database: Database
    sender: Sender
    rows: Rows

    @property
    def budget(self) -> Budget:
        return self.budgets[0]

    async def reserve(
        self, amount: Amount = TEN, visitor: UUID | None = None, **caps: Any
    ) -> Reservation | Refused:
        sender = replace(self.sender, visitor=visitor)
        own = ProjectSpendingCaps.model_validate(caps)
        return await self.budget.reserve(sender, own, MODEL, amount)

    async def granted(self, amount: Amount = TEN, **options: Any) -> Reservation:
        reservation = await self.reserve(amount, **options)
        assert isinstance(reservation, Reservation), reservation
        return reservation

    def counted(self, scope: str, period: str = "day") -> tuple[int, int]:
        """Return the tokens and the money that a counter has; of the visitors' all together."""
        subject = {"project": self.sender.project_id, "account": self.sender.account_id}.get(scope)
        [[tokens, money]] = self.rows(
            "select coalesce(sum(tokens), 0)::int, coalesce(sum(money), 0)::int from spending"
            " where account_id = %s and scope = %s and period = %s"
            " and (%s::uuid is null or subject_id = %s)",
            *(self.sender.account_id, scope, period, subject, subject),
        )
        return tokens, money

    def reserved(self) -> int:
        [[count]] = self.rows(
            "select count(*) from spending_reservation where account_id = %s",
            self.sender.account_id,
        )
        return int(count)


@pytest.fixture
async def purse(server: Server, rows: Rows) -> AsyncIterator[Purse]:
    account, project = uuid4(), uuid4()
    rows("insert into account (account_id, name) values (%s, 'Spends') returning 1", account)
    rows(
        "insert into project (account_id, id, name) values (%s, %s, 'Spends') returning 1",
        *(account, project),
    )
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
        databases = [Database({**runtime}, pool_size=8) for _ in range(2)]
        sender = Sender(AccountId(account), ProjectId(project), None)
        yield Purse([Budget(one) for one in databases], databases[0], sender, rows)
        for one in databases:
            await one.close()


_CAPS = [
    ("visitor", "day", "tokens", {"per_visitor_per_day": {"tokens": 100}}),
    ("visitor", "month", "money", {"per_visitor_per_month": {"money": 10_000}}),
    ("project", "day", "money", {"per_day": {"money": 10_500}}),
    ("project", "month", "tokens", {"per_month": {"tokens": 109}}),
]


@pytest.mark.parametrize(("scope", "period", "measure", "caps"), _CAPS)
async def test_of_two_hundred_at_once_ten_have_room(
    purse: Purse, scope: str, period: str, measure: str, caps: dict[str, Any]
) -> None:
    visitor = uuid4()

    async def turn(number: int) -> bool:
        own = ProjectSpendingCaps.model_validate(caps)
        budget = purse.budgets[number % 2]
        sender = replace(purse.sender, visitor=visitor)
        held = await budget.reserve(sender, own, MODEL, TEN)
        if isinstance(held, Refused):
            assert (held.scope, held.period, held.measure) == (scope, period, measure)
            return False
        # What isn't needed any more comes back, while the others ask.
        await budget.settle(held, TEN)
        return True

    granted = await all_of(200, turn, at_a_time=_AT_A_TIME)
    assert sum(granted) == 10
    assert purse.counted(scope, period) == (100, 10_000)
    assert purse.reserved() == 0
    rows = purse.rows("select min(tokens), min(money) from spending")
    assert min(rows[0]) >= 0


async def test_what_settles_below_makes_room_and_never_more_than_the_cap(purse: Purse) -> None:
    caps: dict[str, Any] = {"per_day": {"tokens": 100}, "per_visitor_per_day": {"tokens": 60}}
    visitors = [uuid4() for _ in range(3)]

    async def turn(number: int) -> int:
        held = await purse.reserve(visitor=visitors[number % 3], **caps)
        if isinstance(held, Refused):
            return 0
        if number % 5 == 0:
            await purse.budget.release(held)
            return 0
        spent = Amount(2, number % 3, 100)
        await purse.budget.settle(held, spent)
        return spent.tokens

    settled = await all_of(200, turn, at_a_time=_AT_A_TIME)
    assert purse.counted("project")[0] == sum(settled) <= 100
    assert purse.counted("visitor")[0] == sum(settled)
    assert purse.counted("account")[0] == sum(settled)
    assert purse.reserved() == 0


async def test_a_full_cap_counts_nothing_anywhere(purse: Purse) -> None:
    visitor = uuid4()
    await purse.granted(visitor=visitor, per_visitor_per_day={"tokens": 100})
    before = [purse.counted(scope) for scope in ("visitor", "project", "account")]
    refused = await purse.reserve(
        visitor=visitor, per_visitor_per_day={"tokens": 100}, per_day={"tokens": 19}
    )
    assert refused == Refused("project", "day", "tokens", 19, first=True)
    assert [purse.counted(scope) for scope in ("visitor", "project", "account")] == before
    assert purse.reserved() == 1
    again = await purse.reserve(per_day={"tokens": 19})
    assert again == Refused("project", "day", "tokens", 19, first=False)


async def test_nothing_may_be_spent_where_the_cap_is_nothing(purse: Purse) -> None:
    assert isinstance(await purse.reserve(per_month={"money": 0}), Refused)
    assert isinstance(await purse.reserve(per_day={"tokens": 0}), Refused)
    # A model without prices is held to caps on tokens only.
    await purse.granted(Amount(6, 4), per_month={"money": 0})


async def test_one_visitors_cap_is_not_anothers(purse: Purse) -> None:
    caps: dict[str, Any] = {"per_visitor_per_day": {"tokens": 10}}
    first, second = uuid4(), uuid4()
    await purse.granted(visitor=first, **caps)
    assert isinstance(await purse.reserve(visitor=first, **caps), Refused)
    await purse.granted(visitor=second, **caps)
    assert purse.counted("visitor") == (20, 2000)


async def test_visitors_are_not_counted_without_a_cap(purse: Purse) -> None:
    held = await purse.granted(visitor=uuid4(), per_day={"tokens": 100})
    assert purse.counted("visitor") == (0, 0)
    assert purse.rows("select visitor_id from spending_reservation where id = %s", held.id) == [
        (None,)
    ]


async def test_the_accounts_cap_holds_over_all_projects(purse: Purse) -> None:
    purse.rows(
        'update account set spending_caps = \'{"per_day": {"tokens": 25}}\''
        " where account_id = %s returning 1",
        purse.sender.account_id,
    )
    other = uuid4()
    purse.rows(
        "insert into project (account_id, id, name) values (%s, %s, 'Other') returning 1",
        *(purse.sender.account_id, other),
    )
    await purse.granted()
    beside = replace(purse.sender, project_id=ProjectId(other))
    assert isinstance(
        await purse.budget.reserve(beside, ProjectSpendingCaps(), MODEL, TEN), Reservation
    )
    refused = await purse.reserve()
    assert refused == Refused("account", "day", "tokens", 25, first=True)


async def test_a_plans_cap_holds_besides_the_owners(purse: Purse) -> None:
    plans = '[unlimited]\ntitle = "x"\nmonthly_tokens = 15\n[free]\ntitle = "y"\n'
    install_plans(purse.database, parse_plans(plans, "plans.toml"))
    budget = Budget(purse.database)
    own = ProjectSpendingCaps()
    assert isinstance(await budget.reserve(purse.sender, own, MODEL, TEN), Reservation)
    refused = await budget.reserve(purse.sender, own, MODEL, TEN)
    assert refused == Refused("account", "month", "tokens", 15, first=True)


async def test_settling_happens_once(purse: Purse) -> None:
    held = await purse.granted()
    assert purse.counted("project") == (10, 1000)
    assert await purse.budget.settle(held, Amount(3, 1, 400)) is True
    assert await purse.budget.settle(held, Amount(9, 9, 900)) is False
    assert await purse.budget.release(held) is False
    assert purse.counted("project") == purse.counted("project", "month") == (4, 400)


async def test_what_a_crash_leaves_is_settled_in_full(purse: Purse) -> None:
    held, fresh = await purse.granted(), await purse.granted()
    purse.rows(
        "update spending_reservation set made_at = made_at - interval '11 minutes'"
        " where id = %s returning 1",
        held.id,
    )
    while await purse.budget.settle_stale(600, 100):
        pass
    assert purse.reserved() == 1
    # The provider may have billed it.
    assert purse.counted("account") == (20, 2000)
    assert await purse.budget.settle(held, Amount(0, 0, 0)) is False
    await purse.budget.release(fresh)
    assert purse.counted("account") == (10, 1000)
    async with purse.database.transaction(purse.sender.account_id) as session:
        [usage] = await usage_by_model(session, None)
    assert (usage.model, usage.day.answers, usage.month.input_tokens) == (MODEL, 1, 6)
    assert (usage.day.output_tokens, usage.day.money) == (4, 1000)


async def test_an_answer_is_counted_in_the_day_in_which_it_began(purse: Purse) -> None:
    held = await purse.granted()
    purse.rows(
        "update spending_reservation set made_at = made_at - interval '40 days'"
        " where id = %s returning 1",
        held.id,
    )
    purse.rows(
        "update spending set begins = date_trunc(period,"
        " (now() - interval '40 days') at time zone 'utc')::date"
        " where account_id = %s returning 1",
        purse.sender.account_id,
    )
    assert await purse.budget.settle(held, Amount(1, 1, 100))
    assert purse.counted("project") == (2, 100)
    async with purse.database.transaction(purse.sender.account_id) as session:
        assert await usage_by_model(session, None) == []
        assert await spent_by_projects(session, None) == []


async def test_another_account_neither_counts_nor_settles(purse: Purse, desk: Desk) -> None:
    held = await purse.granted()
    [[theirs]] = purse.rows(
        "select account_id from project where id = %s", desk.project_id.removeprefix("proj_")
    )
    stranger = replace(held, account_id=AccountId(theirs))
    assert await purse.budget.settle(stranger, Amount(0, 0, 0)) is False
    assert purse.counted("project") == (10, 1000)


async def test_a_deleted_projects_spending_goes_and_the_accounts_stays(purse: Purse) -> None:
    held = await purse.granted(visitor=uuid4(), per_visitor_per_day={"tokens": 100})
    purse.rows("delete from project where id = %s returning 1", purse.sender.project_id)
    assert purse.counted("project") == purse.counted("visitor") == (0, 0)
    assert purse.counted("account") == (10, 1000)
    assert await purse.budget.settle(held, None) is False


def test_an_owner_caps_the_account(owner: httpx.Client, rows: Rows) -> None:
    for wrong, fault in (
        ({"per_day": {"tokens": -1}}, "spending_caps.per_day.tokens "),
        ({"per_day": {"money": 0.5}}, "spending_caps.per_day.money "),
        ({"per_week": {"money": 1}}, "spending_caps.per_week is not a known field"),
    ):
        refused = owner.patch("/v1/account", json={"spending_caps": wrong})
        assert fault in refusal(refused, 422, "invalid_input")
    none = {"tokens": None, "money": None}
    changed = owner.patch("/v1/account", json={"spending_caps": {"per_day": {"tokens": 5000}}})
    assert changed.json()["spending_caps"] == {
        "per_day": {"tokens": 5000, "money": None},
        "per_month": none,
    }
    shown = owner.get("/v1/account/usage").json()["spending"]
    assert {one["metric"]: one["limit"] for one in shown} == {
        "daily_tokens": 5000,
        "daily_money": None,
        "monthly_tokens": None,
        "monthly_money": None,
    }
    removed = owner.patch("/v1/account", json={"spending_caps": None})
    assert removed.json()["spending_caps"] == {"per_day": none, "per_month": none}
    assert rows("select 1 from audit_entry where action = 'account.spending_caps_changed'")


def test_an_owner_caps_a_project(desk: Desk) -> None:
    caps: dict[str, Any] = {
        "per_visitor_per_day": {"tokens": 2000},
        "per_month": {"money": 5_000_000},
    }
    changed = desk.owner.patch(desk.path, json={"settings": {"spending_caps": caps}})
    kept = changed.json()["settings"]["spending_caps"]
    assert kept["per_visitor_per_day"] == {"tokens": 2000, "money": None}
    assert kept["per_month"] == {"tokens": None, "money": 5_000_000}
    wrong = {"settings": {"spending_caps": {"per_day": {"money": 1.5}}}}
    refused = desk.owner.patch(desk.path, json=wrong)
    assert "settings.spending_caps.per_day.money " in refusal(refused, 422, "invalid_input")
