"""Nova Chat's agents, API keys and websites."""

from typing import Any

import pytest

from tests.dialects.novachat.shop import PASSWORD, Shop, refused

AGENTS = "/nc-api/v1/agents"
KEYS = "/nc-api/v1/api-keys"
BIND = "/nc-api/v1/account/bind-domain"
DOMAINS = "/nc-api/v1/account/domains"
STATUS = "/nc-api/v1/account/status"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"bot_name": " "},
        {"bot_name": 7},
        {"bot_name": "x" * 201},
        {"bot_name": "A", "greeting_message": "x" * 501},
        {"bot_name": "A", "system_prompt": "x" * 20_001},
    ],
)
def test_an_agent_that_cannot_be_is_refused(shop: Shop, body: Any) -> None:
    refused(shop.call("POST", AGENTS, json=body), 400)


def test_agents_are_listed_with_the_people(shop: Shop) -> None:
    body = {
        "bot_name": "SupportBot",
        "greeting_message": "Hi! How can I help?",
        "system_prompt": "You are a helpful support agent. Be friendly and concise.",
    }
    made = shop.call("POST", AGENTS, json=body)
    assert made.status_code == 201, made.text
    agent = made.json()
    assert agent == {"id": agent["id"], "type": "ai", **body}
    listed = shop.call("GET", AGENTS)
    assert listed.headers["x-total-count"] == "3"
    first, second, person = listed.json()
    assert (first["type"], second) == ("ai", agent)
    user = shop.registered["user"]
    assert person == {
        "id": user["id"],
        "type": "human",
        "name": "",
        "email": shop.email,
        "role": "owner",
    }
    seen = shop.call("GET", AGENTS, token=shop.key("read")).json()
    assert seen[2] == {"id": user["id"], "type": "human", "name": ""}
    assert shop.call("GET", f"{AGENTS}?page=2&per_page=2").json() == [person]
    assert shop.call("POST", AGENTS, json={"bot_name": "Third"}).status_code == 201
    assert refused(shop.call("POST", AGENTS, json={"bot_name": "X"}), 403) == "limit_reached"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "A", "permissions": []},
        {"name": "A", "permissions": ["admin"]},
        {"name": "A", "permissions": "read"},
    ],
)
def test_a_key_that_cannot_be_is_refused(shop: Shop, body: Any) -> None:
    refused(shop.call("POST", KEYS, json=body), 400)
    assert shop.call("GET", KEYS).json() == []


def test_no_key_makes_or_ends_keys(shop: Shop) -> None:
    key = shop.key()
    (row,) = shop.call("GET", KEYS).json()
    refused(shop.call("GET", KEYS, token=key), 403)
    refused(shop.call("POST", KEYS, token=key, json={"name": "A"}), 403)
    refused(shop.call("DELETE", f"{KEYS}/{row['id']}", token=key), 403)


def test_a_key_is_shown_once_and_can_be_revoked(shop: Shop, large: Shop) -> None:
    made = shop.call("POST", KEYS, json={"name": "My Integration", "permissions": ["read"]})
    assert made.status_code == 201, made.text
    body = made.json()
    assert set(body) == {"key", "full_key"}
    assert set(body["key"]) == {"id", "name", "permissions", "created_at"}
    assert body["key"]["permissions"] == ["read"]
    assert body["full_key"].startswith("nc_live_")
    assert shop.call("GET", STATUS, token=body["full_key"]).status_code == 200
    assert shop.call("GET", KEYS).json() == [body["key"]]
    for path in (f"{KEYS}/{body['key']['id']}", f"{KEYS}?id={body['key']['id']}"):
        refused(large.call("DELETE", path), 404)
    refused(large.call("DELETE", KEYS, json={"id": body["key"]["id"]}), 404)
    refused(shop.call("DELETE", KEYS), 400)
    for _ in range(2):
        gone = shop.call("DELETE", f"{KEYS}?id={body['key']['id']}")
        assert (gone.status_code, gone.json()) == (200, {"success": True})
    refused(shop.call("GET", STATUS, token=body["full_key"]), 401)
    assert shop.call("GET", KEYS).json() == []
    both = shop.call("POST", KEYS, json={"name": "Both"}).json()
    assert both["key"]["permissions"] == ["read", "write"]


