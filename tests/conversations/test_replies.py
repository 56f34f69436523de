"""People who reply, hand back and close: who may, what changes, and what visitors are told."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import httpx
import pytest

from answerdesk.conversations.reply.stream import Accepted, Concluded, Notice
from answerdesk.providers.chat_model import ChatRequest, ModelEvent
from answerdesk.providers.fake_chat_model import FakeChatModel
from tests.conftest import Desk, Rows
from tests.conversations.program import Program, answer_in, conversation_in
from tests.conversations.visitors.orac import Orac
from tests.conversations.visitors.site import Guest, Site, assert_problem

UNKNOWN = "conv_0198c0de0000700080000000000000d7"
ACTIONS = ("messages", "claim", "assign", "hand-back", "close", "reopen")


def bare(public: str) -> UUID:
    return UUID(public.partition("_")[2])


def key_with(owner: httpx.Client, **fields: Any) -> dict[str, str]:
    made = owner.post("/v1/api-keys", json={"name": "Test", **fields})
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}


def act(
    client: httpx.Client, conversation_id: str, action: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    bodies = {"messages": {"content": "Ana here."}, "assign": {"member_id": None}}
    body = bodies.get(action)
    path = f"/v1/conversations/{conversation_id}/{action}"
    return client.post(path, json=body, headers=headers or {})


def state(site: Site, conversation_id: str) -> str:
    return str(site.owner.get(f"/v1/conversations/{conversation_id}").json()["state"])


def events(rows: Rows, conversation_id: str) -> list[str]:
    """Return what happened, but for messages and answers."""
    found = rows(
        "select type, payload->>'state' from event where payload->>'conversation_id' = %s"
        " and (payload ? 'state' or payload->>'author' = 'human') order by id",
        conversation_id,
    )
    names = [(one.rpartition(".")[2], state) for one, state in found]
    return [f"{name} {state}" if name == "updated" else name for name, state in names]


@pytest.mark.parametrize("action", ACTIONS)
def test_it_takes_the_scope_and_the_project(
    site: Site, owner: httpx.Client, desk: Desk, action: str
) -> None:
    conversation_id = site.guest().start()
    assert act(site.visitor, conversation_id, action).status_code == 401
    reader = key_with(owner, scopes=["conversations:read"])
    refused = act(site.visitor, conversation_id, action, reader)
    assert_problem(refused, 403, "scope_missing")
    elsewhere = key_with(owner, scopes=["write"], project_ids=[desk.project_id])
    for name in (conversation_id, UNKNOWN, "conv_", "x"):
        refused = act(site.visitor, name, action, elsewhere)
        assert_problem(refused, 404, "conversation_not_found")
    assert state(site, conversation_id) == "ai"
    writer = key_with(owner, scopes=["conversations:write"])
    assert act(site.visitor, conversation_id, action, writer).is_success


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content": ""},
        {"content": " \n"},
        {"content": None},
        {"content": 1},
        {"content": "a\0b"},
        {"content": "x" * 8001},
        {"content": "Hi", "author": "human"},
        {"content": "Hi", "seen": "x" * 201},
        {"content": "Hi", "go_ahead": None},
    ],
)
def test_a_malformed_reply_is_refused(site: Site, body: dict[str, Any]) -> None:
    conversation_id = site.guest().start()
    refused = site.owner.post(f"/v1/conversations/{conversation_id}/messages", json=body)
    assert_problem(refused, 422, "invalid_input")
    assert state(site, conversation_id) == "ai"


def test_a_closed_one_is_not_handed_back(site: Site, rows: Rows) -> None:
    conversation_id = site.guest().start()
    assert act(site.owner, conversation_id, "close").json()["state"] == "closed"
    assert_problem(act(site.owner, conversation_id, "hand-back"), 409, "conversation_closed")
    # Closing it again changes nothing.
    assert act(site.owner, conversation_id, "close").status_code == 200
    assert events(rows, conversation_id) == ["started", "ended"]


def test_a_deleted_projects_is_gone(site: Site) -> None:
    conversation_id = site.guest().start()
    assert site.owner.delete(site.path).status_code == 204
    for action in ACTIONS:
        refused = act(site.owner, conversation_id, action)
        assert_problem(refused, 404, "conversation_not_found")


def test_a_reply_takes_over_and_reaches_the_visitor_until_it_is_handed_back(
    site: Site, rows: Rows
) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    said = act(site.owner, conversation_id, "messages")
    assert said.status_code == 201
    assert (said.json()["author"], said.json()["content"]) == ("human", "Ana here.")
    shown = ada.messages(conversation_id)[-1]
    # Visitors read in words how certain an answer is, and their rating; a reply has neither yet.
    assert (shown.pop("certainty"), shown.pop("rating")) == (None, None)
    assert shown == {key: one for key, one in said.json().items() if key != "confidence"}
    assert state(site, conversation_id) == "human"
    # Every message is kept now, also one said twice.
    for _ in range(2):
        chat = ada.ask("And to Norway?", conversation_id=conversation_id)
        assert chat.names == ["accepted", "notice", "done"]
        assert chat.first("done") == {"message_id": None, "decision": None}
    act(site.owner, conversation_id, "messages")
    handed = act(site.owner, conversation_id, "hand-back")
    assert (handed.json()["id"], handed.json()["state"]) == (conversation_id, "ai")
    # Nobody has answered that one, and the assistant does now.
    chat = ada.ask("And to Norway?", conversation_id=conversation_id)
    assert chat.first("done")["decision"] == "abstain"
    authors = [one["author"] for one in ada.messages(conversation_id)]
    assert authors == [
        *("visitor", "assistant", "human", "visitor", "visitor", "human"),
        # The visitor is told that the assistant has it again.
        *("assistant", "visitor", "assistant"),
    ]
    assert events(rows, conversation_id) == [
        *("started", "updated human", "sent", "sent", "updated ai"),
    ]


def test_a_reply_is_polled_and_rated_on_oracs_tier(site: Site, orac: Orac) -> None:
    conversation_id = orac.start()
    said = act(site.owner, conversation_id, "messages").json()
    polled = orac.messages(conversation_id, since=said["created_at"]).json()["messages"]
    assert [(one["id"], one["role"], one["content"], one["sources"]) for one in polled] == [
        (said["id"], "assistant", "Ana here.", ["human_reply"])
    ]
    rating = {"message_id": said["id"], "rating": "positive"}
    assert orac.client.post("/api/widget/feedback", json=rating).status_code == 200


def test_a_reply_is_rated_and_the_visitors_own_words_are_not(site: Site) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    said = act(site.owner, conversation_id, "messages").json()
    path = f"conversations/{conversation_id}/feedback"
    own = ada.messages(conversation_id)[0]
    assert_problem(ada.post(path, message_id=own["id"], rating="positive"), 422, "not_an_answer")
    assert ada.post(path, message_id=said["id"], rating="negative").status_code == 204


def test_a_reply_with_the_same_key_is_sent_once(site: Site) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    headers = {"Idempotency-Key": "reply-1"}
    replies = [act(site.owner, conversation_id, "messages", headers) for _ in range(2)]
    assert replies[0].json() == replies[1].json()
    assert len(ada.messages(conversation_id)) == 3


def test_a_closed_one_reopens(site: Site, rows: Rows) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    act(site.owner, conversation_id, "close")
    chat = ada.ask(conversation_id=conversation_id)
    assert chat.first("done")["decision"] == "abstain"
    assert state(site, conversation_id) == "ai"
    act(site.owner, conversation_id, "close")
    act(site.owner, conversation_id, "messages")
    assert state(site, conversation_id) == "human"
    act(site.owner, conversation_id, "close")
    asked = ada.post(f"conversations/{conversation_id}/escalate")
    assert asked.status_code == 204
    assert state(site, conversation_id) == "waiting"
    assert events(rows, conversation_id) == [
        *("started", "ended", "reopened", "updated ai"),
        *("ended", "reopened", "updated human", "sent"),
        *("ended", "reopened", "escalated", "updated waiting"),
    ]


def test_a_message_to_a_closed_one_may_ask_for_a_person(site: Site, rows: Rows) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    act(site.owner, conversation_id, "close")
    ada.ask("I want to talk to a human, please.", conversation_id=conversation_id)
    assert state(site, conversation_id) == "waiting"
    assert events(rows, conversation_id)[2:] == [
        "reopened",
        "updated ai",
        "escalated",
        "updated waiting",
    ]


class HeldModel(FakeChatModel):
    """A model that begins to write when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        self.asked.set()
        await self.go_on.wait()
        async for event in super().stream(request):
            yield event


