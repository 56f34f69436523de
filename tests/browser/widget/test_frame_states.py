"""Every state of the frame: what axe finds in it in both themes, and how it looks."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import Frame, FrameLocator, Page, expect

from tests.browser.accessibility import axe_violations
from tests.browser.asking import stored
from tests.browser.pages import ColorScheme, OpenPage, TakeScreenshots
from tests.browser.test_answers_shown import STORE, STORED
from tests.browser.widget.frame import ask, field, frame_address, framed, hears, open_framed
from tests.conftest import Desk, Rows, Server
from tests.websites import Website

OPENS = "When does the shop open in the morning?"
UNKNOWN = "Which vaccinations does a ferret need?"


@dataclass
class Visit:
    """A visitor with the frame open, and the desk whose it is."""

    page: Page
    frame: FrameLocator
    inside: Frame
    desk: Desk
    rows: Rows

    async def again(self) -> None:
        """Load the page again, which remembers the conversation."""
        await hears(self.page, "keep")
        await self.page.reload()
        self.frame, self.inside = await framed(self.page)

    def conversation(self) -> str:
        """Return the path of the only conversation."""
        asked = "select id::text from conversation where project_id = %s"
        (found,) = self.rows(asked, stored(self.desk))[0]
        return f"/v1/conversations/conv_{found.replace('-', '')}"


async def welcome(visit: Visit) -> None:
    await expect(visit.frame.locator(".prompt").first).to_be_visible()


async def answered(visit: Visit) -> None:
    answer = await ask(visit.frame, OPENS)
    await expect(answer.locator(".rating")).to_be_visible()


async def every_block(visit: Visit) -> None:
    await answered(visit)
    visit.rows(STORE, json.dumps(STORED), 0.9, stored(visit.desk))
    await visit.again()
    await expect(visit.frame.locator(".answer pre")).to_be_visible()


async def disliked(visit: Visit) -> None:
    await answered(visit)
    await visit.frame.get_by_role("button", name="Not helpful").click()
    await expect(visit.frame.get_by_label("What was wrong? (optional)")).to_be_focused()


async def unanswered(visit: Visit) -> None:
    answer = await ask(visit.frame, UNKNOWN)
    await expect(answer.get_by_role("button", name="Talk to a person")).to_be_visible()


async def asks_for_person(visit: Visit) -> None:
    await unanswered(visit)
    await visit.frame.locator(".bar").get_by_role("button", name="Talk to a person").click()
    dialog = visit.frame.get_by_role("dialog", name="Talk to a person")
    await dialog.get_by_label("E-mail address (optional)").fill("ann@example.com")
    await dialog.get_by_role("button", name="Pass it on").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()


async def waits(visit: Visit) -> None:
    await unanswered(visit)
    await visit.frame.locator(".bar").get_by_role("button", name="Talk to a person").click()
    await visit.frame.get_by_role("button", name="Pass it on").click()
    await expect(visit.frame.locator(".status")).to_have_text("You are waiting for a person.")


async def person_replies(visit: Visit) -> None:
    await waits(visit)
    said = {"content": "Hello, this is Maria.\n\nSee https://shop.example/ferrets."}
    sent = visit.desk.owner.post(f"{visit.conversation()}/messages", json=said)
    assert sent.status_code == 201, sent.text
    await expect(visit.frame.locator(".human")).to_contain_text("this is Maria")


async def closed(visit: Visit) -> None:
    await person_replies(visit)
    shut = visit.desk.owner.post(f"{visit.conversation()}/close")
    assert shut.status_code in (200, 204), shut.text
    await expect(visit.frame.get_by_role("form", name="How was this conversation?")).to_be_visible()


async def offline(visit: Visit) -> None:
    await answered(visit)
    await visit.page.context.set_offline(True)
    await field(visit.frame).fill("And on Sundays?")
    await field(visit.frame).press("Enter")
    await expect(visit.frame.locator(".own .state")).to_be_visible()


async def restarts(visit: Visit) -> None:
    await answered(visit)
    await visit.frame.get_by_role("button", name="New conversation").click()
    await expect(visit.frame.get_by_role("dialog", name="Begin a new")).to_be_visible()


STATES: dict[str, Callable[[Visit], Awaitable[None]]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        *(welcome, answered, every_block, disliked, unanswered, asks_for_person),
        *(waits, person_replies, closed, offline, restarts),
    )
}


@pytest.mark.parametrize("name", STATES)
async def test_axe_finds_nothing_in_a_state(
    open_page: OpenPage,
    server: Server,
    shop: Desk,
    site: Website,
    rows: Rows,
    name: str,
    take_screenshots: TakeScreenshots,
) -> None:
    look = {"quick_prompts": ["When does the shop open?", "What does shipping cost?"]}
    capture = {
        "enabled": True,
        "fields": ["name", "email", "phone"],
        "message": "How do we reach you?",
        "consent_text": "You may write to me about this question.",
    }
    changed = shop.owner.patch(
        shop.path, json={"settings": {"look": look, "lead_capture": capture}}
    )
    assert changed.status_code == 200, changed.text
    page = await open_page()
    frame, inside = await open_framed(page, site, frame_address(server, shop))
    visit = Visit(page, frame, inside, shop, rows)
    await STATES[name](visit)
    schemes: tuple[ColorScheme, ...] = ("light", "dark")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme)
        await visit.inside.wait_for_function(
            "(scheme) => document.documentElement.dataset.theme === scheme", arg=scheme
        )
        assert await axe_violations(visit.inside) == [], scheme
    await take_screenshots(page, f"widget-{name}")
