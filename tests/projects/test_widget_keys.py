"""Widget keys and the identity secret: what they refuse, and that they end at once."""

from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Rows
from tests.projects.foreign import Foreign
from tests.projects.problems import assert_problem, refusal


def make_key(desk: Desk, name: str = "Shop") -> dict[str, Any]:
    made = desk.owner.post(f"{desk.path}/widget-keys", json={"name": name})
    assert made.status_code == 201, made.text
    key: dict[str, Any] = made.json()
    return key


def begin(visitor: httpx.Client, key: str) -> httpx.Response:
    """Begin a visitor's session with a widget key."""
    return visitor.post("/v1/visitor/session", json={"widget_key": key})


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "name "),
        ({"name": " "}, "name is empty"),
        ({"name": "x" * 101}, "name "),
        ({"name": "x", "id": "wk_mine"}, "id "),
    ],
)
def test_a_key_that_does_not_hold_is_refused(desk: Desk, body: Any, fault: str) -> None:
    made = desk.owner.post(f"{desk.path}/widget-keys", json=body)
    assert fault in refusal(made, 422, "invalid_input")


def test_anothers_key_is_as_unknown_as_none(desk: Desk, foreign: Foreign, rows: Rows) -> None:
    ours = make_key(Desk(desk.owner, desk.visitor))["id"]
    for key in (foreign.widget_key, ours, "wk_" + "0f" * 16, "x"):
        gone = desk.owner.delete(f"{desk.path}/widget-keys/{key}")
        assert_problem(gone, 404, "widget_key_not_found")
    assert rows("select count(*) from widget_key where revoked_at is not null and name = 'Theirs'")[
        0
    ] == (0,)


def test_what_is_no_key_begins_no_session(visitor: httpx.Client, desk: Desk) -> None:
    for key in ("wk_" + "0f" * 16, desk.project_id, desk.project_id.replace("proj", "wk"), "x"):
        assert_problem(begin(visitor, key), 404, "widget_key_not_found")


def test_a_key_is_no_credential(visitor: httpx.Client, desk: Desk) -> None:
    key = make_key(desk)["id"]
    for path in ("/v1/projects", desk.path, f"{desk.path}/widget-keys"):
        answer = visitor.get(path, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401, answer.text


def test_a_revoked_key_begins_no_session_and_the_others_do(
    visitor: httpx.Client, desk: Desk
) -> None:
    first, second = make_key(desk, "First")["id"], make_key(desk, "Second")["id"]
    assert begin(visitor, first).status_code < 300
    assert desk.owner.delete(f"{desk.path}/widget-keys/{first}").status_code == 204
    assert_problem(begin(visitor, first), 404, "widget_key_not_found")
    assert begin(visitor, second).status_code < 300
    listed = desk.owner.get(f"{desk.path}/widget-keys").json()["items"]
    assert [(one["id"], one["revoked_at"] is None) for one in listed] == [
        (first, False),
        (second, True),
    ]


def test_revoking_twice_is_told_once(desk: Desk, rows: Rows) -> None:
    key = make_key(desk)["id"]
    for _ in range(2):
        assert desk.owner.delete(f"{desk.path}/widget-keys/{key}").status_code == 204
    found = rows("select action from audit_entry where target_id = %s order by at", key)
    assert found == [("widget_key.created",), ("widget_key.revoked",)]


def test_the_keys_go_on_by_their_cursor(desk: Desk) -> None:
    made = [make_key(desk, f"Key {n}")["id"] for n in range(3)]
    first = desk.owner.get(f"{desk.path}/widget-keys", params={"limit": 2}).json()
    params = {"limit": 2, "cursor": first["next_cursor"]}
    second = desk.owner.get(f"{desk.path}/widget-keys", params=params).json()
    assert [one["id"] for one in first["items"] + second["items"]] == made
    assert second["next_cursor"] is None


def test_the_identity_secret_is_shown_once_and_kept_sealed(desk: Desk, rows: Rows) -> None:
    path = f"{desk.path}/identity-secret"
    assert desk.owner.get(path).json() == {"set_at": None}
    made = desk.owner.post(path)
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert len(secret) >= 43
    shown = desk.owner.get(path)
    assert secret not in shown.text
    assert shown.json()["set_at"] is not None
    again = desk.owner.post(path).json()["secret"]
    assert again != secret
    sealed = rows("select sealed from stored_secret where name = 'identity'")
    assert all(secret.encode() not in one and again.encode() not in one for (one,) in sealed)
    told = rows("select detail::text from audit_entry where action = 'identity_secret.created'")
    assert told
    assert all(secret not in text and again not in text for (text,) in told)


def test_an_enforced_secret_stays(desk: Desk) -> None:
    path = f"{desk.path}/identity-secret"
    desk.owner.post(path)
    enforced = desk.owner.patch(desk.path, json={"settings": {"identity": {"enforce": True}}})
    assert enforced.status_code == 200, enforced.text
    assert_problem(desk.owner.delete(path), 409, "identity_enforced")
    desk.owner.patch(desk.path, json={"settings": {"identity": None}})
    assert desk.owner.delete(path).status_code == 204
    assert desk.owner.delete(path).status_code == 204
    assert desk.owner.get(path).json() == {"set_at": None}
