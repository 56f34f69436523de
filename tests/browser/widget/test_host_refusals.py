"""What the chat on a website does where something refuses it: origins, storage, a dead server."""

import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from tests.browser.chromium import find_chromium, launch
from tests.browser.conftest import TIMEOUT_MS
from tests.browser.pages import Complaints
from tests.browser.widget.host import (
    ask_hours,
    bind,
    is_kept,
    launcher,
    open_chat,
    project_tag,
    put_page,
    strict_policy,
)
from tests.conftest import Desk, Server, serving
from tests.websites import Website

STORED = """async () => [
  localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  document.cookie]"""
UNKNOWN = "proj_00000000000040008000000000000000"


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the test may stop."""
    with serving() as running:
        yield running


OURS = "Answerdesk: "


async def expect_gone(page: Page, complaints: Complaints, said: str) -> None:
    """Expect the launcher to go, one sentence of ours in the console, and a page that works."""
    await expect(launcher(page)).to_have_count(0)
    await expect(page.locator("iframe")).to_have_count(0)
    ours = [one for one in complaints.items if OURS in one]
    assert len(ours) == 1, complaints.items
    assert said in ours[0]
    assert not any(one.startswith("uncaught") for one in complaints.items), complaints.items
    complaints.items.clear()
    await page.locator("#buy").click()
    await expect(page.locator("#buy")).to_have_text("1")


@pytest.mark.parametrize("listed", ["origin", "website"])
async def test_a_denied_origin_shows_nothing_and_says_so(
    page: Page, server: Server, shop: Desk, site: Website, complaints: Complaints, listed: str
) -> None:
    if listed == "origin":
        settings = {"allowed_origins": ["https://shop.example", "https://*.shop.example"]}
        assert shop.owner.patch(shop.path, json={"settings": settings}).status_code == 200
    else:
        made = shop.owner.post(f"{shop.path}/domains", json={"website_url": "https://a.example"})
        assert made.status_code == 201
    put_page(site, project_tag(server, shop), policy=strict_policy(server))
    async with page.expect_event("console", lambda one: OURS in one.text):
        await page.goto(site.url)
    await expect_gone(page, complaints, f"{site.url} may not show this chat")


async def test_the_browser_refuses_a_denied_frame_whatever_the_script_believes(
    page: Page, server: Server, shop: Desk, site: Website, complaints: Complaints
) -> None:
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await expect(page.get_by_role("button", name="Chat with")).to_be_visible()
    settings = {"allowed_origins": ["https://shop.example"]}
    assert shop.owner.patch(shop.path, json={"settings": settings}).status_code == 200
    async with page.expect_event("console", lambda one: OURS in one.text):
        await launcher(page).click()
        # Nothing is shown meanwhile, not even the browser's own page.
        await expect(page.locator("iframe")).to_be_hidden()
    assert any("frame-ancestors" in one for one in complaints.items), complaints.items
    await expect_gone(page, complaints, site.url)


async def test_a_listed_origin_is_let_in(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    settings = {"allowed_origins": ["https://shop.example", site.url]}
    assert shop.owner.patch(shop.path, json={"settings": settings}).status_code == 200
    bind(shop, site)
    put_page(site, project_tag(server, shop), policy=strict_policy(server))
    await page.goto(site.url)
    await ask_hours(await open_chat(page))


@pytest.mark.parametrize(
    ("attribute", "said"),
    [
        (f' data-project="{UNKNOWN}"', "There is no chat"),
        (' data-project="nothing"', "There is no chat"),
        (' data-token="wk_live_00000000000040008000000000000000"', "There is no chat"),
        ("", "has no data-project"),
    ],
)
async def test_a_wrong_tag_says_so(
    page: Page, server: Server, site: Website, complaints: Complaints, attribute: str, said: str
) -> None:
    put_page(site, f'<script src="{server.url}/widget.js"{attribute}></script>')
    async with page.expect_event("console", lambda one: OURS in one.text):
        await page.goto(site.url)
    await expect_gone(page, complaints, said)


async def test_a_dead_server_costs_the_page_nothing(
    page: Page, mortal: Server, site: Website, complaints: Complaints
) -> None:
    """Neither an error of ours nor a dead button: a visitor is told, and the page goes on."""
    with mortal.client(owner=True) as owner, mortal.client() as visitor:
        desk = Desk(owner, visitor)
    put_page(site, project_tag(mortal, desk))
    await page.goto(site.url)
    await expect(page.get_by_role("button", name="Chat with")).to_be_visible()
    mortal.stop()
    async with page.expect_event("console", lambda one: OURS in one.text) as said:
        await launcher(page).click()
    assert (await said.value).type == "warning"
    await expect(page.get_by_role("status")).to_contain_text("not available")
    await expect(page.locator("iframe")).to_have_count(0)
    await expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    await expect(launcher(page)).not_to_have_attribute("aria-busy", "true")
    await page.locator("#buy").click()
    await expect(page.locator("#buy")).to_have_text("1")
    # The browser may still have the script itself, whose look can then not be fetched.
    await page.reload()
    await page.wait_for_load_state("networkidle")
    await page.locator("#buy").click()
    await expect(page.locator("#buy")).to_have_text("1")
    assert complaints.items == []


async def test_a_page_whose_policy_has_no_frames_is_told_what_it_lacks(
    page: Page, server: Server, shop: Desk, site: Website, complaints: Complaints
) -> None:
    policy = strict_policy(server).replace(f"frame-src {server.url}", "frame-src 'none'")
    put_page(site, project_tag(server, shop), policy=policy)
    await page.goto(site.url)
    async with page.expect_event("console", lambda one: OURS in one.text) as said:
        await launcher(page).click()
    assert f"frame-src {server.url}" in (await said.value).text
    assert [one for one in complaints.items if "frame-src" not in one] == []
    complaints.items.clear()


@pytest_asyncio.fixture(loop_scope="session")
async def forgetful(tmp_path: Path, complaints: Complaints) -> AsyncIterator[Page]:
    """A page of a browser that has no storage for anybody."""
    async with async_playwright() as playwright:
        chromium = find_chromium(os.environ)
        browser = await launch(playwright, chromium, tmp_path, "--disable-local-storage")
        page = await browser.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        complaints.watch(page)
        yield page
        await browser.close()
    assert complaints.items == []


async def test_it_works_where_storage_is_refused(
    forgetful: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop), policy=strict_policy(server))
    await forgetful.goto(site.url)
    assert await forgetful.evaluate("localStorage === null")
    await ask_hours(await open_chat(forgetful))
    await forgetful.reload()
    frame = await open_chat(forgetful)
    await expect(frame.locator(".own")).to_have_count(0)
    await ask_hours(frame)


async def test_the_frame_stores_nothing_and_the_page_nothing_but_a_token_to_resume(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await ask_hours(await open_chat(page))
    inner = next(one for one in page.frames if one.url.startswith(server.url))
    assert await inner.evaluate(STORED) == [0, 0, 0, ""]
    await is_kept(page)
    assert await page.evaluate(STORED) == [1, 0, 0, ""]
    entry = json.loads(await page.evaluate("localStorage.getItem(localStorage.key(0))"))
    kept = json.loads(entry["kept"])
    with server.client() as client:
        bearer = {"Authorization": f"Bearer {kept['resume']}"}
        assert client.get("/v1/visitor/conversations", headers=bearer).status_code == 401
