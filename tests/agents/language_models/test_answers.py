"""Visitors' questions answered by a model of the catalogue: a real server, a real wire."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.agents.language_models.conftest import CHAT, KEY, Models, refuses, says
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Guest, Site
from tests.dialects.orac.chat import Chat, parse_frames
from tests.waiting import PATIENCE
from tests.webhooks.receiver import Receiver, answer

PRICES = "The small plan costs nine euros a month. Delivery takes three days."
QUESTION = "What does the small plan cost?"
SAID = ("The small plan ", "costs nine euros ", "a month [1].", " It flies to the moon.")
WHOLE = "The small plan costs nine euros a month. [1] It flies to the moon."


class Shop:
    """A project whose agent answers with a model of the catalogue."""

    def __init__(self, site: Site, receiver: Receiver) -> None:
        self.site = site
        self.models = Models(site, receiver)
        site.add_text("Prices", PRICES)
        self.model = self.models.add("Fast", key=KEY)
        [agent] = site.owner.get(f"{site.path}/agents").json()["items"]
        self.agent = f"{site.path}/agents/{agent['id']}"
        self.use(model="Fast")

    def use(self, **settings: Any) -> None:
        changed = self.site.owner.patch(self.agent, json=settings)
        assert changed.status_code == 200, changed.text

    def cap(self, **caps: Any) -> None:
        self.site.change(spending_caps=caps)

    def trace(self, conversation: str) -> dict[str, Any]:
        """Return how the conversation's first question was answered."""
        listed = self.site.owner.get(f"/v1/conversations/{conversation}").json()["messages"]
        trace: dict[str, Any] = listed[0]["turn"]["trace"]["generation"]
        return trace


@pytest.fixture
def shop(owner: httpx.Client, visitor: httpx.Client, receiver: Receiver) -> Shop:
    return Shop(Site(owner, visitor), receiver)


def text_of(chat: Chat) -> str:
    return "".join(data["text"] for name, data in chat.frames if name == "token")


def last(guest: Guest, chat: Chat) -> dict[str, Any]:
    """Return the answer that is stored."""
    [_, stored] = guest.messages(str(chat.first("accepted")["conversation_id"]))
    return stored


def test_an_answer_is_streamed_proved_stored_and_billed(shop: Shop) -> None:
    shop.models.answers(says(*SAID, asked=50))
    guest = shop.site.guest()
    chat = guest.ask(QUESTION)
    assert text_of(chat) == WHOLE
    stored = last(guest, chat)
    assert stored["content"] == WHOLE
    [source] = stored["sources"]
    assert source["title"] == "Prices"
    [block] = stored["blocks"]
    assert (block["source"], block["unsupported"]) == (0, ["It flies to the moon."])
    [asked] = shop.models.asked()
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    trace = shop.trace(str(chat.first("accepted")["conversation_id"]))
    assert (trace["model"], trace["failed"], trace["input_tokens"]) == ("tiny", None, 50)
    assert [one["supported"] for one in trace["verdicts"]] == [True, False]
    assert PRICES in trace["prompt"][0]["text"]
    usage = shop.site.owner.get("/v1/language-models/usage").json()
    [used] = [one for one in usage["models"] if one["project_id"] == shop.site.project_id]
    assert used["day"]["input_tokens"] == 50
    assert used["day"]["output_tokens"] == len(SAID)


def test_what_is_not_supported_is_not_sent_where_the_owner_wants_that(shop: Shop) -> None:
    shop.use(verification="remove")
    shop.models.answers(says(*SAID))
    assert (
        text_of(shop.site.guest().ask(QUESTION)) == "The small plan costs nine euros a month. [1]"
    )


def test_the_agents_persona_and_instructions_reach_the_model(shop: Shop) -> None:
    shop.use(persona="You are Ada.", instructions="Never speak of rivals.")
    shop.models.answers(says(*SAID))
    shop.site.guest().ask(QUESTION)
    [asked] = shop.models.asked()
    system = asked.json["messages"][0]["content"]
    assert system.startswith("You are Ada.\n\nNever speak of rivals.")


