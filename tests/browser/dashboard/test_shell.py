"""What is around every page of the dashboard: who may see it, where it leads, its keys."""

from typing import Literal

import pytest
from playwright.async_api import expect

from tests.browser.dashboard.opening import AT_REST, hold_to_the_rules, open_dashboard
from tests.browser.log_ins import expect_log_in
from tests.browser.pages import PHONE, ColorScheme, OpenPage, TakeScreenshots
from tests.browser.shop import open_shop
from tests.conftest import Server


async def test_who_is_not_logged_in_is_led_to_the_log_in_and_back(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await page.goto(f"{server.url}/app/p/{shop.desk.project_id}/settings/general")
    # Once its form is there, it does not lead on by itself any more.
    await expect_log_in(page)
    await open_dashboard(page, server, shop.boss, f"/p/{shop.desk.project_id}/settings/general")
    await expect(page.get_by_role("heading", level=1)).to_have_text("General")


async def test_a_foreign_project_is_not_there(open_page: OpenPage, server: Server) -> None:
    mine, other = open_shop(server), open_shop(server)
    page = await open_page()
    await page.goto(f"{server.url}/login")
    await open_dashboard(page, server, mine.boss)
    await page.goto(f"{server.url}/app/p/{other.desk.project_id}/overview")
    await expect(page.get_by_role("heading", level=2)).to_contain_text("does not exist")


@pytest.mark.parametrize(
    ("address", "title"),
    [("/p/{project}", "Overview"), ("/p/{project}/settings", "General"), ("/settings", "General")],
)
async def test_an_address_that_names_no_page_leads_to_the_first_of_its_pages(
    open_page: OpenPage, server: Server, address: str, title: str
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_dashboard(page, server, shop.boss, address.format(project=shop.desk.project_id))
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)


async def test_pages_are_reached_by_links_by_keys_and_by_name(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_dashboard(page, server, shop.boss, "/settings/profile")
    await hold_to_the_rules(page, "shell", take_screenshots)
    title = page.get_by_role("heading", level=1)
    await page.get_by_role("navigation", name="Pages").get_by_role("link", name="Inbox").click()
    await expect(title).to_have_text("Inbox")
    # The second letter has to come soon, and so the page must not be busy.
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    await page.keyboard.type("gl")
    await expect(title).to_have_text("Leads")
    await page.keyboard.press("Control+k")
    await page.get_by_placeholder("Find a page or an action").fill("audit")
    await page.keyboard.press("Enter")
    await expect(title).to_have_text("Audit log")


async def test_on_a_phone_the_menu_opens_and_closes_after_a_choice(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page(PHONE)
    await open_dashboard(page, server, shop.boss)
    link = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Leads")
    await expect(link).not_to_be_in_viewport()
    await page.get_by_role("button", name="Menu").first.click()
    await link.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Leads")
    await expect(link).not_to_be_in_viewport()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
async def test_it_follows_the_system_and_speaks_german(
    open_page: OpenPage, server: Server, color_scheme: ColorScheme
) -> None:
    shop = open_shop(server)
    page = await open_page(color_scheme=color_scheme, locale="de-DE")
    await open_dashboard(page, server, shop.boss, "/settings/profile")
    html = page.locator("html")
    await expect(html).to_have_attribute("data-mantine-color-scheme", color_scheme)
    await expect(html).to_have_attribute("lang", "de")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Profil")


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
async def test_a_dialog_moves_only_for_who_wants_motion(
    open_page: OpenPage, server: Server, wish: Literal["reduce", "no-preference"], moves: bool
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await page.emulate_media(reduced_motion=wish)
    await open_dashboard(page, server, shop.boss, "/settings/team")
    await page.get_by_role("button", name="Invite somebody").click()
    await expect(page.get_by_role("dialog").get_by_label("E-mail address")).to_be_focused()
    # The field's border changes with the focus, for who wants no motion, too.
    await page.evaluate(AT_REST)
    await page.evaluate(
        "document.addEventListener('transitionrun', ({target}) =>"
        " { document.documentElement.dataset.moves = target.closest('[role=dialog]') !== null; })"
    )
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await page.evaluate("document.documentElement.dataset.moves === 'true'") is moves
