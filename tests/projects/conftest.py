"""Somebody else's project, and a key that reaches one project only."""

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import Desk, Rows, Server
from tests.projects.foreign import Foreign, make_foreign
from tests.waiting import PATIENCE


@pytest.fixture(scope="session")
def foreign(rows: Rows) -> Foreign:
    """Another account's project, with a widget key and an agent."""
    return make_foreign(rows)


@pytest.fixture
def confined(server: Server, desk: Desk) -> Iterator[httpx.Client]:
    """A key that may do everything, in the project of `desk` only."""
    body = {"name": "One project", "scopes": ["write"], "project_ids": [desk.project_id]}
    made = desk.owner.post("/v1/api-keys", json=body)
    assert made.status_code == 201, made.text
    headers = {"Authorization": f"Bearer {made.json()['key']}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def reader(server: Server, owner: httpx.Client) -> Iterator[httpx.Client]:
    """A key that may read everything."""
    made = owner.post("/v1/api-keys", json={"name": "Reads", "scopes": ["read"]})
    assert made.status_code == 201, made.text
    headers = {"Authorization": f"Bearer {made.json()['key']}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE) as client:
        yield client
