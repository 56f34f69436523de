"""A visitor who comes back: in another tab, on another subdomain, and as a user of the site."""

import json
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest_asyncio
from playwright.async_api import (
    BrowserContext,
    FrameLocator,
    Locator,
    Page,
    async_playwright,
    expect,
)

from tests.browser.chromium import find_chromium, launch
from tests.browser.conftest import TIMEOUT_MS
from tests.browser.widget.host import (
    ask_hours,
    chat,
    close_by_key,
    is_kept,
    launcher,
    open_chat,
    project_tag,
    put_page,
    question_field,
)
from tests.conftest import Desk, Server
from tests.websites import Website

KEPT = "Object.keys(localStorage)"


def own(frame: FrameLocator) -> Locator:
    """Return the visitor's own messages."""
    return frame.locator(".own")


async def test_two_tabs_show_one_conversation_once(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """Nothing is doubled when tabs tell each other (papercups#83, Cognigy/WebchatWidget#412)."""
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    other = await page.context.new_page()
    await other.goto(site.url)
    second = await open_chat(other)
    await expect(own(second)).to_have_count(0)
    await ask_hours(frame)
    # The other tab was open before anything was said.
    await expect(second.locator(".answer .sources a").first).to_contain_text("Opening hours")
    await expect(own(second)).to_have_count(1)
    await question_field(second).fill("What does shipping to Norway cost?")
    await question_field(second).press("Enter")
    await expect(second.locator(".answer").nth(1)).to_contain_text("twelve euros")
    await expect(own(frame)).to_have_count(2)
    await expect(frame.locator(".answer")).to_have_count(2)
    await expect(second.locator(".answer")).to_have_count(2)
    await page.reload()
    frame = await open_chat(page)
    await expect(own(frame)).to_have_count(2)
    await expect(frame.locator(".answer")).to_have_count(2)


async def test_no_address_has_a_token_of_a_visitor(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """Addresses end up in logs and in headers (chatwoot#15777)."""
    addresses: list[str] = []
    page.on("request", lambda one: addresses.append(one.url))
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await ask_hours(await open_chat(page))
    await is_kept(page)
    entry = json.loads(await page.evaluate("localStorage.getItem(localStorage.key(0))"))
    token = json.loads(entry["kept"])["resume"]
    await page.reload()
    await expect(own(await open_chat(page))).to_have_count(1)
    assert len(token) > 40
    assert [one for one in addresses if token[:40] in one or "eyJ" in one] == []


async def test_a_changed_memory_harms_nobody(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    key = f"answerdesk:{shop.project_id}"
    for wrong in ("", "{", "null", "[1]", '{"kept": 5}', json.dumps({"kept": "k" * 17_000})):
        await page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, wrong])
        await page.reload()
        await expect(own(await open_chat(page))).to_have_count(0)
    await ask_hours(chat(page))


@pytest_asyncio.fixture(loop_scope="session")
async def wide(tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A browser for which all of shop.test is on this machine."""
    rules = "--host-resolver-rules=MAP *.shop.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    async with async_playwright() as playwright:
        browser = await launch(playwright, find_chromium(os.environ), tmp_path, rules)
        context = await browser.new_context()
        context.set_default_timeout(TIMEOUT_MS)
        yield context
        await browser.close()


async def test_subdomains_share_a_conversation_if_the_owner_wants_it(
    wide: BrowserContext, server: Server, shop: Desk
) -> None:
    with Website() as site:
        site.set("/favicon.ico", b"", media_type="image/x-icon")
        put_page(site, project_tag(server, shop))
        page = await wide.new_page()

        async def visit(name: str) -> FrameLocator:
            await page.goto(f"http://{name}.shop.test:{site.port}/")
            await expect(launcher(page)).to_have_accessible_name("Chat with Assistant")
            return await open_chat(page)

        await ask_hours(await visit("www"))
        assert await page.evaluate("document.cookie") == ""
        await expect(own(await visit("help"))).to_have_count(0)
        settings = {"widget": {"shares_subdomains": True}}
        assert shop.owner.patch(shop.path, json={"settings": settings}).status_code == 200
        # The browser has the look for five minutes.
        page = await (await wide.browser.new_context()).new_page()  # type: ignore[union-attr]
        page.set_default_timeout(TIMEOUT_MS)
        await visit("www")
        assert await page.evaluate("document.cookie") == ""
        await ask_hours(chat(page))
        await is_kept(page)
        assert (await page.evaluate("document.cookie")).startswith("answerdesk_proj_")
        frame = await visit("help")
        await expect(own(frame)).to_have_count(1)
        await question_field(frame).fill("What does shipping to Norway cost?")
        await question_field(frame).press("Enter")
        await expect(frame.locator(".answer").nth(1)).to_contain_text("twelve euros")
        await expect(own(await visit("www"))).to_have_count(2)
        # What is begun anew, or forgotten, is so everywhere; an open page would keep it anew.
        await page.goto("about:blank")
        await page.context.clear_cookies()
        await expect(own(await visit("www"))).to_have_count(0)


def sign(secret: str, user: str) -> str:
    """Return what the site's own server signs for its user."""
    return jwt.encode({"sub": user, "exp": int(time.time()) + 3600}, secret, algorithm="HS256")


async def test_logging_in_brings_the_users_history_and_logging_out_empties_it(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """The next person at the computer sees nothing of it (chatwoot#2913, #3918)."""
    made = shop.owner.post(f"{shop.path}/identity-secret")
    assert made.status_code in (200, 201), made.text
    ann = sign(made.json()["secret"], "ann")
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    await ask_hours(frame)
    # Who logs in takes along what was said before.
    await page.evaluate("(token) => Answerdesk('identify', token)", ann)
    await expect(own(frame)).to_have_count(1)
    await expect(frame.locator(".answer .sources a").first).to_be_visible()
    await page.wait_for_function(f"{KEPT}.length === 0")
    await question_field(frame).fill("What does shipping to Norway cost?")
    await question_field(frame).press("Enter")
    await expect(frame.locator(".answer").nth(1)).to_contain_text("twelve euros")
    assert await page.evaluate(KEPT) == []
    await page.evaluate("Answerdesk('identify', null)")
    await expect(own(frame)).to_have_count(0)
    await page.reload()
    frame = await open_chat(page)
    await expect(own(frame)).to_have_count(0)
    # On another computer, the token alone brings it back; a site may give it before the script.
    queue = f"<script>(Answerdesk = function () {{ (Answerdesk.q ??= []).push(arguments) }})\
('identify', '{ann}')</script>"
    put_page(site, queue + project_tag(server, shop), "/account")
    await page.goto(f"{site.url}/account")
    frame = await open_chat(page)
    await expect(own(frame)).to_have_count(2)
    assert await page.evaluate(KEPT) == []
    # Somebody else logs in without the page being loaded anew.
    bob = sign(made.json()["secret"], "bob")
    await page.evaluate("(token) => Answerdesk('identify', token)", bob)
    await expect(own(frame)).to_have_count(0)


async def test_saying_that_nobody_is_logged_in_forgets_no_visitor(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """Many sites say so on every page."""
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await ask_hours(await open_chat(page))
    await is_kept(page)
    await page.reload()
    await expect(launcher(page)).to_be_visible()
    await page.evaluate("Answerdesk('identify', null); Answerdesk('identify')")
    frame = await open_chat(page)
    await expect(own(frame)).to_have_count(1)
    await page.evaluate("Answerdesk('identify', null)")
    await close_by_key(page)
    await expect(own(await open_chat(page))).to_have_count(1)
