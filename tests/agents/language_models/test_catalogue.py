"""Language models over the native API: refusals first, then that they are kept and changed."""

from typing import Any

import httpx
import pytest

from tests.agents.language_models.conftest import EVERY, KEY, Models, path
from tests.conftest import Desk, Rows
from tests.projects.foreign import Foreign
from tests.projects.problems import assert_problem, refusal


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "Mine"}),
        ("DELETE", "", None),
        ("POST", "/test", None),
    ],
)
def test_anothers_model_is_as_unknown_as_none(
    models: Models,
    foreign: Foreign,
    confined: httpx.Client,
    rows: Rows,
    method: str,
    rest: str,
    body: Any,
) -> None:
    [[theirs]] = rows(
        "insert into language_model"
        " (account_id, id, project_id, name, provider, model, max_tokens, has_key)"
        " select account_id, gen_random_uuid(), id, gen_random_uuid()::text, 'openai', 'x', 1,"
        "  false"
        " from project where id = %s returning id",
        foreign.project.removeprefix("proj_"),
    )
    beside = models.add("Beside", project_id=Desk(models.owner, models.desk.visitor).project_id)
    answers = [
        confined.request(method, f"{EVERY}/{one}{rest}", json=body)
        for one in (f"model_{theirs.hex}", beside["id"], "model_" + "0f" * 16, "x")
    ]
    for answer in answers:
        assert_problem(answer, 404, "language_model_not_found")
    assert len({answer.text for answer in answers}) == 1
    listed = {one["id"] for one in confined.get(EVERY, params={"limit": 200}).json()["items"]}
    assert listed.isdisjoint({f"model_{theirs.hex}", beside["id"]})


_OPENAI = {"provider": "openai", "url": None}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": " "}, "name is empty"),
        ({"name": "x" * 201}, "name "),
        ({"url": "ftp://models.example/"}, "url: "),
        ({"url": "https://models.example/v1?key=x"}, "url has a query"),
        ({"url": "https://me:pw@models.example/"}, "user name or password"),
        ({"url": None}, "needs `url`"),
        ({"model": ""}, "model "),
        ({"max_tokens": 0}, "max_tokens "),
        ({"max_tokens": 100_001}, "max_tokens "),
        ({"input_price": 1}, "have to be set together"),
        ({"input_price": -1, "output_price": 1, "currency": "USD"}, "input_price "),
        ({"input_price": 1, "output_price": 1, "currency": "usd"}, "three capital letters"),
        ({"key": ""}, "key: it is empty"),
        ({"key": "a b\r\nX-Evil: 1"}, "key: it has characters"),
        ({"key": "ключ"}, "key: it has characters"),
        ({"fallback": "nobody"}, "fallback: 'nobody' is no language model"),
        ({"secret": "x"}, "secret "),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_is_wrong_is_named_and_nothing_is_stored_or_sent(
    models: Models, method: str, fields: dict[str, Any], fault: str
) -> None:
    if method == "POST":
        refused = models.post("Mine", **fields)
        kept: list[Any] = []
    else:
        kept = [models.add("Mine")]
        refused = models.owner.patch(path(kept[0]), json=fields)
    assert refused.status_code == 422, refused.text
    assert fault in refused.json()["detail"]
    assert [{**one, "agents": []} for one in models.list()] == [
        {**one, "agents": []} for one in kept
    ]
    assert models.asked() == []


@pytest.mark.parametrize("fields", [{"provider": "openai"}, {"provider": "anthropic"}])
def test_only_a_compatible_service_has_an_address(models: Models, fields: dict[str, Any]) -> None:
    refused = models.post("Mine", **fields)
    assert "has an address of its own" in refusal(refused, 422, "invalid_input")
    assert models.add("Other", **{**fields, "url": None})["url"] is None


def test_the_provider_and_the_project_stay(models: Models) -> None:
    model = models.add("Mine")
    for field in ("provider", "project_id", "version"):
        refused = models.owner.patch(path(model), json={field: "openai"})
        assert f"{field} is not a known field" in refusal(refused, 422, "invalid_input")


def test_a_key_that_reads_changes_and_asks_nothing(reader: httpx.Client, models: Models) -> None:
    model = models.add("Mine", key=KEY)
    for answer in (
        models.post("Theirs", by=reader),
        reader.patch(path(model), json={"name": "x"}),
        reader.delete(path(model)),
        reader.post(f"{path(model)}/test"),
    ):
        assert "agents:write" in refusal(answer, 403, "scope_missing")
    assert reader.get(path(model)).json() == model
    assert models.asked() == []


