"""`answerdesk account remove | reset-password`: which API keys go on, and which are revoked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.entrypoints.installation import Installation, installation
from tests.waiting import PATIENCE

PASSWORD = "a quiet harbour"


@dataclass
class Desk:
    """A served installation with the Bakery, whose owner is Ann."""

    installed: Installation
    client: httpx.Client

    def join(self, email: str, account: str = "Bakery") -> dict[str, Any]:
        """Have somebody join as an admin, and make a key there."""
        invited = self.installed.run("account", "invite", account, email, "--json").ok().json
        return self.accept(invited["link"])

    def accept(self, link: str) -> dict[str, Any]:
        body = {"invitation": link.partition("#invitation=")[2], "password": PASSWORD}
        log_in = self.client.post("/v1/auth/accept-invitation", json=body).json()
        headers = {"Authorization": f"Bearer {log_in['access_token']}"}
        wish = {"name": "Shop", "scopes": ["read"]}
        key: dict[str, Any] = self.client.post("/v1/api-keys", json=wish, headers=headers).json()
        return key

    def works(self, key: dict[str, Any]) -> bool:
        headers = {"Authorization": f"Bearer {key['key']}"}
        return self.client.get("/v1/projects", headers=headers).status_code == 200


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with (
        installation() as installed,
        installed.serving() as told,
        httpx.Client(base_url=told["url"], timeout=PATIENCE) as client,
    ):
        made = Desk(installed, client)
        for name in ("Bakery", "Harbour"):
            owner = f"ann@{name.lower()}.example"
            run = installed.run("account", "create", name, "--owner", owner, "--json")
            made.accept(run.ok().json["invitation"]["link"])
        yield made


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("Nowhere", "ann@bakery.example"), "account_not_found"),
        (("Bakery", "ann@harbour.example"), "member_not_found"),
        (("Bakery", "nobody"), "invalid_email"),
        (("Bakery", "ann@bakery.example"), "last_owner"),
    ],
)
def test_who_cannot_be_removed_stays_with_all_keys(
    desk: Desk, arguments: tuple[str, ...], code: str
) -> None:
    done = desk.installed.run("account", "remove", *arguments, "--revoke-keys", "--json")
    assert (done.status, done.output) == (1, "")
    assert json.loads(done.errors)["error"]["code"] == code
    for name in ("Bakery", "Harbour"):
        keys = desk.installed.run("keys", "list", "--account", name, "--json").ok().json["keys"]
        assert [one["revoked_at"] for one in keys if "ann@" in one["created_by"]] == [None]


def test_a_member_is_removed_and_the_keys_that_go_on_are_told(desk: Desk) -> None:
    key = desk.join("bob@example.com")
    done = desk.installed.run("account", "remove", "Bakery", "BOB@example.com").ok()
    assert done.output == ""
    assert "Removed bob@example.com from Bakery." in done.errors
    assert "1 API key that bob@example.com made still works" in done.errors
    for told in (key["id"], key["hint"], "Shop", "last used never", "Bakery, acct_"):
        assert told in done.errors
    assert key["key"] not in done.errors
    assert desk.works(key)
    shown = desk.installed.run("account", "show", "Bakery", "--json").ok().json
    assert "bob@example.com" not in {one["email"] for one in shown["members"]}


def test_a_members_keys_of_this_account_are_revoked_with_the_removal(desk: Desk) -> None:
    key, elsewhere = desk.join("cat@example.com"), desk.join("cat@example.com", "Harbour")
    run = ("account", "remove", "Bakery", "cat@example.com", "--revoke-keys", "--json")
    told = desk.installed.run(*run).ok().json
    assert told == {
        "email": "cat@example.com",
        "account_name": "Bakery",
        "removed": True,
        "keys_revoked": 1,
        "keys_working": 0,
        "keys": [],
    }
    assert (desk.works(key), desk.works(elsewhere)) == (False, True)


def test_a_link_for_a_password_tells_of_the_keys_and_revokes_them_if_told(desk: Desk) -> None:
    keys = [desk.join("dan@example.com", one) for one in ("Bakery", "Harbour")]
    done = desk.installed.run("account", "reset-password", "dan@example.com").ok()
    assert "#token=" in done.output
    assert "2 API keys that dan@example.com made still work" in done.errors
    assert all(desk.works(one) for one in keys)
    done = desk.installed.run("account", "reset-password", "dan@example.com", "--revoke-keys").ok()
    assert "#token=" in done.output
    assert "Revoked 2 API keys that dan@example.com made." in done.errors
    assert "still work" not in done.errors
    assert not any(desk.works(one) for one in keys)
