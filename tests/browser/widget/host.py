"""A website on another origin that has the chat on its pages, and what visitors do there."""

import hashlib
from base64 import b64encode
from typing import Any

from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.browser.asking import HOURS
from tests.conftest import Desk, Server
from tests.websites import Website

SETTINGS = 'window.novaChatSettings = {{ websiteToken: "{token}", position: "bottom_left" }};'
HEARING = "window.heard = []; window.onmessage = (event) => window.heard.push(event.data);"


def put_page(
    site: Website,
    tag: str,
    path: str = "/",
    policy: str = "",
    *,
    opening: str = '<html lang="en">',
    more: str = "",
) -> None:
    """Put a page at a path, with a tag in its head, a button that counts, and a policy.

    `more` comes at the end of its body.
    """
    headers = {"Content-Security-Policy": policy} if policy else {}
    site.set("/count.js", COUNT, media_type="text/javascript")
    site.set(
        path,
        f"<!doctype html>{opening}<head><title>Shop</title>{tag}</head><body><main>"
        f'<h1>Shop</h1><button id="buy">0</button></main>{more}'
        '<script src="/count.js"></script></body></html>',
        headers=headers,
    )


COUNT = """const buy = document.querySelector("#buy");
buy.addEventListener("click", () => (buy.textContent = Number(buy.textContent) + 1));"""


def strict_policy(server: Server, *inline: str) -> str:
    """Return a policy that lets our script and frame in, the page's own scripts, and no more."""
    hashes = [
        f"'sha256-{b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inline
    ]
    scripts = " ".join(["'self'", server.url, *hashes])
    return (
        f"default-src 'none'; script-src {scripts}; frame-src {server.url};"
        " require-trusted-types-for 'script'"
    )


def bind(desk: Desk, site: Website) -> dict[str, Any]:
    """Bind the website to the project; return its domain."""
    made = desk.owner.post(f"{desk.path}/domains", json={"website_url": site.url})
    assert made.status_code == 201, made.text
    domain: dict[str, Any] = made.json()
    return domain


def project_tag(server: Server, desk: Desk, more: str = "") -> str:
    attributes = f'data-project="{desk.project_id}"{more}'
    return f'<script src="{server.url}/widget.js" {attributes} async></script>'


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="Chat")


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def question_field(frame: FrameLocator) -> Locator:
    return frame.get_by_role("textbox", name="Your question")


async def open_chat(page: Page) -> FrameLocator:
    """Open the chat by its launcher; its question field then has the focus."""
    await launcher(page).click()
    frame = chat(page)
    await expect(question_field(frame)).to_be_focused()
    return frame


async def is_kept(page: Page) -> None:
    """Wait until the website's page remembers the conversation, which the frame shows before."""
    await page.wait_for_function("localStorage.length > 0")


async def close_by_key(page: Page) -> None:
    """Close the chat, which has the focus: the frame hears the key, and tells the page."""
    await page.keyboard.press("Escape")
    await expect(launcher(page)).to_have_attribute("aria-expanded", "false")


async def ask_hours(frame: FrameLocator) -> None:
    """Ask when the shop opens, and get an answer that cites its source."""
    field = question_field(frame)
    await field.fill("When does the shop open in the morning?")
    await field.press("Enter")
    answer = frame.locator(".answer").last
    await expect(answer).to_contain_text(HOURS)
    await expect(answer.locator(".sources a").first).to_contain_text("Opening hours")
