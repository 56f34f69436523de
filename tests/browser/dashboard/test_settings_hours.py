"""Office hours, and when conversations are passed on to people."""

from playwright.async_api import expect

from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.dashboard.settings import expect_saved, open_part, save, settings_of
from tests.browser.inbox.opening import open_shop
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.conftest import Server


async def test_times_that_cannot_be_are_told_and_those_that_can_are_kept(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "hours")
    await expect(page.get_by_text("Somebody is there now")).to_be_visible()
    await page.get_by_label("At these times", exact=True).first.check()
    await page.get_by_label("Monday: until").fill("08:00")
    await page.get_by_role("button", name="Add a holiday").click()
    await save(page)
    await expect(page.get_by_text("The end is not after the beginning.").first).to_be_visible()
    await expect(page.get_by_text("Choose the day, or remove this line.").first).to_be_visible()
    await page.get_by_label("Monday: until").fill("12:00")
    await page.get_by_label("Day", exact=True).fill("2030-12-25")
    zone = page.get_by_role("combobox", name="Time zone")
    await zone.fill("Mars/Olympus")
    await zone.press("Escape")
    await save(page)
    await expect(page.get_by_text("is not a time zone").first).to_be_visible()
    await zone.fill("Europe/Berlin")
    await zone.press("Escape")
    await save(page)
    await expect_saved(page)
    kept = settings_of(shop)["office_hours"]
    assert kept["timezone"] == "Europe/Berlin"
    assert kept["days"]["mon"] == [{"start": "09:00:00", "end": "12:00:00"}]
    assert kept["days"]["sun"] == []
    assert kept["holidays"] == [{"date": "2030-12-25", "name": None}]
    await hold_to_the_rules(page, "settings-hours", take_screenshots)


async def test_rules_for_passing_on_need_a_condition(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "hours")
    await page.get_by_label("After so many questions in a row").fill("2")
    await page.get_by_role("button", name="Add a rule").click()
    await save(page)
    await expect(page.get_by_text("Give this rule words, pages or times").first).to_be_visible()
    rule = page.get_by_role("group", name="Rule 1")
    await rule.get_by_label("contain one of these words").fill("refund\ncomplaint")
    await page.get_by_label("First reply within").fill("15")
    await save(page)
    await expect_saved(page)
    kept = settings_of(shop)
    assert kept["handoff"]["after_failures"] == 2
    assert kept["handoff"]["rules"][0]["keywords"] == ["refund", "complaint"]
    assert kept["service_levels"]["first_response_minutes"] == 15
