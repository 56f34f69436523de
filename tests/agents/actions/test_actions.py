"""Actions over the native API: refusals first, then that they are kept, changed and deleted."""

from typing import Any

import httpx
import pytest

from answerdesk.agents.actions.types import KEPT_DAYS
from tests.agents.actions.conftest import Shop, order_status
from tests.conftest import Rows
from tests.conversations.visitors.site import Site
from tests.projects.foreign import Foreign
from tests.projects.problems import assert_problem, refusal

LEGAL = order_status("https://shop.example")


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "Mine"}),
        ("DELETE", "", None),
        ("POST", "/test", {}),
        ("GET", "/calls", None),
    ],
)
def test_anothers_action_is_as_unknown_as_none(
    shop: Shop,
    foreign: Foreign,
    confined: httpx.Client,
    rows: Rows,
    method: str,
    rest: str,
    body: Any,
) -> None:
    [[theirs]] = rows(
        "insert into action (account_id, id, project_id, name, settings)"
        " select account_id, gen_random_uuid(), id, 'Theirs', '{\"url\": \"https://a.example\"}'"
        " from project where id = %s returning id",
        foreign.project.removeprefix("proj_"),
    )
    beside = shop.add()["id"]  # In another project than the key's.
    answers = [
        confined.request(method, f"/v1/actions/{one}{rest}", json=body)
        for one in (f"action_{theirs.hex}", beside, "action_" + "0f" * 16, "x")
    ]
    for answer in answers:
        assert_problem(answer, 404, "action_not_found")
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": " "}, "name is empty"),
        ({"name": "x" * 101}, "name "),
        ({"url": "ftp://shop.example/"}, "url: The address has to begin"),
        ({"url": "https://{order}.shop.example/"}, "The host is fixed"),
        ({"url": "https://shop.example/{other}"}, "{other}, which is not among the parameters"),
        ({"url": "https://me:pw@shop.example/"}, "user name or password"),
        ({"method": "TRACE"}, "method "),
        ({"parameters": [{"name": f"p{number}"} for number in range(11)]}, "parameters "),
        ({"parameters": [{"name": "order"}, {"name": "order"}]}, "the same name"),
        ({"parameters": [{"name": "order", "required": False}]}, "has to be required"),
        ({"parameters": [{"name": "an order"}]}, "has to begin with a letter"),
        ({"parameters": [{"name": "order", "type": "object"}]}, "type "),
        ({"parameters": [{"name": "order", "prefix": "A", "example": "B"}]}, "only one of"),
        ({"parameters": [{"name": "order", "type": "number", "prefix": "A"}]}, "for strings"),
        ({"parameters": [{"name": "order", "example": "A 1"}]}, "no spaces"),
        ({"triggers": ["x"] * 21}, "triggers "),
        ({"triggers": [""]}, "triggers"),
        ({"answer": "{not a field}"}, "is not a field"),
        ({"answer": "{open"}, "a brace without its other half"),
        ({"answer": "x" * 2001}, "answer "),
        ({"headers": {"X-Key": "a\r\nX-Evil: 1"}}, "characters outside visible ASCII"),
        ({"headers": {"X Key": "a"}}, "letters, digits and hyphens"),
        ({"headers": {"Host": "evil.example"}}, "Host cannot be set"),
        ({"headers": {"Cookie": "a=b"}}, "Cookie cannot be set"),
        ({"headers": {"Idempotency-Key": "a"}}, "is set by us"),
        ({"headers": {"Answerdesk-Visitor": "a"}}, "is set by us"),
        ({"headers": {"X-Key": "a", "x-key": "b"}}, "the same name"),
        ({"headers": {f"X-{number}": "a" for number in range(11)}}, "headers"),
        ({"secret": "x"}, "secret "),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_is_wrong_is_named_and_nothing_is_stored(
    shop: Shop, method: str, fields: dict[str, Any], fault: str
) -> None:
    owner = shop.site.owner
    if method == "POST":
        refused = owner.post(f"{shop.site.path}/actions", json={**LEGAL, **fields})
        kept: list[Any] = []
    else:
        kept = [shop.add(**LEGAL)]
        refused = owner.patch(f"/v1/actions/{kept[0]['id']}", json=fields)
    assert refused.status_code == 422, refused.text
    assert fault in refused.json()["detail"]
    assert owner.get(f"{shop.site.path}/actions").json()["items"] == kept


def test_a_key_that_reads_changes_and_calls_nothing(reader: httpx.Client, shop: Shop) -> None:
    action = shop.add()
    one = f"/v1/actions/{action['id']}"
    for answer in (
        reader.post(f"{shop.site.path}/actions", json=LEGAL),
        reader.patch(one, json={"name": "Mine"}),
        reader.delete(one),
        reader.post(f"{one}/test", json={"parameters": {"order": "A-1234"}}),
    ):
        assert "agents:write" in refusal(answer, 403, "scope_missing")
    assert reader.get(one).json() == action
    assert shop.receiver.received == []


def test_a_project_has_at_most_fifty(shop: Shop) -> None:
    made = [shop.add(name=f"Action {number}") for number in range(50)]
    refused = shop.site.owner.post(f"{shop.site.path}/actions", json=LEGAL)
    assert "50" in refusal(refused, 409, "too_many_actions")
    assert shop.site.owner.delete(f"/v1/actions/{made[0]['id']}").status_code == 204
    shop.add()


