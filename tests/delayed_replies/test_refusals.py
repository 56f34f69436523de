"""Requests for replies that are refused, natively: nothing is scheduled for them."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import Desk, Rows
from tests.delayed_replies.conftest import Agent
from tests.webhooks.receiver import Receiver

UNKNOWN = "0a1b2c3d4e5f40718293a4b5c6d7e8f9"
USER = {"role": "user", "content": "When does the ferry leave?"}


@pytest.fixture
def webhook(agent: Agent, receiver: Receiver) -> str:
    return agent.webhook(receiver)


def refused(answer: httpx.Response, status: int, code: str = "invalid_input") -> str:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    detail: str = answer.json()["detail"]
    return detail


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"deliver": "soon"}, "deliver"),
        ({"webhook_id": None}, "webhook_id is missing"),
        ({"deliver": "now"}, "webhook_id is only for"),
        ({"deliver": "now", "webhook_id": None, "reference": "r"}, "reference is only for"),
        (
            {"deliver": "now", "webhook_id": None, "conversation_id": "c"},
            "conversation_id is only for",
        ),
        ({"messages": []}, "messages"),
        ({"messages": [USER] * 201}, "messages"),
        ({"messages": [{"role": "visitor", "content": "x"}]}, "role"),
        ({"messages": [{**USER, "content": "x" * 20_001}]}, "content"),
        ({"messages": [{**USER, "content": "a\0b"}]}, "NUL"),
        ({"messages": [{**USER, "content": "\ud800"}]}, "UTF-8"),
        ({"messages": [{**USER, "created_at": 1}]}, "created_at"),
        ({"messages": None}, "messages"),
        ({"reference": "x" * 501}, "reference"),
        ({"reference": "\0"}, "NUL"),
        ({"context_ids": ["ctx_1"] * 11}, "context_ids"),
        ({"later": True}, "later"),
    ],
)
def test_a_malformed_request_is_refused(
    agent: Agent, webhook: str, change: dict[str, Any], told: str
) -> None:
    body = {**agent.asked(deliver="later", webhook_id=webhook), **change}
    # With escapes, as clients may send what isn't text.
    headers = {**agent.key, "Content-Type": "application/json"}
    answer = agent.desk.visitor.post(agent.path, content=json.dumps(body), headers=headers)
    assert told in refused(answer, 422)


@pytest.mark.parametrize(
    "last", [{"role": "assistant", "content": "Yes."}, {"role": "user", "content": " "}]
)
@pytest.mark.parametrize("deliver", ["now", "later"])
def test_the_last_message_has_to_be_a_users(
    agent: Agent, webhook: str, last: dict[str, str], deliver: str
) -> None:
    body: dict[str, Any] = {"messages": [USER, last], "deliver": deliver}
    if deliver == "later":
        body["webhook_id"] = webhook
    refused(agent.call("POST", agent.path, json=body), 422, "messages_invalid")


def test_a_request_of_more_than_200_kilobytes_is_refused(agent: Agent, webhook: str) -> None:
    messages = [{"role": "user", "content": "é" * 9_900}] * 11
    body = {"messages": messages, "deliver": "later", "webhook_id": webhook}
    detail = refused(agent.call("POST", agent.path, json=body), 413, "messages_too_large")
    assert "200,000" in detail


@pytest.mark.parametrize("place", ["unknown", "damaged", "another project's"])
def test_what_is_not_the_agents_is_unknown(
    agent: Agent, webhook: str, owner: httpx.Client, place: str
) -> None:
    beyond = Desk(owner, agent.desk.visitor)
    context = agent.made(f"{beyond.path}/contexts", name="x", text="x")["id"]
    [other] = agent.call("GET", f"{beyond.path}/agents").json()["items"]
    conversation = a_conversation(beyond)
    of_agent, of_context, of_conversation, of_webhook = {
        "unknown": (f"agent_{UNKNOWN}", f"ctx_{UNKNOWN}", f"conv_{UNKNOWN}", f"webhook_{UNKNOWN}"),
        "damaged": ("agent", "ctx_", "…", "w"),
        "another project's": (other["id"], context, conversation, None),
    }[place]
    path = f"{agent.desk.path}/agents/{of_agent}/replies"
    asked = agent.asked(deliver="later", webhook_id=webhook)
    refused(agent.call("POST", path, json=asked), 404, "agent_not_found")
    for deliver in ({}, {"deliver": "later", "webhook_id": webhook}):
        body = agent.asked(context_ids=[of_context], **deliver)
        refused(agent.call("POST", agent.path, json=body), 404, "context_not_found")
    body = {**asked, "conversation_id": of_conversation}
    refused(agent.call("POST", agent.path, json=body), 404, "conversation_not_found")
    if of_webhook is not None:
        body = {**asked, "webhook_id": of_webhook}
        refused(agent.call("POST", agent.path, json=body), 404, "webhook_not_found")


def a_conversation(desk: Desk, message: str = "Hello?") -> str:
    """Begin a conversation on Orac's tier; return its id."""
    body = {"project_id": desk.project_id, "message": message}
    answer = desk.visitor.post("/orac/api/chat", json=body)
    return "conv_" + answer.text.partition("conv_")[2][:32]


