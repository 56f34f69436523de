"""Nothing that anybody can write runs in the frame, asks another server, or leads away.

A payload that runs calls `alert`; one that fetches asks evil.example, which `complaints` notices.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Dialog, Frame, Page, expect

from tests.browser.asking import stored
from tests.browser.widget.frame import ask, frame_address, framed, hears, open_framed, tell
from tests.browser.widget.payloads import ADDRESSES, MARKUP, MESSAGES, NAME, STYLES
from tests.conftest import Desk, Rows, Server
from tests.websites import Website

_PARTS = (
    "update message set content = %s, blocks = cast(%s as jsonb), citations = cast(%s as jsonb)"
    " where author = 'assistant' and project_id = %s returning id"
)
_GLOBALS = "Object.getOwnPropertyNames(window).sort().join()"


@dataclass
class Watch:
    """What a page did that nothing may make it do."""

    ran: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)

    async def dismiss(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        await dialog.dismiss()


@contextmanager
def watched(page: Page) -> Iterator[Watch]:
    """Fail if something ran, or led the website or the frame elsewhere, while the block lasted."""
    watch = Watch()

    def note(frame: Frame) -> None:
        watch.went.append(frame.url)

    page.on("dialog", watch.dismiss)
    page.on("framenavigated", note)
    yield watch
    page.remove_listener("framenavigated", note)
    page.remove_listener("dialog", watch.dismiss)
    assert watch.ran == []
    assert watch.went == []


async def settle(page: Page, inside: Frame) -> None:
    """Wait until what was drawn would have run, and look whether it left something behind."""
    await inside.evaluate("new Promise((done) => requestIdleCallback(done, {timeout: 2000}))")
    for one in (page.main_frame, inside):
        assert not await one.evaluate("(name) => name in window", NAME)
        assert await one.evaluate("document.querySelectorAll('script:not([src])').length") == 1
    assert await inside.evaluate("document.querySelectorAll('img, svg image, iframe').length") == 0


def test_there_are_enough_of_them() -> None:
    assert len({*MARKUP}) + len({*STYLES}) + len({*ADDRESSES}) >= 120
    assert len({*MARKUP}) >= 110


def blocks_of(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return each text in each kind of block."""
    rows = [[one, one] for one in texts]
    return [
        *({"type": "heading", "text": one, "source": None} for one in texts),
        *({"type": "paragraph", "text": one, "source": 0, "marked": [one]} for one in texts),
        {"type": "list", "items": texts, "source": 0, "marked": texts[:5]},
        {"type": "steps", "items": texts, "start": 1, "source": 0},
        {"type": "table", "header": texts[:2], "rows": rows, "source": 0, "marked": texts[:3]},
        *({"type": "code", "text": one, "language": one, "source": 0} for one in texts),
        *({"type": one, "text": one, "source": 0} for one in texts),
    ]