def test_a_key_of_one_project_uses_the_accounts_models_and_leaves_them_alone(
    confined: httpx.Client, models: Models
) -> None:
    model = models.add(f"Shared {models.desk.project_id}", project_id=None, key=KEY)
    shown = confined.get(path(model)).json()
    assert shown == {**model, "url": None, "key_end": None}
    for answer in (
        models.post("All", by=confined, project_id=None),
        confined.patch(path(model), json={"name": "x"}),
        confined.delete(path(model)),
        confined.post(f"{path(model)}/test"),
    ):
        assert "only some projects" in refusal(answer, 403, "project_needed")
    assert models.post("Mine", by=confined).status_code == 201
    refused = models.post("Beside", by=confined, project_id="proj_" + "0f" * 16)
    assert_problem(refused, 404, "project_not_found")
    assert models.owner.delete(path(model)).status_code == 204


def test_a_name_is_one_models_in_its_scope(models: Models) -> None:
    first, second = models.add("Fast"), models.add("Good")
    assert "named 'Fast'" in refusal(models.post("Fast"), 409, "language_model_name_taken")
    renamed = models.owner.patch(path(second), json={"name": "Fast"})
    assert_problem(renamed, 409, "language_model_name_taken")
    for project_id in (None, Desk(models.owner, models.desk.visitor).project_id):
        beside = models.add("Fast", project_id=project_id)
        assert models.owner.delete(path(beside)).status_code == 204
    assert [one["id"] for one in models.list()] == [first["id"], second["id"]]


def test_an_account_has_at_most_a_hundred(models: Models, rows: Rows) -> None:
    project = models.desk.project_id.removeprefix("proj_")
    rows(
        "insert into language_model"
        " (account_id, id, project_id, name, provider, model, max_tokens, has_key)"
        " select p.account_id, gen_random_uuid(), p.id, n::text, 'openai', 'x', 1, false"
        " from project p, generate_series(1, 100) n where p.id = %s returning 1",
        project,
    )
    assert "100" in refusal(models.post("One more"), 409, "too_many_language_models")
    rows("delete from language_model where project_id = %s returning 1", project)


def test_all_prices_are_in_one_currency(models: Models) -> None:
    prices: dict[str, Any] = {"input_price": 150_000, "output_price": 600_000}
    first = models.add("First", **prices, currency="USD")
    second = models.add("Second")
    assert "priced in USD" in refusal(
        models.post("Third", **prices, currency="EUR"), 409, "currency_differs"
    )
    changed = models.owner.patch(path(second), json={**prices, "currency": "EUR"})
    assert_problem(changed, 409, "currency_differs")
    # Alone it may change.
    alone = models.owner.patch(path(first), json={"currency": "EUR"})
    assert alone.json()["currency"] == "EUR"
    assert models.owner.patch(path(second), json={**prices, "currency": "EUR"}).is_success


def test_models_fall_back_without_circles_and_not_for_ever(models: Models) -> None:
    chain = [models.add("1")]
    for number in range(2, 5):
        chain.append(models.add(str(number), fallback=chain[-1]["id"]))
    assert chain[-1]["fallback"] == chain[-2]["id"]
    refused = models.post("5", fallback="4")
    assert "at most 4" in refusal(refused, 422, "fallback_too_long")
    circle = models.owner.patch(path(chain[0]), json={"fallback": "3"})
    assert_problem(circle, 422, "fallback_circle")
    itself = models.owner.patch(path(chain[0]), json={"fallback": "1"})
    assert_problem(itself, 422, "fallback_circle")
    # From below: the first of all would get a fifth behind it.
    other = models.add("other")
    longer = models.owner.patch(path(chain[0]), json={"fallback": "other"})
    assert_problem(longer, 422, "fallback_too_long")
    held = models.owner.delete(path(chain[0]))
    assert "fall back to this one: 2" in refusal(held, 409, "language_model_in_use")
    assert models.owner.patch(path(chain[1]), json={"fallback": None}).json()["fallback"] is None
    assert models.owner.delete(path(chain[0])).status_code == 204
    assert models.owner.delete(path(other)).status_code == 204


def test_a_model_of_all_projects_does_not_fall_back_to_one_of_some(models: Models) -> None:
    own = models.add("Own")
    for told in ("Own", own["id"]):
        refused = models.post("All", project_id=None, fallback=told)
        assert_problem(refused, 422, "fallback_unknown")
    shared = models.add("Shared", project_id=None)
    assert models.add("Mine", fallback="Shared")["fallback"] == shared["id"]
    assert_problem(models.owner.delete(path(shared)), 409, "language_model_in_use")


