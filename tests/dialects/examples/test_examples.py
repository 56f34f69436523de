"""Every printed example of the vendors' documents, run unchanged but for the one table."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Server, serving
from tests.dialects.examples.documents import (
    REPLIES,
    RUN,
    Example,
)
from tests.dialects.examples.running import Supplies, run
from tests.dialects.examples.shapes import SHAPES, misfits
from tests.dialects.keys import key_of
from tests.dialects.novachat.shop import Shop as NovaChatAccount
from tests.dialects.orac.chat import ask
from tests.waiting import PATIENCE
from tests.websites import Website

RESET = "To reset your password, open the settings and choose “Reset”."
HELP = (
    '<!doctype html><html lang="en"><head><title>Help</title></head><body><main><h1>Help</h1>'
    f"<p>{RESET}</p></main></body></html>"
)
LOOK = {"quick_prompts": ["Prices?"], "gradient_stops": [{"color": "#112233", "at": 0.5}]}
HOURS = {"mon": [{"start": "09:00", "end": "17:00"}]}
SETTINGS = {
    "look": LOOK,
    "office_hours": {"timezone": "Europe/Berlin", "days": HOURS, "holidays": ["2026-12-25"]},
}


@pytest.fixture(scope="module")
def host() -> Iterator[Server]:
    """A server that may read websites on this machine."""
    with serving(ANSWERDESK_PAGE_NETWORKS="127.0.0.0/8", ANSWERDESK_CRAWL_DELAY="0") as running:
        yield running


@pytest.fixture(scope="module")
def shop(host: Server) -> Iterator[Desk]:
    """A project in which every documented list has a row."""
    with host.client(owner=True) as owner, host.client() as visitor:
        desk = Desk(owner, visitor)
        changed = owner.patch(desk.path, json={"settings": SETTINGS})
        assert changed.status_code == 200, changed.text
        desk.add_text("Passwords", RESET)
        lead = {"email": "visitor@example.com", "name": "John"}
        assert owner.post(f"{desk.path}/leads", json=lead).status_code == 201
        yield desk


@pytest.fixture(scope="module")
def help_site() -> Iterator[Website]:
    with Website() as site:
        site.set("/help", HELP)
        yield site


def bearer(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="module")
def chatorex(host: Server, shop: Desk, help_site: Website) -> Supplies:
    source = shop.add_text("Old", "This goes.")["source_id"]
    key = bearer(key_of(shop.owner, "sk_live_", project_ids=[shop.project_id]))
    return Supplies(
        host.url,
        {
            "https://your-domain.com": host.url,
            "sk_live_your_api_key_here": key,
            "YOUR_API_KEY": key,
            "your-chatbot-id": shop.project_id,
            "https://example.com/help": f"{help_site.url}/help",
            "source-id": source,
        },
    )


@pytest.fixture(scope="module")
def noras(host: Server, shop: Desk) -> Supplies:
    key = bearer(key_of(shop.owner, "sk_", project_ids=[shop.project_id]))
    widget_key = shop.project_id.replace("proj_", "widget_")
    return Supplies(
        host.url,
        {
            "https://www.noras.ai": host.url,
            **dict.fromkeys(("sk_your_api_key_here", "sk_your_api_key", "YOUR_API_KEY"), key),
            **dict.fromkeys(("widget_xyz123", "widget_abc123"), widget_key),
        },
    )


@pytest.fixture(scope="module")
def orac(host: Server, shop: Desk) -> Supplies:
    key = bearer(key_of(shop.owner, "orac_live_", project_ids=[shop.project_id]))
    begun = ask(shop.visitor, shop.project_id, "How do I reset my password?")
    path = f"/v1/conversations/{begun.conversation_id}"
    said = {"content": "Hi — responding directly from the team."}
    assert shop.owner.post(f"{path}/messages", json=said).status_code == 201
    assert shop.owner.post(f"{path}/hand-back").status_code == 200
    return Supplies(
        host.url,
        {
            "https://askorac.com": host.url,
            "orac_live_...": key,
            "proj_abc123": shop.project_id,
            "conv_xyz789": begun.conversation_id,
            "msg_...": begun.first("done")["message_id"],
        },
    )


ADVICE = {
    "Can I send back an opened tent?": "Opened tents can be sent back within 30 days.",
    "What does express delivery cost?": "Express delivery costs 9 euros.",
    "Do you sell gift cards?": "We sell gift cards at every till.",
}
"""What a contact asks a person, and what they say."""


@pytest.fixture(scope="module")
def novachat(host: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supplies]:
    with host.client() as client:
        account = NovaChatAccount(client, plan=None)
        account.add("Do you ship?", "Yes.")
        domain = account.bind("https://bound.example")
        agent = account.call("GET", "/nc-api/v1/agents").json()[0]
        begun = client.post(
            "/api/v1/widget/conversations",
            params={"website_token": domain["website_token"]},
            json={"message": "Hello"},
        ).json()
        for asked, told in ADVICE.items():
            said = {"conversation_id": begun["id"], "content": asked}
            params = {"website_token": domain["website_token"]}
            assert client.post("/api/v1/widget/messages", params=params, json=said).is_success
            reply = {"conversation_id": begun["id"], "content": told}
            assert account.call("POST", "/nc-api/v1/conversations", json=reply).is_success
        export = tmp_path_factory.mktemp("novachat") / "faq_export.json"
        export.write_text('[{"question": "Do you ship abroad?", "answer": "Yes."}]')
        yield Supplies(
            host.url,
            {
                "https://novailink.com": host.url,
                "$TOKEN": account.token,
                "process.env.NOVA_CHAT_TOKEN": json.dumps(account.token),
                "nc_live_xxx": account.key("write"),
                "wk_live_YOUR_TOKEN": domain["website_token"],
                "domains/118/": f"domains/{domain['domain_id']}/",
                '"ai_bot_config_id":1': f'"ai_bot_config_id":{agent["id"]}',
                '"conversation_id":358': f'"conversation_id":{begun["id"]}',
                '"conversation_id":360': f'"conversation_id":{begun["id"]}',
                "conversation_id=360": f"conversation_id={begun['id']}",
                "@faq_export.json": f"@{export}",
            },
        )


def values(printed: str) -> list[Any]:
    """Return the JSON values that were printed one after the other; text as one value."""
    found, rest = [], printed.strip()
    if not rest.startswith(("{", "[")):
        return [rest]
    while rest:
        value, end = json.JSONDecoder().raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    return found


@pytest.mark.parametrize("example", RUN, ids=str)
def test_an_example_runs_as_printed(
    request: pytest.FixtureRequest, example: Example, tmp_path: Path
) -> None:
    supplies: Any = request.getfixturevalue(example.vendor)
    printed = values(run(example, supplies, tmp_path))
    shapes = SHAPES[example.vendor][example.name]
    assert len(printed) == len(shapes), printed
    for value, shape in zip(printed, shapes, strict=True):
        assert misfits(value, shape) == []


# The requests of replies that are printed without one; errors are the same to the word.
ASKED = {
    "noras: reply: analytics": ("/api/analytics", "sk_your_api_key"),
    "noras: reply: an error": ("/api/widgets", "sk_nobodys"),
    "orac: reply: an error": ("/api/widget/config?id=proj_nobodys", None),
}


@pytest.mark.parametrize("reply", REPLIES, ids=str)
def test_a_printed_reply_is_like_ours(request: pytest.FixtureRequest, reply: Example) -> None:
    shapes = SHAPES[reply.vendor].get(reply.name)
    if shapes is not None:
        assert misfits(reply.printed, shapes[0], whole=False) == []
    if str(reply) not in ASKED:
        assert reply.name in {one.name for one in RUN if one.vendor == reply.vendor}
        return
    supplies: Supplies = request.getfixturevalue(reply.vendor)
    path, key = ASKED[str(reply)]
    headers = {} if key is None else {"Authorization": f"Bearer {supplies.put_into(key)}"}
    ours = httpx.get(f"{supplies.host}{path}", headers=headers, timeout=PATIENCE).json()
    if shapes is None:
        assert ours == reply.printed
    else:
        assert misfits(ours, shapes[0]) == []


def test_what_was_pushed_is_there(novachat: Supplies, tmp_path: Path) -> None:
    for example in RUN:
        if example.kind in ("js", "py") and example.vendor == "novachat":
            run(example, novachat, tmp_path)
    listed = httpx.get(
        f"{novachat.host}/nc-api/v1/knowledge_base/items",
        headers={"Authorization": f"Bearer {novachat.words['$TOKEN']}"},
        timeout=PATIENCE,
    )
    titles = {one["title"] for one in listed.json()}
    assert titles > {"API Rate Limits", "Webhook Setup", "Shipping time?", "Payment methods?"}


def test_an_example_that_fails_is_seen(host: Server, tmp_path: Path) -> None:
    wrong = Example("noras", "py", "wrong", "import requests\nrequests.get(HOST)")
    with pytest.raises(AssertionError, match="NameError"):
        run(wrong, Supplies(host.url, {}), tmp_path)
    missing = Example("orac", "http", "wrong", "GET /api/widget/config?id=x")
    with pytest.raises(AssertionError, match="project_not_found"):
        run(missing, Supplies(host.url, {}), tmp_path)
    assert httpx.get(f"{host.url}/healthz").status_code == 200
