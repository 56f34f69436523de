"""Nova Chat's widget tier, as pages use it."""

from typing import Any

import httpx
import pytest

from tests.dialects.novachat.shop import Shop, refused
from tests.waiting import PATIENCE, attempts

BEGIN = "/api/v1/widget/conversations"
MESSAGES = "/api/v1/widget/messages"
RETURNS = ("Within how many days can I return goods?", "You can return goods within thirty days.")


class Page:
    """A page of a bound website."""

    def __init__(self, shop: Shop, website_url: str = "https://mycompany.example") -> None:
        self.client = shop.client
        self.domain = shop.bind(website_url)
        self.token: str = self.domain["website_token"]

    def send(self, path: str, body: Any, **fields: Any) -> httpx.Response:
        params = {"website_token": self.token}
        return self.client.post(path, params=params, json=body, **fields)

    def begin(self, message: str, **contact: str) -> dict[str, Any]:
        begun = self.send(BEGIN, {"contact": contact, "message": message})
        assert begun.status_code == 201, begun.text
        conversation: dict[str, Any] = begun.json()
        return conversation

    def say(self, conversation_id: int, content: str) -> dict[str, Any]:
        body = {"conversation_id": conversation_id, "content": content}
        sent = self.send(MESSAGES, body)
        assert sent.status_code == 201, sent.text
        message: dict[str, Any] = sent.json()
        return message

    def read(self, conversation_id: int, token: str = "") -> httpx.Response:
        params = {"website_token": token or self.token, "conversation_id": str(conversation_id)}
        return self.client.get(MESSAGES, params=params)

    def wait(self, conversation_id: int, count: int) -> list[dict[str, Any]]:
        """Wait until the conversation has so many messages; return them."""
        said: list[dict[str, Any]] = []
        for _ in attempts(PATIENCE):
            said = self.read(conversation_id).json()["messages"]
            if len(said) >= count:
                break
        assert len(said) == count, said
        return said


@pytest.fixture
def page(large: Shop) -> Page:
    large.add(*RETURNS)
    return Page(large)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"message": ""},
        {"message": 7},
        {"message": "x" * 8001},
        {"message": "Hi", "contact": "John"},
        {"message": "Hi", "contact": {"name": 7}},
        {"message": "Hi", "contact": {"email": "x" * 321}},
    ],
)
def test_a_malformed_beginning_is_refused(page: Page, body: Any) -> None:
    refused(page.send(BEGIN, body), 400)


def test_a_malformed_message_is_refused(page: Page) -> None:
    begun = page.begin("Hello there")
    for body in (
        {"content": "Hi"},
        {"conversation_id": begun["id"]},
        {"conversation_id": begun["id"], "content": " "},
        {"conversation_id": "x", "content": "Hi"},
        {"conversation_id": 2**53, "content": "Hi"},
    ):
        refused(page.send(MESSAGES, body), 400)
    for query in ("", "conversation_id=x", "conversation_id=0", "conversation_id=9007199254740992"):
        refused(page.client.get(f"{MESSAGES}?website_token={page.token}&{query}"), 400)
    refused(page.client.get(f"{MESSAGES}?conversation_id={begun['id']}"), 400)
    refused(page.client.get(f"/api/v1/widget/nothing?website_token={page.token}"), 404)
    refused(page.client.delete(f"{MESSAGES}?website_token={page.token}"), 405)


def test_a_token_and_an_id_open_only_what_is_theirs(page: Page, visitor: httpx.Client) -> None:
    begun = page.begin("Hello there")
    other = Page(Shop(visitor, plan=None), "https://other.example")
    theirs = other.begin("Good morning")
    for token in ("wk_live_" + "0" * 32, "x", "", page.domain["id"]):
        params = {"website_token": token}
        refused(page.client.post(BEGIN, params=params, json={"message": "Hi"}), 404)
    for number in (theirs["id"], 1, 9007199254740991):
        refused(page.read(number), 404)
        body = {"conversation_id": number, "content": "Let me in"}
        refused(page.send(MESSAGES, body), 404)
    refused(page.read(begun["id"], other.token), 404)
    assert len(page.read(begun["id"]).json()["messages"]) >= 1


def test_a_token_opens_conversations_of_its_own_project_only(large: Shop, page: Page) -> None:
    begun = page.begin("Hello there")
    headers = {"Authorization": f"Bearer {large.token}"}
    project = large.client.post("/v1/projects", json={"name": "Second"}, headers=headers).json()
    path = f"/v1/projects/{project['id']}/domains"
    body = {"website_url": "https://second.example"}
    domain = large.client.post(path, json=body, headers=headers).json()
    page.token = domain["website_token"]
    refused(page.read(begun["id"]), 404)
    said = {"conversation_id": begun["id"], "content": "Let me in"}
    refused(page.send(MESSAGES, said), 404)
    assert page.begin("Hello")["id"] != begun["id"]


def test_a_wrong_key_is_refused_even_here(page: Page) -> None:
    unknown = {"Authorization": "Bearer nc_live_" + "x" * 43}
    refused(page.send(BEGIN, {"message": "Hi"}, headers=unknown), 401)
    # Anything else in this header is not meant for us.
    other = {"Authorization": "Basic eDp5"}
    assert page.send(BEGIN, {"message": "Hi"}, headers=other).status_code == 201


