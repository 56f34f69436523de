"""What the tests of the inbox share: opening it, and the parts of its page."""

from playwright.async_api import Locator, Page, expect

from tests.accounts.people import Person
from tests.browser.asking import ask
from tests.browser.dashboard.opening import open_dashboard
from tests.browser.shop import Shop
from tests.waiting import PATIENCE, attempts


async def open_inbox(page: Page, shop: Shop, person: Person, query: str = "") -> None:
    """Log a person in and open the inbox: `view=open`."""
    address = f"/inbox?{query}" if query else "/inbox"
    await open_dashboard(page, shop.server, person, address.replace("?", "%3F").replace("&", "%26"))
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


async def open_conversation(page: Page, shop: Shop, person: Person, conversation: str) -> None:
    """Log a person in and open a conversation by its link."""
    await open_inbox(page, shop, person, f"conversation={conversation}")
    await expect(items(page).first).to_be_visible()


def rows(page: Page) -> Locator:
    """The rows that are drawn: all of a short list, those near what is seen of a long one."""
    return page.locator("[data-row]")


async def expect_rows(page: Page, count: int) -> None:
    """Wait until the list has that many rows, drawn or not."""
    await expect(page.locator("[data-rows]")).to_have_attribute("data-rows", str(count))


def row(page: Page, conversation: str) -> Locator:
    return page.locator(f'[data-row="{conversation}"]')


def thread(page: Page) -> Locator:
    return page.get_by_role("region", name="Messages")


def items(page: Page, author: str = "") -> Locator:
    """Messages and notes, of all or of one kind of author."""
    return thread(page).locator(f'li[data-author="{author}"]' if author else "li[data-author]")


def standing(page: Page) -> Locator:
    return page.locator("[data-standing]")


def field(page: Page) -> Locator:
    return page.locator("#reply-text")


def expect_no_draft(shop: Shop) -> None:
    """Wait until the server has no draft of the boss: it hears after the field is empty."""
    drafts = (shop.boss.client.get("/v1/drafts").json()["items"] for _ in attempts(PATIENCE))
    assert not all(drafts), "a draft is left"


async def ask_for_a_person(visitor: Page, shop: Shop) -> None:
    """Have a visitor ask something on the ask page, and then for a person."""
    await visitor.goto(shop.ask_url)
    answer = await ask(visitor, "When does the shop open?")
    await expect(answer).to_contain_text("nine in the morning")
    await visitor.get_by_role("button", name="Talk to a person").click()
    await visitor.get_by_role("dialog").get_by_role("button", name="Pass it on").click()
    await expect(visitor.locator("#team-line")).to_contain_text("Somebody replies here")


def fill(shop: Shop) -> tuple[str, str]:
    """Have conversations in several states; return one with everything in it, and one of Bo's."""
    full = shop.ask("When does the shop open?", email="visitor@example.com")
    client, path = shop.boss.client, f"/v1/conversations/{full}"
    client.put(f"{path}/tags", json={"tags": ["shipping", "urgent"]}).raise_for_status()
    client.post(f"{path}/notes", json={"content": "She called yesterday."}).raise_for_status()
    client.post(f"{path}/messages", json={"content": "Hello, Ann here."}).raise_for_status()
    held = shop.ask("Can I return worn shoes?")
    shop.join("Bo").client.post(f"/v1/conversations/{held}/claim").raise_for_status()
    shop.ask("Where is my parcel?")
    return full, held