@pytest.mark.parametrize("handed_back", [False, True])
async def test_an_answer_in_progress_is_not_stored(program: Program, handed_back: bool) -> None:
    program.desk.add_text("Prices", "The small plan costs nine euros a month.")
    model = HeldModel()
    asking = program.of(model=model)
    stream = await asking.reply.chat(asking.message("ada"))
    accepted = await anext(stream)
    assert isinstance(accepted, Accepted)
    conversation_id = conversation_in([accepted])
    await model.asked.wait()
    program.do(conversation_id, "messages", content="Ana here.")
    if handed_back:
        program.do(conversation_id, "hand-back")
    model.go_on.set()
    told = [event async for event in stream]
    assert isinstance(told[-1], Notice), told
    said = ["visitor", "human", *(["assistant"] if handed_back else [])]
    assert [author for author, _ in program.course(conversation_id)] == said
    if handed_back:
        # It counts as not answered, and is now.
        assert "nine euros" in answer_in(await asking.say("ada"))
        assert len(program.course(conversation_id)) == 4


async def test_an_answer_outlives_a_close(program: Program) -> None:
    program.desk.add_text("Prices", "The small plan costs nine euros a month.")
    model = HeldModel()
    asking = program.of(model=model)
    stream = await asking.reply.chat(asking.message("ada"))
    conversation_id = conversation_in([await anext(stream)])
    await model.asked.wait()
    program.do(conversation_id, "close")
    model.go_on.set()
    told = [event async for event in stream]
    assert isinstance(told[-1], Concluded)
    assert program.state(conversation_id) == "closed"


def test_a_guest_is_not_a_person_of_the_account(site: Site) -> None:
    ada: Guest = site.guest()
    conversation_id = ada.start()
    for action in ACTIONS:
        assert act(site.visitor, conversation_id, action, ada.headers).status_code == 401