@pytest.mark.parametrize(("plan", "most"), [("starter", 0), ("professional", 3), ("business", 10)])
def test_the_plan_limits_them(plan: str, most: int, shop: Shop, rows: Rows) -> None:
    signed_up = shop.site.visitor.post(
        "/v1/auth/signup",
        json={
            "email": f"{plan}-{shop.site.project_id}@example.com",
            "password": "a sentence that nobody says",
            "name": "Ann",
            "account_name": "Ann's",
        },
    ).json()
    account = signed_up["account"]["id"].partition("_")[2]
    rows("update account set plan = %s where account_id = %s returning 1", plan, account)
    headers = {"Authorization": f"Bearer {signed_up['access_token']}"}

    def post(path: str, body: dict[str, Any]) -> httpx.Response:
        return shop.site.visitor.post(path, json=body, headers=headers)

    project = post("/v1/projects", {"name": "Theirs"}).json()["id"]
    path = f"/v1/projects/{project}/actions"
    for _ in range(most):
        assert post(path, LEGAL).status_code == 201
    code = "limit_reached" if most else "feature_missing"
    assert_problem(post(path, LEGAL), 403, code)


def test_a_secret_does_not_follow_to_another_host(shop: Shop) -> None:
    action = shop.add(headers={"Authorization": "Bearer abc", "X-Key": "def"})
    assert action["headers"] == ["Authorization", "X-Key"]
    one = f"/v1/actions/{action['id']}"
    patch: dict[str, Any] = {"url": "https://other.example/{order}"}
    for headers in ({}, {"X-Key": "new"}):
        refused = shop.site.owner.patch(one, json={**patch, "headers": headers})
        assert_problem(refused, 422, "headers_needed")
    renewed = {"x-key": "new", "Authorization": None}
    changed = shop.site.owner.patch(one, json={**patch, "headers": renewed})
    assert changed.json()["headers"] == ["x-key"]
    same_host = shop.site.owner.patch(one, json={"url": "https://OTHER.example/v2/{order}"})
    assert same_host.status_code == 200


def test_it_is_shown_listed_changed_and_deleted(shop: Shop, site: Site) -> None:
    first = shop.add(name="First", needs_identity=True)
    second = shop.add()
    assert second | {"url": ""} == {
        **second,
        "project_id": site.project_id,
        "description": "",
        "url": "",
        "method": "GET",
        "needs_identity": False,
        "enabled": True,
        "headers": [],
        "version": 1,
    }
    every = f"{site.path}/actions"
    page = site.owner.get(every, params={"limit": 1}).json()
    assert page["items"] == [first]
    rest = site.owner.get(every, params={"cursor": page["next_cursor"]}).json()
    assert (rest["items"], rest["next_cursor"]) == ([second], None)

    one = f"/v1/actions/{second['id']}"
    shown = site.owner.get(one)
    assert shown.json() == second
    changed = site.owner.patch(one, json={"enabled": False, "answer": None}).json()
    assert (changed["enabled"], changed["answer"], changed["version"]) == (False, None, 2)
    assert site.owner.patch(one, json={"enabled": False}).json() == changed
    stale = {"If-Match": shown.headers["etag"]}
    assert_problem(site.owner.patch(one, json={}, headers=stale), 412, "precondition_failed")
    assert_problem(site.owner.delete(one, headers=stale), 412, "precondition_failed")
    assert site.owner.delete(one).status_code == 204
    assert_problem(site.owner.get(one), 404, "action_not_found")
    log = site.owner.get("/v1/audit-log", params={"limit": 3}).json()["items"]
    assert [entry["action"] for entry in log] == [
        "action.deleted",
        "action.changed",
        "action.created",
    ]


def test_a_deleted_projects_actions_are_gone(shop: Shop) -> None:
    action = shop.add(headers={"X-Key": "abc"})
    assert shop.site.owner.delete(shop.site.path).status_code == 204
    assert_problem(shop.site.owner.get(f"/v1/actions/{action['id']}"), 404, "action_not_found")


def test_calls_are_listed_newest_first_page_by_page(shop: Shop) -> None:
    action = shop.add()
    for number in range(3):
        shop.ships(f"A-100{number}")
        shop.test(action, order=f"A-100{number}")
    path = f"/v1/actions/{action['id']}/calls"
    page = shop.site.owner.get(path, params={"limit": 2}).json()
    rest = shop.site.owner.get(path, params={"cursor": page["next_cursor"]}).json()
    orders = [call["parameters"]["order"] for call in page["items"] + rest["items"]]
    assert orders == ["A-1002", "A-1001", "A-1000"]
    assert rest["next_cursor"] is None


def test_calls_are_forgotten_after_thirty_days(shop: Shop, rows: Rows) -> None:
    action = shop.add()
    shop.ships()
    for _ in range(2):
        shop.test(action, order="A-1234")
    newest, oldest = shop.calls(action)
    rows(
        "update action_call set begun_at = now() - interval '31 days' where id = %s returning 1",
        oldest["id"].removeprefix("call_"),
    )
    assert rows("select forget_action_calls(%s, 1000)", KEPT_DAYS)[0][0] >= 1
    assert shop.calls(action) == [newest]
