"""The page where one asks, when something goes wrong: servers that stop, lines that break."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from answerdesk.conversations.visitors.tokens import VisitorTokens
from answerdesk.core.crypto import Sealer, load_secret_keys
from tests.browser.asking import HOURS, SHIPPING, address, ask, fill_shop, stored
from tests.browser.bad_line import BadLine
from tests.conftest import Desk, Rows, Server, serving
from tests.waiting import PATIENCE, attempts

_SECOND_WORDS = b"nine in the"
"""What is sent in an answer when its first words are there and its last are not."""


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A project that knows three things."""
    return fill_shop(desk)


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may stop."""
    with serving() as server:
        yield server


def is_answered(desk: Desk, rows: Rows) -> bool:
    """Wait until an answer is stored, which is told before."""
    answers = "select 1 from message where author = 'assistant' and project_id = %s"
    return any(rows(answers, stored(desk)) for _ in attempts(PATIENCE))


async def test_a_server_that_stops_is_told_and_the_question_can_be_sent_again(
    page: Page, own_server: Server
) -> None:
    with own_server.client() as visitor, own_server.client(owner=True) as owner:
        desk = Desk(owner, visitor)
        desk.add_text("Opening hours", HOURS)
    await page.goto(address(own_server, desk))
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
    own_server.kill()
    answer = await ask(page, "When does the shop close?")
    await expect(answer.locator(".failure")).to_contain_text("cannot be reached")
    await expect(answer.locator(".waiting")).to_be_hidden()
    own_server.start()
    await answer.get_by_role("button", name="Try again").click()
    await expect(answer.locator(".message-text")).to_contain_text(HOURS)
    await expect(answer.locator(".failure")).to_be_hidden()
    await expect(page.locator(".answer")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".question")).to_have_count(2)


async def test_an_answer_streams_in_and_can_be_stopped(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    async with BadLine(server.port).open() as line:
        await page.goto(f"{line.url}/?project={shop.project_id}")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        line.hold_after(_SECOND_WORDS)
        answer = await ask(page, "When does the shop open in the morning?")
        text = answer.locator(".message-text")
        await expect(text).to_contain_text("The shop")
        await expect(text).not_to_contain_text("evening")
        await expect(page.get_by_role("button", name="Ask")).to_be_hidden()
        await page.get_by_role("button", name="Stop").click()
        await expect(answer.locator(".failure")).to_contain_text("You stopped this answer.")
        await expect(page.get_by_label("Your question")).to_be_focused()
        line.release()
        # The server has answered all the same: nothing is asked twice.
        assert is_answered(shop, rows)
        await answer.get_by_role("button", name="Try again").click()
        await expect(text).to_contain_text(HOURS)
        await expect(answer.locator(".failure")).to_be_hidden()
        await expect(page.locator(".answer")).to_have_count(1)
        assert asked.count("chat") == 1


async def test_a_line_that_breaks_in_the_middle_is_told_and_nothing_is_doubled(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    async with BadLine(server.port).open() as line:
        await page.goto(f"{line.url}/?project={shop.project_id}")
        line.hold_after(_SECOND_WORDS)
        answer = await ask(page, "When does the shop open in the morning?")
        await expect(answer.locator(".message-text")).to_contain_text("The shop")
        await line.break_held()
        await expect(answer.locator(".failure")).to_contain_text("connection was lost")
        await expect(answer.locator(".message-text")).to_contain_text("The shop")
        line.release()
        assert is_answered(shop, rows)
        await answer.get_by_role("button", name="Try again").click()
        await expect(answer.locator(".message-text")).to_contain_text(HOURS)
        await expect(answer.locator(".sources a")).to_have_count(1)
    project = stored(shop)
    assert rows("select count(*) from message where project_id = %s", project) == [(2,)]


async def test_a_refusal_is_told_in_the_servers_words(
    page: Page, server: Server, shop: Desk
) -> None:
    await page.goto(address(server, shop))
    await page.get_by_label("Your question").evaluate("field => (field.maxLength = 100000)")
    answer = await ask(page, "x" * 8001)
    await expect(answer.locator(".failure")).to_contain_text("longer than 8,000 characters")
    await expect(page.get_by_role("button", name="Ask")).to_be_enabled()


async def test_a_token_that_has_run_out_is_renewed_once_and_the_conversation_goes_on(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    await page.goto(address(server, shop))
    await expect(await ask(page, "What does shipping to Norway cost?")).to_contain_text(SHIPPING)
    await put_token(page, shop, run_out(server, await token_of(page, shop), hours=1))
    begun: list[str] = []
    page.on("request", lambda one: begun.append(one.url) if "/visits/" in one.url else None)
    await expect(await ask(page, "And how long does it take?")).to_contain_text(SHIPPING)
    await expect(page.locator(".failure:visible")).to_have_count(0)
    assert len(begun) == 1
    project = stored(shop)
    assert rows("select count(*) from conversation where project_id = %s", project) == [(1,)]
    assert rows("select count(*) from visitor where project_id = %s", project) == [(1,)]


@pytest.mark.parametrize("is_nonsense", [True, False])
async def test_who_cannot_be_told_any_more_is_somebody_new(
    page: Page, server: Server, shop: Desk, rows: Rows, is_nonsense: bool
) -> None:
    await page.goto(address(server, shop))
    await expect(await ask(page, "What does shipping to Norway cost?")).to_contain_text(SHIPPING)
    token = run_out(server, await token_of(page, shop), hours=24 * 8)
    await put_token(page, shop, "nonsense" if is_nonsense else token)
    await page.reload()
    await expect(page.locator("#trouble")).to_be_hidden()
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
    await expect(page.locator(".answer")).to_have_count(1)
    project = stored(shop)
    assert rows("select count(*) from visitor where project_id = %s", project) == [(2,)]


async def token_of(page: Page, desk: Desk) -> str:
    """Return the visitor's token as the browser keeps it."""
    key = f"answerdesk:visitor:{desk.project_id}"
    token: str = await page.evaluate("key => JSON.parse(localStorage.getItem(key))", key)
    return token


async def put_token(page: Page, desk: Desk, token: str) -> None:
    """Let the browser have another token."""
    key = f"answerdesk:visitor:{desk.project_id}"
    await page.evaluate(
        "([key, token]) => localStorage.setItem(key, JSON.stringify(token))", [key, token]
    )


def run_out(server: Server, token: str, *, hours: int) -> str:
    """Sign a token anew that ended so many hours ago, as only the server could."""
    tokens = VisitorTokens(Sealer(load_secret_keys(server.data_dir)))
    ended = int(time.time()) - hours * 3600
    return tokens.sign(replace(tokens.read(token), expires_at=ended))


async def test_a_conversation_that_is_gone_gives_way_to_a_new_one(
    page: Page, server: Server, shop: Desk
) -> None:
    await page.goto(address(server, shop))
    key = f"answerdesk:conversation:{shop.project_id}"
    gone = '{"id": "conv_00000000000040008000000000000000", "facts": {}}'
    await page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, gone])
    await page.reload()
    await expect(page.locator("#trouble")).to_be_hidden()
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
