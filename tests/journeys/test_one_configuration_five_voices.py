"""One account, five vendors' APIs: what is set up through one of them holds in all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import httpx
import pytest

from answerdesk.core.dialects import Dialect
from tests.conftest import Server, serving
from tests.dialects.novachat.shop import Shop
from tests.dialects.novachat.test_widget import Page
from tests.dialects.orac.chat import ask, parse_frames
from tests.waiting import PATIENCE, attempts
from tests.webhooks.hooks import created
from tests.webhooks.receiver import Receiver, receiving

PREFIXES: Final[Mapping[Dialect, str]] = {
    "chatorex": "sk_live_",
    "noras": "sk_",
    "novachat": "nc_live_",
    "novaro": "ad_live_",
    "orac": "orac_live_",
}
# Each is known by the dialect that it was added through: the question, and what answers it.
TOLD: Final[Mapping[Dialect, tuple[str, str, str]]] = {
    "chatorex": ("Ferry", "When does the ferry to Norway leave?", "on Tuesday at nine"),
    "novachat": ("Bicycles", "May I bring a bicycle on board?", "a bicycle travels free of charge"),
    "orac": ("Luggage", "How many suitcases may I bring?", "two suitcases"),
}
SENTENCES: Final[Mapping[Dialect, str]] = {
    "chatorex": "The ferry to Norway leaves on Tuesday at nine from pier seven.",
    "novachat": "Yes, a bicycle travels free of charge.",
    "orac": "Every passenger may bring two suitcases and one handbag.",
}


class Voices:
    """An account with a key for each dialect, and a website that is bound to its project."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.shop = Shop(client, plan=None)
        self.page = Page(self.shop)
        self.person = {"Authorization": f"Bearer {self.shop.token}"}
        (project,) = self.native("GET", "/v1/projects")["items"]
        self.project_id: str = project["id"]
        self.widget_key = self.project_id.replace("proj_", "widget_")
        self.keys = {dialect: self._key(prefix) for dialect, prefix in PREFIXES.items()}
        self.agent_id: str = self.call("novaro", "GET", "/api/v1/agents")["agents"][0]["id"]

    def _key(self, prefix: str) -> dict[str, str]:
        body = {"name": prefix, "scopes": ["read", "write"], "prefix": prefix}
        return {"Authorization": f"Bearer {self.native('POST', '/v1/api-keys', body)['key']}"}

    def native(self, method: str, path: str, body: Any = None) -> Any:
        return self._sent(method, path, self.person, body)

    def call(self, dialect: Dialect, method: str, path: str, body: Any = None) -> Any:
        """Call a dialect at its vendor's own path, with the key that leads there."""
        return self._sent(method, path, self.keys[dialect], body)

    def _sent(self, method: str, path: str, headers: dict[str, str], body: Any) -> Any:
        answer = self.client.request(method, path, headers=headers, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def add_knowledge(self) -> None:
        """Add a piece of knowledge through each dialect that takes some."""
        fields: Mapping[Dialect, str] = {"chatorex": "chatbot_id", "orac": "project_id"}
        for dialect, field in fields.items():
            title, sentence = TOLD[dialect][0], SENTENCES[dialect]
            body = {"type": "text", "title": title, "content": sentence, field: self.project_id}
            self.call(dialect, "POST", "/api/sources", body)
        item = {"title": TOLD["novachat"][1], "content": SENTENCES["novachat"]}
        self.call("novachat", "POST", "/nc-api/v1/knowledge_base/items", item)
        listed: list[Any] = []
        for _ in attempts(PATIENCE):
            listed = self.call("orac", "GET", "/api/sources")["sources"]
            if {one["status"] for one in listed} == {"Ready"}:
                return
        raise AssertionError(listed)

    def ask(self, dialect: Dialect, question: str) -> str:
        """Ask somebody's question through a dialect; return the answer."""
        return _ASKS[dialect](self, question)


def _ask_chatorex(voices: Voices, question: str) -> str:
    body = {"message": question, "chatbot_id": voices.project_id}
    return str(voices.call("chatorex", "POST", "/api/chat", body)["response"])


def _ask_noras(voices: Voices, question: str) -> str:
    body = {"message": question, "widget_key": voices.widget_key, "user_code": question}
    return str(voices.call("noras", "POST", "/api/chat", body)["message"])


def _ask_novachat(voices: Voices, question: str) -> str:
    begun = voices.page.begin(question)
    return str(voices.page.wait(begun["id"], 2)[1]["content"])


def _ask_novaro(voices: Voices, question: str) -> str:
    body = {"agentId": voices.agent_id, "messages": [{"role": "user", "content": question}]}
    return str(voices.call("novaro", "POST", "/api/v1/messages", body)["messages"][0]["content"])


def _ask_orac(voices: Voices, question: str) -> str:
    return ask(voices.client, voices.project_id, question).text


_ASKS: Final[Mapping[Dialect, Callable[[Voices, str], str]]] = {
    "chatorex": _ask_chatorex,
    "noras": _ask_noras,
    "novachat": _ask_novachat,
    "novaro": _ask_novaro,
    "orac": _ask_orac,
}


@pytest.fixture
def product() -> Iterator[Server]:
    """The product as it ships, real model included; it may send to this machine."""
    with serving(
        ANSWERDESK_EMBEDDER="minilm",
        ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8",
        ANSWERDESK_REPLY_DELAYS="0.1:100",
    ) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def test_one_configuration_has_five_voices(product: Server, receiver: Receiver) -> None:
    with product.client() as client:
        voices = Voices(client)
        voices.add_knowledge()
        for dialect in PREFIXES:
            for _, question, answer in TOLD.values():
                assert answer in voices.ask(dialect, question), (dialect, question)
        what_begins_on_a_widget_is_listed_by_all(voices)
        what_one_sets_the_others_read(voices)
        each_preset_is_told(voices, receiver)


def what_begins_on_a_widget_is_listed_by_all(voices: Voices) -> None:
    said = "Is there a café on the ferry?"
    with_orac = ask(voices.client, voices.project_id, said).conversation_id
    wish = {"conversation_id": with_orac, "email": "ola@example.com"}
    assert voices.client.post("/api/widget/escalate", json=wish).status_code == 200
    with_novachat = voices.page.begin(said, name="Kim", email="kim@example.com")["id"]
    voices.page.wait(with_novachat, 2)

    path = f"/api/conversations/{voices.widget_key}"
    rows = voices.call("noras", "GET", path)["conversations"]
    by_noras = [one["id"] for one in rows if one["message"] == said]
    listed = voices.call("orac", "GET", "/api/conversations")["conversations"]
    by_orac = {one["id"]: one for one in listed}
    assert len(by_noras) == 2
    assert with_orac in by_noras
    assert by_orac[with_orac]["status"] == "waiting"
    (other,) = [one for one in by_noras if one != with_orac]
    assert by_orac[other]["visitor_email"] == "kim@example.com"

    numbers = voices.call("novachat", "GET", "/nc-api/v1/conversations")
    assert [one["contact"]["name"] for one in numbers if one["id"] == with_novachat] == ["Kim"]
    (waiting,) = [one["id"] for one in numbers if one["status"] == "pending"]
    shown = voices.call("novachat", "GET", f"/nc-api/v1/conversations/{waiting}")
    assert shown["messages"][0]["content"] == said
    for dialect in ("chatorex", "orac"):
        leads = voices.call(dialect, "GET", "/api/leads")["leads"]
        assert [one["email"] for one in leads] == ["ola@example.com"], dialect
    # A person replies through one; the visitor reads it in the other.
    reply = {"conversation_id": waiting, "content": "Yes, on deck two."}
    voices.call("novachat", "POST", "/nc-api/v1/conversations", reply)
    polled = voices.client.get("/api/widget/messages", params={"conversationId": with_orac}).json()
    assert polled["messages"][-1]["content"] == "Yes, on deck two."
    assert polled["messages"][-1]["sources"] == ["human_reply"]


def what_one_sets_the_others_read(voices: Voices) -> None:
    def read() -> tuple[Any, ...]:
        chatorex = voices.call("chatorex", "GET", "/api/widget-settings")
        config = voices.call("chatorex", "GET", "/api/widget-config")
        noras = voices.call("noras", "GET", f"/api/widgets/{voices.widget_key}")["widget"]
        orac = voices.client.get("/api/widget/config", params={"id": voices.project_id}).json()
        welcomes = {
            *(chatorex["welcome_message"], config["welcome_message"]),
            *(noras["welcome_message"], orac["settings"]["welcome"]),
        }
        colors = {chatorex["primary_color"], config["primary_color"], orac["settings"]["color"]}
        positions = {chatorex["position"], config["position"], orac["settings"]["position"]}
        return welcomes, colors, positions, {noras["name"], config["name"], orac["name"]}

    look = {"primary_color": "#4F46E5", "welcome_message": "Ahoy!", "position": "bottom-left"}
    voices.call("chatorex", "PUT", "/api/widget-settings", look)
    assert read()[:3] == ({"Ahoy!"}, {"#4F46E5"}, {"bottom-left"})
    named = {"name": "Ferries", "welcome_message": "Welcome aboard"}
    voices.call("noras", "PATCH", f"/api/widgets/{voices.widget_key}", named)
    assert read() == ({"Welcome aboard"}, {"#4F46E5"}, {"bottom-left"}, {"Ferries"})

    bot = {"bot_name": "Anna", "system_prompt": "Be brief."}
    voices.call("novachat", "POST", "/nc-api/v1/agents", bot)
    agents = voices.call("novaro", "GET", "/api/v1/agents")["agents"]
    assert [one["instructions"] for one in agents if one["name"] == "Anna"] == ["Be brief."]
    made = {"name": "Ben", "projectId": voices.project_id}
    voices.call("novaro", "POST", "/api/v1/agents", made)
    bots = voices.call("novachat", "GET", "/nc-api/v1/agents")
    assert "Ben" in [one.get("bot_name") for one in bots]


def each_preset_is_told(voices: Voices, receiver: Receiver) -> None:
    address = voices.client.base_url
    with httpx.Client(base_url=address, headers=voices.person, timeout=PATIENCE) as person:
        for preset in ("standard", "noras", "novachat", "orac"):
            created(
                person,
                url=receiver.at(f"/{preset}"),
                format=preset,
                events=["conversation.started"],
                project_id=voices.project_id,
            )
    hook = voices.call("novaro", "POST", "/api/v1/webhooks", {"url": receiver.at("/novaro")})
    later = {
        "agentId": voices.agent_id,
        "webhookId": hook["id"],
        "reference": "A1",
        "messages": [{"role": "user", "content": TOLD["chatorex"][1]}],
    }
    voices.call("novaro", "POST", "/api/v1/messages/async", later)
    stream = voices.client.post(
        "/api/chat", json={"project_id": voices.project_id, "message": "Good morning"}
    )
    conversation_id = parse_frames(stream.text).conversation_id

    names = {"noras": "conversation.started", "novachat": "conversation_created"}
    for preset, name in {**names, "orac": "new_conversation"}.items():
        (received,) = receiver.wait_for(f"/{preset}", 1)
        assert received.json["event"] == name
    (received,) = receiver.wait_for("/standard", 1)
    assert received.json["type"] == "conversation.started"
    assert received.json["data"]["conversation_id"] == conversation_id
    (received,) = receiver.wait_for("/novaro", 1)
    assert received.json["reference"] == "A1"
    assert TOLD["chatorex"][2] in received.json["messages"][-1]["content"]
