"""A log-in lasts: in every tab, across restarts of browser and server, until somebody logs out."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Request, expect

from tests.accounts.people import PASSWORD, fresh_email, sign_up
from tests.browser.chromium import find_chromium, launch_profile
from tests.browser.conftest import TIMEOUT_MS
from tests.browser.log_ins import expect_account, expect_log_in, log_in, log_out
from tests.browser.pages import Complaints, OpenPage
from tests.conftest import Desk, Rows, Server

ALL_STORED = """() => JSON.stringify([
  document.cookie, Object.entries(localStorage), Object.entries(sessionStorage)])"""


class Profile:
    """A browser with a profile, which can be closed and opened again."""

    def __init__(self, browser: Browser, home: Path, complaints: Complaints) -> None:
        self._kind = browser.browser_type
        self._home = home
        self._complaints = complaints
        self._context: BrowserContext | None = None

    async def open(self) -> Page:
        """Open a tab, and the browser if it is closed."""
        if self._context is None:
            chromium = find_chromium(os.environ)
            self._context = await launch_profile(self._kind, chromium, self._home)
            self._context.set_default_timeout(TIMEOUT_MS)
        page = await self._context.new_page()
        self._complaints.watch(page)
        return page

    async def close(self) -> None:
        """Close the browser with all tabs."""
        if self._context is not None:
            await self._context.close()
        self._context = None


@pytest_asyncio.fixture(loop_scope="session")
async def profile(
    browser: Browser, tmp_path: Path, complaints: Complaints
) -> AsyncIterator[Profile]:
    made = Profile(browser, tmp_path, complaints)
    yield made
    await made.close()
    assert complaints.items == []


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that a test may stop."""
    running = Server(tmp_path_factory.mktemp("d") / "data").start()
    yield running
    running.stop()


