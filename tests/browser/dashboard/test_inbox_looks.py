"""How the inbox looks and is reached: axe, phones, and the preferences of its notices."""

from playwright.async_api import expect

from tests.browser.dashboard.inboxes import field, fill, items, open_inbox, row, rows
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.browser.shop import open_shop
from tests.conftest import Server


async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_inbox(page, shop, shop.boss)
    await expect(page.get_by_text("Nobody waits.")).to_be_visible()
    await hold_to_the_rules(page, "inbox-empty", take_screenshots)
    full, held = fill(shop)
    await page.get_by_role("link", name="All open").click()
    await expect(rows(page)).to_have_count(3)
    await hold_to_the_rules(page, "inbox-list", take_screenshots)
    await row(page, full).get_by_role("link").click()
    await expect(items(page, "human")).to_be_visible()
    await page.get_by_role("button", name="Details").click()
    await expect(page.get_by_role("region", name="What they left")).to_contain_text(
        "visitor@example.com"
    )
    await page.get_by_label("New tag").fill("Parcel, big")
    await page.get_by_label("New tag").press("Enter")
    await expect(row(page, full)).to_contain_text("big")
    await hold_to_the_rules(page, "inbox-conversation", take_screenshots)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Details")).to_be_focused()
    await row(page, held).get_by_role("link").click()
    await expect(page.get_by_text("Bo has this conversation.")).to_be_visible()
    await hold_to_the_rules(page, "inbox-held", take_screenshots)


async def test_news_moves_no_view_away_from_who_is_about_to_choose_it(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_inbox(page, shop, shop.boss)
    views = page.get_by_role("navigation", name="Views")
    where = "(all) => all.map((one) => Object.values(one.getBoundingClientRect().toJSON()))"
    before = await views.locator("a, button").evaluate_all(where)
    fill(shop)
    for name in ("Waiting 1", "Mine 1", "Unassigned 1"):
        await expect(views.get_by_role("link", name=name)).to_be_visible()
    assert await views.locator("a, button").evaluate_all(where) == before


async def test_on_a_phone_there_is_one_column_and_a_way_back(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    full, _ = fill(shop)
    page = await open_page(viewport=PHONE)
    await open_inbox(page, shop, shop.boss, "view=open")
    await row(page, full).get_by_role("link").click()
    await expect(rows(page).first).to_be_hidden()
    await expect(field(page)).to_be_visible()
    await page.get_by_role("link", name="All conversations").click()
    await expect(row(page, full).get_by_role("link")).to_be_focused()
    await expect(field(page)).to_have_count(0)


async def test_preferences_are_kept(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_inbox(page, shop, shop.boss)
    await page.get_by_role("button", name="Notices and sound").click()
    dialog = page.get_by_role("dialog", name="Notices")
    await expect(dialog.get_by_text("No mail server is set up")).to_be_visible()
    waits = dialog.get_by_role("group", name="A visitor waits for a person")
    await waits.get_by_label("Mail").uncheck()
    await dialog.get_by_label("Quiet hours").check()
    await dialog.get_by_label("Monday, quiet from").fill("18:00")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("both times for Monday")
    await dialog.get_by_label("Monday, quiet until").fill("08:00")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    kept = shop.boss.client.get("/v1/notice-preferences").json()
    assert kept["waiting"]["mail"] is False
    (hours,) = kept["quiet_hours"]["days"]["mon"]
    assert (hours["start"][:5], hours["end"][:5]) == ("18:00", "08:00")
