"""The page that shows how an answer came about, in a real browser."""

from typing import Any

import httpx
import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.accounts.people import PASSWORD, Person, join
from tests.agents.actions.conftest import in_json, order_status
from tests.agents.language_models.calls import calls
from tests.agents.language_models.conftest import CHAT, EVERY, refuses, says
from tests.browser.accessibility import problems
from tests.browser.inbox.opening import Shop, Visitor, open_conversation, open_shop
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.conftest import Server
from tests.webhooks.receiver import Receiver

SMALL: ViewportSize = {"width": 320, "height": 640}
HOSTILE = "<img src=x onerror=\"document.title='owned'\"> when does the shop open?"
MARKED = (
    "The shop opens at nine in the morning [1]. It closes at seven in the evening [1]. "
    "The owner is called Parsifal [1]. Do you need anything else?"
)


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def use_model(shop: Shop, receiver: Receiver) -> None:
    """Have a model write the project's answers."""
    body: dict[str, Any] = {
        "name": "Tiny",
        "provider": "compatible",
        "url": f"{receiver.url}/v1",
        "model": "tiny",
        "input_price": 1_000_000,
        "output_price": 2_000_000,
        "currency": "EUR",
        "project_id": shop.desk.project_id,
    }
    client = shop.boss.client
    added = client.post(EVERY, json=body, params={"unchecked": "true"})
    assert added.status_code == 201, added.text
    [agent] = client.get(f"{shop.desk.path}/agents").json()["items"]
    path = f"{shop.desk.path}/agents/{agent['id']}"
    client.patch(path, json={"model": "Tiny"}).raise_for_status()


def asked(shop: Shop, question: str) -> tuple[str, str]:
    """Have a visitor ask; return the conversation and the answer."""
    visitor = Visitor(shop.server, shop.desk)
    visitor.write(question)
    shown = shop.entry(visitor.conversation_id)["messages"]
    [answer] = [one["id"] for one in shown if one["author"] == "assistant"]
    return visitor.conversation_id, answer


async def arrive(page: Page, server: Server, person: Person) -> None:
    """Log a person in, on the page without an answer."""
    await page.goto(f"{server.url}/answers")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.locator("#lead")).to_contain_text("There is no such answer")


async def open_answer(page: Page, shop: Shop, conversation: str, message: str) -> None:
    await page.goto(f"{shop.server.url}/answers?conversation={conversation}&message={message}")
    await expect(page.locator("#trace")).to_be_visible()


async def test_the_inbox_leads_to_how_an_answer_came_about(page: Page, shop: Shop) -> None:
    visitor = Visitor(shop.server, shop.desk)
    visitor.write("When are returned goods refnuded?")
    visitor.escalate()
    await open_conversation(page, shop, shop.boss, visitor.conversation_id)
    leads = page.get_by_role("link", name="How this answer came about")
    await expect(leads).to_have_count(1)  # What is told about the handoff answers nothing.
    await leads.click()
    await expect(page.locator("#asked")).to_have_text("When are returned goods refnuded?")
    await expect(page.locator("#reading")).to_contain_text("refnud → refund")
    await expect(page.locator("#decision")).to_have_text("AnsweredIn the knowledge's own words")
    await expect(page.locator("#outcome")).to_contain_text("Returns")
    heads = page.locator("#candidates-head > th")
    await expect(heads).to_have_text(["Passage", "Score", "Words", "Meaning", "Reranker", "Use"])
    quoted = page.locator("#candidates > tr", has_text="Quoted")
    await expect(quoted).to_have_count(1)
    await expect(quoted).to_contain_text("Returns")
    await expect(page.locator("#stages > tr")).to_have_count(4)
    await expect(page.locator("#model")).to_be_hidden()
    await page.get_by_role("link", name="Open the conversation").click()
    await expect(page.locator("#messages > li").first).to_be_visible()


async def test_a_models_answer_shows_its_prompt_its_verdicts_and_its_cost(
    page: Page, shop: Shop, receiver: Receiver, server: Server
) -> None:
    use_model(shop, receiver)
    receiver.at(CHAT, says(MARKED, asked=1200))
    conversation, answer = asked(shop, "When does the shop open?")
    await arrive(page, server, shop.boss)
    await open_answer(page, shop, conversation, answer)
    await expect(page.locator("#decision")).to_contain_text("Written by")
    facts = page.locator("#model-facts")
    await expect(facts).to_contain_text("1,200 read, 1 written")
    await expect(facts).to_contain_text("EUR")
    sentences = page.locator("#sentences > li")
    await expect(sentences).to_have_count(4)
    await expect(sentences.first).to_contain_text("Passage 1")
    await expect(sentences.nth(2)).to_contain_text("Unsupported")
    await expect(sentences.nth(3)).to_contain_text("Claims nothing")
    await expect(page.locator("#candidates > tr", has_text="Passage 1, a source")).to_have_count(1)
    await page.get_by_text("What it was given").click()
    await expect(page.locator("#prompt")).to_contain_text("<passages>")
    await expect(page.locator("#stages > tr")).to_have_count(6)


