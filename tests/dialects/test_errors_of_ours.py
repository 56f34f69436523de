"""A failure of our own, in each dialect: told in the vendor's envelope, readable by any page."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from answerdesk.core.web.dialect import DialectApp
from answerdesk.core.web.wire import DialectWrapper, answer_in_envelopes
from answerdesk.dialects import DIALECTS
from tests.dialects.bad_input import refused


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: str(one.name))
async def test_an_error_of_ours_can_be_read_by_the_page_that_asked(dialect: DialectApp) -> None:
    app = FastAPI()
    answer_in_envelopes(app, dialect.wire)

    async def fail() -> None:
        raise RuntimeError

    async def admit(_: HTTPConnection) -> None:
        """Admit everybody."""

    app.add_api_route("/api/anything", fail)
    wrapped = DialectWrapper(app, wire=dialect.wire, admit=admit, needs_no_key=dialect.needs_no_key)
    transport = httpx.ASGITransport(app=wrapped, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        failed = await client.get("/api/anything", headers={"Origin": "https://shop.example"})
    refused(dialect.name, failed, 500)
    assert failed.headers["x-ratelimit-limit"] == "1000000"
