"""What a visitor sees on the ask page of the people who answer."""

from typing import Any

from playwright.async_api import Page, expect

from tests.browser.asking import ask
from tests.browser.shop import Shop, open_shop
from tests.conftest import Server

HOLDS = """
  window.held = [];
  const fetched = window.fetch;
  window.fetch = async (...given) => {
    const answer = await fetched(...given);
    if (!String(given[0]).includes("/stream")) return answer;
    const late = new TransformStream({transform: (piece, controller) => {
      if (window.isHolding) window.held.push(() => controller.enqueue(piece));
      else controller.enqueue(piece);
    }});
    return new Response(answer.body.pipeThrough(late), {headers: answer.headers});
  };
"""
"""A browser in which news of the team can be late."""


def reply(shop: Shop, path: str, **body: Any) -> None:
    """Have Ann do something with the only conversation."""
    (entry,) = shop.boss.client.get("/v1/inbox").json()["items"]
    done = shop.boss.client.post(f"/v1/conversations/{entry['id']}/{path}", json=body)
    assert done.is_success, done.text


async def begin(page: Page, shop: Shop) -> None:
    """Ask something, and have Ann write."""
    await page.goto(shop.ask_url)
    answer = await ask(page, "When does the shop open?")
    await expect(answer).to_contain_text("nine in the morning")
    await page.get_by_role("button", name="Talk to a person").click()
    await page.get_by_role("dialog").get_by_role("button", name="Pass it on").click()
    await expect(page.locator("#team-line")).to_contain_text("Somebody replies here")
    reply(shop, "messages", content="Ann here.")
    await expect(page.locator(".from-person")).to_contain_text("Ann here.")
    await expect(page.locator("#team-line")).to_have_text("Ann answers you now.")


async def test_an_answer_is_shown_though_news_of_the_hand_back_comes_late(
    page: Page, server: Server
) -> None:
    shop = open_shop(server)
    await page.add_init_script(HOLDS)
    await begin(page, shop)
    await ask(page, "Do you have red shoes?")
    await expect(page.locator(".answer:not(.from-person)")).to_have_count(2)
    await page.evaluate("window.isHolding = true")
    reply(shop, "hand-back")
    await ask(page, "How long does shipping to Norway take?")
    await expect(page.locator(".answer").last).to_contain_text("five working days")
    await page.evaluate("window.isHolding = false; window.held.forEach((pass) => pass())")
    # Each is there once, and what was said at the hand-back stands before the question.
    said = page.locator("#messages > li")
    await expect(said.nth(-3)).to_contain_text("handed this conversation back")
    await expect(said.nth(-2)).to_contain_text("How long does shipping")
    await expect(said.nth(-1)).to_contain_text("five working days")
    await expect(page.locator(".waiting:visible")).to_have_count(0)


async def test_who_was_helped_is_asked_how_it_was(page: Page, server: Server) -> None:
    shop = open_shop(server)
    await begin(page, shop)
    await expect(page.get_by_text("How was this conversation?")).to_have_count(0)
    reply(shop, "close")
    form = page.get_by_role("form", name="Rate this conversation")
    await form.get_by_label("4", exact=True).check()
    await form.get_by_label("What could be better?").fill("Be quicker.")
    await form.get_by_role("button", name="Send the rating").click()
    await expect(page.get_by_text("Thank you for your rating.")).to_be_visible()
    (entry,) = shop.boss.client.get("/v1/inbox", params={"state": "closed"}).json()["items"]
    assert shop.entry(entry["id"])["satisfaction"]["score"] == 4
    await page.reload()
    await expect(page.locator(".from-person")).to_be_visible()
    await expect(page.get_by_text("How was this conversation?")).to_have_count(0)


async def test_without_a_stream_the_page_asks_for_news(page: Page, server: Server) -> None:
    shop = open_shop(server)
    await page.clock.install()
    await page.route("**/v1/visitor/conversations/*/stream*", lambda route: route.abort())
    await page.goto(shop.ask_url)
    await page.get_by_label("Your question").fill("When does the shop open?")
    await page.get_by_label("Your question").press("Enter")
    await expect(page.locator(".answer .message-foot")).to_be_visible()
    reply(shop, "messages", content="Ann here.")
    await page.clock.fast_forward("00:21")
    await expect(page.locator(".from-person")).to_contain_text("Ann here.")
