"""Office hours, and when conversations are passed on to people."""

from playwright.async_api import expect

from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.dashboard.settings import expect_saved, open_part, save, settings_of
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Visitor, open_shop
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


async def test_what_is_twice_or_overlaps_is_told_and_midnight_is_kept(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "hours")
    await page.get_by_label("At these times", exact=True).first.check()
    await page.get_by_role("button", name="Add times on Monday").click()
    await page.get_by_label("Monday: from").last.fill("16:00")
    await page.get_by_label("Monday: until").last.fill("00:00")
    for day in ("2030-12-24", "2030-12-24"):
        await page.get_by_role("button", name="Add a holiday").click()
        await page.get_by_label("Day", exact=True).last.fill(day)
    await save(page)
    await expect(page.get_by_text("These times overlap others of the day.").first).to_be_visible()
    await expect(page.get_by_text("This day is listed twice.").first).to_be_visible()
    await page.get_by_label("Monday: from").last.fill("18:30")
    await page.get_by_role("button", name="Remove this holiday").first.click()
    await expect(page.get_by_role("button", name="Add a holiday")).to_be_focused()
    await page.get_by_label("Name (optional)").fill("Christmas Eve")
    await save(page)
    await expect_saved(page)
    await page.reload()
    await expect(page.get_by_label("Monday: until").last).to_have_value("00:00")
    await expect(page.get_by_label("Name (optional)")).to_have_value("Christmas Eve")
    await page.get_by_label("Always", exact=True).first.check()
    await save(page)
    await expect_saved(page)
    assert settings_of(shop)["office_hours"]["days"] == {}


async def test_hours_that_the_active_agent_does_not_use_say_so(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    path = f"{shop.desk.path}/agents"
    [agent] = shop.boss.client.get(path).json()["items"]
    change = {"availability": "always"}
    shop.boss.client.patch(f"{path}/{agent['id']}", json=change).raise_for_status()
    page = await open_page()
    await open_part(page, server, shop, "hours")
    await expect(page.get_by_text("These hours are not used")).to_be_visible()
    await page.get_by_role("link", name=f"Open {agent['name']}").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(agent["name"])
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Office hours")


async def test_visitors_are_told_in_the_owners_words(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "hours")
    told = page.get_by_role("region", name="What visitors are told")
    there = told.get_by_label("When a conversation is passed on and somebody is there")
    language = told.get_by_label("In this language")
    await language.select_option("German")
    await there.fill("Wir kommen {when}.")
    await language.select_option("English")
    await there.fill("Somebody is on the way.")
    await save(page)
    # The mistake is in another language than the one that is shown.
    await expect(language).to_have_value("de")
    await expect(there).to_have_value("Wir kommen {when}.")
    await expect(told.get_by_text("{when} stands for nothing here.")).to_be_visible()
    await there.fill("Wir kommen gleich.")
    await save(page)
    await expect_saved(page)
    assert settings_of(shop)["handoff"]["texts"] == {
        "de": {"passed_on": "Wir kommen gleich."},
        "en": {"passed_on": "Somebody is on the way."},
    }
    visitor = Visitor(server, shop.desk)
    visitor.write("Where is my parcel?")
    visitor.escalate()
    assert "Somebody is on the way." in str(visitor.messages())
    await told.get_by_role("button", name="Back to our words").click()
    await save(page)
    await expect_saved(page)
    await page.reload()
    await expect(there).to_have_value("Somebody is on the way.")
    assert list(settings_of(shop)["handoff"]["texts"]) == ["en"]