@pytest.mark.parametrize("url", ["", "mycompany.com", "ftp://mycompany.com", "https://", 7, None])
def test_a_website_that_is_none_is_refused(shop: Shop, url: Any) -> None:
    refused(shop.call("POST", BIND, json={"website_url": url}), 400)
    assert shop.call("GET", DOMAINS).json() == []


def test_a_website_is_bound_once(shop: Shop) -> None:
    body = {"website_url": "https://mycompany.example", "label": "Main Site"}
    bound = shop.call("POST", BIND, json=body)
    assert bound.status_code == 201, bound.text
    domain = bound.json()
    assert domain["website_token"].startswith("wk_live_")
    address = f"{shop.client.base_url}/nova-widget-sdk-v2.js"
    token = domain["website_token"]
    assert domain["widget_code"] == f'<script src="{address}" data-token="{token}" async></script>'
    again = shop.call("POST", BIND, json={"website_url": "https://MyCompany.example/"})
    assert (again.status_code, again.json()) == (200, domain)
    status = shop.call("GET", STATUS).json()
    (row,) = status["domains"]
    assert row["id"] == domain["domain_id"]
    assert (row["website_url"], row["label"]) == (body["website_url"], "Main Site")
    assert row["website_token"] == domain["website_token"]
    assert row["chatwoot_inbox_id"] == row["novachat_inbox_id"]
    listed = shop.call("GET", DOMAINS)
    assert (listed.json(), listed.headers["x-total-count"]) == ([row], "1")
    other = {"website_url": "https://other.example"}
    assert refused(shop.call("POST", BIND, json=other), 403) == "limit_reached"
    reader = shop.key("read")
    refused(shop.call("POST", BIND, token=reader, json=body), 403)
    assert shop.call("GET", DOMAINS, token=reader).json() == [row]


def test_a_websites_agent_is_one_of_the_account(shop: Shop, large: Shop) -> None:
    domain = shop.bind()
    path = f"{DOMAINS}/{domain['domain_id']}/ai-config"
    agent = shop.call("POST", AGENTS, json={"bot_name": "SupportBot"}).json()
    theirs = large.call("POST", AGENTS, json={"bot_name": "Theirs"}).json()
    person = shop.registered["user"]["id"]
    for wrong in (theirs["id"], person, 9007199254740991):
        refused(shop.call("POST", path, json={"ai_bot_config_id": wrong}), 404)
    wrongs: tuple[Any, ...] = (
        {"ai_bot_config_id": "x"},
        {"ai_bot_config_id": 0},
        {"is_active": "maybe"},
        [],
    )
    for body in wrongs:
        refused(shop.call("POST", path, json=body), 400)
    refused(large.call("POST", path, json={"is_active": False}), 404)
    refused(shop.call("POST", f"{DOMAINS}/x/ai-config", json={"is_active": False}), 404)
    given = {"ai_bot_config_id": agent["id"], "is_active": False}
    configured = shop.call("POST", path, json=given)
    assert configured.status_code == 200, configured.text
    assert configured.json()["domain_id"] == domain["domain_id"]
    (row,) = shop.call("GET", DOMAINS).json()
    assert (row["ai_bot_config_id"], row["is_active"]) == (agent["id"], False)
    shop.call("POST", path, json={"is_active": True})
    (row,) = shop.call("GET", DOMAINS).json()
    assert (row["ai_bot_config_id"], row["is_active"]) == (agent["id"], True)


def test_a_viewer_sees_no_addresses_and_changes_nothing(shop: Shop, large: Shop) -> None:
    """Roles apply as everywhere: what is refused natively is refused here."""
    headers = {"Authorization": f"Bearer {large.token}"}
    invited = {"email": f"viewer-{large.email}", "role": "viewer"}
    made = large.client.post("/v1/invitations", json=invited, headers=headers)
    assert made.status_code == 201, made.text
    accepted = large.client.post(
        "/v1/auth/accept-invitation",
        json={
            "invitation": made.json()["link"].rpartition("invitation=")[2],
            "password": PASSWORD,
            "name": "Vera",
        },
    )
    assert accepted.status_code == 201, accepted.text
    viewer = accepted.json()["access_token"]
    people = [
        one for one in large.call("GET", AGENTS, token=viewer).json() if one["type"] == "human"
    ]
    assert len(people) == 2
    assert all(set(one) == {"id", "type", "name"} for one in people)
    refused(large.call("POST", AGENTS, token=viewer, json={"bot_name": "A"}), 403)
    refused(large.call("GET", KEYS, token=viewer), 403)
