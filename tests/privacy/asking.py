"""Short ways to ask for a person's erasure or export."""

from typing import Any

import httpx

from tests.conversations.visitors.site import Site
from tests.waiting import PATIENCE, attempts


def erase(site: Site, **person: str) -> dict[str, Any]:
    """Have a person erased; return the receipt once it is done."""
    asked = site.owner.post(f"{site.path}/erasures", json=person)
    assert asked.status_code == 202, asked.text
    return wait(site, asked.json()["id"])


def wait(site: Site, erasure_id: str) -> dict[str, Any]:
    for _ in attempts(PATIENCE):
        shown = site.owner.get(f"{site.path}/erasures/{erasure_id}")
        assert shown.status_code == 200, shown.text
        receipt: dict[str, Any] = shown.json()
        if receipt["state"] == "done":
            return receipt
    raise AssertionError(f"{erasure_id} is not done")


def export(site: Site, **person: str) -> dict[str, Any]:
    asked = site.owner.post(f"{site.path}/exports", json=person)
    assert asked.status_code == 200, asked.text
    document: dict[str, Any] = asked.json()
    return document


def receipts(site: Site, **person: str) -> list[dict[str, Any]]:
    listed = site.owner.get(f"{site.path}/erasures", params=person)
    assert listed.status_code == 200, listed.text
    items: list[dict[str, Any]] = listed.json()["items"]
    return items


def ok(response: httpx.Response) -> Any:
    assert response.is_success, f"{response.status_code} {response.text}"
    return response.json() if response.content else None