@pytest.mark.parametrize("name", ["noras", "novachat", "orac"])
def test_a_webhook_of_a_format_without_replies_is_refused(
    agent: Agent, receiver: Receiver, name: str
) -> None:
    body = agent.asked(deliver="later", webhook_id=agent.webhook(receiver, format=name))
    detail = refused(agent.call("POST", agent.path, json=body), 422, "webhook_format")
    assert detail.endswith("use one of the format novaro or standard")


def test_a_disabled_webhook_is_refused(agent: Agent, webhook: str) -> None:
    disabled = agent.call("PATCH", f"/v1/webhooks/{webhook}", json={"enabled": False})
    assert disabled.status_code == 200, disabled.text
    body = agent.asked(deliver="later", webhook_id=webhook)
    refused(agent.call("POST", agent.path, json=body), 409, "webhook_disabled")


@pytest.mark.parametrize("scopes", [["agents:read"], ["conversations:write"]])
def test_a_key_without_the_scope_is_refused(
    agent: Agent, webhook: str, owner: httpx.Client, scopes: list[str]
) -> None:
    made = owner.post("/v1/api-keys", json={"name": "x", "scopes": scopes}).json()
    headers = {"Authorization": f"Bearer {made['key']}"}
    body = agent.asked(deliver="later", webhook_id=webhook)
    answer = agent.desk.visitor.post(agent.path, json=body, headers=headers)
    refused(answer, 403, "scope_missing")


@pytest.mark.parametrize("reply_id", [f"reply_{UNKNOWN}", "reply", "…"])
def test_an_unknown_reply_is_not_found(agent: Agent, reply_id: str) -> None:
    for method in ("GET", "DELETE"):
        answer = agent.call(method, f"/v1/delayed-replies/{reply_id}")
        refused(answer, 404, "delayed_reply_not_found")


def test_a_key_of_another_project_reaches_no_reply(
    agent: Agent, webhook: str, owner: httpx.Client
) -> None:
    agent.leave()
    reply = agent.later(webhook)
    other = Desk(owner, agent.desk.visitor).project_id
    body = {"name": "x", "scopes": ["write"], "project_ids": [other]}
    key = owner.post("/v1/api-keys", json=body).json()["key"]
    for method in ("GET", "DELETE"):
        answer = agent.desk.visitor.request(
            method,
            f"/v1/delayed-replies/{reply['id']}",
            headers={"Authorization": f"Bearer {key}"},
        )
        refused(answer, 404, "delayed_reply_not_found")
    assert agent.shown(reply["id"])["state"] == "scheduled"


@pytest.mark.parametrize(("rows_of_it", "size"), [(9_999, 1), (100, 2_000_000)])
def test_what_an_account_may_have_pending_is_limited(
    agent: Agent, webhook: str, rows: Rows, rows_of_it: int, size: int
) -> None:
    agent.leave()
    reply = agent.later(webhook)
    uuid = UUID(reply["id"].removeprefix("reply_"))
    made = rows(
        "insert into delayed_reply (account_id, id, project_id, agent_id, endpoint_id, size,"
        " scheduled_for) select account_id, gen_random_uuid(), project_id, agent_id, endpoint_id,"
        " %s, scheduled_for from delayed_reply, generate_series(1, %s) where id = %s returning id",
        *(size, rows_of_it, uuid),
    )
    body = agent.asked(deliver="later", webhook_id=webhook)
    answer = agent.call("POST", agent.path, json=body)
    detail = refused(answer, 429, "too_many_delayed_replies")
    assert "10,000" in detail
    assert answer.headers["retry-after"] == "60"
    rows("delete from delayed_reply where id = any(%s) returning 1", [one[0] for one in made])
    assert agent.later(webhook)["state"] == "scheduled"
