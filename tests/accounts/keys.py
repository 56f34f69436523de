"""API keys and accounts for tests: made over HTTP, or put into the tables past every check."""

from typing import Any
from uuid import UUID

import httpx

from answerdesk.accounts.api_keys.types import key_hash, new_key
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE


def make_key(owner: httpx.Client, **fields: Any) -> dict[str, Any]:
    """Make a key that may write, unless told otherwise."""
    made = owner.post("/v1/api-keys", json={"name": "A test's", "scopes": ["write"], **fields})
    assert made.status_code == 201, made.text
    key: dict[str, Any] = made.json()
    return key


def holder(server: Server, key: str) -> httpx.Client:
    """Return a client that sends this key."""
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE)


def works(server: Server, key: dict[str, Any]) -> bool:
    """Tell whether a key that was made opens anything."""
    with holder(server, key["key"]) as client:
        return client.get("/v1/projects").status_code == 200


def code_of(response: httpx.Response, status: int) -> str:
    """Return the problem's code of a refusal."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    code: str = response.json()["code"]
    return code


def add_account(rows: Rows, plan: str, scope: str = "write") -> tuple[UUID, str]:
    """Put an account on `plan` into the tables; return its id and a key of it."""
    key = new_key("ad_live_")
    ((account_id,),) = rows(
        "insert into account (account_id, name, plan) values (gen_random_uuid(), 'Other', %s)"
        " returning account_id",
        plan,
    )
    rows(
        "insert into api_key (account_id, id, name, prefix, hint, key_hash, scopes, created_by)"
        " values (%s, gen_random_uuid(), 'Other', 'ad_live_', '', %s, %s, 'a test') returning 1",
        account_id,
        key_hash(key),
        [scope],
    )
    return account_id, key


def remove_account(rows: Rows, account_id: UUID) -> None:
    """Take an account with all that it has out of the tables."""
    # What is still being taken in has its project's index first, and then asks for the project.
    rows(
        "delete from account where account_id = %s and (select count(*) from"
        " (select 1 from knowledge_base where account_id = %s for update) as held) >= 0"
        " returning 1",
        account_id,
        account_id,
    )
