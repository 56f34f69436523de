"""Every printed example of the vendors' documents, run unchanged but for the one table."""

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Server
from tests.dialects.examples.running import Example, Supplies, examples, restored, run
from tests.dialects.keys import key_of
from tests.dialects.novachat.shop import Shop as NovaChatAccount
from tests.websites import Website

HELP = (
    '<!doctype html><html lang="en"><head><title>Help</title></head><body><main><h1>Help</h1>'
    "<p>To reset your password, open the settings and choose “Reset”.</p></main></body></html>"
)


@pytest.fixture(scope="module")
def host() -> Iterator[Server]:
    """A server that may read websites on this machine."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        running = Server(
            Path(folder) / "data",
            ANSWERDESK_PAGE_NETWORKS="127.0.0.0/8",
            ANSWERDESK_CRAWL_DELAY="0",
        ).start()
        yield running
        running.stop()


@pytest.fixture(scope="module")
def shop(host: Server) -> Iterator[Desk]:
    with host.client(owner=True) as owner, host.client() as visitor:
        yield Desk(owner, visitor)


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
        {
            "https://your-domain.com": host.url,
            "sk_live_your_api_key_here": key,
            "YOUR_API_KEY": key,
            "your-chatbot-id": shop.project_id,
            "https://example.com/help": f"{help_site.url}/help",
            "source-id": source,
        }
    )


@pytest.fixture(scope="module")
def noras(host: Server, shop: Desk) -> Supplies:
    key = bearer(key_of(shop.owner, "sk_", project_ids=[shop.project_id]))
    widget_key = shop.project_id.replace("proj_", "widget_")
    return Supplies(
        {
            "https://www.noras.ai": host.url,
            **dict.fromkeys(("sk_your_api_key_here", "sk_your_api_key", "YOUR_API_KEY"), key),
            **dict.fromkeys(("widget_xyz123", "widget_abc123"), widget_key),
        }
    )


@pytest.fixture(scope="module")
def orac(host: Server, shop: Desk) -> Supplies:
    key = bearer(key_of(shop.owner, "orac_live_", project_ids=[shop.project_id]))
    return Supplies({"https://askorac.com": host.url, "orac_live_...": key})


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
        export = tmp_path_factory.mktemp("novachat") / "faq_export.json"
        export.write_text('[{"question": "Do you ship abroad?", "answer": "Yes."}]')
        yield Supplies(
            {
                "https://novailink.com": host.url,
                "$TOKEN": account.token,
                "process.env.NOVA_CHAT_TOKEN": json.dumps(account.token),
                "nc_live_xxx": account.key("write"),
                "wk_live_YOUR_TOKEN": domain["website_token"],
                "domains/118/": f"domains/{domain['domain_id']}/",
                '"ai_bot_config_id":1': f'"ai_bot_config_id":{agent["id"]}',
                '"conversation_id":360': f'"conversation_id":{begun["id"]}',
                "conversation_id=360": f"conversation_id={begun['id']}",
                "@faq_export.json": f"@{export}",
            }
        )


def fields(*names: str) -> Callable[[str], None]:
    """Return a check that what was printed is an object with just these fields."""

    def check(printed: str) -> None:
        assert set(json.loads(printed)) == set(names), printed

    return check


def several(*names: str | None) -> Callable[[str], None]:
    """Return a check that values were printed one after the other: objects with a field, or lists.

    A name stands for an object that has this field, None for a list that is not empty.
    """

    def check(printed: str) -> None:
        rest = printed.strip()
        for name in names:
            value, end = json.JSONDecoder().raw_decode(rest)
            assert isinstance(value, list) and value if name is None else name in value, printed
            rest = rest[end:].strip()
        assert rest == "", printed

    return check


def some_text(printed: str) -> None:
    assert printed.strip() not in ("", "undefined", "None"), printed


SETTINGS = (
    *("primary_color", "position", "welcome_message", "quick_prompts"),
    *("lead_capture", "behavior"),
)
SOURCE = ("id", "type", "title", "url", "status", "created_at", "chatbot_id")
CHAT = ("success", "message", "conversation_id", "timestamp")
SHAPES: dict[str, dict[str, Callable[[str], None]]] = {
    "chatorex": {
        "authentication": fields("sources"),
        "send a message": fields("response", "session_id", "sources", "confidence"),
        "list sources": fields("sources"),
        "add a source": fields(*SOURCE),
        "remove a source": fields("success"),
        "list leads": fields("leads"),
        "widget config": fields(
            *("chatbot_id", "name", "primary_color", "position", "welcome_message"),
            *("quick_prompts", "show_branding"),
        ),
        "widget settings": fields(*SETTINGS),
        "change the widget settings": fields(*SETTINGS),
    },
    "noras": {
        "quick start": fields(*CHAT),
        "send a message": fields(*CHAT),
        "send a message in JavaScript": some_text,
        "send a message in Python": some_text,
        "get conversations": fields("success", "conversations", "total", "has_more"),
    },
    "novachat": {
        "create an account": several("trial_ends_at"),
        "log in": fields("token", "user"),
        "account status": several("agentic_rag_enabled"),
        "bind a domain": several("website_token"),
        "agents": several(None, "bot_name"),
        "AI for a domain": several("ai_bot_config_id"),
        "an API key": fields("key", "full_key"),
        "begin a conversation": several("contact"),
        "send a message": several("sender_type"),
        "read messages": fields("messages"),
        "items": several(None, "category"),
        "push items": several(None),
        "import items": fields("imported", "errors", "items"),
        "push from a pipeline": some_text,
        "push scraped pairs": some_text,
    },
    "orac": {"list conversations": fields("conversations", "total", "limit", "offset")},
}
EXAMPLES = [one for vendor in SHAPES for one in examples(vendor)]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_runs_as_printed(
    request: pytest.FixtureRequest, example: Example, tmp_path: Path
) -> None:
    supplies: Any = request.getfixturevalue(example.vendor)
    printed = run(example, supplies, tmp_path)
    SHAPES[example.vendor][example.name](printed)


def test_every_example_has_a_shape() -> None:
    for vendor, shapes in SHAPES.items():
        assert [one.name for one in examples(vendor)] == list(shapes)


def test_nothing_but_line_breaks_is_restored() -> None:
    for example in EXAMPLES:
        assert restored(example).replace("\n", " ").split() == example.text.split(), example


def test_an_example_that_fails_is_seen(host: Server, tmp_path: Path) -> None:
    wrong = Example("noras", "py", "wrong", "import requests\nrequests.get(HOST)")
    with pytest.raises(AssertionError, match="NameError"):
        run(wrong, Supplies(), tmp_path)
    assert httpx.get(f"{host.url}/healthz").status_code == 200
