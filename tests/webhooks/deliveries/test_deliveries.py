"""An event arrives, however often that has to be tried, and its owner sees every attempt."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from tests.conftest import Rows, Server
from tests.dialects.keys import key_of
from tests.waiting import PATIENCE, attempts
from tests.webhooks.deliveries.conftest import Hooks, Webhook
from tests.webhooks.receiver import answer, late

NOTHING: dict[str, str] = {}


def test_an_attempt_that_fails_is_repeated_with_the_same_id_and_bytes(hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(500, b"Not now"), answer(503), answer(204, b""))
    lead_id = hooks.lead()
    received = webhook.received(3)
    (delivery,) = webhook.ended()
    assert delivery["state"] == "delivered"
    assert {one.id for one in received} == {delivery["id"]}
    assert len({one.body for one in received}) == 1
    body = received[0].json
    assert (body["type"], body["data"]["lead_id"]) == ("lead.created", lead_id)
    assert (body["id"], body["project_id"]) == (delivery["event_id"], hooks.desk.project_id)
    assert all(abs(int(one.headers["webhook-timestamp"]) - one.at) < 60 for one in received)
    assert [(one["number"], one["status"], one["answer"]) for one in webhook.log(delivery)] == [
        (1, 500, "Not now"),
        (2, 503, "Thank you"),
        (3, 204, ""),
    ]
    first = webhook.log(delivery)[0]
    assert first["headers"]["content-length"] == "7"
    assert "The receiver answered 500" in first["error"]
    assert webhook.log(delivery)[2]["error"] is None


def test_after_the_last_attempt_it_has_failed_and_can_be_sent_again(hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(500))
    hooks.lead()
    (failed,) = webhook.ended()
    assert (failed["state"], failed["attempts"]) == ("failed", 3)
    assert "The receiver answered 500" in failed["error"]
    assert failed["next_attempt_at"] is None
    hooks.receiver.at(webhook.path, answer())
    again = webhook.call("POST", f"/deliveries/{failed['id']}/replay")
    assert (again["state"], again["id"]) == ("pending", failed["id"])
    (delivered,) = webhook.ended()
    assert (delivered["state"], delivered["attempts"]) == ("delivered", 4)
    received = webhook.received(4)
    assert {(one.id, one.body) for one in received} == {(failed["id"], received[0].body)}
    # What has arrived can be sent again, too.
    webhook.call("POST", f"/deliveries/{failed['id']}/replay")
    webhook.received(5)


def test_a_series_that_is_begun_again_has_all_its_attempts(hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(500))
    hooks.lead()
    (failed,) = webhook.ended()
    webhook.call("POST", f"/deliveries/{failed['id']}/replay")
    (failed,) = webhook.ended()
    assert (failed["state"], failed["attempts"]) == ("failed", 6)
    assert [one["number"] for one in webhook.log(failed)] == [1, 2, 3, 4, 5, 6]


def test_what_cannot_be_sent_again(hooks: Hooks) -> None:
    webhook = hooks.webhook(late(2.0))
    unknown = f"dlv_{secrets.token_hex(16)}"
    for delivery_id in (unknown, "dlv_1", webhook.id):
        answered = webhook.try_call("POST", f"/deliveries/{delivery_id}/replay")
        assert (answered.status_code, answered.json()["code"]) == (404, "delivery_not_found")
        assert webhook.try_call("GET", f"/deliveries/{delivery_id}").status_code == 404
    hooks.lead()
    webhook.received()
    (delivery,) = webhook.deliveries()
    path = f"/deliveries/{delivery['id']}"
    pending = webhook.try_call("POST", f"{path}/replay")
    assert (pending.status_code, pending.json()["code"]) == (409, "delivery_pending")
    webhook.ended()
    # Of another webhook it is unknown.
    other = hooks.webhook(answer(), events=["conversation.started"])
    assert other.try_call("POST", f"{path}/replay").status_code == 404
    webhook.call("PATCH", "", json={"enabled": False})
    for call in (f"{path}/replay", "/replay"):
        disabled = webhook.try_call("POST", call, json={"since": "2020-01-01T00:00:00Z"})
        assert (disabled.status_code, disabled.json()["code"]) == (409, "webhook_disabled")


def test_all_that_failed_in_a_time_is_sent_again(hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(500))
    hooks.lead()
    webhook.ended()
    time.sleep(0.05)
    since = datetime.now(UTC)
    for _ in range(3):
        hooks.lead()
    webhook.ended(4)
    time.sleep(0.05)
    until = datetime.now(UTC)
    hooks.lead()
    failed = webhook.ended(5)
    for wanted, code in (
        ({"since": until, "until": since}, "range_empty"),
        ({"since": until, "until": until}, "range_empty"),
        ({"since": "2026-01-01T00:00:00"}, "invalid_input"),
        ({}, "invalid_input"),
        ({"since": since, "only": "these"}, "invalid_input"),
    ):
        answered = webhook.try_call("POST", "/replay", json={k: str(v) for k, v in wanted.items()})
        assert (answered.status_code, answered.json()["code"]) == (422, code), answered.text
    hooks.receiver.at(webhook.path, answer())
    body = {"since": since.isoformat(), "until": until.isoformat()}
    assert webhook.call("POST", "/replay", json=body) == {"replayed": 3}
    ended = webhook.ended(5)
    assert [one["id"] for one in ended] == [one["id"] for one in failed]
    states = ["failed", "delivered", "delivered", "delivered", "failed"]
    assert [one["state"] for one in ended] == states
    assert webhook.call("POST", "/replay", json={"since": since.isoformat()}) == {"replayed": 1}


def test_the_list_is_filtered_and_has_parts(hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(500), answer(500), answer(500), answer())
    hooks.lead()
    webhook.ended()
    time.sleep(0.05)
    since = datetime.now(UTC).isoformat()
    hooks.lead()
    newest, oldest = webhook.ended(2)
    assert webhook.deliveries(state="failed") == [oldest]
    assert webhook.deliveries(state="delivered") == [newest]
    assert webhook.deliveries(since=since) == [newest]
    assert webhook.deliveries(until=since) == [oldest]
    first = webhook.call("GET", "/deliveries", params={"limit": 1})
    assert first["items"] == [newest]
    cursor = first["next_cursor"]
    rest = webhook.call("GET", "/deliveries", params={"limit": 1, "cursor": cursor})
    assert (rest["items"], rest["next_cursor"]) == ([oldest], None)
    for wanted in (
        {"state": "lost"},
        {"since": "yesterday"},
        {"cursor": cursor, "state": "failed"},
    ):
        assert webhook.try_call("GET", "/deliveries", params=wanted).status_code == 422


def test_each_project_and_webhook_gets_its_own_events(hooks: Hooks, server: Server) -> None:
    mine = hooks.webhook(answer())
    of_leads = hooks.webhook(answer(), events=["lead.created"])
    of_chats = hooks.webhook(answer(), events=["conversation.started"])
    off = hooks.webhook(answer())
    off.call("PATCH", "", json={"enabled": False})
    with server.client(owner=True) as owner:
        other = Hooks(type(hooks.desk)(owner, hooks.desk.visitor), hooks.receiver)
        other.lead()
        hooks.lead()
    for webhook in (mine, of_leads):
        (received,) = webhook.received()
        assert received.json["project_id"] == hooks.desk.project_id
        webhook.ended()
    assert of_chats.deliveries() == off.deliveries() == []


def test_a_webhook_that_moves_gets_the_next_attempt_at_its_new_address(hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(500, retry_after="3"))
    hooks.lead()
    webhook.received()
    there = hooks.receiver.at("/moved", answer())
    webhook.call("PATCH", "", json={"url": there})
    (received,) = hooks.receiver.wait_for("/moved")
    assert received.id == webhook.ended()[0]["id"]


def test_a_receiver_that_asks_to_wait_is_left_alone(hooks: Hooks) -> None:
    """With all that waits for it, and nothing is lost."""
    webhook = hooks.webhook(answer(429, retry_after="3"), answer())
    hooks.lead()
    webhook.received()
    hooks.lead()
    first, *rest = webhook.received(3)
    assert min(one.at for one in rest) - first.at > 2.9
    assert [one["state"] for one in webhook.ended(2)] == ["delivered", "delivered"]


def test_what_waits_for_a_webhook_that_is_disabled_ends_soon(hooks: Hooks, rows: Rows) -> None:
    """Not only when its next attempt would be due."""
    webhook = hooks.webhook(answer(503, retry_after="3600"))
    hooks.lead()
    key = f"webhooks.deliver:{UUID(webhook.id.removeprefix('webhook_'))}"
    for _ in attempts(PATIENCE):
        if rows("select state from due_job where key = %s", key) == [("waiting",)]:
            break
    webhook.call("PATCH", "", json={"enabled": False})
    (failed,) = webhook.ended()
    assert (failed["state"], failed["error"]) == ("failed", "The webhook is disabled")
    assert len(webhook.received()) == 1


def test_a_receiver_that_is_gone_gets_nothing_more(hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(503, retry_after="2"), answer(410))
    hooks.lead()
    webhook.received()
    hooks.lead()
    ended = webhook.ended(2)
    assert {one["state"] for one in ended} == {"failed"}
    errors = sorted(one["error"] for one in ended)
    assert errors[0].startswith("The receiver answered 410 (Gone)")
    shown = webhook.shown
    assert (shown["enabled"], shown["disabled_reason"]) == (False, "gone")
    hooks.lead()
    assert len(webhook.deliveries()) == 2


def test_a_receiver_that_fails_for_five_days_is_disabled(hooks: Hooks, rows: Rows) -> None:
    webhook = hooks.webhook(answer(500))
    hooks.lead()
    webhook.ended()
    assert webhook.shown["failing_since"] is not None
    _failing(rows, webhook, timedelta(days=4.99))
    hooks.lead()
    webhook.received(4)
    for _ in attempts(PATIENCE):
        if webhook.deliveries()[0]["attempts"] == 1:
            break
    # It rests for a while after each attempt by now.
    assert webhook.deliveries()[0]["state"] == "pending"
    assert webhook.shown["enabled"] is True
    _failing(rows, webhook, timedelta(days=5.01))
    hooks.lead()
    assert {one["state"] for one in webhook.ended(3)} == {"failed"}
    assert len(webhook.received()) == 5
    shown = webhook.shown
    assert (shown["enabled"], shown["disabled_reason"]) == (False, "failing")
    assert webhook.call("POST", "/enable", json=NOTHING)["failing_since"] is None


def _failing(rows: Rows, webhook: Webhook, passed: timedelta) -> None:
    """Let so much time have passed since the first failure."""
    rows(
        "update webhook_endpoint set failing_since = now() - %s, resting_until = null"
        " where id = %s returning 1",
        passed,
        webhook.id.removeprefix("webhook_"),
    )


def test_one_that_is_accepted_ends_the_failing(hooks: Hooks) -> None:
    webhook = hooks.webhook(answer(500), answer())
    hooks.lead()
    webhook.ended()
    assert webhook.shown["failing_since"] is None


def test_what_is_gone_before_it_is_told_of_is_cancelled(hooks: Hooks, rows: Rows) -> None:
    webhook = hooks.webhook(answer(503, retry_after="3"), answer())
    hooks.lead()
    webhook.received()
    gone = hooks.lead()
    for _ in attempts(PATIENCE):
        if len(webhook.deliveries()) == 2:
            break
    rows("delete from lead where id = %s returning 1", gone.removeprefix("lead_"))
    told, first = webhook.ended(2)
    assert (told["state"], first["state"]) == ("cancelled", "delivered")
    assert told["error"] == "What it would tell of is gone"
    answered = webhook.try_call("POST", f"/deliveries/{told['id']}/replay")
    assert (answered.status_code, answered.json()["code"]) == (409, "delivery_not_kept")


@pytest.mark.parametrize("enabled", [True, False])
def test_a_test_call_shows_what_comes_back(hooks: Hooks, enabled: bool) -> None:
    webhook = hooks.webhook(answer(418, b"A teapot"), events=["lead.updated", "lead.created"])
    webhook.call("PATCH", "", json={"enabled": enabled})
    shown = webhook.call("POST", "/test", json=NOTHING)
    assert (shown["status"], shown["answer"]) == (418, "A teapot")
    assert "The receiver answered 418" in shown["error"]
    (received,) = webhook.received()
    assert received.json["type"] in ("lead.updated", "lead.created")
    assert webhook.call("POST", "/test", json={"type": "message.sent"})["milliseconds"] >= 0
    assert webhook.received(2)[1].json["type"] == "message.sent"
    assert webhook.deliveries() == []
    for body, status in (({"type": "lead.lost"}, 422), ({"type": "x\0"}, 422), ({"a": 1}, 422)):
        assert webhook.try_call("POST", "/test", json=body).status_code == status
    tells_nothing = hooks.webhook(answer(), format="novaro")
    answered = tells_nothing.try_call("POST", "/test", json=NOTHING)
    assert (answered.status_code, answered.json()["code"]) == (422, "nothing_to_test")


def test_what_was_sent_is_shown_to_who_may_change_webhooks_only(
    hooks: Hooks, visitor: httpx.Client
) -> None:
    webhook = hooks.webhook(answer())
    hooks.lead()
    (delivery,) = webhook.ended()
    url = f"{webhook.url}/deliveries/{delivery['id']}"
    for scope, sees in (("webhooks:read", False), ("webhooks:write", True)):
        shown = visitor.get(url, headers=key_of(hooks.desk.owner, scopes=[scope]))
        assert shown.status_code == 200, shown.text
        sent = webhook.received()[0].body.decode()
        assert shown.json()["body"] == (sent if sees else None)


def test_a_key_of_another_project_sees_nothing(hooks: Hooks, visitor: httpx.Client) -> None:
    webhook = hooks.webhook(answer())
    hooks.lead()
    (delivery,) = webhook.ended()
    other = hooks.desk.owner.post("/v1/projects", json={"name": "Other"}).json()["id"]
    key = key_of(hooks.desk.owner, project_ids=[other])
    for method, path in _routes(webhook, delivery["id"]):
        body = {"since": "2020-01-01T00:00:00Z"} if path.endswith("/replay") else NOTHING
        kept = None if method == "GET" else body
        answered = visitor.request(method, path, headers=key, json=kept)
        assert (answered.status_code, answered.json()["code"]) == (404, "webhook_not_found")
        assert visitor.request(method, path, json=kept).status_code == 401


def _routes(webhook: Webhook, delivery_id: str) -> list[tuple[str, str]]:
    return [
        ("GET", f"{webhook.url}/deliveries"),
        ("GET", f"{webhook.url}/deliveries/{delivery_id}"),
        ("POST", f"{webhook.url}/deliveries/{delivery_id}/replay"),
        ("POST", f"{webhook.url}/replay"),
        ("POST", f"{webhook.url}/test"),
    ]
