"""An inbox with 100,000 conversations: its lists and searches over HTTP, its page in Chromium."""

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import numpy as np
from playwright.async_api import Page, async_playwright

from answerdesk.core.postgres import EmbeddedPostgres
from benchmarks.report import Report, Table
from benchmarks.speed import inbox_rows
from benchmarks.speed.bulk import connected
from benchmarks.speed.inbox_rows import CYRILLIC, FREQUENT, JAPANESE, RARE, TAGS
from benchmarks.speed.server import Serving, serving
from tests.browser.chromium import find_chromium, launch

API_P95: Final = 100
"""Milliseconds for a list, a search or the counts, at most, at p95."""

SHOWN: Final = 500
"""Milliseconds from the opening of the page to its first row, at most."""

ROWS: Final = 500
RENDERED: Final = 100
"""Milliseconds of script and layout for that many rows at once, at most."""

_PASSWORD: Final = "a quiet harbour"  # noqa: S105 - of an account that lasts as long as the run.
_PAGE: Final = 50
_PEOPLE: Final = 5
_DEEP: Final = 20

_LISTS: Final[dict[str, dict[str, Any]]] = {
    "newest": {},
    "closed": {"state": "closed"},
    "waiting, the longest first": {"state": "waiting", "order": "waiting"},
    "my own": {"state": ["waiting", "human"], "assignee": "me"},
    "nobody's": {"assignee": "none"},
    "unread": {"unread": "true"},
    "snoozed": {"snoozed": "true"},
    "tag of a fifth": {"tag": TAGS[0]},
    "tag of one in a thousand": {"tag": TAGS[-1]},
    "tag that nobody uses": {"tag": "nothing"},
    "search: rare word": {"q": RARE},
    "search: frequent word": {"q": FREQUENT},
    "search: without a frequent word": {"q": f"-{FREQUENT}"},
    "search: part of a word": {"q": FREQUENT[1:-1]},
    "search: nothing found": {"q": "nothingness"},
    "search: Cyrillic": {"q": CYRILLIC},
    "search: Japanese": {"q": JAPANESE},
    "search: part of an address": {"q": "9990@exam"},
    "search: rare word among a tag": {"q": RARE, "tag": TAGS[0]},
}

_UNTIL = """(count) => new Promise((resolve) => {
  const isThere = () =>
    document.querySelector("[data-row]")
    && Number(document.querySelector("[data-rows]")?.dataset.rows) >= count;
  const shown = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
  const watch = new MutationObserver(() => isThere() && (watch.disconnect(), shown()));
  watch.observe(document.documentElement, {subtree: true, childList: true, attributes: true});
  if (isThere()) (watch.disconnect(), shown());
})"""
"""Resolves with the page's time when a list of that many rows has been painted: those in sight."""

_OPEN: Final = """[...document.querySelectorAll("[data-pane=list] nav a")]
  .find((one) => one.href.includes("view=open")).click()"""

_WORK: Final = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


@dataclass(frozen=True, slots=True)
class Measured:
    """Times in ms: of each list by its name, and in the browser."""

    lists: dict[str, list[float]]
    first_rows: list[float]
    scrolled: float
    work_of_scrolling: float
    at_once: list[float]
    work_at_once: list[float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="conversations")
    parser.add_argument("--times", type=int, default=30, help="requests of each kind")
    parser.add_argument("--openings", type=int, default=10, help="openings of the page")
    arguments = parser.parse_args()
    report = Report()
    report.section("inbox", f"An inbox with {arguments.size:,} conversations")
    with serving() as server:
        person = _sign_up(server)
        began = time.perf_counter()
        _fill(server, person, arguments.size)
        print(f"filled in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        found = asyncio.run(_measure(server, person, arguments))
    for table in _tables(found):
        report.add(table)
    report.finish()
    return 0


@dataclass(frozen=True, slots=True)
class _Person:
    email: str
    headers: dict[str, str]
    account_id: UUID
    user_id: UUID
    project_id: UUID


def _sign_up(server: Serving) -> _Person:
    email = f"ann-{secrets.token_hex(4)}@example.com"
    with httpx.Client(base_url=server.url, timeout=60) as client:
        body = {"email": email, "password": _PASSWORD}
        made = client.post("/v1/auth/signup", json=body).raise_for_status().json()
        headers = {"Authorization": f"Bearer {made['access_token']}"}
        project = client.post("/v1/projects", json={"name": "Shop"}, headers=headers)
    ids = (made["account"]["id"], made["user"]["id"], project.raise_for_status().json()["id"])
    return _Person(email, headers, *(UUID(one.partition("_")[2]) for one in ids))


def _fill(server: Serving, person: _Person, size: int) -> None:
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with connected({**admin}) as connection:
            people = [person.user_id] * _PEOPLE
            inbox_rows.fill(connection, person.account_id, person.project_id, people, size)


async def _measure(server: Serving, person: _Person, arguments: argparse.Namespace) -> Measured:
    async with httpx.AsyncClient(base_url=server.url, headers=person.headers, timeout=60) as client:
        lists = await _lists(client, arguments.times)
    print("lists measured", file=sys.stderr, flush=True)
    async with async_playwright() as playwright:
        with tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as home:
            browser = await launch(playwright, find_chromium(os.environ), Path(home))
            page = await (await browser.new_context()).new_page()
            await _log_in(page, server, person)
            address = f"{server.url}/app/inbox?view=open"
            first_rows = [await _opened(page, address) for _ in range(arguments.openings)]
            scrolled, work = await _timed(page, lambda: _scroll(page))
            at_once = [await _timed(page, lambda: _again(page)) for _ in range(5)]
            await browser.close()
    return Measured(
        lists, first_rows, scrolled, work, [one[0] for one in at_once], [one[1] for one in at_once]
    )


async def _lists(client: httpx.AsyncClient, times: int) -> dict[str, list[float]]:
    """Ask for each list in turn, so that whatever else the machine does hits all alike."""
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        name: ("/v1/inbox", {**params, "limit": _PAGE}) for name, params in _LISTS.items()
    }
    cursor = None
    for _ in range(_DEEP):
        params = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        cursor = (await client.get("/v1/inbox", params=params)).json()["next_cursor"]
    asked[f"behind {_DEEP * 200:,} others"] = ("/v1/inbox", {"limit": _PAGE, "cursor": cursor})
    asked["counts"] = ("/v1/inbox/counts", {})
    found: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(times + 1):
        for name, (path, params) in asked.items():
            began = time.perf_counter()
            (await client.get(path, params=params)).raise_for_status()
            # The first of each warms up.
            if turn:
                found[name].append((time.perf_counter() - began) * 1000)
    return found


