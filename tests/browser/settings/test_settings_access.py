"""The pages of settings for every pair of eyes, hands and ears, and how they look."""

import httpx
from playwright.async_api import Page, ViewportSize, expect

from tests.accounts.keys import make_key
from tests.accounts.people import Person, sign_up
from tests.browser.accessibility import problems
from tests.browser.log_ins import log_in
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.browser.settings.opening import add_project, open_settings, save
from tests.conftest import Server

SMALL: ViewportSize = {"width": 320, "height": 640}
HOURS = {
    "timezone": "America/Argentina/ComodRivadavia",
    "days": {
        "mon": [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "17:30"}],
        "fri": [{"start": "09:00", "end": "24:00"}],
    },
    "holidays": [{"date": "2026-12-25", "name": "Christmas"}, "2027-01-01"],
}


def filled(boss: Person) -> str:
    """Set up a project with everything that the pages show; return its path."""
    project = add_project(boss, "Harbour Bakery and Mill of the Old Town")
    path = f"/v1/projects/{project['id']}"
    look = {"quick_prompts": ["Do you deliver?", "When are you open?"], "welcome": "Good day!"}
    origins = ["https://example.com", "https://*.example.com"]
    settings = {"look": look, "office_hours": HOURS, "allowed_origins": origins}
    boss.client.patch(path, json={"settings": settings}).raise_for_status()
    make_key(boss.client, name="Shop's server", prefix="orac_live_")
    scopes = ["knowledge:write", "leads:read", "conversations:read"]
    make_key(boss.client, name="A long name " * 8, scopes=scopes, project_ids=[project["id"]])
    for url in ("https://shop.example", f"https://example.com/{'a-long-path/' * 12}"):
        boss.client.post(f"{path}/domains", json={"website_url": url}).raise_for_status()
    return path


async def expect_fine(page: Page, name: str, take_screenshots: TakeScreenshots) -> None:
    """Check the page and look at it: its screenshots are settings-NAME-SIZE-SCHEME.png."""
    assert await problems(page) == []
    before = page.viewport_size
    for size in (PHONE, SMALL):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window
    await page.set_viewport_size(before or PHONE)
    await take_screenshots(page, f"settings-{name}")


async def test_keys_can_be_read_hit_and_named(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    boss = sign_up(server, "boss")
    filled(boss)
    page = await open_page(viewport=PHONE)
    await log_in(page, server, boss.email)
    await open_settings(page, server, "#/keys")
    await expect(page.locator("#keys > li")).to_have_count(2)
    await expect_fine(page, "keys", take_screenshots)
    await page.get_by_role("button", name="Make a key").click()
    form = page.get_by_role("form", name="Make a key")
    access = form.get_by_label("It may", exact=True)
    await access.select_option("what I choose")
    await form.get_by_label("Only these:").check()
    await form.get_by_role("button", name="Make the key").click()
    await expect_fine(page, "new-key", take_screenshots)
    await access.select_option("read everything")
    await form.get_by_label("All, also later ones").check()
    await form.get_by_label("Name").fill("Till")
    await form.get_by_role("button", name="Make the key").click()
    await expect(page.locator("#made-text")).to_contain_text("ad_live_")
    await expect_fine(page, "made", take_screenshots)
    await page.locator("#keys > li").first.get_by_role("button", name="Revoke").click()
    await expect_fine(page, "revoke", take_screenshots)


async def test_the_settings_of_a_project_can_be_read_hit_and_named(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    boss = sign_up(server, "boss")
    path = filled(boss)
    page = await open_page(viewport=PHONE)
    await log_in(page, server, boss.email)
    for part in ("name", "greeting", "hours", "caps", "privacy"):
        await open_settings(page, server, f"#/{part}")
        await expect(page.locator(f"#{part}")).to_be_visible()
        await expect_fine(page, part, take_screenshots)
    await open_settings(page, server, "#/name")
    await page.get_by_label("Name of the project").fill("Mine")
    boss.client.patch(path, json={"name": "Theirs"}).raise_for_status()
    await save(page, "name")
    await expect(page.locator("#name .conflict")).to_be_visible()
    await expect_fine(page, "conflict", take_screenshots)


async def test_the_websites_can_be_read_hit_and_named(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    boss = sign_up(server, "boss")
    filled(boss)
    page = await open_page(viewport=PHONE)
    await log_in(page, server, boss.email)
    await page.goto(f"{server.url}/app/settings/websites")
    await expect(page.locator("#websites > li")).to_have_count(2)
    await page.get_by_role("button", name="Bind a website").click()
    await expect_fine(page, "websites", take_screenshots)


def test_the_pages_are_served_with_their_files(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        for path, script in (
            ("/settings", "settings/page.js"),
            ("/app/settings/websites", "websites/page.js"),
        ):
            shown = client.get(path)
            assert shown.status_code == 200
            assert "script-src 'self'" in shown.headers["content-security-policy"]
            for name in (script, "settings.css", "knowledge.css"):
                assert f'"/assets/{name}"' in shown.text
                assert client.get(f"/assets/{name}").status_code == 200
