"""The API in both ways in which it is reached."""

import pytest

from tests.conftest import Desk
from tests.dialects.novaro.api import Api
from tests.projects.conftest import foreign

__all__ = ["foreign"]


@pytest.fixture(params=["", "/novaro"], ids=["on the root", "below its name"])
def api(request: pytest.FixtureRequest, desk: Desk) -> Api:
    return Api(desk, request.param)
