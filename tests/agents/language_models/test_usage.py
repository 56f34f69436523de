"""What language models cost, told to who may know, beside the caps; how long it is kept."""

from uuid import UUID, uuid4

import httpx
import pytest

from tests.agents.language_models.conftest import Models
from tests.conftest import Desk, Rows

USAGE = "/v1/language-models/usage"


def spend(rows: Rows, desk: Desk, *, tokens: int, money: int, days_ago: int = 0) -> str:
    """Count an answer of a project's; return the model's id."""
    project, model = desk.project_id.removeprefix("proj_"), uuid4()
    rows(
        "insert into model_usage (account_id, project_id, model_id, day, model_name, answers,"
        "  input_tokens, output_tokens, money)"
        " select account_id, id, %s, (now() at time zone 'utc')::date - %s, 'Fast', 1, %s, 0, %s"
        " from project where id = %s returning 1",
        *(model, days_ago, tokens, money, project),
    )
    rows(
        "insert into spending (account_id, scope, subject_id, period, begins, project_id, tokens,"
        "  money) select account_id, 'project', id, 'day', (now() at time zone 'utc')::date - %s,"
        "  id, %s, %s from project where id = %s returning 1",
        *(days_ago, tokens, money, project),
    )
    return f"model_{model.hex}"


def test_it_is_told_by_project_and_model_beside_the_caps(models: Models, rows: Rows) -> None:
    models.add("Fast", input_price=1, output_price=1, currency="USD")
    caps = {"per_day": {"tokens": 5000}, "per_month": {"money": 9}}
    models.owner.patch(models.desk.path, json={"settings": {"spending_caps": caps}})
    model = spend(rows, models.desk, tokens=70, money=3)
    spend(rows, models.desk, tokens=1, money=1, days_ago=70)
    told = models.owner.get(USAGE).json()
    assert told["currency"] == "USD"
    [ours] = [one for one in told["projects"] if one["project_id"] == models.desk.project_id]
    assert ours["day"] == {"tokens": 70, "money": 3, "most_tokens": 5000, "most_money": None}
    assert ours["month"] == {"tokens": 0, "money": 0, "most_tokens": None, "most_money": 9}
    [used] = [one for one in told["models"] if one["project_id"] == models.desk.project_id]
    spent = {"answers": 1, "input_tokens": 70, "output_tokens": 0, "money": 3}
    assert used == {
        "project_id": models.desk.project_id,
        "model_id": model,
        "name": "Fast",
        "day": spent,
        "month": spent,
    }
    assert told["account"]["day"]["most_tokens"] is None


def test_a_key_of_one_project_is_told_of_that(
    models: Models, confined: httpx.Client, rows: Rows, visitor: httpx.Client
) -> None:
    other = Desk(models.owner, visitor)
    spend(rows, other, tokens=70, money=3)
    spend(rows, models.desk, tokens=5, money=1)
    told = confined.get(USAGE).json()
    assert told["account"] is None
    for listed in (told["projects"], told["models"]):
        assert {one["project_id"] for one in listed} == {models.desk.project_id}


@pytest.mark.parametrize("table", ["spending", "model_usage"])
def test_old_counts_are_forgotten(models: Models, rows: Rows, table: str) -> None:
    spend(rows, models.desk, tokens=5, money=1, days_ago=500)
    spend(rows, models.desk, tokens=5, money=1)
    project = UUID(models.desk.project_id.removeprefix("proj_"))
    left = f"select count(*) from {table} where project_id = %s"
    assert rows(left, project) == [(2,)]
    while rows("select forget_spending(1000)") != [(0,)]:
        pass
    assert rows(left, project) == [(1,)]
