"""People in the frame: asked for, waited for, live, rated at the end; contacts left for them."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.asking import HOURS, stored
from tests.browser.widget.frame import ask, field, frame_address, heard, hears, open_framed, tell
from tests.conftest import Desk, Rows, Server
from tests.websites import Website

UNKNOWN = "Which vaccinations does a ferret need?"
CONSENT = "You may write to me about this question."
NOTE_STATUS = """() => {
  window.said = [];
  const status = document.querySelector(".status");
  new MutationObserver(() => window.said.push(status.textContent))
    .observe(status, {childList: true, characterData: true, subtree: true});
}"""


@pytest.fixture
def capturing(shop: Desk) -> Desk:
    """A project that asks visitors how they can be reached."""
    configure(
        shop,
        lead_capture={
            "enabled": True,
            "fields": ["name", "email", "phone"],
            "message": "How do we reach you?",
            "consent_text": CONSENT,
        },
    )
    return shop


def configure(desk: Desk, **settings: Any) -> None:
    """Change settings of a project."""
    changed = desk.owner.patch(desk.path, json={"settings": settings})
    assert changed.status_code == 200, changed.text


def conversation(desk: Desk, rows: Rows) -> str:
    """Return the path of the only conversation."""
    asked = "select id::text from conversation where project_id = %s"
    (found,) = rows(asked, stored(desk))[0]
    return f"/v1/conversations/conv_{found.replace('-', '')}"


def post(desk: Desk, path: str, **body: Any) -> None:
    """Do something as the owner."""
    done = desk.owner.post(path, json=body) if body else desk.owner.post(path)
    assert done.is_success, done.text


async def test_a_person_is_asked_for_and_answers_live(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    frame, inside = await open_framed(page, site, frame_address(server, shop))
    await expect(await ask(frame, "When does the shop open?")).to_contain_text(HOURS)
    await frame.locator(".bar").get_by_role("button", name="Talk to a person").click()
    dialog = frame.get_by_role("dialog", name="Talk to a person")
    await expect(dialog.get_by_label("E-mail address (optional)")).to_be_focused()
    await dialog.get_by_label("E-mail address (optional)").fill("ann")
    await dialog.get_by_role("button", name="Pass it on").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("not an e-mail address")
    await dialog.get_by_label("E-mail address (optional)").fill("ann@example.com")
    await dialog.get_by_role("button", name="Pass it on").click()
    await expect(dialog).to_be_hidden()
    await expect(frame.locator(".notice")).to_contain_text("ann@example.com")
    await expect(frame.locator(".status")).to_have_text("You are waiting for a person.")
    await hears(page, "event", name="handoff")
    assert [one["name"] for one in await heard(page, "event")][-2:] == ["lead", "handoff"]
    await hears(page, "keep", awaits=True)
    path = conversation(shop, rows)
    await field(frame).fill("Are you there?")
    await inside.evaluate(NOTE_STATUS)
    post(shop, f"{path}/typing")
    # The hint goes after some seconds, in which a busy machine may not look.
    await inside.wait_for_function("window.said.some((one) => one.includes('is typing'))")
    post(shop, f"{path}/messages", content="Hello, this is Maria.")
    await expect(frame.locator(".human")).to_contain_text("Hello, this is Maria.")
    await expect(frame.locator("#announcer")).to_contain_text("this is Maria")
    # To a person one writes without an answer in between.
    await field(frame).press("Enter")
    await expect(frame.locator(".own.sent").last).to_contain_text("Are you there?")
    await expect(frame.locator(".writing")).to_have_count(0)
    post(shop, f"{path}/messages", content="Yes.")
    await expect(frame.locator(".message").last).to_contain_text("Yes.")
    await expect(frame.locator(".own")).to_have_count(2)


async def test_what_comes_while_the_chat_is_closed_is_counted_until_it_is_opened(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    frame, inside = await open_framed(page, site, frame_address(server, shop))
    await ask(frame, UNKNOWN)
    await frame.locator(".bar").get_by_role("button", name="Talk to a person").click()
    await frame.get_by_role("button", name="Pass it on").click()
    await expect(frame.locator(".status")).to_be_visible()
    await expect(frame.locator(".answer").nth(1)).to_be_visible()
    await tell(page, type="closed")
    # It shows that it has taken this, and so what was told before.
    await tell(page, type="viewport", height=500)
    await inside.wait_for_function("document.body.getBoundingClientRect().height === 500")
    path = conversation(shop, rows)
    post(shop, f"{path}/messages", content="Hello.")
    post(shop, f"{path}/messages", content="Anybody?")
    await expect(frame.locator(".human")).to_have_count(2)
    await hears(page, "unread", count=2)
    await tell(page, type="opened", page=site.url, focus=True)
    await expect(field(frame)).to_be_focused()
    await hears(page, "unread", count=0)


async def test_a_conversation_that_a_person_closed_is_rated_once(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await ask(frame, UNKNOWN)
    await frame.locator(".bar").get_by_role("button", name="Talk to a person").click()
    await frame.get_by_role("button", name="Pass it on").click()
    await expect(frame.locator(".status")).to_be_visible()
    path = conversation(shop, rows)
    post(shop, f"{path}/messages", content="Rabies.")
    post(shop, f"{path}/close")
    rating = frame.get_by_role("form", name="How was this conversation?")
    await rating.get_by_role("radio", name="4 of 5").check()
    await rating.get_by_label("What could be better? (optional)").fill("Faster")
    await rating.get_by_role("button", name="Send the rating").click()
    await expect(frame.locator(".notice")).to_contain_text("Thank you for your rating.")
    await expect(rating).to_be_hidden()
    await page.wait_for_function("JSON.parse(localStorage.kept).conversation.isRated")
    await page.reload()
    await expect(frame.locator(".human")).to_contain_text("Rabies.")
    await expect(frame.locator(".status")).to_contain_text("This conversation has ended.")
    await expect(rating).to_be_hidden()
    await ask(frame, "When does the shop open?")
    await expect(frame.locator(".answer").last).to_contain_text(HOURS)


async def test_a_contact_is_left_only_with_consent_and_asked_for_once(
    page: Page, server: Server, capturing: Desk, site: Website, rows: Rows
) -> None:
    frame, _ = await open_framed(page, site, frame_address(server, capturing))
    await ask(frame, UNKNOWN)
    card = frame.get_by_role("form", name="How can we reach you?")
    await expect(card).to_contain_text("How do we reach you?")
    await card.get_by_role("button", name="Send").click()
    await expect(card.get_by_role("alert")).to_have_text("Fill this in.")
    await card.get_by_label("Name (optional)").fill("Ann")
    await card.get_by_label("Phone number (optional)").fill("+49 30 1234")
    await card.get_by_role("button", name="Send").click()
    await expect(card.get_by_role("alert")).to_contain_text("if you agree")
    await card.get_by_label(CONSENT).check()
    await card.get_by_role("button", name="Send").click()
    await expect(frame.locator(".notice")).to_contain_text("We will get in touch.")
    await expect(card).to_be_hidden()
    asked = "select name, phone, consent_text, consent_page_url from lead where project_id = %s"
    assert rows(asked, stored(capturing)) == [("Ann", "+49 30 1234", CONSENT, f"{site.url}/")]
    await hears(page, "event", name="lead")
    await ask(frame, "And which one does a cat need?")
    await expect(frame.locator(".answer").nth(1)).to_contain_text("don't have that")
    await expect(card).to_be_hidden()


async def test_a_contact_that_nobody_wants_to_leave_is_not_asked_for_again(
    page: Page, server: Server, capturing: Desk, site: Website
) -> None:
    frame, _ = await open_framed(page, site, frame_address(server, capturing))
    await ask(frame, UNKNOWN)
    card = frame.get_by_role("form", name="How can we reach you?")
    await card.get_by_role("button", name="Not now").click()
    await expect(card).to_be_hidden()
    await expect(field(frame)).to_be_focused()
    await page.wait_for_function("JSON.parse(localStorage.kept).conversation.isReachable")
    await page.reload()
    await expect(frame.locator(".answer")).to_contain_text("don't have that")
    await expect(card).to_be_hidden()


async def test_office_hours_are_told_before_anybody_waits(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    closed = {"timezone": "Europe/Berlin", "days": {"mon": []}, "holidays": []}
    configure(shop, office_hours=closed)
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await expect(frame.locator(".hours")).to_contain_text("away at the moment")


async def test_a_site_that_wants_no_requests_for_people_gets_none(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    configure(shop, widget={"offers_person": False})
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await ask(frame, UNKNOWN)
    await expect(frame.locator(".answer")).to_contain_text("don't have that")
    await expect(frame.get_by_role("button", name="Talk to a person")).to_have_count(0)
