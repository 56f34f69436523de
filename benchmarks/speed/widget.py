"""What the widget costs a website's page, and how soon a visitor sees an answer and a reply."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
from playwright.async_api import Frame, Page, async_playwright

from benchmarks.report import Report, Table
from benchmarks.speed.server import Serving, fill_with, serving
from tests.browser.asking import HOURS
from tests.browser.chromium import find_chromium, launch
from tests.browser.widget.host import chat, launcher, put_page, question_field
from tests.browser.widget.test_host_cost import TEXT, WATCH, main_thread_ms
from tests.websites import Website

REPLIED = 1000
"""Milliseconds until a visitor sees a person's reply, at most."""

MAIN_THREAD = 15
"""Milliseconds of the page's main thread before the chat is opened, at most."""

_SHOWN = """(text) => new Promise((resolve) => {
  const isThere = () => document.querySelector("main, body").textContent.includes(text);
  const watch = new MutationObserver(() => isThere() && (watch.disconnect(), resolve()));
  watch.observe(document.body, {subtree: true, childList: true, characterData: true});
  if (isThere()) resolve();
})"""
"""Resolves when a text is on the page."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Times in ms."""

    main_thread: float
    requests: int
    shifts: float
    opened: float
    answers: list[float]
    replies: list[float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=20)
    parser.add_argument("--replies", type=int, default=40)
    arguments = parser.parse_args()
    report = Report()
    report.section("widget", "The widget in Chromium, on a page of another origin")
    with serving() as server:
        # Each answer can be told from the others.
        names = [f"Lamp {_word(number)}" for number in range(arguments.answers)]
        lamps = [(one, f"{one} costs {place + 17} euros.") for place, one in enumerate(names)]
        project = fill_with(server, [("Opening hours", HOURS), *lamps])
        found = asyncio.run(_measure(server, project, arguments))
    report.add(_table(found))
    report.finish()
    return 0


def _word(number: int) -> str:
    """Return a name that no other lamp has."""
    return "".join("aeioubdfgk"[int(digit)] for digit in f"{number + 100}").capitalize()


async def _measure(server: Serving, project: str, arguments: argparse.Namespace) -> Measured:
    headers = {"Authorization": f"Bearer {server.owner_key}"}
    async with (
        _page() as page,
        httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as owner,
    ):
        with Website("localhost") as site:
            site.set("/favicon.ico", b"", media_type="image/x-icon")
            tag = f'<script src="{server.url}/widget.js" data-project="{project}" async></script>'
            put_page(site, WATCH, "/without", more=TEXT)
            put_page(site, WATCH + tag, more=TEXT)
            asked: list[str] = []
            page.on("request", lambda one: asked.append(one.url))
            without = [await main_thread_ms(page, f"{site.url}/without") for _ in range(5)]
            asked.clear()
            spent = [await main_thread_ms(page, site.url)]
            requests = sum(url.startswith(server.url) for url in asked)
            spent += [await main_thread_ms(page, site.url) for _ in range(4)]
            shifts = float(await page.evaluate("window.shifts"))
            began = time.perf_counter()
            await launcher(page).click()
            await question_field(chat(page)).wait_for()
            opened = (time.perf_counter() - began) * 1000
            frame = next(one for one in page.frames if one != page.main_frame)
            answers = [await _answered(page, frame, n) for n in range(arguments.answers)]
            replies = await _replied(page, frame, owner, project, arguments.replies)
    cost = float(np.median(spent) - np.median(without))
    return Measured(cost, requests, shifts, opened, answers, replies)


@asynccontextmanager
async def _page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        with tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as home:
            browser = await launch(playwright, find_chromium(os.environ), Path(home))
            yield await (await browser.new_context()).new_page()
            await browser.close()


async def _answered(page: Page, frame: Frame, number: int) -> float:
    """Ask what a lamp costs; return how long it takes until the answer is there."""
    field = question_field(chat(page))
    await field.fill(f"What does lamp {_word(number)} cost?")
    return await _until(frame, f"costs {number + 17} euros", lambda: field.press("Enter"))


async def _replied(
    page: Page, frame: Frame, owner: httpx.AsyncClient, project: str, count: int
) -> list[float]:
    """Ask for a person; return how long each of their replies takes until the visitor sees it."""
    field = question_field(chat(page))
    await field.fill("I want to talk to a person.")
    await field.press("Enter")
    path = f"/v1/projects/{project}/conversations"
    listed: list[dict[str, str]] = []
    while not listed:
        found = await owner.get(path, params={"state": "waiting"})
        listed = found.raise_for_status().json()["items"]
    path = f"/v1/conversations/{listed[0]['id']}/messages"
    times = []
    for number in range(count):
        text = f"Reply {_word(number)}."

        async def reply(text: str = text) -> None:
            (await owner.post(path, json={"content": text})).raise_for_status()

        times.append(await _until(frame, text, reply))
        # As a person writes, not as a program: at no fixed distance from the last one.
        await asyncio.sleep(0.5 + (number * 0.37) % 1.0)
    return times


async def _until(frame: Frame, text: str, act: Callable[[], Awaitable[None]]) -> float:
    """Do something; return how many ms it takes until a text is in the frame."""
    shown = asyncio.create_task(frame.evaluate(_SHOWN, text))
    # It has to watch before anything happens.
    await frame.evaluate("0")
    began = time.perf_counter()
    await act()
    await shown
    return (time.perf_counter() - began) * 1000


def _table(found: Measured) -> Table:
    rows = (
        ("main thread before opening, ms", f"{found.main_thread:.1f}", f"≤ {MAIN_THREAD}"),
        ("requests before opening", str(found.requests), "≤ 2"),
        ("layout shift before opening", f"{found.shifts:g}", "0"),
        ("from the click to the field, ms", f"{found.opened:.0f}", ""),
        (f"{len(found.answers)} answers, ms: p50 / p95 / longest", _spread(found.answers), ""),
        (
            f"{len(found.replies)} people's replies, ms: p50 / p95 / longest",
            _spread(found.replies),
            f"≤ {REPLIED}",
        ),
    )
    notes = (
        (
            "An answer counts from Enter, a reply from its request; both until the text is in the "
            "frame. The browser and the server share the machine."
        ),
    )
    return Table("One visitor", ("what", "measured", "aim"), rows, notes)


def _spread(values: list[float]) -> str:
    return " / ".join(f"{np.percentile(values, p):.0f}" for p in (50, 95, 100))


if __name__ == "__main__":
    sys.exit(main())
