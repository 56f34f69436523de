"""Accounts for the tests of Nova Chat's API."""

import httpx
import pytest

from tests.conftest import Server
from tests.dialects.novachat.shop import Shop


@pytest.fixture
def shop(server: Server, visitor: httpx.Client) -> Shop:
    """A new account on the plan `starter`."""
    return Shop(visitor)


@pytest.fixture
def large(server: Server, visitor: httpx.Client) -> Shop:
    """A new account without limits."""
    return Shop(visitor, plan=None)
