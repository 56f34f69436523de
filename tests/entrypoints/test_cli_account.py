"""`answerdesk account`: refusals, and what the operator does beside a running server."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.entrypoints.installation import Installation, installation
from tests.waiting import PATIENCE

PASSWORD = "a quiet harbour"


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    with installation(ANSWERDESK_SIGNUP="closed") as made:
        made.run("account", "list").ok()
        yield made


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "nobody"), "account_not_found"),
        (("plan", "Owner", "gold"), "plan_unknown"),
        (("invite", "Owner", "nobody"), "invalid_email"),
        (("reset-password", "nobody@example.com"), "user_not_found"),
        (("set-email", "nobody@example.com", "ann@example.com"), "user_not_found"),
        (("set-email", "nobody", "ann@example.com"), "invalid_email"),
    ],
)
def test_what_does_not_hold_is_refused(
    desk: Installation, arguments: tuple[str, ...], code: str
) -> None:
    done = desk.run("account", *arguments, "--json")
    assert (done.status, done.output) == (1, "")
    assert json.loads(done.errors)["error"]["code"] == code


def test_wrong_usage_is_told(desk: Installation) -> None:
    assert desk.run("account", "create", "Bakery").status == 2
    assert desk.run("account", "invite", "Owner", "a@example.com", "--role", "god").status == 2


def test_without_a_data_folder_nothing_is_made(desk: Installation) -> None:
    elsewhere = desk.data_dir.parent / "elsewhere"
    done = desk.run("account", "list", environment={"ANSWERDESK_DATA_DIR": str(elsewhere)})
    assert done.status == 1
    assert not elsewhere.exists()


def test_the_operator_lets_people_in_beside_a_closed_server(desk: Installation) -> None:
    with desk.serving() as told, httpx.Client(base_url=told["url"], timeout=PATIENCE) as client:
        open_sign_up = {"email": "eve@example.com", "password": PASSWORD}
        assert post(client, "signup", open_sign_up)["code"] == "signup_closed"
        made = desk.run("account", "create", "Bakery", "--owner", "ann@example.com", "--json")
        account = made.ok().json
        assert account["invitation"]["letter_file"] == str(desk.data_dir / "letters.txt")
        owner = accept(client, account["invitation"]["link"])
        assert (owner["role"], owner["account"]["id"]) == ("owner", account["id"])
        headers = {"Authorization": f"Bearer {owner['access_token']}"}
        inviting = {"email": "bob@example.com", "role": "viewer"}
        refused = client.post("/v1/invitations", json=inviting, headers=headers)
        assert refused.json()["code"] == "signup_closed"
        invited = desk.run(
            "account", "invite", "ann@example.com", "bob@example.com", "--role", "agent", "--json"
        )
        assert accept(client, invited.ok().json["link"])["role"] == "agent"
        shown = desk.run("account", "show", account["id"], "--json").ok().json
        assert [(one["email"], one["role"]) for one in shown["members"]] == [
            ("ann@example.com", "owner"),
            ("bob@example.com", "agent"),
        ]
        suspended = desk.run("account", "suspend", "Bakery", "--json").ok().json
        assert suspended["suspended"] is True
        assert client.get("/v1/me", headers=headers).json()["code"] == "account_suspended"
        desk.run("account", "resume", "Bakery").ok()
        assert client.get("/v1/me", headers=headers).status_code == 200
        assert desk.run("account", "plan", "Bakery", "free", "--json").ok().json["plan"] == "free"
        reset = desk.run("account", "reset-password", "ANN@example.com", "--json").ok().json
        token = reset["link"].partition("#token=")[2]
        body = {"token": token, "password": "another harbour"}
        assert client.post("/v1/auth/reset", json=body).status_code == 200
        assert client.get("/v1/me", headers=headers).json()["code"] == "session_ended"
        moved = ("account", "set-email", "ANN@example.com", "ann.ames@example.com", "--json")
        assert desk.run(*moved).ok().json == {
            "email": "ann.ames@example.com",
            "before": "ANN@example.com",
            "accounts": [{"id": account["id"], "name": "Bakery"}],
        }
        for address, code in (("bob@example.com", "email_in_use"), (moved[3], "email_unchanged")):
            done = desk.run("account", "set-email", moved[3], address, "--json")
            assert (done.status, json.loads(done.errors)["error"]["code"]) == (1, code)
        log_in = {"email": "ann.ames@example.com", "password": "another harbour"}
        again = post(client, "login", log_in)
        headers = {"Authorization": f"Bearer {again['access_token']}"}
        entries = client.get("/v1/audit-log", headers=headers).json()["items"]
        actions = {one["action"] for one in entries if one["actor"]["name"] == "the operator"}
        assert actions == {
            *("account.created", "account.suspended", "account.resumed", "account.plan_changed"),
            *("invitation.created", "password.reset_link_made", "user.email_changed"),
        }


def accept(client: httpx.Client, link: str) -> dict[str, Any]:
    token = link.partition("#invitation=")[2]
    return post(client, "accept-invitation", {"invitation": token, "password": PASSWORD})


def post(client: httpx.Client, path: str, body: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = client.post(f"/v1/auth/{path}", json=body).json()
    return answer
