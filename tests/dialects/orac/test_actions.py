"""Orac's custom actions: refusals first, then that they come, change, are tested and go."""

import pytest

from tests.accounts.keys import add_account, remove_account
from tests.conftest import Desk, Rows
from tests.dialects.orac.test_programmatic import Program
from tests.dialects.orac.test_refusals import assert_envelope

PARAMETER = {
    "name": "order_id",
    "type": "string",
    "description": "The id of the order",
    "required": True,
}
ACTION = {
    "name": "Order status",
    "description": "Tells where an order is.",
    "url": "https://shop.example/orders",
    "method": "GET",
    "parameters": [PARAMETER],
    "fallback": "I can't look that up at the moment.",
    "enabled": True,
}


@pytest.fixture
def program(desk: Desk) -> Program:
    return Program(desk)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": None},
        {"url": "ftp://shop.example"},
        {"url": "https://{order_id}.example"},
        {"method": "TRACE"},
        {"parameters": [{**PARAMETER, "type": "object"}]},
        {"parameters": [PARAMETER, PARAMETER]},
        {"parameters": "none"},
        {"headers": {"Host": "evil.example"}},
    ],
)
def test_what_is_wrong_is_refused_in_the_envelope(
    program: Program, fields: dict[str, object]
) -> None:
    refused = program.call("POST", "/api/actions", json={**ACTION, **fields})
    assert refused.status_code == 400, refused.text
    assert set(refused.json()) == {"error", "code", "status"}
    assert program.rows("actions") == []


def test_an_id_is_needed_and_has_to_be_known(program: Program, desk: Desk) -> None:
    neighbour = Program(Desk(desk.owner, desk.visitor)).made("actions", **ACTION)["id"]
    for method, path, body in (
        ("PUT", "/api/actions", ACTION),
        ("DELETE", "/api/actions", None),
        ("POST", "/api/actions/test", {}),
    ):
        assert_envelope(program.call(method, path, json=body), 400, "id_missing")
        for one in ("x", neighbour, "action_" + "0f" * 16):
            refused = program.call(method, f"{path}?id={one}", json=body)
            assert_envelope(refused, 404, "action_not_found")


def test_over_the_plan_is_a_403(rows: Rows, desk: Desk) -> None:
    account_id, key_text = add_account(rows, "business")
    try:
        key = {"Authorization": f"Bearer {key_text}"}
        made = desk.visitor.post("/orac/api/projects", json={"name": "Shop"}, headers=key)
        body = {**ACTION, "project_id": made.json()["id"]}
        for _ in range(10):
            added = desk.visitor.post("/orac/api/actions", json=body, headers=key)
            assert added.status_code == 201, added.text
        refused = desk.visitor.post("/orac/api/actions", json=body, headers=key)
        assert_envelope(refused, 403, "limit_reached")
    finally:
        remove_account(rows, account_id)


def test_actions_come_change_and_go(program: Program) -> None:
    made = program.made("actions", **ACTION, unknown="ignored")
    assert {name: made[name] for name in ACTION if name != "parameters"} == {
        name: value for name, value in ACTION.items() if name != "parameters"
    }
    [parameter] = made["parameters"]
    assert {name: parameter[name] for name in PARAMETER} == PARAMETER
    assert made["project_id"] == program.desk.project_id
    assert program.rows("actions") == [made]
    assert program.rows("actions", "?offset=1") == []

    one = f"/api/actions?id={made['id']}"
    changed = program.call("PUT", one, json={"method": "post", "enabled": False}).json()
    assert changed | {"updated_at": ""} == {
        **made,
        "method": "POST",
        "enabled": False,
        "updated_at": "",
    }
    private = {"url": "http://127.0.0.1:9/orders"}
    assert program.call("PUT", one, json=private).status_code == 200
    tested = program.call(
        "POST", f"/api/actions/test?id={made['id']}", json={"parameters": {"order_id": "1"}}
    ).json()
    assert (tested["success"], tested["answer"], tested["status"]) == (False, None, None)
    assert "ANSWERDESK_ACTION_NETWORKS" in tested["error_message"]

    assert program.call("DELETE", one).json() == {"success": True}
    assert program.rows("actions") == []
    assert_envelope(program.call("DELETE", one), 404, "action_not_found")
