"""The overview: a project's numbers, what waits for people, the ways to what is behind them."""

import re
from datetime import UTC, datetime, timedelta

from playwright.async_api import Locator, Page, Route, expect

from tests.accounts.people import sign_up
from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import add_project
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import open_shop
from tests.conftest import Server


def number_of(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=re.compile(f"^{name}: "))


async def test_it_shows_what_waits_and_the_numbers_with_their_pictures(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    shop.ask("When does the shop open?", asks_for_person=False)
    shop.ask("Do you sell bicycles?")
    page = await open_page()
    await open_dashboard(page, server, shop.boss, f"/p/{shop.desk.project_id}/overview")
    await expect(number_of(page, "Conversations")).to_have_text("2")
    await expect(number_of(page, "Answered")).to_have_text("1")
    await expect(number_of(page, "Unanswered")).to_have_text("1")
    await expect(number_of(page, "Handed over to people")).to_have_text("1")
    tile = page.get_by_role("article", name="Conversations")
    await expect(tile).to_contain_text("none before")
    await tile.get_by_text("Day by day").click()
    rows = tile.get_by_role("row")
    await expect(rows).to_have_count(29)
    await expect(rows.nth(1).get_by_role("cell")).to_have_text("2")
    await hold_to_the_rules(page, "overview", take_screenshots)
    await expect(page.get_by_role("link", name="Questions without an answer")).to_contain_text("1")
    waiting = page.get_by_role("link", name="Waiting for a person")
    await expect(waiting).to_contain_text("1")
    await waiting.click()
    await expect(page).to_have_url(re.compile("/app/inbox"))


async def test_the_range_is_in_the_address_and_a_wrong_one_is_told(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    place = f"/p/{shop.desk.project_id}/overview"
    await open_dashboard(page, server, shop.boss, place)
    await page.get_by_text("7 days", exact=True).click()
    await expect(page).to_have_url(re.compile(r"days=7$"))
    await page.get_by_text("Own range").click()
    today = datetime.now(UTC).date()
    first = page.get_by_label("From", exact=True)
    await first.fill(str(today + timedelta(days=2)))
    await expect(page.get_by_role("alert")).to_contain_text("after the last")
    await first.fill(str(today - timedelta(days=2)))
    await expect(page).to_have_url(re.compile(f"from={today - timedelta(days=2)}"))
    await page.reload()
    await expect(page.get_by_label("From", exact=True)).to_have_value(
        str(today - timedelta(days=2))
    )
    await expect(page.get_by_role("article", name="Leads")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("radio", name="7 days")).to_be_checked()
    await page.goto(f"{server.url}/app{place}?days=3000&from=never")
    await expect(page.get_by_role("radio", name="28 days")).to_be_checked()
    await page.goto(f"{server.url}/app{place}?from=1999-01-01&to=2026-01-01")
    await expect(page.get_by_role("alert")).to_contain_text("366 days")


async def test_a_new_project_is_led_to_its_first_steps(open_page: OpenPage, server: Server) -> None:
    boss = sign_up(server, "boss")
    project = add_project(boss)
    page = await open_page()
    await open_dashboard(page, server, boss, f"/p/{project['id']}/overview")
    steps = page.get_by_role("region", name="Your first steps")
    await expect(steps.get_by_role("listitem")).to_have_count(3)
    await steps.get_by_role("link", name="Go on").click()
    await expect(page.get_by_label("Address of your website")).to_be_visible()


async def test_what_cannot_be_loaded_can_be_tried_again(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()

    async def refuse(route: Route) -> None:
        await route.fulfill(status=500, json={"detail": "The number of days ran out."})

    await page.route("**/overview?**", refuse)
    await open_dashboard(page, server, shop.boss, f"/p/{shop.desk.project_id}/overview")
    await expect(page.get_by_role("alert")).to_contain_text("The number of days ran out.")
    await page.unroute("**/overview?**")
    await page.get_by_role("button", name="Try again").click()
    await expect(number_of(page, "Conversations")).to_have_text("0")
