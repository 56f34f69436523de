"""Whose pages may let visitors talk, as their browsers say."""

from collections.abc import Mapping

import httpx
import pytest

from answerdesk.conversations.types import RequestOrigin
from tests.conftest import Server
from tests.conversations.visitors.site import QUESTION, Site, assert_problem

SHOP = {"Origin": "https://shop.example"}
EVIL = {"Origin": "https://evil.example"}


@pytest.fixture
def listed(site: Site) -> Site:
    """A site that lists its origins."""
    site.change(allowed_origins=["https://shop.example", "https://*.pages.example"])
    return site


@pytest.mark.parametrize(
    "headers",
    [
        {},
        EVIL,
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://shop.example"},
        {"Origin": "https://shop.example:444"},
        {"Origin": "https://shop.example.evil.example"},
        {"Origin": "https://evil.example#shop.example"},
        {"Origin": "https://pages.example"},
        {"Origin": "https://evilpages.example"},
        {"Origin": "x" * 5000},
        {"Origin": "https://[::1"},
    ],
)
def test_an_origin_that_is_not_listed_begins_nothing(
    listed: Site, headers: Mapping[str, str]
) -> None:
    assert_problem(listed.begin(headers=dict(headers)), 403, "origin_not_allowed")


@pytest.mark.parametrize(
    "origin",
    ["https://shop.example", "HTTPS://Shop.Example:443", "https://a.b.pages.example"],
)
def test_a_listed_origin_begins_a_session(listed: Site, origin: str) -> None:
    assert listed.guest(headers={"Origin": origin}).conversations() == []


def test_our_own_pages_are_allowed(listed: Site, server: Server) -> None:
    assert listed.guest(headers={"Origin": server.url}).conversations() == []


def test_the_token_is_no_way_around_the_list(listed: Site) -> None:
    guest = listed.guest(headers=SHOP)
    conversation_id = guest.start()
    guest.headers |= EVIL
    refused = [
        guest.send("hi"),
        guest.get("conversations"),
        guest.get(f"conversations/{conversation_id}/messages"),
        guest.post(f"conversations/{conversation_id}/escalate"),
    ]
    for response in refused:
        assert_problem(response, 403, "origin_not_allowed")
    # A page can read why, whoever's it is.
    assert refused[0].headers["access-control-allow-origin"] == "*"


def test_a_change_of_the_list_holds_at_once(site: Site) -> None:
    guest = site.guest(headers=EVIL)
    guest.headers |= EVIL
    site.change(allowed_origins=["https://shop.example"])
    assert_problem(guest.get("conversations"), 403, "origin_not_allowed")
    site.change(allowed_origins=[])
    assert guest.conversations() == []


def test_without_a_list_everybody_may(site: Site) -> None:
    for headers in ({}, EVIL, {"Origin": "null"}):
        assert site.begin(headers=headers).status_code == 200


def test_the_list_holds_on_oracs_tier_for_pages(listed: Site, visitor: httpx.Client) -> None:
    body = {"project_id": listed.project_id, "message": QUESTION}
    said = visitor.post("/api/chat", json=body, headers=SHOP)
    assert said.status_code == 200, said.text
    # A program names no origin: the vendor's contract has it call directly.
    assert visitor.post("/api/chat", json=body).status_code == 200
    conversations = listed.owner.get(f"{listed.path}/conversations").json()["items"]
    conversation_id = conversations[0]["id"]
    polled = {"conversationId": conversation_id}
    refused = [
        visitor.post("/api/chat", json=body, headers=EVIL),
        visitor.get("/api/widget/config", params={"id": listed.project_id}, headers=EVIL),
        visitor.get("/api/widget/messages", params=polled, headers=EVIL),
        visitor.post(
            "/api/widget/escalate", json={"conversation_id": conversation_id}, headers=EVIL
        ),
    ]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [
        (403, "origin_not_allowed")
    ] * 4
    assert len(listed.owner.get(f"{listed.path}/conversations").json()["items"]) == 2


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("https://desk.example", "https://desk.example"),
        ("https://DESK.example", "https://desk.example/base"),
        # A proxy may have ended the encryption.
        ("https://desk.example", "http://desk.example"),
    ],
)
def test_a_page_of_ours_is_known_by_its_host(origin: str, own: str) -> None:
    assert RequestOrigin(origin, own).is_own


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "https://",
        "https://[",
        "https://desk.example.evil",
        "https://desk.example@e",
    ],
)
def test_another_page_is_none_of_ours(origin: str | None) -> None:
    assert not RequestOrigin(origin, "https://desk.example").is_own
    assert not RequestOrigin(origin, "").is_own