async def test_nothing_that_a_script_can_read_is_a_token(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    email = sign_up(server).email
    tokens: set[str] = set()

    def note(request: Request) -> None:
        tokens.add(request.headers.get("authorization", "").removeprefix("Bearer "))

    page.on("request", note)
    await log_in(page, server, email)
    cookies = await page.context.cookies(f"{server.url}/v1/auth/refresh")
    (cookie,) = [one for one in cookies if one["name"].startswith("answerdesk_")]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert await page.context.cookies(f"{server.url}/v1/me") == []
    for path in ("/app/settings/profile", f"/?project={desk.project_id}"):
        await page.goto(server.url + path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        stored = await page.evaluate(ALL_STORED)
        assert len(tokens) > 1
        for secret in (cookie["value"], *(tokens - {""}), "adr_", "eyJ"):
            assert secret not in stored, stored


async def open_team(page: Page, server: Server, person: str) -> None:
    """Open the page of the team, and wait until it has all that it asks for."""
    await page.goto(f"{server.url}/app/settings/team")
    await expect_account(page, person)
    await expect(page.get_by_role("list", name="Members")).to_be_visible()


async def invite(page: Page, email: str) -> None:
    """Invite somebody on the page of the team, which is open."""
    await page.get_by_role("button", name="Invite somebody").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("E-mail address").fill(email)
    await form.get_by_role("button", name="Invite somebody").click()


async def test_one_log_in_is_everybodys_tab_and_a_reload_goes_on(
    page: Page, server: Server, desk: Desk, complaints: Complaints
) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    email = sign_up(server).email
    await log_in(page, server, email)
    await page.reload()
    await expect_account(page, email)
    tab = await page.context.new_page()
    complaints.watch(tab)
    await open_team(tab, server, email)
    await tab.goto(f"{server.url}/?project={desk.project_id}")
    await expect(tab.get_by_role("link", name="Knowledge")).to_be_visible()
    await tab.get_by_role("link", name="Knowledge").click()
    await expect_account(tab, email)


async def test_a_log_in_outlives_the_browser_and_the_server(
    profile: Profile, own_server: Server
) -> None:
    email = sign_up(own_server).email
    page = await profile.open()
    await log_in(page, own_server, email)
    await profile.close()
    page = await profile.open()
    await open_team(page, own_server, email)
    own_server.stop()
    own_server.start()
    # This page still has the access token of before, and a new tab gets one of its own.
    await invite(page, fresh_email("new"))
    await expect(page.get_by_role("dialog", name="is invited")).to_be_visible()
    tab = await profile.open()
    await open_team(tab, own_server, email)


async def test_tabs_that_are_opened_together_all_stay_logged_in(
    page: Page, server: Server, rows: Rows, complaints: Complaints
) -> None:
    """As a browser does that restores its windows, with a cookie that is due for the next."""
    email = sign_up(server).email
    await log_in(page, server, email)
    rows(
        "update login_session s set used_at = s.used_at - interval '1 hour' from app_user u"
        " where u.id = s.user_id and u.email = %s returning 1",
        email,
    )
    tabs = [await page.context.new_page() for _ in range(5)]
    for tab in tabs:
        complaints.watch(tab)
        await tab.evaluate(f"location.href = '{server.url}/app/settings/team'")
    for tab in tabs:
        await expect_account(tab, email)
        await tab.reload()
        await expect_account(tab, email)


async def test_who_logs_out_is_out_in_every_tab(
    page: Page, server: Server, complaints: Complaints
) -> None:
    email = sign_up(server).email
    await log_in(page, server, email)
    tab = await page.context.new_page()
    complaints.watch(tab)
    await open_team(tab, server, email)
    await log_out(page)
    await expect_log_in(page)
    assert await page.context.cookies(f"{server.url}/v1/auth/refresh") == []
    # The live view tells the tab, so nobody has to try something in vain.
    await expect_log_in(tab)
    assert "next=%2Fapp%2Fsettings%2Fteam" in tab.url
    await page.goto(f"{server.url}/app/settings/team")
    await expect_log_in(page)
    # The tab that was sent away comes back to where it was.
    await tab.get_by_label("E-mail address").fill(email)
    await tab.get_by_label("Password").fill(PASSWORD)
    await tab.get_by_role("button", name="Log in").click()
    await expect_account(tab, email)


async def test_one_logs_out_in_all_browsers(
    open_page: OpenPage, server: Server, complaints: Complaints
) -> None:
    email = sign_up(server).email
    here, there = await open_page(), await open_page()
    for page in (here, there):
        await log_in(page, server, email)
    await here.goto(f"{server.url}/app/settings/profile")
    await here.get_by_role("button", name="Log out everywhere").click()
    await here.get_by_role("dialog").get_by_role("button", name="Log out everywhere").click()
    await expect_log_in(here)
    # In a new tab: the live view may send the other one away at any time, also as it is loaded.
    tab = await there.context.new_page()
    complaints.watch(tab)
    await tab.goto(f"{server.url}/app")
    await expect_log_in(tab)


async def test_a_tab_does_not_go_on_as_somebody_else(
    page: Page, server: Server, rows: Rows, complaints: Complaints
) -> None:
    ann, bob = sign_up(server, "ann"), sign_up(server, "bob").email
    await log_in(page, server, ann.email)
    tab = await page.context.new_page()
    complaints.watch(tab)
    await open_team(tab, server, ann.email)
    late = fresh_email("late")
    await tab.get_by_role("button", name="Invite somebody").click()
    await tab.get_by_role("dialog").get_by_label("E-mail address").fill(late)
    # Bob logs in on this browser, and then Ann's log-ins end.
    await page.context.clear_cookies()
    await log_in(page, server, bob)
    ended = ann.client.post("/v1/auth/logout", json={"everywhere": True})
    assert ended.is_success, ended.text
    # It begins anew as who is logged in now, and nothing was made in that one's name.
    await expect_account(tab, bob)
    assert rows("select 1 from invitation where email = %s", late) == []


async def test_an_address_of_this_machine_works_beside_a_public_one(
    page: Page, own_server: Server
) -> None:
    """There the cookie is for TLS, which browsers do not ask of the machine that they run on."""
    public = Server(own_server.data_dir, ANSWERDESK_PUBLIC_URL="https://desk.example").start()
    try:
        email = sign_up(public).email
        await log_in(page, public, email)
        await page.reload()
        await expect_account(page, email)
    finally:
        public.stop()
