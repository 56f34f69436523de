"""A long list of the inbox: shown in parts, drawn where it is seen, walked and returned to."""

from playwright.async_api import Locator, Page, expect

from tests.browser.dashboard.inboxes import expect_rows, open_inbox, row, rows
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import DESKTOP, PHONE, OpenPage, TakeScreenshots
from tests.browser.shop import Shop, open_shop
from tests.conftest import Server

MANY = 73

_IN_SIGHT = """() => {
  const box = document.querySelector("[data-rows]").parentElement.getBoundingClientRect();
  return [...document.querySelectorAll("[data-row]")]
    .filter((one) => {
      const {top, bottom} = one.getBoundingClientRect();
      return bottom > box.top + 1 && top < box.bottom - 1;
    })
    .map((one) => one.dataset.row);
}"""

# Rows follow each other without a gap from the upper to the lower edge of what is seen.
_IS_WHOLE = """() => {
  const box = document.querySelector("[data-rows]").parentElement.getBoundingClientRect();
  const seen = [...document.querySelectorAll("[data-row]")]
    .map((one) => one.getBoundingClientRect())
    .filter(({top, bottom}) => bottom > box.top && top < box.bottom);
  return seen.length > 0 && seen[0].top <= box.top + 1
    && seen.every(({top}, place) => place === 0 || Math.abs(top - seen[place - 1].bottom) < 1);
}"""

_IS_AT = """([row, y]) => Math.abs(
  document.querySelector(`[data-row="${row}"]`).getBoundingClientRect().top - y) < 2"""


def _many(shop: Shop) -> list[str]:
    """Have more conversations than one part of a list, some with several lines of tags."""
    made = [shop.ask(f"Where is parcel {n}?", asks_for_person=False) for n in range(MANY)]
    for one in made[::7]:
        tags = [f"a long name of a tag, number {n}" for n in range(5)]
        shop.boss.client.put(f"/v1/conversations/{one}/tags", json={"tags": tags})
    return made


async def _all_shown(page: Page, shop: Shop) -> None:
    await open_inbox(page, shop, shop.boss, "view=open")
    await expect_rows(page, 50)
    await page.get_by_role("button", name="Show more").click()
    await expect_rows(page, MANY)
    await expect(page.get_by_role("button", name="Show more")).to_have_count(0)


def _box(page: Page) -> Locator:
    return page.locator("[data-rows]").locator("..")


async def _scroll(page: Page, top: int) -> None:
    await _box(page).evaluate("(box, top) => box.scrollTo({top})", top)
    await page.wait_for_function(_IS_WHOLE)


async def test_a_long_list_is_drawn_where_it_is_seen(
    page: Page, server: Server, take_screenshots: TakeScreenshots
) -> None:
    """Story 13: a long list."""
    shop = open_shop(server)
    _many(shop)
    await open_inbox(page, shop, shop.boss, "view=open")
    await expect_rows(page, 50)
    # Nobody knows yet how many there are.
    await expect(rows(page).first).to_have_attribute("aria-setsize", "-1")
    shop.ask("A new one")
    await expect_rows(page, 51)
    await page.get_by_role("button", name="Show more").click()
    await expect_rows(page, MANY + 1)
    await expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    assert await rows(page).count() < MANY
    await expect(rows(page).first).to_have_attribute("aria-setsize", str(MANY + 1))
    height = await _box(page).evaluate("(box) => box.scrollHeight")
    for top in (900, 3000, 100_000, 1500, 0, 4000):
        await _scroll(page, top)
    places = await rows(page).evaluate_all("(all) => all.map((one) => one.ariaPosInSet)")
    assert [int(one) for one in places] == sorted({int(one) for one in places})
    grown = await _box(page).evaluate("(box) => box.scrollHeight")
    assert abs(grown - height) < 0.2 * height
    await hold_to_the_rules(page, "inbox-long", take_screenshots)
    # Narrower rows are higher; nothing is left blank.
    await page.set_viewport_size(PHONE)
    await page.wait_for_function(_IS_WHOLE)
    await page.set_viewport_size(DESKTOP)
    await page.wait_for_function(_IS_WHOLE)