async def test_stored_answers_and_their_sources(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    frame, inside = await open_framed(page, site, frame_address(server, shop))
    await expect((await ask(frame, "When does the shop open?")).locator(".rating")).to_be_visible()
    (citation,) = rows(
        "select citations -> 0 from message where author = 'assistant' and project_id = %s",
        stored(shop),
    )[0]
    sources = [{**citation, "title": one, "heading_path": [one]} for one in MARKUP]
    sources += [{**citation, "url": one, "anchor": one} for one in ADDRESSES]
    parts = ("\n".join(MARKUP), json.dumps(blocks_of(MARKUP)), json.dumps(sources))
    assert len(rows(_PARTS, *parts, stored(shop))) == 1
    await hears(page, "keep")
    await page.reload()
    frame, inside = await framed(page)
    with watched(page):
        await expect(frame.locator(".bubble h3").first).to_have_text(MARKUP[0])
        await expect(frame.locator(".bubble ol li")).to_have_count(len(MARKUP))
        shown = await frame.locator(".bubble pre").all_text_contents()
        assert shown == [*MARKUP]
        for address in await frame.locator("a").evaluate_all("(all) => all.map((a) => a.href)"):
            assert address.startswith(("http://", "https://")), address
        await settle(page, inside)


async def test_answers_while_they_are_streamed_and_what_visitors_write(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    pieces = [MARKUP[start : start + 40] for start in range(0, len(MARKUP), 40)]
    for number, some in enumerate(pieces):
        desk.add_item(f"What is parcel number {number}?", "\n\n".join(some))
    frame, inside = await open_framed(page, site, frame_address(server, desk))
    with watched(page):
        for number in range(len(pieces)):
            answer = await ask(frame, f"What is parcel number {number}?")
            await expect(answer.locator(".rating")).to_be_visible()
        for text in MARKUP[:6]:
            await ask(frame, text)
            await expect(frame.get_by_role("button", name="Send")).to_be_visible()
        await settle(page, inside)


async def test_a_persons_replies_and_name(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    frame, inside = await open_framed(page, site, frame_address(server, shop))
    await expect((await ask(frame, "When does the shop open?")).locator(".rating")).to_be_visible()
    asked = "select id::text from conversation where project_id = %s"
    (found,) = rows(asked, stored(shop))[0]
    path = f"/v1/conversations/conv_{found.replace('-', '')}/messages"
    with watched(page):
        sent = shop.owner.post(path, json={"content": "\n\n".join(MARKUP[:60])})
        assert sent.status_code == 201, sent.text
        sent = shop.owner.post(path, json={"content": "\n\n".join(MARKUP[60:])})
        assert sent.status_code == 201, sent.text
        await hears(page, "keep")
        await tell(page, type="kept", kept=await page.evaluate("localStorage.getItem('kept')"))
        await expect(frame.locator(".human")).to_have_count(2)
        await settle(page, inside)


@pytest.mark.parametrize("part", range(6))
async def test_names_and_every_text_of_the_owner(
    page: Page, server: Server, shop: Desk, site: Website, part: int
) -> None:
    some = MARKUP[part * 20 : part * 20 + 20]
    keys = (
        *("composer.placeholder", "composer.label", "composer.hint", "composer.send"),
        *("welcome.prompts", "branding.text", "header.close", "hours.open", "conversation.label"),
    )
    settings = {
        "look": {
            "welcome": " ".join(some)[:500],
            "quick_prompts": [one[:200] for one in some[:10]],
            "avatar": None,
        },
        "widget": {"texts": {"en": dict(zip(keys, some, strict=False))}},
    }
    changed = shop.owner.patch(shop.path, json={"name": some[0][:100], "settings": settings})
    assert changed.status_code == 200, changed.text
    with watched(page) as watch:
        await page.goto(frame_address(server, shop))
        watch.went.clear()
        await expect(page.locator(".prompt").first).to_be_visible()
        await settle(page, page.main_frame)


async def test_custom_css_styles_and_fetches_nothing(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    # An import counts at the beginning only, and what cannot be read takes what follows with it.
    for one in (*STYLES[:2], *("\n".join(STYLES[start : start + 6]) for start in range(2, 38, 6))):
        own = f"{one}\n.bar {{ border-top: 7px solid rgb(1, 2, 3) }}"
        look = {"look": {"custom_css": own}}
        changed = shop.owner.patch(shop.path, json={"settings": look})
        assert changed.status_code == 200, changed.text
        with watched(page) as watch:
            await page.goto(frame_address(server, shop))
            watch.went.clear()
            await expect(page.locator(".bar")).to_be_visible()
            await settle(page, page.main_frame)
            said = await page.evaluate(
                "[...document.adoptedStyleSheets[0].cssRules].map((one) => one.cssText)"
            )
            # A namespace's address is a name and nothing more.
            kept = [rule for rule in said if not rule.startswith("@namespace")]
            assert "evil" not in " ".join(kept), one
    await expect(page.locator(".bar")).to_have_css("border-top-width", "7px")


async def test_messages_of_whoever_posts_them(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    frame, inside = await open_framed(page, site, frame_address(server, shop))
    await expect((await ask(frame, "When does the shop open?")).locator(".rating")).to_be_visible()
    before = await inside.evaluate(_GLOBALS)
    post = """(all) => {
        const { contentWindow } = document.querySelector("iframe");
        for (const one of all) contentWindow.postMessage(one, "*");
    }"""
    site.set("/other", "<!doctype html><title>Other</title>")
    other = await page.evaluate_handle(
        "() => new Promise((done) => { const one = document.createElement('iframe');"
        " one.onload = () => done(one); one.src = '/other'; document.body.append(one); })"
    )
    content = await other.as_element().content_frame()  # type: ignore[union-attr]
    assert content is not None
    with watched(page):
        # From another frame, whatever it says, nothing is taken.
        await content.evaluate(
            "() => { const frame = parent.document.querySelector('iframe'); const say = (one) =>"
            " frame.contentWindow.postMessage({answerdesk: 1, ...one}, '*');"
            " say({type: 'kept', kept: null}); say({type: 'viewport', height: 5});"
            " say({type: 'identify', token: 'x'}); }"
        )
        await settle(page, inside)
        assert await inside.evaluate("document.querySelectorAll('.answer').length") == 1
        await page.evaluate(post, MESSAGES)
        await settle(page, inside)
    assert await inside.evaluate("({}).isRated") is None
    assert await inside.evaluate(_GLOBALS) == before


async def test_the_frames_policy_refuses_what_its_script_would_not_do(
    page: Page, server: Server, shop: Desk
) -> None:
    shown = await page.goto(frame_address(server, shop))
    assert shown is not None
    policy = shown.headers["content-security-policy"]
    for part in ("default-src 'none'", "trusted-types 'none'", "require-trusted-types-for"):
        assert part in policy
    assert "unsafe" not in policy
