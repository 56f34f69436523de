"""Webhooks for tests: created over HTTP, as any program would."""

from typing import Any

import httpx

NOWHERE = "https://1.2.3.4/hooks/answerdesk"
"""A public address, for webhooks of events that the test doesn't cause: nothing is sent there."""


def create(client: httpx.Client, **fields: Any) -> httpx.Response:
    body = {"url": NOWHERE, "events": ["page.removed"], **fields}
    return client.post("/v1/webhooks", json=body)


def created(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    """Create a webhook that has to be accepted; return it with its secret."""
    made = create(client, **fields)
    assert made.status_code == 201, made.text
    webhook: dict[str, Any] = made.json()
    return webhook


def listed(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/webhooks", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
