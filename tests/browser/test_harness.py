"""The browser harness itself, against a small page: what it must see, refuse and save."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.chromium import ChromiumMissing, find_chromium
from tests.browser.pages import PHONE, Complaints, OpenPage, TakeScreenshots

PAGE = b"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<title>A small page</title><h1>Hello</h1><button>Count</button><output>0</output>
<script type="module">
  const output = document.querySelector("output");
  document.querySelector("button").onclick = () => {
    output.textContent = Number(output.textContent) + 1;
  };
</script></html>"""


class SmallPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), SmallPage) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_machine_without_a_browser_is_told_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ChromiumMissing, match="make setup-browser"):
        find_chromium({"PATH": str(tmp_path)}, unpacked=tmp_path / "nothing")


def test_a_named_browser_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ChromiumMissing, match="/no/such/browser"):
        find_chromium({"ANSWERDESK_CHROMIUM": "/no/such/browser"}, unpacked=tmp_path)


def test_a_browser_on_the_path_is_taken_when_nothing_else_is_there(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    found = find_chromium({"PATH": str(tmp_path)}, unpacked=tmp_path / "nothing")
    assert found.program == program
    assert found.environment == {}


async def test_a_script_runs_and_answers_a_click(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_role("button", name="Count").click()
    await expect(page.locator("output")).to_have_text("1")


async def test_pages_share_nothing(open_page: OpenPage, address: str) -> None:
    first, second = await open_page(), await open_page()
    await first.goto(address)
    await second.goto(address)
    await first.evaluate("localStorage.setItem('seen', 'yes')")
    assert await second.evaluate("localStorage.getItem('seen')") is None


async def test_size_and_locale_reach_the_page(open_page: OpenPage, address: str) -> None:
    page = await open_page(viewport=PHONE, color_scheme="dark", locale="ja-JP")
    await page.goto(address)
    seen = await page.evaluate(
        "[innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches,"
        " navigator.language]"
    )
    assert seen == [390, 844, True, "ja-JP"]


async def test_an_uncaught_error_is_a_complaint(
    page: Page, address: str, complaints: Complaints
) -> None:
    await page.goto(address)
    async with page.expect_event("pageerror"):
        await page.evaluate("setTimeout(() => { throw new Error('broken on purpose') })")
    assert complaints.items == ["uncaught: broken on purpose"]
    complaints.items.clear()


async def test_a_request_to_another_machine_fails_and_is_a_complaint(
    page: Page, address: str, complaints: Complaints
) -> None:
    await page.goto(address)
    outcome = await page.evaluate(
        "fetch('https://cdn.example/script.js').then(() => 'fetched', () => 'refused')"
    )
    assert outcome == "refused"
    assert complaints.items == ["asked another machine: https://cdn.example/script.js"]
    complaints.items.clear()


async def test_screenshots_differ_by_size_and_scheme(
    page: Page, address: str, take_screenshots: TakeScreenshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERDESK_SCREENSHOTS", "1")
    await page.goto(address)
    paths = await take_screenshots(page, "harness")
    names = [path.name for path in paths]
    assert names == [
        "harness-phone-light.png",
        "harness-phone-dark.png",
        "harness-desktop-light.png",
        "harness-desktop-dark.png",
    ]
    pictures = [path.read_bytes() for path in paths]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert len(set(pictures)) == len(pictures)
