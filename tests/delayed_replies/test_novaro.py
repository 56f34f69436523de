"""Asynchronous requests in Novaro's API, from the webhook's creation to what it is sent."""

import base64
import hashlib
import hmac
import time
from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Rows
from tests.delayed_replies.conftest import PATH, by_reference
from tests.delayed_replies.test_replies import kept
from tests.dialects.examples.documents import printed
from tests.dialects.keys import key_of
from tests.dialects.novaro.api import FERRY, QUESTION, Api, refused
from tests.dialects.recorded import assert_as_printed
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver, answer

PRINTED = printed("novaro", "webhook data")
"""As in Novaro's document, without the two commas that no parser takes."""


@pytest.fixture(params=["", "/novaro"], ids=["on the root", "below its name"])
def api(request: pytest.FixtureRequest, desk: Desk) -> Api:
    return Api(desk, request.param)


def webhook_of(api: Api, receiver: Receiver) -> tuple[str, str]:
    """Create a webhook; return its id and its secret."""
    made = api.made("/webhooks", url=receiver.url + PATH)
    assert set(made) == {"id", "url", "secret"}
    assert made["url"] == receiver.url + PATH
    return made["id"], made["secret"]


def requested(api: Api, webhook: str, *said: tuple[str, str], **fields: Any) -> dict[str, Any]:
    """Request a response asynchronously; return how that was accepted."""
    body = api.asked(*said or [("user", QUESTION)], webhookId=webhook, **fields)
    accepted = api.call("POST", "/messages/async", json={"reference": "ref", **body})
    assert accepted.status_code == 202, accepted.text
    found: dict[str, Any] = accepted.json()
    assert set(found) == {"id", "reference", "scheduledFor"}
    return found


def ended(api: Api, request: dict[str, Any]) -> dict[str, Any]:
    """Wait until a request has ended; return what is shown of it."""
    shown: dict[str, Any] = {}
    for _ in attempts(PATIENCE):
        shown = api.call("GET", f"/messages/async/{request['id']}").json()
        if shown["state"] not in ("scheduled", "delivering"):
            return shown
    raise AssertionError(shown)


def test_a_response_is_delivered_as_the_document_prints_it(
    api: Api, receiver: Receiver, rows: Rows
) -> None:
    api.desk.add_text("Ferry", FERRY)
    webhook, secret = webhook_of(api, receiver)
    said = [
        {"role": "user", "createdAt": 1679553200, "content": "Hello, how are you?"},
        {"role": "assistant", "createdAt": 1679553200.5, "content": "Fine."},
        {"role": "user", "content": QUESTION},
    ]
    before = int(time.time())
    body = {"agentId": api.agent_id, "webhookId": webhook, "messages": said, "reference": "ref 1"}
    accepted = api.call("POST", "/messages/async", json={**body, "temperature": 0.5})
    assert accepted.status_code == 202, accepted.text
    request = accepted.json()
    assert isinstance(request["scheduledFor"], int)
    assert request["reference"] == "ref 1"
    [received] = receiver.wait_for(PATH)
    assert before <= request["scheduledFor"] <= received.at
    delivered = received.json
    first, second, third, response = delivered["messages"]
    assert_as_printed(PRINTED, {**delivered, "messages": [first]})
    assert [first, second] == said[:2]
    assert all(list(one) == ["role", "createdAt", "content"] for one in delivered["messages"])
    assert third["content"] == QUESTION
    assert before <= third["createdAt"] <= response["createdAt"] <= received.at
    assert response["role"] == "assistant"
    assert "Tuesday at nine" in response["content"]
    assert delivered["reference"] == "ref 1"
    assert delivered["secret"] == hashlib.sha256(secret.encode()).hexdigest()
    signed = f"{received.id}.{received.headers['webhook-timestamp']}.".encode() + received.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert received.headers["webhook-signature"] == f"v1,{signature}"
    assert ended(api, request) == {
        "id": request["id"],
        "reference": None,
        "scheduledFor": request["scheduledFor"],
        "state": "delivered",
        "reason": None,
    }
    assert kept(rows, request) == 0