async def test_news_above_leaves_what_is_seen_in_its_place(page: Page, server: Server) -> None:
    shop = open_shop(server)
    _many(shop)
    await _all_shown(page, shop)
    await _scroll(page, 2500)
    seen = (await page.evaluate(_IN_SIGHT))[1]
    where = await row(page, seen).bounding_box()
    assert where is not None
    shop.ask("A new one")
    await expect_rows(page, MANY + 1)
    await page.wait_for_function(_IS_AT, arg=[seen, where["y"]])
    await page.wait_for_function(_IS_WHOLE)


async def test_what_leaves_takes_nobody_with_it(page: Page, server: Server) -> None:
    """The first row in sight goes up to the top, and the next one leaves the list."""
    shop = open_shop(server)
    _many(shop)
    await _all_shown(page, shop)
    await _scroll(page, 250)
    first, second, third = (await page.evaluate(_IN_SIGHT))[:3]
    where = await row(page, third).bounding_box()
    assert where is not None
    shop.boss.client.post(f"/v1/conversations/{first}/claim").raise_for_status()
    await page.wait_for_function(
        "(id) => document.querySelector('[data-row]').dataset.row === id", arg=first
    )
    await page.wait_for_function(_IS_AT, arg=[third, where["y"]])
    shop.boss.client.post(f"/v1/conversations/{second}/close").raise_for_status()
    await expect_rows(page, MANY - 1)
    await page.wait_for_function(_IS_AT, arg=[third, where["y"]])
    await page.wait_for_function(_IS_WHOLE)


async def test_a_list_that_shrinks_under_what_is_seen_is_whole(page: Page, server: Server) -> None:
    shop = open_shop(server)
    made = _many(shop)
    await _all_shown(page, shop)
    await _scroll(page, 100_000)
    for one in made[: MANY - 12]:
        shop.boss.client.post(f"/v1/conversations/{one}/close").raise_for_status()
    await expect_rows(page, 12)
    await page.wait_for_function(_IS_WHOLE)
    # So few are all drawn; until somebody scrolls, the first may be those near what was seen.
    await _scroll(page, 0)
    await expect(rows(page)).to_have_count(12)


async def test_keys_walk_a_long_list_and_focus_comes_back(page: Page, server: Server) -> None:
    shop = open_shop(server)
    _many(shop)
    await _all_shown(page, shop)
    # Else the focus goes to a row in a moment, since the button that had it is gone.
    await page.locator("#content").focus()
    await _scroll(page, 0)
    order = await page.evaluate(_IN_SIGHT)
    await page.keyboard.press("j")
    await expect(row(page, order[0]).get_by_role("link")).to_be_focused()
    # It keeps the focus, however far away what is seen is.
    await _scroll(page, 100_000)
    await expect(row(page, order[0]).get_by_role("link")).to_be_focused()
    await page.keyboard.press("j")
    await expect(row(page, order[1]).get_by_role("link")).to_be_focused()
    await expect(row(page, order[1])).to_be_in_viewport()
    for _ in range(45):
        await page.keyboard.press("j")
    far = await page.evaluate("document.activeElement.closest('[data-row]').dataset.row")
    await expect(row(page, far)).to_be_in_viewport()
    await expect(row(page, far)).to_have_attribute("aria-posinset", "47")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="Messages")).to_be_visible()
    await _scroll(page, 0)
    await page.keyboard.press("u")
    await expect(row(page, far).get_by_role("link")).to_be_focused()
    await expect(row(page, far)).to_be_in_viewport()


async def test_whoever_comes_back_is_where_they_were(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    _many(shop)
    page = await open_page(viewport=PHONE)
    await _all_shown(page, shop)
    await _scroll(page, 3000)
    chosen = (await page.evaluate(_IN_SIGHT))[2]
    await row(page, chosen).get_by_role("link").click()
    await expect(page.get_by_role("region", name="Messages")).to_be_visible()
    await page.go_back()
    await expect(row(page, chosen)).to_be_in_viewport()
    await page.wait_for_function(_IS_WHOLE)
