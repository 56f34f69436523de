"""The websites of a project: the tag, websites with tags of their own, who may show the chat."""

from playwright.async_api import expect

from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import (
    expect_saved,
    open_part,
    project_of,
    save,
    settings_of,
)
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, open_shop
from tests.conftest import Server


def bound(shop: Shop) -> list[str]:
    listed = shop.boss.client.get(f"/v1/projects/{shop.desk.project_id}/domains").json()
    return [one["website_url"] for one in listed["items"]]


async def test_the_address_that_other_documents_name_leads_to_the_tag(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_dashboard(page, server, shop.boss, "/settings/websites")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Websites and tag")
    tag = page.get_by_role("region", name="The tag of").first
    await expect(tag).to_have_text(project_of(shop)["tag"])
    await page.get_by_label("My website is made with").select_option("WordPress")
    await expect(page.get_by_text("Add it with a plugin")).to_be_visible()


async def test_a_website_is_added_refused_removed_and_brought_back(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "websites")
    await page.get_by_role("button", name="Add a website").click()
    form = page.get_by_role("group", name="Add a website")
    await form.get_by_role("button", name="Add it").click()
    await expect(form.get_by_text("Write the address of the website.")).to_be_visible()
    address = form.get_by_label("Address of the website")
    await address.fill("https://")
    await address.press("Enter")
    await expect(form.get_by_text("Address of the website")).to_have_count(2)
    assert bound(shop) == []
    await address.fill("shop.example.com")
    await address.press("Enter")
    row = page.get_by_role("list", name="Websites with a tag of their own").get_by_role("listitem")
    await expect(row).to_contain_text("data-token")
    assert bound(shop) == ["https://shop.example.com"]
    await hold_to_the_rules(page, "settings-websites", take_screenshots)
    await row.get_by_role("button", name="Let people answer").click()
    await expect(row.get_by_text("People answer", exact=True)).to_be_visible()
    await row.get_by_role("button", name="Remove").click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_be_visible()
    assert bound(shop) == ["https://shop.example.com"]


async def test_allowed_pages_and_the_secret(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "websites")
    origins = page.get_by_label("Allowed pages, one a line")
    await origins.fill("https://example.com\nnot an origin")
    await save(page)
    await expect(page.get_by_text("2: ").first).to_be_visible()
    await expect(origins).to_be_focused()
    await origins.fill("https://example.com\nhttps://*.example.com")
    await page.get_by_label("Continue conversations on other subdomains").check()
    await save(page)
    await expect_saved(page)
    kept = settings_of(shop)
    assert kept["allowed_origins"] == ["https://example.com", "https://*.example.com"]
    assert kept["widget"]["shares_subdomains"] is True
    await page.get_by_role("button", name="Make a secret").click()
    shown = page.get_by_role("group", name="The secret. Copy it")
    await expect(shown).to_be_focused()
    await shown.get_by_role("button", name="I have it").click()
    await expect(shown).to_have_count(0)
    await expect(page.get_by_text("The secret was made on")).to_be_visible()
