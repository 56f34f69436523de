"""A website on another origin than the server's."""

from collections.abc import Iterator

import pytest

from tests.browser.asking import fill_shop
from tests.conftest import Desk
from tests.websites import Website


@pytest.fixture
def site() -> Iterator[Website]:
    """A website that has no pages yet. Browsers count `localhost` and `127.0.0.1` as two sites."""
    with Website("localhost") as made:
        made.set("/favicon.ico", b"", media_type="image/x-icon")
        yield made


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A project that knows three things."""
    return fill_shop(desk)
