"""An account that was registered with Nova Chat's API, and short ways to call it."""

import secrets
from typing import Any

import httpx

PASSWORD = "MyPass123!"
ITEMS = "/nc-api/v1/knowledge_base/items"


class Shop:
    """A newly registered account on the plan `starter`, or the operator's plan."""

    def __init__(self, client: httpx.Client, plan: str | None = "starter") -> None:
        self.client = client
        self.email = f"admin@{secrets.token_hex(6)}.example"
        body = {"name": "My Company", "email": self.email, "password": PASSWORD}
        if plan is not None:
            body["plan"] = plan
        made = client.post("/nc-api/v1/accounts", json=body)
        assert made.status_code == 201, made.text
        self.registered: dict[str, Any] = made.json()
        self.token: str = self.registered["token"]

    def call(self, method: str, path: str, token: str = "", **fields: Any) -> httpx.Response:
        """Send a request with the log-in's token, or another one."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.client.request(method, path, headers=headers, **fields)

    def key(self, *permissions: str) -> str:
        """Make an API key, with both permissions unless some are named."""
        body: dict[str, Any] = {"name": "My Integration"}
        if permissions:
            body["permissions"] = permissions
        made = self.call("POST", "/nc-api/v1/api-keys", json=body)
        assert made.status_code == 201, made.text
        text: str = made.json()["full_key"]
        return text

    def bind(self, website_url: str = "https://mycompany.example") -> dict[str, Any]:
        """Bind a website."""
        body = {"website_url": website_url, "label": "Main Site"}
        bound = self.call("POST", "/nc-api/v1/account/bind-domain", json=body)
        assert bound.status_code in (200, 201), bound.text
        domain: dict[str, Any] = bound.json()
        return domain

    def add(self, title: str, content: str, **fields: Any) -> dict[str, Any]:
        """Add an item to the knowledge base."""
        added = self.call("POST", ITEMS, json={"title": title, "content": content, **fields})
        assert added.status_code in (200, 201), added.text
        item: dict[str, Any] = added.json()
        return item


def refused(response: httpx.Response, status: int) -> str:
    """Check that a request was refused in Nova Chat's envelope; return the code."""
    assert response.status_code == status, response.text
    body = response.json()
    assert {"error", "message"} == set(body)
    assert body["message"]
    code: str = body["error"]
    return code