@pytest.mark.parametrize("status", [400, 401, 429, 500, 529])
def test_without_the_model_the_passages_answer(shop: Shop, server: Server, status: int) -> None:
    shop.models.answers(*[refuses(status)] * 5)
    chat = shop.site.guest().ask(QUESTION)
    assert "nine euros" in text_of(chat)
    assert KEY not in str(chat.frames)
    assert shop.models.receiver.url not in str(chat.frames)
    assert KEY not in server.log()
    assert len(shop.models.asked()) <= 3


def test_the_next_model_answers_if_the_first_does_not(shop: Shop) -> None:
    second = shop.models.add("Slow", model="large")
    path = f"/v1/language-models/{shop.model['id']}"
    changed = shop.site.owner.patch(path, json={"fallback": second["id"]})
    assert changed.status_code == 200, changed.text
    shop.models.answers(refuses(401), says(*SAID))
    guest = shop.site.guest()
    chat = guest.ask(QUESTION)
    assert text_of(chat) == WHOLE
    assert [one.json["model"] for one in shop.models.asked()] == ["tiny", "large"]
    trace = shop.trace(str(chat.first("accepted")["conversation_id"]))
    assert (trace["model"], trace["attempts"]) == ("large", 2)
    usage = shop.site.owner.get("/v1/language-models/usage").json()
    used = [one["name"] for one in usage["models"] if one["project_id"] == shop.site.project_id]
    assert used == ["Slow"]


def test_an_answer_that_breaks_off_is_void_and_given_by_the_passages_once(
    shop: Shop, rows: Rows
) -> None:
    cut = b'data: {"choices": [{"delta": {"content": "The small plan costs "}}]}\n\n'
    shop.models.answers(answer(200, cut, content_type="text/event-stream"))
    guest = shop.site.guest()
    chat = guest.ask(QUESTION)
    assert chat.frames[-1][0] == "error"
    assert chat.frames[-1][1]["code"] == "answer_cut"
    conversation = str(chat.first("accepted")["conversation_id"])
    [_, stored] = guest.messages(conversation)
    assert stored["content"] == PRICES
    again = guest.ask(QUESTION, conversation_id=conversation)
    assert "nine euros" in text_of(again)
    assert len(guest.messages(conversation)) == 2, "it is answered twice"
    assert len(shop.models.asked()) == 1


def test_over_a_cap_no_model_is_asked(shop: Shop) -> None:
    shop.cap(per_day={"tokens": 10})
    guest = shop.site.guest()
    assert "nine euros" in text_of(guest.ask(QUESTION))
    assert shop.models.asked() == []
    shop.cap(per_day={"tokens": 100_000})
    shop.models.answers(says(*SAID))
    assert text_of(guest.ask(f"{QUESTION} Please.")) == WHOLE


def test_no_call_beyond_the_budget_however_many_ask_at_once(shop: Shop, server: Server) -> None:
    """Two hundred ask at the same time, where the day has room for ten."""
    price = 1_000_000  # Of a token, in millionths of a millionth: one millionth each.
    path = f"/v1/language-models/{shop.model['id']}"
    priced = {"input_price": price, "output_price": price, "currency": "EUR", "max_tokens": 100}
    assert shop.site.owner.patch(path, json=priced).status_code == 200
    shop.models.answers(says(*SAID, asked=50))
    shop.site.guest().ask(QUESTION)
    turns = shop.models.asked()[0].json["messages"]
    most = sum(len(turn["content"].encode()) + 16 for turn in turns) + 16 + 100
    room = 10 * most
    shop.cap(per_day={"money": room})
    guests = [shop.site.guest() for _ in range(200)]

    async def all_at_once() -> list[Chat]:
        async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as client:
            replies = await asyncio.gather(
                *(
                    client.post(
                        "/v1/visitor/chat", json={"message": QUESTION}, headers=guest.headers
                    )
                    for guest in guests
                )
            )
        return [parse_frames(reply.text) for reply in replies]

    chats = asyncio.run(all_at_once())
    written = [chat for chat in chats if text_of(chat) == WHOLE]
    assert len(chats) == 200
    assert all("nine euros" in text_of(chat) for chat in chats)
    assert len(shop.models.receiver.of(CHAT)) - 1 == len(written)
    assert written
    usage = shop.site.owner.get("/v1/language-models/usage").json()
    [used] = [one for one in usage["projects"] if one["project_id"] == shop.site.project_id]
    assert used["day"]["money"] <= room
    assert used["day"]["money"] == (len(written) + 1) * (50 + len(SAID))
