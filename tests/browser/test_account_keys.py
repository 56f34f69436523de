"""API keys of whoever sets a new password by a mailed link."""

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.accounts.keys import make_key, works
from tests.accounts.people import Person, mailed_link, sign_up
from tests.conftest import Server

NEW = "another sentence entirely"


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


@pytest.fixture
def reset_link(server: Server, boss: Person, visitor: httpx.Client) -> str:
    """What the mail to the boss leads to, who has forgotten the password."""
    visitor.post("/v1/auth/reset-request", json={"email": boss.email})
    return f"{server.url}/reset#token={mailed_link(server, boss.email, 'token')}"


@pytest.mark.parametrize("tick", [False, True])
async def test_the_page_of_a_link_names_no_key_before_and_offers_to_revoke_them(
    page: Page, server: Server, boss: Person, reset_link: str, tick: bool
) -> None:
    key = make_key(boss.client, name="Shop's server")
    await page.goto(reset_link)
    await page.get_by_label("Password").fill(NEW)
    revoke = page.get_by_label("Also revoke the API keys that I made")
    await expect(revoke).not_to_be_checked()
    await expect(page.get_by_role("main")).not_to_contain_text("Shop")
    await revoke.set_checked(tick)
    await page.get_by_role("button", name="Set the password").click()
    said = "1 API key that you made is revoked." if tick else "still works: “Shop's server”"
    await expect(page.get_by_role("status")).to_contain_text(said)
    assert works(server, key) is not tick
