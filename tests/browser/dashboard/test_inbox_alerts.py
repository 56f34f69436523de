"""What calls a person back to the inbox: notifications, a sound; and what ends at the log-out."""

from playwright.async_api import Page, expect

from tests.browser.dashboard.inboxes import open_inbox, rows
from tests.browser.shop import open_shop
from tests.conftest import Server

RECORDS = """
  window.shown = [];
  window.Notification = class extends EventTarget {
    static permission = "granted";
    constructor(title, options) {
      super();
      window.shown.push([title, options.body, options.tag]);
      document.documentElement.dataset.shown = window.shown.map((one) => one[2]).join(" ");
    }
  };
  window.isAway = false;
  Object.defineProperty(document, "hidden", {get: () => window.isAway});
"""
"""A browser that notes its notifications, and can be sent to the background: a headless one is
never there."""

TONES = """
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    document.documentElement.dataset.tones = ++window.tones;
    start.call(this, at);
  };
"""
"""A browser that counts its tones: two make the sound."""


async def test_a_log_in_that_ends_ends_the_inbox(page: Page, server: Server) -> None:
    shop = open_shop(server)
    await open_inbox(page, shop, shop.boss)
    shop.boss.client.post("/v1/auth/logout", json={"everywhere": True}).raise_for_status()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    assert page.url.startswith(f"{server.url}/login?next=%2Fapp%2Finbox")


async def test_who_is_away_is_notified(page: Page, server: Server) -> None:
    shop = open_shop(server)
    await page.add_init_script(RECORDS)
    await open_inbox(page, shop, shop.boss)
    leave = "window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))"
    await page.evaluate(leave)
    conversation = shop.ask()
    await expect(page).to_have_title("(1) Inbox · Answerdesk")
    await expect(page.locator("html")).to_have_attribute("data-shown", conversation)
    ((title, body, _),) = await page.evaluate("window.shown")
    assert title == "A visitor waits"
    assert body.startswith("Visitor. ")


async def test_the_sound_is_off_until_it_is_chosen_and_then_remembered(
    page: Page, server: Server
) -> None:
    shop = open_shop(server)
    await page.add_init_script(TONES)
    await open_inbox(page, shop, shop.boss)
    shop.ask()
    await expect(rows(page)).to_have_count(1)
    # The news may come after the row, and would sound if it came after the reload.
    await expect(page.get_by_text("A visitor waits for a person.").first).to_be_attached()
    assert await page.evaluate("window.tones") == 0
    await choose_sound(page, is_on=False)
    assert await page.evaluate("window.tones") == 2
    await page.reload()
    await expect(rows(page)).to_have_count(1)
    await choose_sound(page, is_on=True)
    # Who waited before has been heard, or was not to be.
    assert await page.evaluate("window.tones") == 0
    shop.ask()
    await expect(rows(page)).to_have_count(2)
    await expect(page.locator("html")).to_have_attribute("data-tones", "2")


async def choose_sound(page: Page, *, is_on: bool) -> None:
    """Open the choice; choose the sound, unless it is said to be on already."""
    await page.get_by_role("button", name="Notices and sound").click()
    sound = page.get_by_label("Sound when a visitor waits")
    await expect(sound).to_be_checked(checked=is_on)
    await sound.check()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
