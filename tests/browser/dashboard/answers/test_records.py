"""How an answer came about, beside its conversation: everything that its record can hold."""

from typing import Any

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from tests.accounts.people import join
from tests.agents.actions.conftest import in_json, order_status
from tests.agents.language_models.calls import calls
from tests.agents.language_models.conftest import CHAT, EVERY, refuses, says
from tests.browser.dashboard.inboxes import items, open_conversation, open_inbox
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Server
from tests.webhooks.receiver import Receiver

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


def record(page: Page) -> Locator:
    return page.get_by_role("dialog", name="How this answer came about")


def part(page: Page, title: str) -> Locator:
    return record(page).get_by_role("group", name=title, exact=True)


async def go_to_answer(page: Page, shop: Shop, conversation: str, answer: str) -> None:
    place = f"/app/inbox?conversation={conversation}&answer={answer}"
    await page.goto(f"{shop.server.url}{place}")
    await expect(record(page)).to_be_visible()
    await expect(page.get_by_role("status", name="Loading")).to_have_count(0)


async def test_who_may_not_read_conversations_sees_nothing(
    open_page: OpenPage, shop: Shop, server: Server
) -> None:
    conversation, answer = asked(shop, "When does the shop open?")
    page = await open_page()
    await open_inbox(page, shop, open_shop(server).boss)
    await page.goto(f"{server.url}/app/inbox?conversation={conversation}&answer={answer}")
    await expect(page.get_by_text("does not exist any more, or it is not yours")).to_be_visible()
    await expect(record(page)).to_have_count(0)
    page = await open_page()
    await open_inbox(page, shop, join(server, shop.boss, "viewer"))
    await go_to_answer(page, shop, conversation, answer)
    await expect(part(page, "Passages that were found")).to_be_visible()


async def test_an_answer_that_is_not_there_is_explained(page: Page, shop: Shop) -> None:
    conversation, _ = asked(shop, "When does the shop open?")
    await open_inbox(page, shop, shop.boss)
    await go_to_answer(page, shop, conversation, f"msg_{'0' * 32}")
    await expect(record(page)).to_contain_text("There is no record of how this answer came about")


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


async def test_only_what_answers_a_question_leads_to_its_record(page: Page, shop: Shop) -> None:
    visitor = Visitor(shop.server, shop.desk)
    visitor.write("When are returned goods refnuded?")
    visitor.escalate()
    await open_conversation(page, shop, shop.boss, visitor.conversation_id)
    leads = page.get_by_role("button", name="How this answer came about")
    await expect(items(page, "assistant")).to_have_count(2)
    await expect(leads).to_have_count(1)  # What is told about the handoff answers nothing.
    await leads.click()
    await expect(
        record(page).get_by_text("When are returned goods refnuded?").first
    ).to_be_visible()
    await expect(part(page, "How the question was read")).to_contain_text("refnud → refund")
    await expect(record(page).get_by_text("In the knowledge's own words")).to_be_visible()
    found = part(page, "Passages that were found").get_by_role("listitem")
    quoted = found.filter(has_text="Quoted in the answer")
    await expect(quoted).to_have_count(1)
    for told in ("Returns", "Likely to answer", "Words", "Meaning", "Reranker"):
        await expect(quoted).to_contain_text(told)
    # Four steps and how long all of them took.
    await expect(part(page, "How long it took").get_by_role("row")).to_have_count(5)
    await expect(part(page, "The model")).to_have_count(0)


async def test_a_models_answer_shows_its_prompt_its_verdicts_and_its_cost(
    page: Page, shop: Shop, receiver: Receiver
) -> None:
    use_model(shop, receiver)
    receiver.at(CHAT, says(MARKED, asked=1200))
    conversation, answer = asked(shop, "When does the shop open?")
    await open_inbox(page, shop, shop.boss)
    await go_to_answer(page, shop, conversation, answer)
    await expect(record(page).get_by_text("Written by")).to_be_visible()
    model = part(page, "The model")
    await expect(model).to_contain_text("1,200 read, 1 written")
    await expect(model).to_contain_text("EUR")
    sentences = model.get_by_role("listitem")
    await expect(sentences).to_have_count(4)
    await expect(sentences.first).to_contain_text("Passage 1")
    await expect(sentences.nth(2)).to_contain_text("Unsupported")
    await expect(sentences.nth(3)).to_contain_text("Claims nothing")
    found = part(page, "Passages that were found").get_by_role("listitem")
    await expect(found.filter(has_text="Source of the answer (passage 1")).to_have_count(1)
    await model.get_by_text("What it was asked").click()
    await expect(model.get_by_role("group", name="Instructions")).to_contain_text("<passages>")
    await expect(part(page, "How long it took").get_by_role("row")).to_have_count(7)


async def test_the_actions_that_a_model_called_for_are_listed(
    page: Page, shop: Shop, receiver: Receiver
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
    await open_inbox(page, shop, shop.boss)
    await go_to_answer(page, shop, conversation, answer)
    listed = part(page, "The model").get_by_role("listitem")
    await expect(listed).to_have_count(2)
    await expect(listed.first).to_contain_text("order_status (order: A-1234) Called")
    await expect(listed.first).to_contain_text("Your order is <b>shipped</b>")
    await expect(listed.last).to_contain_text("Not called")


async def test_what_came_from_outside_stays_text(
    page: Page, shop: Shop, receiver: Receiver
) -> None:
    use_model(shop, receiver)
    receiver.at(CHAT, says(HOSTILE, " [1]."))
    conversation, answer = asked(shop, HOSTILE)
    await open_inbox(page, shop, shop.boss)
    await go_to_answer(page, shop, conversation, answer)
    await expect(record(page).get_by_text(HOSTILE).first).to_be_visible()
    await expect(part(page, "The model").get_by_role("listitem").first).to_contain_text("<img")
    await expect(record(page).locator("img")).to_have_count(0)
    await expect(page).to_have_title("Inbox · Answerdesk")


async def test_everything_can_be_read_hit_and_named(
    page: Page, shop: Shop, receiver: Receiver, take_screenshots: TakeScreenshots
) -> None:
    shown = {
        "abstained": asked(shop, "Who composed the opera Parsifal?"),
        "handed-over": asked(shop, "I want to talk to a person."),
    }
    use_model(shop, receiver)
    receiver.at(CHAT, says(MARKED, asked=1200), refuses(401), refuses(401), refuses(401))
    shown["model"] = asked(shop, "When does the shop open?")
    shown["model-failed"] = asked(shop, "When does the shop close?")
    await open_inbox(page, shop, shop.boss)
    for name, (conversation, answer) in shown.items():
        await go_to_answer(page, shop, conversation, answer)
        for details in await record(page).locator("details").all():
            await details.locator("summary").click()
        await hold_to_the_rules(page, f"record-{name}", take_screenshots)
    await expect(record(page).get_by_text("The model did not answer")).to_be_visible()
    await go_to_answer(page, shop, *shown["handed-over"])
    await expect(record(page).get_by_text("Passed on to people")).to_be_visible()
    await expect(part(page, "Passages that were found")).to_have_count(0)
