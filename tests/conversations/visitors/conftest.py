"""Sites for the tests of visitors."""

import httpx
import pytest

from tests.conversations.visitors.orac import Orac
from tests.conversations.visitors.site import SHIPPING, Site


@pytest.fixture
def site(owner: httpx.Client, visitor: httpx.Client) -> Site:
    """A site that knows nothing, which is all that most tests need."""
    return Site(owner, visitor)


@pytest.fixture
def shop(site: Site) -> Site:
    """A site that knows about shipping."""
    site.add_text("Shipping", SHIPPING, url="https://shop.example/shipping")
    return site


@pytest.fixture
def other_site(owner: httpx.Client, visitor: httpx.Client) -> Site:
    """Another site of the same owner."""
    return Site(owner, visitor)


@pytest.fixture
def orac(visitor: httpx.Client, site: Site) -> Orac:
    return Orac(visitor, site)