async def test_the_actions_that_a_model_called_for_are_listed(
    page: Page, shop: Shop, receiver: Receiver, server: Server
) -> None:
    use_model(shop, receiver)
    client = shop.boss.client
    added = client.post(f"{shop.desk.path}/actions", json=order_status(receiver.url))
    assert added.status_code == 201, added.text
    [agent] = client.get(f"{shop.desk.path}/agents").json()["items"]
    named = {"actions": [added.json()["id"]]}
    client.patch(f"{shop.desk.path}/agents/{agent['id']}", json=named).raise_for_status()
    receiver.at("/orders/A-1234", in_json({"status": "<b>shipped</b>", "days": 2}))
    wanted = [("order_status", {"order": order}) for order in ("A-1234", "B-9999")]
    receiver.at(CHAT, calls(*wanted), says("NO_ANSWER"))
    conversation, answer = asked(shop, "Has my order A-1234 left your house?")
    await arrive(page, server, shop.boss)
    await open_answer(page, shop, conversation, answer)
    listed = page.locator("#calls > li")
    await expect(listed).to_have_count(2)
    await expect(listed.first).to_contain_text("order_status (order: A-1234)Called")
    await expect(listed.first).to_contain_text("Your order is <b>shipped</b>")
    await expect(listed.last).to_contain_text("Not called")
    await expect(page.locator("#calls-note")).to_be_empty()


async def test_what_came_from_outside_stays_text(
    page: Page, shop: Shop, receiver: Receiver, server: Server
) -> None:
    use_model(shop, receiver)
    receiver.at(CHAT, says(HOSTILE, " [1]."))
    conversation, answer = asked(shop, HOSTILE)
    await arrive(page, server, shop.boss)
    await open_answer(page, shop, conversation, answer)
    await expect(page.locator("#asked")).to_have_text(HOSTILE)
    await expect(page.locator("#sentences")).to_contain_text("<img")
    await expect(page.locator("#trace img")).to_have_count(0)
    await expect(page).to_have_title("How an answer came about")


async def test_who_may_not_read_conversations_sees_nothing(
    open_page: OpenPage, shop: Shop, server: Server
) -> None:
    conversation, answer = asked(shop, "When does the shop open?")
    stranger = open_shop(server).boss
    page = await open_page()
    await arrive(page, server, stranger)
    await page.goto(f"{server.url}/answers?conversation={conversation}&message={answer}")
    await expect(page.locator("#lead")).to_contain_text("There is no such answer")
    await expect(page.locator("#trace")).to_be_hidden()
    await expect(page.locator("#asked")).to_have_text("")
    page = await open_page()
    await arrive(page, server, join(server, shop.boss, "viewer"))
    await open_answer(page, shop, conversation, answer)


async def test_a_deleted_or_wrong_address_is_explained(
    page: Page, shop: Shop, server: Server
) -> None:
    conversation, _ = asked(shop, "When does the shop open?")
    await arrive(page, server, shop.boss)
    for query in ("", f"?conversation={conversation}&message=msg_{'0' * 32}"):
        await page.goto(f"{server.url}/answers{query}")
        await expect(page.locator("#lead")).to_contain_text("There is no such answer")
        await expect(page.locator("#trace")).to_be_hidden()


async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage,
    shop: Shop,
    server: Server,
    receiver: Receiver,
    take_screenshots: TakeScreenshots,
) -> None:
    page = await open_page()
    await arrive(page, server, shop.boss)
    shown = {
        "extractive": asked(shop, "When does the shop open, and what does shipping cost?"),
        "abstained": asked(shop, "Who composed the opera Parsifal?"),
        "handed-over": asked(shop, "I want to talk to a person."),
    }
    use_model(shop, receiver)
    receiver.at(CHAT, says(MARKED, asked=1200), refuses(401), refuses(401), refuses(401))
    shown["model"] = asked(shop, "When does the shop open?")
    shown["model-failed"] = asked(shop, "When does the shop close?")
    for name, (conversation, answer) in shown.items():
        await open_answer(page, shop, conversation, answer)
        await take_screenshots(page, f"answers-{name}")
        for details in await page.locator("#trace details").all():
            if await details.is_visible():
                await details.locator("summary").click()
        assert await problems(page) == [], name
        for size in (PHONE, SMALL):
            await page.set_viewport_size(size)
            wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide <= window, (name, size)
    await expect(page.locator("#decision")).to_contain_text("The model failed")
    conversation, answer = shown["handed-over"]
    await open_answer(page, shop, conversation, answer)
    await expect(page.get_by_text("The visitor asked for a person")).to_be_visible()
    await expect(page.locator("#raw-part")).to_be_hidden()
    await expect(page.locator("#candidates-part")).to_be_hidden()


def test_a_visitor_never_gets_the_record(shop: Shop) -> None:
    visitor = Visitor(shop.server, shop.desk)
    visitor.write("When does the shop open?")
    shown = shop.entry(visitor.conversation_id)["messages"]
    assert shown[0]["turn"]["trace"]["candidates"]
    told = [httpx.Response(200, json=visitor.messages()).text]
    path = f"/v1/visitor/conversations/{visitor.conversation_id}"
    told.append(visitor.client.get("/v1/visitor/conversations").text)
    again = visitor.client.post(
        "/v1/visitor/chat",
        json={"message": "And when does it close?", "conversation_id": visitor.conversation_id},
    )
    told.append(again.text)
    told.append(visitor.client.get(f"{path}/messages").text)
    assert all("trace" not in text and "bm25" not in text for text in told)
    refused = visitor.client.get(f"/v1/conversations/{visitor.conversation_id}")
    assert refused.status_code in (401, 403, 404)