def test_only_the_sites_own_pages_may_use_it(large: Shop, page: Page) -> None:
    headers = {"Authorization": f"Bearer {large.token}"}
    (project,) = large.client.get("/v1/projects", headers=headers).json()["items"]
    allowed = {"settings": {"allowed_origins": ["https://mycompany.example"]}}
    path = f"/v1/projects/{project['id']}"
    assert large.client.patch(path, json=allowed, headers=headers).status_code == 200
    foreign = {"Origin": "https://evil.example"}
    own = {"Origin": "https://mycompany.example"}
    refused(page.send(BEGIN, {"message": "Hi"}, headers=foreign), 403)
    begun = page.send(BEGIN, {"message": "Hi"}, headers=own)
    assert begun.status_code == 201, begun.text
    assert begun.headers["access-control-allow-origin"] == "*"
    query = f"{MESSAGES}?website_token={page.token}&conversation_id={begun.json()['id']}"
    refused(page.client.get(query, headers=foreign), 403)
    assert page.client.get(query, headers=own).status_code == 200


def test_a_conversation_is_begun_and_answered(page: Page) -> None:
    begun = page.begin(RETURNS[0], name="John", email="john@example.com")
    assert set(begun) == {"id", "status", "contact", "created_at", "updated_at"}
    assert isinstance(begun["id"], int)
    assert begun["status"] == "open"
    assert begun["contact"] == {"name": "John", "email": "john@example.com"}
    said = page.wait(begun["id"], 2)
    assert set(said[0]) == {"id", "conversation_id", "content", "sender_type", "created_at"}
    assert [one["sender_type"] for one in said] == ["contact", "agent_bot"]
    assert said[0]["content"] == RETURNS[0]
    assert "thirty days" in said[1]["content"]
    assert {one["conversation_id"] for one in said} == {begun["id"]}
    sent = page.say(begun["id"], "Within how many days, please?")
    assert (sent["sender_type"], sent["content"]) == ("contact", "Within how many days, please?")
    said = page.wait(begun["id"], 4)
    assert said[2] == sent


def test_the_same_answer_twice_is_two_messages(page: Page) -> None:
    begun = page.begin(RETURNS[0])
    page.wait(begun["id"], 2)
    first = page.say(begun["id"], "Thirty days?")
    page.wait(begun["id"], 4)
    ids = {first["id"]}
    for _ in attempts(PATIENCE):
        ids.add(page.say(begun["id"], "Thirty days?")["id"])
        if len(ids) > 1:
            break
    assert len(ids) == 2


def test_anybody_may_claim_an_address_and_learns_nothing(page: Page) -> None:
    first = page.begin("My secret is 4711", email="john@example.com")
    second = page.begin("Hello", email="john@example.com")
    assert first["id"] != second["id"]
    said = page.read(second["id"]).json()["messages"]
    assert all("4711" not in one["content"] for one in said)


def test_without_a_contact_its_parts_are_empty(page: Page) -> None:
    begun = page.send(BEGIN, {"message": "Hello", "contact": {"name": None}})
    assert begun.json()["contact"] == {"name": "", "email": ""}
    begun = page.send(BEGIN, {"message": "Hello", "contact": None})
    assert begun.json()["contact"] == {"name": "", "email": ""}


def test_on_an_inactive_website_messages_wait_for_a_person(large: Shop, page: Page) -> None:
    before = page.begin("Hello there")
    page.wait(before["id"], 2)
    path = f"/nc-api/v1/account/domains/{page.domain['domain_id']}/ai-config"
    assert large.call("POST", path, json={"is_active": False}).status_code == 200
    begun = page.begin(RETURNS[0])
    assert begun["status"] == "pending"
    said = page.wait(begun["id"], 2)
    assert "thirty" not in said[1]["content"]
    assert "passed this conversation on to the team" in said[1]["content"]
    page.say(before["id"], RETURNS[0])
    said = page.wait(before["id"], 4)
    assert "passed this conversation on" in said[3]["content"]


def test_the_websites_agent_speaks_in_its_conversations(large: Shop, page: Page) -> None:
    """Each agent has office hours of its own, which the reply to a request for a person tells."""
    made = large.call("POST", "/nc-api/v1/agents", json={"bot_name": "Night"}).json()
    headers = {"Authorization": f"Bearer {large.token}"}
    (project,) = large.client.get("/v1/projects", headers=headers).json()["items"]
    agents = f"/v1/projects/{project['id']}/agents"
    (night,) = (
        one
        for one in large.client.get(agents, headers=headers).json()["items"]
        if one["name"] == "Night"
    )
    day = {"start": "00:00", "end": "00:01"}
    hours = {"timezone": "UTC", "days": {"mon": [day]}, "holidays": []}
    patch = {"availability": "own_hours", "hours": hours}
    changed = large.client.patch(f"{agents}/{night['id']}", json=patch, headers=headers)
    assert changed.status_code == 200, changed.text
    path = f"/nc-api/v1/account/domains/{page.domain['domain_id']}/ai-config"
    person = "I want to talk to a person"
    before = page.begin(person)
    large.call("POST", path, json={"ai_bot_config_id": made["id"]})
    after = page.begin(person)
    assert "as soon as they are free" in page.wait(before["id"], 2)[1]["content"]
    assert "Nobody is there" in page.wait(after["id"], 2)[1]["content"]
