"""The page for developers: one way to each API, for whoever comes, and every link leads there."""

import re

import httpx
from playwright.async_api import Page, expect

from answerdesk.accounts.api_keys.types import KEY_PREFIXES
from answerdesk.core.dialects import DIALECTS
from tests.browser.accessibility import problems
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.conftest import Server

PLACE = "/developers/docs"


async def test_it_needs_no_log_in_and_names_every_base_url_and_key(
    page: Page, server: Server
) -> None:
    await page.goto(server.url + PLACE)
    await expect(page.get_by_role("heading", level=1)).to_have_text("For developers")
    text = await page.get_by_role("main").inner_text()
    for name in DIALECTS:
        assert f"{server.url}/{name}" in text
        await expect(page.locator(f"#{name}")).to_be_visible()
    for prefix in KEY_PREFIXES:
        assert f"begins with {prefix}" in text


async def test_each_reference_shows_its_own_operations(page: Page, server: Server) -> None:
    await page.goto(server.url + PLACE)
    for title, heading in (
        ("Chatorex", "Chatorex"),
        ("Noras", "Noras"),
        ("Nova Chat", "Nova Chat"),
        ("Novaro", "Novaro"),
        ("Orac", "Orac"),
    ):
        await page.goto(server.url + PLACE)
        await page.get_by_role("link", name=f"Interactive reference for {title}").click()
        await expect(page.get_by_role("heading", name=re.compile(heading)).first).to_be_visible()


def test_every_link_of_the_page_leads_somewhere(visitor: httpx.Client) -> None:
    text = visitor.get(PLACE).text
    links = set(re.findall(r'href="(/[^"#]*)', text))
    assert {f"/{one}/scalar" for one in DIALECTS} <= links
    for link in links - {"/"}:
        answer = visitor.get(link.replace("&amp;", "&"), headers={"Accept": "text/html"})
        assert answer.status_code == 200, link


def test_the_descriptions_are_the_dialects_own(visitor: httpx.Client) -> None:
    for name in DIALECTS:
        page = visitor.get(f"/{name}/scalar")
        assert page.status_code == 200
        assert f'data-description="/{name}/openapi.json"' in page.text
        assert visitor.get(f"/{name}/openapi.json").json()["paths"]


async def test_it_can_be_read_by_everybody(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    page = await open_page(PHONE)
    await page.goto(server.url + PLACE)
    assert await problems(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await take_screenshots(page, "developers")
