"""Registration, log-in and status, as Nova Chat's clients use them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from tests.conftest import Rows
from tests.dialects.keys import key_of
from tests.dialects.novachat.shop import PASSWORD, Shop, refused

WITHOUT_KEY = (
    ("GET", "/nc-api/v1/account/status"),
    ("POST", "/nc-api/v1/account/bind-domain"),
    ("GET", "/nc-api/v1/account/domains"),
    ("POST", "/nc-api/v1/account/domains/1/ai-config"),
    ("GET", "/nc-api/v1/agents"),
    ("POST", "/nc-api/v1/agents"),
    ("GET", "/nc-api/v1/api-keys"),
    ("POST", "/nc-api/v1/api-keys"),
    ("DELETE", "/nc-api/v1/api-keys/1"),
    ("GET", "/nc-api/v1/knowledge_base/items"),
    ("POST", "/nc-api/v1/knowledge_base/items"),
    ("PUT", "/nc-api/v1/knowledge_base/items/1"),
    ("DELETE", "/nc-api/v1/knowledge_base/items?id=1"),
    ("POST", "/nc-api/v1/knowledge_base/items/import"),
    ("POST", "/nc-api/v1/knowledge_base/import"),
    ("POST", "/nc-api/v1/agentic-rag/analyze"),
    ("GET", "/nc-api/v1/conversations"),
    ("POST", "/nc-api/v1/conversations"),
    ("GET", "/nc-api/v1/conversations/1"),
    ("GET", "/api/v1/sla/status"),
    ("GET", "/nc-api/v1/nothing"),
)


@pytest.mark.parametrize(("method", "path"), WITHOUT_KEY)
def test_a_credential_is_needed_before_anything_is_read(
    visitor: httpx.Client, method: str, path: str
) -> None:
    refused(visitor.request(method, path, content=b"{"), 401)
    unknown = {"Authorization": "Bearer nc_live_" + "x" * 43}
    refused(visitor.request(method, path, headers=unknown), 401)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"email": "a@shop.example", "password": PASSWORD},
        {"name": "", "email": "a@shop.example", "password": PASSWORD},
        {"name": "A", "email": "nobody", "password": PASSWORD},
        {"name": "A", "email": "a@shop.example", "password": "short"},
        {"name": "A", "email": "a@shop.example", "password": "password123"},
        {"name": "A", "email": "a@shop.example", "password": PASSWORD, "plan": "enterprise"},
        {"name": "A", "email": "a@shop.example", "password": PASSWORD, "plan": 7},
    ],
)
def test_a_registration_that_cannot_be_is_refused(visitor: httpx.Client, body: Any) -> None:
    refused(visitor.post("/nc-api/v1/accounts", json=body), 400)


def test_an_address_registers_once(shop: Shop) -> None:
    body = {"name": "Other", "email": shop.email.upper(), "password": PASSWORD}
    assert refused(shop.client.post("/nc-api/v1/accounts", json=body), 400) == "email_in_use"
    refused(shop.client.get("/nc-api/v1/accounts"), 405)


def test_a_registered_account_begins_with_a_trial(shop: Shop) -> None:
    registered = shop.registered
    assert set(registered) == {"account", "user", "token", "trial_ends_at"}
    assert registered["account"]["name"] == "My Company"
    assert registered["account"]["plan"] == "starter"
    assert registered["user"]["email"] == shop.email
    ends = datetime.fromisoformat(registered["trial_ends_at"])
    days = timedelta(days=14) - (ends - datetime.now(UTC))
    assert timedelta(0) <= days < timedelta(minutes=10)
    status = shop.call("GET", "/nc-api/v1/account/status").json()
    assert status["trial_ends_at"] == registered["trial_ends_at"]
    assert status["plan"] == "starter"
    assert status["limits"] == {"domains": 1, "agents": 3, "kb_items": 50}
    assert status["agentic_rag_enabled"] is False
    assert status["domains"] == []
    assert status["account"] == registered["account"]


def test_no_limit_is_the_largest_integer(large: Shop) -> None:
    status = large.call("GET", "/nc-api/v1/account/status").json()
    most = 2147483647
    assert status["limits"] == {"domains": most, "agents": most, "kb_items": most}
    assert status["trial_ends_at"] is None


def test_a_log_in_lasts_a_day(shop: Shop) -> None:
    body = {"email": shop.email, "password": PASSWORD}
    answered = shop.client.post("/nc-api/v1/auth/login", json=body)
    assert answered.status_code == 200, answered.text
    log_in = answered.json()
    assert set(log_in) == {"token", "user"}
    assert log_in["user"] == shop.registered["user"]
    assert isinstance(log_in["user"]["id"], int)
    claims = jwt.decode(log_in["token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 24 * 3600
    shown = shop.call("GET", "/nc-api/v1/account/status", token=log_in["token"])
    assert shown.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"password": "not the password"}, 401),
        ({"email": "nobody@shop.example"}, 401),
        ({"email": 7}, 400),
        ({"password": ""}, 400),
    ],
)
def test_a_wrong_log_in_is_refused(shop: Shop, body: dict[str, Any], status: int) -> None:
    given = {"email": shop.email, "password": PASSWORD, **body}
    refused(shop.client.post("/nc-api/v1/auth/login", json=given), status)


def test_what_is_not_there_is_refused_in_the_envelope(shop: Shop) -> None:
    refused(shop.call("GET", "/nc-api/v1/nothing"), 404)
    refused(shop.call("PATCH", "/nc-api/v1/agents"), 405)
    body = {"conversation_id": 358}
    assert refused(shop.call("POST", "/nc-api/v1/agentic-rag/analyze", json=body), 403)


def test_any_key_works_at_the_rate_of_its_plan(owner: httpx.Client, shop: Shop) -> None:
    headers = key_of(owner, "sk_")
    status = shop.client.get("/nc-api/v1/account/status", headers=headers)
    assert status.status_code == 200, status.text
    assert status.headers["x-ratelimit-limit"] == "1000000"
    ours = shop.call("GET", "/nc-api/v1/account/status")
    assert ours.headers["x-ratelimit-limit"] == "1000"


def test_a_plan_without_this_api_is_refused(shop: Shop, rows: Rows) -> None:
    rows(
        "update account set plan = 'free' where account_id = (select id from public_number"
        " where kind = 'account' and number = %s) returning 1",
        shop.registered["account"]["id"],
    )
    assert refused(shop.call("GET", "/nc-api/v1/account/status"), 403) == "plan_required"
    refused(shop.call("GET", "/nc-api/v1/nothing"), 403)


def test_every_response_to_a_credential_tells_its_rate(shop: Shop) -> None:
    for response in (
        shop.call("GET", "/nc-api/v1/agents"),
        shop.call("GET", "/nc-api/v1/nothing"),
        shop.call("PATCH", "/nc-api/v1/agents"),
        shop.call("POST", "/nc-api/v1/agents", content=b"{"),
    ):
        assert response.headers["x-ratelimit-limit"] == "1000"
        assert 0 < int(response.headers["x-ratelimit-remaining"]) < 1000
        assert "x-ratelimit-reset" in response.headers
        assert response.headers["access-control-allow-origin"] == "*"
