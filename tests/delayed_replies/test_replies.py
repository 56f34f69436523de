"""Replies natively: now, later, looked at, cancelled, and not sent when nobody wants them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.conftest import Rows
from tests.delayed_replies.conftest import PATH, Agent, by_reference
from tests.delayed_replies.test_refusals import a_conversation, refused
from tests.dialects.novaro.api import FERRY, QUESTION
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver, answer


def uuid_of(public_id: str) -> UUID:
    return UUID(public_id.rpartition("_")[2])


def wait_for_state(agent: Agent, reply: dict[str, Any], *states: str) -> dict[str, Any]:
    shown = agent.shown(reply["id"])
    for _ in attempts(PATIENCE):
        shown = agent.shown(reply["id"])
        if shown["state"] in states:
            return shown
    raise AssertionError(f"{shown} did not become {states}")


def let_it_be_due(rows: Rows, reply: dict[str, Any]) -> None:
    """Bring the time of a reply forward to now."""
    rows(
        "update due_job set run_at = clock_timestamp(), state = 'ready'"
        " where key = %s returning pg_notify('due_job', 'ready:' || name)",
        f"delayed_replies.answer:{uuid_of(reply['id'])}",
    )


def kept(rows: Rows, reply: dict[str, Any]) -> int:
    """Count the sealed texts of a reply and of its delivery."""
    uuid = uuid_of(reply["id"])
    [(count,)] = rows(
        "select count(*) from stored_secret where subject_id in (select %s union all"
        " select delivery_id from delayed_reply where id = %s)",
        *(uuid, uuid),
    )
    return int(count)


def test_now_is_answered_at_once(ferryman: Agent, rows: Rows) -> None:
    replied = ferryman.call("POST", ferryman.path, json=ferryman.asked())
    assert replied.status_code == 200, replied.text
    body = replied.json()
    assert set(body) == {"content", "sources", "confidence", "abstained"}
    assert "Tuesday at nine" in body["content"]
    assert body["sources"][0]["title"] == "Ferry"
    assert body["abstained"] is False
    assert rows(
        "select count(*) from delayed_reply where project_id = %s",
        uuid_of(ferryman.desk.project_id),
    ) == [(0,)]


def test_small_talk_is_no_abstention(ferryman: Agent) -> None:
    asked = {**ferryman.asked(), "messages": [{"role": "user", "content": "Good morning!"}]}
    replied = ferryman.call("POST", ferryman.path, json=asked)
    assert replied.status_code == 200, replied.text
    body = replied.json()
    assert body["content"].startswith("Hello!")
    assert (body["sources"], body["confidence"], body["abstained"]) == ([], 1.0, False)


def test_later_is_delivered_in_our_own_format(
    ferryman: Agent, receiver: Receiver, rows: Rows
) -> None:
    webhook = ferryman.webhook(receiver)
    context = ferryman.made(f"{ferryman.desk.path}/contexts", name="Fare", text="It costs a crown.")
    accepted = ferryman.later(webhook, reference="chat 7", context_ids=[context["id"]])
    [received] = receiver.wait_for(PATH, 1)
    scheduled, created = (
        datetime.fromisoformat(accepted[one]) for one in ("scheduled_for", "created_at")
    )
    assert scheduled - created < timedelta(seconds=0.2)
    assert received.at >= scheduled.timestamp()
    body = received.json
    assert "Tuesday at nine" in body["data"].pop("content")
    assert datetime.fromisoformat(body.pop("timestamp")) >= scheduled - timedelta(seconds=0.001)
    assert body == {
        "id": accepted["id"],
        "type": "delayed_reply.answered",
        "project_id": ferryman.desk.project_id,
        "data": {"reference": "chat 7", "agent_id": ferryman.id, "conversation_id": None},
    }
    shown = wait_for_state(ferryman, accepted, "delivered")
    assert shown == {**accepted, "state": "delivered", "reference": None}
    assert kept(rows, accepted) == 0
    refused(
        ferryman.call("DELETE", f"/v1/delayed-replies/{accepted['id']}"),
        *(409, "delayed_reply_ended"),
    )


def test_the_agents_hours_decide_when(agent: Agent, receiver: Receiver) -> None:
    webhook = agent.webhook(receiver)
    agent.leave()
    accepted = agent.later(webhook, reference="r")
    delay = datetime.fromisoformat(accepted["scheduled_for"]) - datetime.fromisoformat(
        accepted["created_at"]
    )
    assert delay == timedelta(hours=24) - timedelta(minutes=1)
    assert agent.shown(accepted["id"]) == accepted
    assert (accepted["state"], accepted["reason"], accepted["reference"]) == (
        *("scheduled", None),
        "r",
    )


def test_a_scheduled_reply_is_cancelled_and_forgotten(
    agent: Agent, receiver: Receiver, rows: Rows
) -> None:
    webhook = agent.webhook(receiver)
    agent.leave()
    accepted = agent.later(webhook, reference="r")
    assert kept(rows, accepted) == 1
    path = f"/v1/delayed-replies/{accepted['id']}"
    for _ in range(2):
        cancelled = agent.call("DELETE", path)
        assert (cancelled.status_code, cancelled.content) == (204, b"")
    assert agent.shown(accepted["id"]) == {
        **accepted,
        "state": "cancelled",
        "reason": "cancelled",
        "reference": None,
    }
    assert kept(rows, accepted) == 0
    key = f"delayed_replies.answer:{uuid_of(accepted['id'])}"
    assert rows("select count(*) from due_job where key = %s", key) == [(0,)]


def test_a_reply_on_its_way_is_cancelled(agent: Agent, receiver: Receiver, rows: Rows) -> None:
    receiver.at(PATH, answer(503, retry_after="3600"))
    accepted = agent.later(agent.webhook(receiver))
    receiver.wait_for(PATH, 1)
    assert agent.shown(accepted["id"])["state"] == "delivering"
    assert agent.call("DELETE", f"/v1/delayed-replies/{accepted['id']}").status_code == 204
    shown = agent.shown(accepted["id"])
    assert (shown["state"], shown["reason"]) == ("cancelled", "cancelled")
    assert kept(rows, accepted) == 0


def test_an_answer_on_its_way_goes_with_its_webhook(
    agent: Agent, receiver: Receiver, rows: Rows
) -> None:
    receiver.at(PATH, answer(503, retry_after="3600"))
    webhook = agent.webhook(receiver)
    accepted = agent.later(webhook)
    receiver.wait_for(PATH, 1)
    [(delivery,)] = rows(
        "select delivery_id from delayed_reply where id = %s", uuid_of(accepted["id"])
    )
    assert kept(rows, accepted) == 1
    assert agent.call("DELETE", f"/v1/webhooks/{webhook}").is_success
    path = f"/v1/delayed-replies/{accepted['id']}"
    for _ in attempts(PATIENCE):
        if agent.call("GET", path).status_code == 404:
            break
    refused(agent.call("GET", path), 404, "delayed_reply_not_found")
    left = "select count(*) from stored_secret where subject_id = %s"
    assert rows(left, delivery) == [(0,)]


def test_an_answer_is_sent_again_until_it_is_accepted(agent: Agent, receiver: Receiver) -> None:
    receiver.at(PATH, answer(500), answer())
    accepted = agent.later(agent.webhook(receiver))
    first, second = receiver.wait_for(PATH, 2)[:2]
    assert (first.id, first.body) == (second.id, second.body)
    assert wait_for_state(agent, accepted, "delivered")["reason"] is None


def test_an_answer_that_nobody_accepts_has_failed(
    agent: Agent, receiver: Receiver, rows: Rows
) -> None:
    receiver.at(PATH, answer(500))
    accepted = agent.later(agent.webhook(receiver))
    assert wait_for_state(agent, accepted, "failed")["reason"] == "delivery_failed"
    assert len({one.id for one in receiver.wait_for(PATH, 3)}) == 1
    assert kept(rows, accepted) == 0


@pytest.mark.parametrize(
    ("happening", "state", "reason"),
    [
        (None, "delivered", None),
        ("close", "cancelled", "conversation_closed"),
        ("messages", "cancelled", "conversation_with_person"),
    ],
)
def test_nothing_is_sent_if_a_person_took_over_or_it_is_closed(
    agent: Agent,
    receiver: Receiver,
    rows: Rows,
    happening: str | None,
    state: str,
    reason: str | None,
) -> None:
    conversation = a_conversation(agent.desk)
    webhook = agent.webhook(receiver)
    agent.leave()
    accepted = agent.later(webhook, conversation_id=conversation)
    assert accepted["conversation_id"] == conversation
    if happening is not None:
        path = f"/v1/conversations/{conversation}/{happening}"
        body = {"content": "I am here now."} if happening == "messages" else {}
        assert agent.call("POST", path, json=body).is_success
    let_it_be_due(rows, accepted)
    shown = wait_for_state(agent, accepted, "delivered", "cancelled", "failed")
    assert (shown["state"], shown["reason"]) == (state, reason)
    assert len(receiver.of(PATH)) == (state == "delivered")
    if receiver.of(PATH):
        assert receiver.of(PATH)[0].json["data"]["conversation_id"] == conversation
    assert kept(rows, accepted) == 0


@pytest.mark.parametrize("gone", ["agent", "webhook", "webhook, disabled"])
def test_what_is_gone_when_the_time_has_come_is_the_reason(
    agent: Agent, receiver: Receiver, rows: Rows, gone: str
) -> None:
    webhook = agent.webhook(receiver)
    agent.leave()
    accepted = agent.later(webhook)
    method, path, body = {
        "agent": ("DELETE", f"{agent.desk.path}/agents/{agent.id}", None),
        "webhook": ("DELETE", f"/v1/webhooks/{webhook}", None),
        "webhook, disabled": ("PATCH", f"/v1/webhooks/{webhook}", {"enabled": False}),
    }[gone]
    assert agent.call(method, path, json=body).is_success
    let_it_be_due(rows, accepted)
    shown = wait_for_state(agent, accepted, "failed", "delivered")
    reason = "webhook_disabled" if "disabled" in gone else f"{gone}_deleted"
    assert (shown["state"], shown["reason"]) == ("failed", reason)
    assert kept(rows, accepted) == 0
    assert receiver.of(PATH) == []


def test_a_context_that_is_deleted_meanwhile_is_left_out(
    agent: Agent, receiver: Receiver, rows: Rows
) -> None:
    webhook = agent.webhook(receiver)
    contexts = [
        agent.made(f"{agent.desk.path}/contexts", name=name, text=text)["id"]
        for name, text in (("Ferry", FERRY), ("Harbour", "The harbour has seven piers."))
    ]
    agent.leave()
    replies = [
        agent.later(webhook, question, reference=question, context_ids=contexts)
        for question in (QUESTION, "How many piers does the harbour have?")
    ]
    agent.call("DELETE", f"{agent.desk.path}/contexts/{contexts[0]}")
    for one in replies:
        let_it_be_due(rows, one)
    receiver.wait_for(PATH, 2)
    of_ferry, of_harbour = (
        by_reference(receiver)[one["reference"]][0].json["data"]["content"] for one in replies
    )
    assert "Tuesday" not in of_ferry
    assert "seven piers" in of_harbour


def test_a_deleted_project_leaves_nothing_behind(
    agent: Agent, receiver: Receiver, rows: Rows
) -> None:
    webhook = agent.webhook(receiver)
    agent.leave()
    waiting = [agent.later(webhook) for _ in range(3)]
    ids = [uuid_of(one["id"]) for one in waiting]
    assert rows("select count(*) from stored_secret where subject_id = any(%s)", ids) == [(3,)]
    assert agent.call("DELETE", agent.desk.path).is_success
    for _ in attempts(PATIENCE):
        if rows("select count(*) from delayed_reply where id = any(%s)", ids) == [(0,)]:
            break
    assert rows("select count(*) from delayed_reply where id = any(%s)", ids) == [(0,)]
    assert rows("select count(*) from stored_secret where subject_id = any(%s)", ids) == [(0,)]
    # Its webhook is the account's, and stays.
    assert agent.call("GET", f"/v1/webhooks/{webhook}").is_success
    let_it_be_due(rows, waiting[0])
    answered = "select count(*) from due_job where key = any(%s)"
    keys = [f"delayed_replies.answer:{uuid_of(waiting[0]['id'])}"]
    for _ in attempts(PATIENCE):
        if rows(answered, keys) == [(0,)]:
            break
    assert rows(answered, keys) == [(0,)]
    assert receiver.of(PATH) == []


def test_what_was_cancelled_long_ago_is_forgotten(
    agent: Agent, receiver: Receiver, rows: Rows
) -> None:
    webhook = agent.webhook(receiver)
    agent.leave()
    old, new = agent.later(webhook), agent.later(webhook)
    for one in (old, new):
        agent.call("DELETE", f"/v1/delayed-replies/{one['id']}")
    rows(
        "update delayed_reply set ended_at = ended_at - interval '30 days' where id = %s"
        " returning 1",
        uuid_of(old["id"]),
    )
    rows(
        "update due_job set run_at = clock_timestamp(), state = 'ready'"
        " where key = 'delayed_replies.forget' returning pg_notify('due_job', 'ready:' || name)"
    )
    for _ in attempts(PATIENCE):
        if agent.call("GET", f"/v1/delayed-replies/{old['id']}").status_code == 404:
            break
    refused(agent.call("GET", f"/v1/delayed-replies/{old['id']}"), 404, "delayed_reply_not_found")
    assert agent.shown(new["id"])["state"] == "cancelled"
