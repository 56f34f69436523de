"""A person's error is a page, a program's a problem, whatever goes wrong and wherever."""

from collections.abc import AsyncIterator
from functools import cache

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from answerdesk.core.disk import DiskFull
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.asgi import create_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
PROGRAMS = ("*/*", "application/json", "application/xml;q=0.9,*/*;q=0.8", "")


@cache
def application() -> FastAPI:
    """The application with two addresses more that fail."""
    app = create_app(Settings(demo=False))

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a secret of the machine")

    @app.get("/full")
    async def full() -> None:
        raise DiskFull

    return app


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/nothing", 404, "There is no such page"),
        ("GET", "/login/forgotten/x", 404, "There is no such page"),
        ("GET", "/assets/missing.css", 404, "There is no such page"),
        ("GET", "/v2/projects", 404, "There is no such page"),
        ("POST", "/login", 405, "This page does not accept that"),
        ("GET", "/full", 503, "Answerdesk cannot answer right now"),
        ("GET", "/broken", 500, "Something went wrong here"),
    ],
)
async def test_a_browser_is_shown_a_page(
    client: httpx.AsyncClient, method: str, path: str, status: int, title: str
) -> None:
    answer = await client.request(method, path, headers={"Accept": BROWSER})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert f"<h1>{title}</h1>" in answer.text
    for way in ("/", "/app/knowledge", "/app/settings/profile"):
        assert f'<a href="{way}">' in answer.text
    assert "a secret" not in answer.text


@pytest.mark.parametrize("accept", PROGRAMS)
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nothing", 404, "not_found"),
        ("/full", 503, "disk_full"),
        ("/broken", 500, "internal_error"),
    ],
)
async def test_a_program_gets_a_problem(
    client: httpx.AsyncClient, accept: str, path: str, status: int, code: str
) -> None:
    answer = await client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1", "/v1/nothing", "/openapi.json/x", "/progress/x/y"])
async def test_what_programs_ask_for_is_a_problem_in_a_browser_too(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/orac/api/widget/no", "/api/widget/config/x/y", "/api/no"])
async def test_a_dialect_keeps_its_own_form(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"Accept": BROWSER})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["code"] == "not_found"


async def test_a_page_keeps_what_the_problem_tells_browsers(client: httpx.AsyncClient) -> None:
    headers = {"Accept": BROWSER}
    assert (await client.get("/full", headers=headers)).headers["retry-after"] == "5"
    assert "GET" in (await client.post("/login", headers=headers)).headers["allow"]


async def test_a_failure_is_told_by_the_number_it_is_logged_under(
    client: httpx.AsyncClient,
) -> None:
    named = {"X-Request-Id": "number-one-two-three"}
    page = await client.get("/broken", headers={"Accept": BROWSER, **named})
    assert "<code>number-one-two-three</code>" in page.text
    problem = await client.get("/broken", headers=named)
    assert problem.headers["x-request-id"] == "number-one-two-three"
