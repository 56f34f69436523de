"""The API's reference shows what there is, from our own files and nobody else's."""

import httpx
from playwright.async_api import expect

from tests.browser.pages import PHONE, OpenPage
from tests.conftest import Server
from tests.waiting import PATIENCE


async def test_the_reference_shows_every_operation_and_asks_nobody_else(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    await page.goto(f"{server.url}/scalar")
    await expect(page.get_by_role("heading", name="Answerdesk", exact=True)).to_be_visible()
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as client:
        description = (await client.get("/openapi.json")).json()
    for tag in description["tags"]:
        # The sidebar loads what it shows as one opens it.
        await expect(page.get_by_role("link", name=tag["name"]).first).to_be_attached()
    await page.goto(f"{server.url}/scalar#tag/projects/POST/v1/projects")
    await expect(page.get_by_role("heading", name="Create project")).to_be_visible()
    assert hosts == {f"127.0.0.1:{server.port}"}


async def test_the_reference_fits_a_phone(open_page: OpenPage, server: Server) -> None:
    page = await open_page(PHONE)
    await page.goto(f"{server.url}/scalar")
    await expect(page.get_by_role("heading", name="Answerdesk", exact=True)).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_the_reference_may_load_nothing_from_elsewhere(visitor: httpx.Client) -> None:
    page = visitor.get("/scalar")
    policy = page.headers["content-security-policy"]
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "://" not in page.text


def test_the_script_comes_to_those_who_cannot_unpack_it_too(visitor: httpx.Client) -> None:
    packed = visitor.get("/scalar/scalar.js")
    plain = visitor.get("/scalar/scalar.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text != ""
    known = visitor.get("/scalar/scalar.js", headers={"If-None-Match": packed.headers["etag"]})
    assert known.status_code == 304