def test_contexts_count_and_idempotency_keys_do_not(api: Api, receiver: Receiver) -> None:
    webhook, _ = webhook_of(api, receiver)
    context = api.made("/contexts", name="Ferry", text=FERRY)["id"]
    body = api.asked(("user", QUESTION), webhookId=webhook, reference="r", contexts=[context])
    headers = {"Idempotency-Key": "the same"}
    ids = {
        api.call("POST", "/messages/async", json=body, headers=headers).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 2
    for received in receiver.wait_for(PATH, 2):
        assert "Tuesday at nine" in received.json["messages"][-1]["content"]


def test_a_request_is_shown_cancelled_and_then_forgotten(
    api: Api, receiver: Receiver, rows: Rows
) -> None:
    webhook, _ = webhook_of(api, receiver)
    day = time.strftime("%a", time.gmtime(time.time() + 3 * 86_400)).lower()
    hours = {"workingHours": {day: [["09:00", "17:00"]]}}
    assert api.call("PUT", f"/agents/{api.agent_id}", json=hours).status_code == 200
    request = requested(api, webhook, reference="r")
    assert time.time() + 86_000 < request["scheduledFor"] < time.time() + 86_400
    path = f"/messages/async/{request['id']}"
    shown = {**request, "state": "scheduled", "reason": None}
    assert api.call("GET", path).json() == shown
    for _ in range(2):
        cancelled = api.call("DELETE", path)
        assert (cancelled.status_code, cancelled.content) == (204, b"")
    assert api.call("GET", path).json() == {
        **shown,
        "state": "cancelled",
        "reason": "cancelled",
        "reference": None,
    }
    assert kept(rows, request) == 0
    assert receiver.of(PATH) == []


def test_what_is_delivered_or_failed_cannot_be_cancelled(api: Api, receiver: Receiver) -> None:
    webhook, _ = webhook_of(api, receiver)
    delivered = requested(api, webhook)
    assert ended(api, delivered)["state"] == "delivered"
    receiver.at(PATH, answer(500))
    failed = requested(api, webhook)
    shown = ended(api, failed)
    assert (shown["state"], shown["reason"]) == ("failed", "delivery_failed")
    for one in (delivered, failed):
        told = refused(
            api.call("DELETE", f"/messages/async/{one['id']}"), 400, "delayed_reply_ended"
        )
        assert told.endswith(("delivered", "failed"))


def test_webhooks_are_listed_without_their_secrets(api: Api, receiver: Receiver) -> None:
    made = [webhook_of(api, receiver)[0] for _ in range(3)]
    first = api.call("GET", "/webhooks", params={"limit": 2}).json()
    rest = api.call("GET", "/webhooks", params={"cursor": first["nextCursor"]}).json()
    url = receiver.url + PATH
    assert [*first["webhooks"], *rest["webhooks"]] == [{"id": one, "url": url} for one in made]
    assert rest["nextCursor"] is None


def test_a_key_for_all_projects_makes_webhooks_for_all(
    api: Api, owner: httpx.Client, receiver: Receiver
) -> None:
    everywhere = key_of(owner)
    of_all = api.call("POST", "/webhooks", json={"url": receiver.url}, headers=everywhere).json()
    of_one, _ = webhook_of(api, receiver)
    for webhook, project in ((of_all["id"], None), (of_one, api.desk.project_id)):
        shown = owner.get(f"/v1/webhooks/{webhook}").json()
        assert (shown["project_id"], shown["format"]) == (project, "novaro")
    ids = [one["id"] for one in api.call("GET", "/webhooks").json()["webhooks"]]
    assert ids == [of_one]


def test_after_a_rotation_bodies_have_the_new_secrets_hash(
    api: Api, owner: httpx.Client, receiver: Receiver
) -> None:
    webhook, old = webhook_of(api, receiver)
    requested(api, webhook, reference="old")
    receiver.wait_for(PATH)
    rotated = owner.post(f"/v1/webhooks/{webhook}/rotate-secret", json={})
    assert rotated.is_success, rotated.text
    requested(api, webhook, reference="new")
    receiver.wait_for(PATH, 2)
    found = by_reference(receiver)
    for reference, secret in (("old", old), ("new", rotated.json()["secret"])):
        [received] = found[reference]
        assert received.json["secret"] == hashlib.sha256(secret.encode()).hexdigest()