def test_agents_name_only_what_their_project_can_use(models: Models, visitor: httpx.Client) -> None:
    other = Desk(models.owner, visitor)
    models.add("Fast")
    agent = models.owner.get(f"{models.desk.path}/agents").json()["items"][0]
    one = f"{models.desk.path}/agents/{agent['id']}"
    told = refusal(models.owner.patch(one, json={"model": "fast"}), 422, "language_model_unknown")
    assert "'fast'" in told
    assert "did you mean Fast?" in told
    made = models.owner.post(f"{other.path}/agents", json={"name": "x", "model": "Fast"})
    assert_problem(made, 422, "language_model_unknown")
    assert models.owner.patch(one, json={"model": "Fast"}).json()["model"] == "Fast"
    [listed] = models.list()
    assert listed["agents"] == [
        {"id": agent["id"], "name": "Assistant", "project_id": models.desk.project_id}
    ]


def test_a_model_that_agents_name_stays_as_it_is_called(models: Models) -> None:
    model = models.add("Fast")
    [agent] = models.owner.get(f"{models.desk.path}/agents").json()["items"]
    one = f"{models.desk.path}/agents/{agent['id']}"
    models.owner.patch(one, json={"model": "Fast"})
    for refused in (
        models.owner.delete(path(model)),
        models.owner.patch(path(model), json={"name": "Quick"}),
    ):
        assert "with this language model: Assistant." in refusal(
            refused, 409, "language_model_in_use"
        )
    assert models.owner.patch(one, json={"model": None}).json()["model"] is None
    assert models.owner.patch(path(model), json={"name": "Quick"}).json()["name"] == "Quick"
    assert models.owner.delete(path(model)).status_code == 204


def test_a_projects_own_model_comes_before_the_accounts(models: Models) -> None:
    name = f"Both {models.desk.project_id}"
    shared, own = models.add(name, project_id=None), models.add(name)
    [agent] = models.owner.get(f"{models.desk.path}/agents").json()["items"]
    models.owner.patch(f"{models.desk.path}/agents/{agent['id']}", json={"model": name})
    assert models.owner.delete(path(shared)).status_code == 204
    assert_problem(models.owner.delete(path(own)), 409, "language_model_in_use")


def test_an_agent_whose_model_is_gone_is_kept(models: Models, rows: Rows) -> None:
    [agent] = models.owner.get(f"{models.desk.path}/agents").json()["items"]
    one = f"{models.desk.path}/agents/{agent['id']}"
    rows(
        'update agent set settings = settings || \'{"model": "long gone"}\' where id = %s'
        " returning 1",
        agent["id"].removeprefix("agent_"),
    )
    changed = models.owner.patch(one, json={"greeting": "Moin!"})
    assert (changed.json()["greeting"], changed.json()["model"]) == ("Moin!", "long gone")


def test_versions_are_kept_and_the_last_change_holds(models: Models) -> None:
    model = models.add("Fast")
    seen = models.owner.get(path(model))
    tag = seen.headers["etag"]
    unchanged = models.owner.patch(path(model), json={"max_tokens": 800})
    assert unchanged.json()["version"] == 1
    changed = models.owner.patch(path(model), json={"max_tokens": 500}, headers={"If-Match": tag})
    assert (changed.json()["max_tokens"], changed.json()["version"]) == (500, 2)
    for method in ("PATCH", "DELETE"):
        late = models.owner.request(
            method,
            path(model),
            json={"max_tokens": 1} if method == "PATCH" else None,
            headers={"If-Match": tag},
        )
        assert_problem(late, 412, "precondition_failed")
    assert models.owner.patch(path(model), json={"max_tokens": None}).json()["max_tokens"] == 800


def test_what_is_done_is_logged_without_the_key(models: Models, rows: Rows) -> None:
    model = models.add("Fast", key=KEY)
    models.owner.patch(path(model), json={"key": f"{KEY}-2"}, params={"unchecked": "true"})
    models.owner.delete(path(model))
    logged = rows(
        "select action, detail from audit_entry where target_id = %s order by at", model["id"]
    )
    assert [action for action, _ in logged] == [
        *("language_model.created", "language_model.changed", "language_model.deleted"),
    ]
    assert logged[0][1]["name"] == "Fast"
    assert KEY not in str(logged)


def test_a_plan_may_leave_models_out(models: Models, rows: Rows) -> None:
    plan = "update account set plan = %s where name = 'Owner' returning 1"
    rows(plan, "free")
    try:
        assert "byok" in refusal(models.post("Mine"), 403, "feature_missing")
    finally:
        rows(plan, "unlimited")


def test_a_deleted_projects_models_are_gone(models: Models, rows: Rows) -> None:
    model = models.add("Fast", key=KEY)
    assert models.owner.delete(models.desk.path).status_code == 204
    assert_problem(models.owner.get(path(model)), 404, "language_model_not_found")
