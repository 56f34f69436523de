"""Somebody with an account, and a browser in which that person is logged in."""

import pytest

from tests.accounts.browsers import Browser
from tests.accounts.people import PASSWORD, Person, sign_up
from tests.conftest import Server


@pytest.fixture
def ann(server: Server) -> Person:
    return sign_up(server)


@pytest.fixture
def browser(server: Server, ann: Person) -> Browser:
    """A browser in which Ann is logged in."""
    browser = Browser(server)
    browser.begin("login", email=ann.email, password=PASSWORD)
    return browser
