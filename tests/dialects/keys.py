"""Keys for tests of dialects: made over HTTP by the owner, as in the dashboard."""

from typing import Any

import httpx


def key_of(owner: httpx.Client, prefix: str = "ad_live_", **fields: Any) -> dict[str, str]:
    """Make a key with read and write access; return the headers that it is sent in."""
    body = {"name": "Test", "scopes": ["read", "write"], "prefix": prefix, **fields}
    made = owner.post("/v1/api-keys", json=body)
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}