async def _log_in(page: Page, server: Serving, person: _Person) -> None:
    await page.goto(f"{server.url}/login?next=/app/inbox")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password").fill(_PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.locator("[data-row]").first.wait_for()


async def _opened(page: Page, address: str) -> float:
    """Open the page anew; return how many ms it takes from the request until a row is painted."""
    await page.goto("about:blank")
    await page.goto(address, wait_until="commit")
    return float(await page.evaluate(_UNTIL, 1))


async def _scroll(page: Page) -> None:
    """Have the list grow page by page, as far as `ROWS` rows."""
    more = page.get_by_role("button", name="Show more")
    for count in range(2 * _PAGE, ROWS + 1, _PAGE):
        await more.click()
        await page.evaluate(_UNTIL, count)


async def _again(page: Page) -> None:
    """Show all the rows at once: those that are known stand when the view is chosen again."""
    await page.get_by_role("link", name="Mine").click()
    await page.wait_for_function(
        "(count) => Number(document.querySelector('[data-rows]')?.dataset.rows) < count", arg=ROWS
    )
    # The rows stand until the server has told which page of them is the newest.
    await page.evaluate(f"(count) => {{ {_OPEN}; return ({_UNTIL})(count); }}", ROWS)


async def _timed(page: Page, act: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Return how many ms something takes, and those of script, style and layout."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")

    async def work() -> float:
        metrics = (await session.send("Performance.getMetrics"))["metrics"]
        return sum(float(one["value"]) for one in metrics if one["name"] in _WORK) * 1000

    before, began = await work(), time.perf_counter()
    await act()
    took = (time.perf_counter() - began) * 1000
    return took, await work() - before


def _tables(found: Measured) -> tuple[Table, Table]:
    lists = tuple(
        (name, *(f"{np.percentile(times, share):.0f}" for share in (50, 95, 100)))
        for name, times in found.lists.items()
    )
    rows = (
        (f"first row, {len(found.first_rows)} openings", _spread(found.first_rows), f"≤ {SHOWN}"),
        (f"{ROWS} rows, page by page", f"{found.scrolled:.0f}", ""),
        ("of that script, style and layout", f"{found.work_of_scrolling:.0f}", ""),
        (f"to another view and back to {ROWS} rows", _spread(found.at_once), ""),
        ("of that script, style and layout", _spread(found.work_at_once), f"≤ {RENDERED}"),
    )
    return (
        Table(
            f"Over HTTP, pages of {_PAGE}, ms (aim: p95 ≤ {API_P95})",
            ("what", "p50", "p95", "longest"),
            lists,
        ),
        Table(
            "In the browser, ms: p50 / p95 / longest",
            ("what", "measured", "aim"),
            rows,
            ("The cache is warm. The browser and the server share the machine.",),
        ),
    )


def _spread(values: list[float]) -> str:
    return " / ".join(f"{np.percentile(values, share):.0f}" for share in (50, 95, 100))


if __name__ == "__main__":
    sys.exit(main())
