"""API keys: refused ones first, then what a good one reaches."""

import secrets
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from answerdesk.accounts.api_keys.types import KEY_PREFIXES, key_hash, new_key, prefix_of
from tests.accounts.keys import add_account, code_of, holder, make_key, remove_account
from tests.conftest import Desk, Rows, Server
from tests.waiting import PATIENCE, attempts


@pytest.fixture
def key(owner: httpx.Client) -> dict[str, Any]:
    """A key that may do everything that a key may."""
    return make_key(owner)


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "not_authenticated"),
        ("", "not_authenticated"),
        ("Bearer", "not_authenticated"),
        ("Basic b3duZXI6a2V5", "not_authenticated"),
        ("Bearer nothing", "credential_unknown"),
        ("Bearer ad_live_short", "credential_unknown"),
        ("Bearer ad_live_" + "k" * 43, "api_key_unknown"),
        ("Bearer sk_live_" + "k" * 43, "api_key_unknown"),
        ("Bearer sk_" + "k" * 43 + " and more", "credential_unknown"),
        ("Bearer caf\xe9", "credential_unknown"),
    ],
)
def test_what_is_no_credential_is_refused(
    visitor: httpx.Client, authorization: str | None, code: str
) -> None:
    headers = {} if authorization is None else {b"authorization": authorization.encode("latin-1")}
    refused = visitor.get("/v1/projects", headers=headers)
    assert code_of(refused, 401) == code
    assert refused.headers["www-authenticate"] == "Bearer"


def test_a_key_of_another_case_or_length_is_unknown(server: Server, key: dict[str, Any]) -> None:
    for wrong in (key["key"].swapcase(), key["key"][:-1], key["key"] + "0", key["hint"]):
        with holder(server, wrong.encode("ascii", "replace").decode()) as client:
            assert client.get("/v1/projects").status_code == 401


def test_a_revoked_key_is_refused_at_once_and_revoking_twice_is_once(
    server: Server, owner: httpx.Client, key: dict[str, Any]
) -> None:
    with holder(server, key["key"]) as client:
        assert client.get("/v1/projects").status_code == 200
        for _ in range(2):
            assert owner.delete(f"/v1/api-keys/{key['id']}").status_code == 204
        assert code_of(client.get("/v1/projects"), 401) == "api_key_revoked"


def test_an_expired_key_is_refused(server: Server, owner: httpx.Client, rows: Rows) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    key = make_key(owner, expires_at=soon)
    with holder(server, key["key"]) as client:
        assert client.get("/v1/projects").status_code == 200
        rows(
            "update api_key set expires_at = now() where key_hash = %s returning 1",
            key_hash(key["key"]),
        )
        assert code_of(client.get("/v1/projects"), 401) == "api_key_expired"


def test_a_key_of_a_suspended_account_is_refused(
    server: Server, rows: Rows, foreign_key: str
) -> None:
    with holder(server, foreign_key) as client:
        assert client.get("/v1/projects").status_code == 200
        rows(
            "update account a set suspended_at = now() from api_key k"
            " where k.account_id = a.account_id and k.key_hash = %s returning 1",
            key_hash(foreign_key),
        )
        assert code_of(client.get("/v1/projects"), 403) == "account_suspended"


def test_a_key_of_a_plan_without_the_api_is_refused(
    server: Server, rows: Rows, foreign_key: str
) -> None:
    rows(
        "update account a set plan = 'free' from api_key k"
        " where k.account_id = a.account_id and k.key_hash = %s returning 1",
        key_hash(foreign_key),
    )
    with holder(server, foreign_key) as client:
        assert code_of(client.get("/v1/projects"), 403) == "feature_missing"


@pytest.fixture
def foreign_key(rows: Rows) -> Iterator[str]:
    """A key of another account, which ends with the test."""
    account_id, key = add_account(rows, "unlimited")
    yield key
    remove_account(rows, account_id)


@pytest.mark.parametrize("path", ["/v1/api-keys", "/v1/audit-log"])
def test_no_key_reaches_what_is_for_people(server: Server, key: dict[str, Any], path: str) -> None:
    with holder(server, key["key"]) as client:
        assert code_of(client.get(path), 403) == "scope_missing"
        if path == "/v1/api-keys":
            body = {"name": "more", "scopes": ["read"]}
            assert code_of(client.post(path, json=body), 403) == "scope_missing"
            assert code_of(client.delete(f"{path}/{key['id']}"), 403) == "scope_missing"


def test_a_foreign_key_is_as_unknown_as_an_invented_one(
    owner: httpx.Client, rows: Rows, foreign_key: str
) -> None:
    ((key_id,),) = rows("select id from api_key where key_hash = %s", key_hash(foreign_key))
    bodies = []
    for name in (f"key_{key_id.hex}", f"key_{secrets.token_hex(16)}", "key_", "1", "%00"):
        refused = owner.delete(f"/v1/api-keys/{name}")
        assert refused.status_code == 404
        bodies.append(refused.json())
    assert len({str(body) for body in bodies}) == 1
    listed = owner.get("/v1/api-keys", params={"limit": 200}).text
    assert key_id.hex not in listed


