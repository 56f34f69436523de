"""The page in the frame, with the least of a website around it, and what visitors do there."""

import json
from typing import Any

from playwright.async_api import Frame, FrameLocator, Locator, Page, expect

from tests.conftest import Desk, Server
from tests.websites import Website

HOST = """
const frame = () => document.querySelector("iframe");
const start = JSON.parse(document.querySelector("#start").textContent);
window.heard = [];
window.tell = (message) => {
  frame().contentWindow.postMessage({answerdesk: 1, ...message}, new URL(frame().src).origin);
};
addEventListener("message", ({source, data}) => {
  if (source !== frame()?.contentWindow) return;
  window.heard.push(data);
  if (data.type === "keep" && data.kept === null) localStorage.removeItem("kept");
  else if (data.type === "keep") localStorage.setItem("kept", data.kept);
  if (data.type !== "hello") return;
  const kept = localStorage.getItem("kept");
  const page = location.origin + location.pathname;
  tell({type: "start", kept, page, identity: null, context: null, visible: true, ...start});
});
"""
"""A website's page: it keeps what it is told to, and collects what the frame says in `heard`.

It listens before there is a frame, as the loader does: a frame that is cached says hello at once.
"""


def frame_address(server: Server, desk: Desk, more: str = "") -> str:
    """Return where the frame's page is; without a website around it, nothing is kept."""
    return f"{server.url}/embed?project={desk.project_id}{more}"


async def open_framed(
    page: Page, site: Website, address: str, **start: Any
) -> tuple[FrameLocator, Frame]:
    """Open a page of `site` with the frame in it; `start` are other fields of that message."""
    site.set("/host.js", HOST, media_type="text/javascript")
    site.set(
        "/",
        '<!doctype html><html lang="en"><head><title>Shop</title><style>'
        "html, body, iframe {margin: 0; border: 0; width: 100%; height: 100%; display: block}"
        f'</style><script type="application/json" id="start">{json.dumps(start)}</script>'
        '<script src="/host.js"></script></head>'
        f'<body><iframe title="Chat" src="{address}#{site.url}"></iframe></body></html>',
    )
    await page.goto(site.url)
    return await framed(page)


async def framed(page: Page) -> tuple[FrameLocator, Frame]:
    """Return the frame of a page, twice: to look into, and to run scripts in."""
    frame = page.frame_locator("iframe")
    await expect(frame.locator(".composer textarea")).to_be_visible()
    await hears(page, "hello")
    return frame, next(one for one in page.frames if one != page.main_frame)


async def tell(website: Page, **message: Any) -> None:
    """Have the website say something to the frame."""
    await website.evaluate("(message) => window.tell(message)", message)


async def heard(page: Page, kind: str) -> list[dict[str, Any]]:
    """Return what the frame has said of one kind."""
    said: list[dict[str, Any]] = await page.evaluate("window.heard")
    return [one for one in said if one["type"] == kind]


async def hears(page: Page, kind: str, **fields: Any) -> None:
    """Wait until the last of one kind that the frame has said has these fields.

    What the frame shows is seen before the website hears of it: messages take their time.
    """
    await page.wait_for_function(
        "({kind, fields}) => {"
        " const last = window.heard.findLast(({type}) => type === kind);"
        " return last && Object.keys(fields).every((name) => last[name] === fields[name]); }",
        arg={"kind": kind, "fields": fields},
    )


def field(frame: Page | FrameLocator) -> Locator:
    """Return where one writes."""
    return frame.get_by_role("textbox", name="Your question")


async def ask(frame: Page | FrameLocator, question: str) -> Locator:
    """Ask once nothing is being answered; return the answer, which may still be growing."""
    await expect(frame.locator(".composer [type=submit]")).to_be_visible()
    answers = frame.locator(".answer")
    before = await answers.count()
    await field(frame).fill(question)
    await field(frame).press("Enter")
    await expect(frame.locator(".own .bubble").last).to_have_text(question)
    return answers.nth(before)
