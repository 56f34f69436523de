"""Answers as they are shown: every kind of block, marks, copying, phones, both themes."""

import json
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessibility import problems
from tests.browser.asking import SHOW, address, ask, fill_shop, stored
from tests.browser.dashboard.inboxes import items, open_conversation
from tests.browser.pages import PHONE, ColorScheme, OpenPage, TakeScreenshots
from tests.browser.shop import open_shop
from tests.conftest import Desk, Rows, Server

BLOCKS = [
    {"type": "heading", "text": "Post <i>abroad</i>", "source": 0},
    {
        "type": "paragraph",
        "text": "<b>Rates</b>\nof 2026. Cheap.",
        "source": 0,
        "marked": ["<b>Rates</b>\nof 2026."],
    },
    {
        "type": "table",
        "header": ["Weight", "Price"],
        "rows": [["1 kg", "4 euros"], ["2 kg", "4 euros"], ["3 kg", "9 euros"]],
        "source": 1,
        "marked": ["2 kg | 4 euros", "9"],
    },
    {"type": "code", "text": "a  |  b\n- c", "language": None, "source": 2},
    {"type": "list", "items": ["- one, two", "two\n- inside"], "source": 3, "marked": ["two"]},
    {"type": "steps", "items": ["three"], "start": 3, "source": None},
]
SOURCES = [
    {"title": title, "heading_path": ["Letters", "Post"], "quote": "", "url": url}
    for title, url in (
        ("Rates", "https://shop.example/rates"),
        ("Rates again", "https://shop.example/rates"),
        ("Trap", "javascript:alert(1)"),
        ("Weights", "https://shop.example/weights"),
    )
]
CODE = f"desk label --to NO \\\n  {'--copy ' * 20}"
STORED = [
    {"type": "heading", "text": "Parcels abroad", "source": 0},
    {
        "type": "paragraph",
        "text": "Parcels go by road. A parcel to Norway takes five working days.",
        "source": 0,
        "marked": ["A parcel to Norway takes five working days."],
    },
    {
        "type": "table",
        "header": ["Weight", "Zone 1", "Zone 2", "Zone 3", "Zone 4", "Zone 5"],
        "rows": [
            ["up to 1 kg", "4 euros", "5 euros", "6 euros", "7 euros", "8 euros"],
            ["up to 5 kg", "9 euros", "10 euros", "11 euros", "12 euros", "13 euros"],
        ],
        "source": 0,
        "marked": ["up to 5 kg | 9 euros | 10 euros | 11 euros | 12 euros | 13 euros"],
    },
    {
        "type": "steps",
        "items": ["Weigh the parcel.", "Print the label:\n- in colour, or\n- in black."],
        "start": 1,
        "source": 0,
        "marked": ["Print the label:"],
    },
    {
        "type": "code",
        "text": CODE,
        "language": None,
        "source": 0,
    },
    {"type": "list", "items": ["Letters are apart.", "Pallets are not taken."], "source": 0},
]
STORE = (
    "update message set blocks = cast(%s as jsonb), confidence = %s"
    " where author = 'assistant' and project_id = %s returning id"
)


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A project that knows three things."""
    return fill_shop(desk)


async def open_stored(
    page: Page, server: Server, desk: Desk, rows: Rows, confidence: float
) -> None:
    """Have an answer of all kinds of blocks stored, and open its conversation again."""
    await page.goto(address(server, desk))
    answer = await ask(page, "When does the shop open in the morning?")
    await expect(answer.locator(".message-foot")).to_be_visible()
    rows(STORE, json.dumps(STORED), confidence, stored(desk))
    await page.reload()
    await expect(page.locator(".answer .block-heading")).to_have_text("Parcels abroad")


async def test_every_block_is_shown_with_the_number_of_its_source(
    page: Page, server: Server, shop: Desk
) -> None:
    await page.goto(address(server, shop))
    await page.evaluate(SHOW, [BLOCKS, SOURCES])
    text = page.locator(".message-text")
    await expect(text.get_by_role("heading", level=4)).to_have_text("Post <i>abroad</i>")
    await expect(text.locator("p")).to_have_text("<b>Rates</b>\nof 2026. Cheap.")
    await expect(text.get_by_role("columnheader")).to_have_text(["Weight", "Price"])
    await expect(text.locator("tbody tr").last.locator("td")).to_have_text(["3 kg", "9 euros"])
    assert await text.locator("pre code").text_content() == "a  |  b\n- c"
    await expect(text.locator("ul > li")).to_have_text(["- one, two", "two\n- inside2"])
    await expect(text.locator("ol[start='3'] > li")).to_have_text(["three"])
    marked = ["<b>Rates</b>\nof 2026.", "2 kg", "4 euros", "9", "two"]
    await expect(text.locator("mark")).to_have_text(marked)
    await expect(text.locator("li").first.locator("mark")).to_have_count(1)
    # Two passages of one page share a number, which stands once where both are shown together; what
    # no link may lead to has none.
    await expect(text.locator("sup")).to_have_text(["1", "2"])
    links = page.locator(".sources a")
    await expect(links).to_contain_text(["Rates", "Weights"])
    await expect(page.locator(".source-path").first).to_have_text("shop.example › Letters")
    await expect(links.last).to_have_attribute("href", "https://shop.example/weights")


async def test_an_answer_that_may_be_wrong_says_so_without_a_number(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    await open_stored(page, server, shop, rows, 0.31)
    await expect(page.locator(".answer .certainty")).to_have_text("This may not answer it")
    shown = await page.locator(".answer").inner_text()
    assert "31" not in shown
    assert "%" not in shown


async def test_code_is_copied_or_selected(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await open_stored(page, server, shop, rows, 0.9)
    copying = page.get_by_role("button", name="Copy")
    await copying.click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == CODE
    # Without https a page may not write to the clipboard.
    await page.add_init_script("delete Navigator.prototype.clipboard")
    await page.reload()
    await copying.click()
    await expect(page.locator(".code-frame button")).to_contain_text("press Ctrl+C")
    assert await page.evaluate("String(getSelection())") == CODE


async def test_wide_tables_and_code_scroll_in_their_own_boxes(
    page: Page, server: Server, shop: Desk, rows: Rows, take_screenshots: TakeScreenshots
) -> None:
    await open_stored(page, server, shop, rows, 0.9)
    await take_screenshots(page, "answer-blocks")
    await page.set_viewport_size(PHONE)
    wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window
    for box in (".table-frame", ".code-frame pre"):
        scrolls = "one => one.scrollWidth > one.clientWidth && one.tabIndex === 0"
        assert await page.locator(box).evaluate(scrolls)
    # A column is wide enough for its words.
    heights = await page.locator("th").evaluate_all("all => all.map((one) => one.clientHeight)")
    assert max(heights) < 50


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_marked_can_be_read_in_both_themes(
    open_page: OpenPage, server: Server, shop: Desk, rows: Rows, scheme: ColorScheme
) -> None:
    page = await open_page(color_scheme=scheme)
    await open_stored(page, server, shop, rows, 0.9)
    await expect(page.locator("mark")).to_have_count(8)
    assert await problems(page) == []


async def test_people_see_the_same_blocks_and_the_number(
    page: Page, server: Server, rows: Rows, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    conversation = shop.ask("When does the shop open in the morning?")
    rows(STORE, json.dumps(STORED), 0.31, stored(shop.desk))
    await open_conversation(page, shop, shop.boss, conversation)
    said = items(page, "assistant").first
    await expect(said.get_by_text("Parcels abroad")).to_be_visible()
    await expect(said.locator("mark")).to_have_count(2)
    await expect(said.locator("tr[data-marked]")).to_contain_text("up to 5 kg")
    await expect(said.get_by_role("columnheader")).to_have_count(6)
    await expect(said).to_contain_text(re.compile(r"Confidence 31\s?%"))
    await take_screenshots(page, "inbox-blocks")