def test_a_foreign_project_cannot_be_named(owner: httpx.Client, rows: Rows, desk: Desk) -> None:
    foreign = secrets.token_hex(16)
    for ids in ([f"proj_{foreign}"], [desk.project_id, f"proj_{foreign}"], ["nonsense"]):
        body = {"name": "x", "scopes": ["read"], "project_ids": ids}
        assert code_of(owner.post("/v1/api-keys", json=body), 404) == "project_not_found"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 101},
        {"name": "a\0b"},
        {"scopes": []},
        {"scopes": ["admin"]},
        {"scopes": ["keys:write"]},
        {"scopes": ["projects:delete"]},
        {"prefix": "xx_"},
        {"project_ids": []},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2120-01-01T00:00:00"},
        {"expires_at": 7},
        {"role": "owner"},
    ],
)
def test_a_key_that_cannot_be_is_refused(owner: httpx.Client, fields: dict[str, Any]) -> None:
    body = {"name": "x", "scopes": ["read"], **fields}
    assert owner.post("/v1/api-keys", json=body).status_code == 422


def test_a_key_reads_only_what_its_scopes_say(server: Server, owner: httpx.Client) -> None:
    for scopes, reads, writes in (
        (["read"], 200, 403),
        (["write"], 200, 201),
        (["projects:read"], 200, 403),
        (["projects:write"], 200, 201),
        (["leads:write"], 403, 403),
    ):
        with holder(server, make_key(owner, scopes=scopes)["key"]) as client:
            assert client.get("/v1/projects").status_code == reads, scopes
            made = client.post("/v1/projects", json={"name": "By key"})
            assert made.status_code == writes, (scopes, made.text)


def test_a_key_of_one_project_knows_no_other(
    server: Server, owner: httpx.Client, visitor: httpx.Client
) -> None:
    own, other = Desk(owner, visitor), Desk(owner, visitor)
    with holder(server, make_key(owner, project_ids=[own.project_id])["key"]) as client:
        assert client.get(own.path).status_code == 200
        refused = client.get(other.path)
        unknown = client.get(f"/v1/projects/proj_{secrets.token_hex(16)}")
        assert refused.status_code == unknown.status_code == 404
        assert refused.json() == unknown.json()


@pytest.mark.parametrize("prefix", KEY_PREFIXES)
def test_a_key_is_shown_once_and_stored_hashed(
    server: Server, owner: httpx.Client, rows: Rows, prefix: str
) -> None:
    made = make_key(owner, prefix=prefix)
    assert made["key"].startswith(prefix)
    assert prefix_of(made["key"]) == prefix == made["prefix"]
    # 62 letters and digits, 43 of them: 256 random bits.
    assert len(made["key"].removeprefix(prefix)) == 43
    with holder(server, made["key"]) as client:
        assert client.get("/v1/projects").status_code == 200
    listed = owner.get("/v1/api-keys", params={"limit": 200})
    secret = made["key"].removeprefix(prefix)
    assert secret not in listed.text
    assert secret not in owner.get("/v1/audit-log", params={"limit": 200}).text
    (shown,) = [one for one in listed.json()["items"] if one["id"] == made["id"]]
    assert shown["hint"] == f"{prefix}…{secret[-4:]}"
    ((stored,),) = rows(
        "select to_jsonb(api_key)::text from api_key where key_hash = %s", key_hash(made["key"])
    )
    assert secret not in stored


def test_the_longest_prefix_is_the_one() -> None:
    assert prefix_of(new_key("sk_live_")) == "sk_live_"
    assert prefix_of(new_key("sk_")) == "sk_"
    assert prefix_of("sk_live_" + "a" * 35) is None
    assert prefix_of("sk_" + "a" * 43 + "\n") is None


def test_the_last_use_is_kept_to_the_minute(
    server: Server, owner: httpx.Client, key: dict[str, Any], rows: Rows
) -> None:
    def last_used() -> datetime | None:
        ((at,),) = rows(
            "select last_used_at from api_key where key_hash = %s", key_hash(key["key"])
        )
        return at if isinstance(at, datetime) else None

    def use_after(before: datetime) -> datetime:
        for _ in attempts(PATIENCE):
            at = last_used()
            if at is not None and at > before:
                return at
        raise AssertionError("the use was not kept")

    assert last_used() is None
    with holder(server, key["key"]) as client:
        client.get("/v1/projects")
        first = use_after(datetime.min.replace(tzinfo=UTC))
        threads = [threading.Thread(target=client.get, args=("/v1/projects",)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(0.3)
        assert last_used() == first
        rows(
            "update api_key set last_used_at = now() - interval '61 seconds'"
            " where key_hash = %s returning 1",
            key_hash(key["key"]),
        )
        client.get("/v1/projects")
        use_after(first)


def test_keys_are_listed_in_pages_newest_first(owner: httpx.Client) -> None:
    made = [make_key(owner, name=f"Page {number}")["id"] for number in range(5)]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        params = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = owner.get("/v1/api-keys", params=params).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen[:5] == made[::-1]
    wrong = owner.get("/v1/audit-log", params={"cursor": cursor})
    assert code_of(wrong, 422) == "cursor_invalid"


def test_making_and_revoking_is_in_the_audit_log(owner: httpx.Client) -> None:
    key = make_key(owner, name="Audited")
    owner.delete(f"/v1/api-keys/{key['id']}")
    entries = owner.get("/v1/audit-log", params={"limit": 200}).json()["items"]
    own = [entry for entry in entries if entry["target"]["id"] == key["id"]]
    assert [entry["action"] for entry in own] == ["api_key.revoked", "api_key.created"]
    assert own[0]["actor"]["kind"] == "owner_key"
    assert own[0]["address"] == "127.0.0.1"
    assert own[1]["detail"]["name"] == "Audited"
    only = owner.get("/v1/audit-log", params={"action": "api_key.revoked"}).json()["items"]
    assert {entry["action"] for entry in only} == {"api_key.revoked"}
