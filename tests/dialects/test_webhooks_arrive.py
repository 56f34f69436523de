"""Each preset through a real delivery: what a vendor's receiver is sent, headers and body."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Server, serving
from tests.dialects.noras.test_noras import Widget
from tests.dialects.noras.test_webhooks import PRINTED as NORAS
from tests.dialects.novachat.shop import Shop
from tests.dialects.novachat.test_webhooks import PRINTED as NOVA_CHAT
from tests.dialects.novachat.test_widget import Page
from tests.dialects.orac.chat import ask
from tests.dialects.orac.test_webhooks import FIELDS as ORAC
from tests.dialects.recorded import assert_as_printed
from tests.waiting import PATIENCE
from tests.webhooks.hooks import created
from tests.webhooks.receiver import Received, Receiver, receiving

PATH = "/hooks"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may send to this machine."""
    with serving(ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8") as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def create(client: httpx.Client, receiver: Receiver, **fields: Any) -> str:
    """Create a webhook to the receiver; return its secret."""
    webhook = created(client, url=receiver.at(PATH), events=None, **fields)
    assert webhook["events"] is None
    return str(webhook["secret"])


def assert_signed(received: Received, secret: str) -> None:
    """Check the headers of Standard Webhooks, which come with every format."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    sent_at = received.headers["webhook-timestamp"]
    signed = f"{received.id}.{sent_at}.".encode() + received.body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert received.headers["webhook-signature"] == f"v1,{expected}"
    assert received.headers["content-type"].startswith("application/json")


def test_noras_webhooks_arrive(desk: Desk, receiver: Receiver) -> None:
    secret = create(desk.owner, receiver, format="noras", project_id=desk.project_id)
    widget = Widget(desk)
    conversation_id = widget.chat("I need help with my order", "user_456")["conversation_id"]
    assert desk.owner.post(f"/v1/conversations/{conversation_id}/close").is_success
    # Each attempt is its own: they may arrive in any order.
    bodies = {one.json["event"]: one.json for one in receiver.wait_for(PATH, 3)}
    assert bodies.keys() == {"conversation.started", "message.received", "conversation.ended"}
    for event, body in bodies.items():
        assert_as_printed(NORAS, body, *([] if event == "message.received" else ["message"]))
        assert (body["widget_key"], body["user_code"]) == (widget.widget_key, "user_456")
    assert bodies["message.received"]["message"] == "I need help with my order"
    for received in receiver.of(PATH):
        assert_signed(received, secret)
        assert "x-orac-signature" not in received.headers


def test_nova_chats_webhooks_arrive(visitor: httpx.Client, receiver: Receiver) -> None:
    shop = Shop(visitor, plan=None)
    page = Page(shop)
    with httpx.Client(
        base_url=visitor.base_url,
        headers={"Authorization": f"Bearer {shop.token}"},
        timeout=PATIENCE,
    ) as person:
        secret = create(person, receiver, format="novachat")
    number = page.begin("I need help", name="John", email="john@example.com")["id"]
    received = receiver.wait_for(PATH, 3)
    assert sorted(one.json["event"] for one in received) == [
        *("conversation_created", "conversation_updated", "conversation_updated")
    ]
    for one in received:
        assert_as_printed(NOVA_CHAT, one.json)
        assert one.json == {
            "event": one.json["event"],
            "conversation_id": number,
            "account_id": shop.registered["account"]["id"],
            "contact": {"name": "John", "email": "john@example.com"},
        }
        assert_signed(one, secret)


def test_oracs_webhooks_arrive(desk: Desk, visitor: httpx.Client, receiver: Receiver) -> None:
    secret = create(desk.owner, receiver, format="orac", project_id=desk.project_id)
    chat = ask(visitor, desk.project_id, "Who painted the Mona Lisa?")
    escalation = {"conversation_id": chat.conversation_id, "email": "visitor@example.com"}
    assert visitor.post("/api/widget/escalate", json=escalation).status_code == 200
    rating = {"message_id": chat.first("done")["message_id"], "rating": "negative", "reason": "é"}
    assert visitor.post("/api/widget/feedback", json=rating).status_code == 200
    bodies = {one.json["event"]: one.json for one in receiver.wait_for(PATH, 5)}
    assert bodies.keys() == {
        *("new_conversation", "new_lead", "escalation"),
        *("negative_feedback", "unanswered_question"),
    }
    for body in bodies.values():
        assert_as_printed(ORAC, {**body, "data": {}})
        assert body["project_id"] == desk.project_id
        assert body["conversation_id"] == chat.conversation_id
    assert bodies["new_lead"]["data"]["email"] == "visitor@example.com"
    assert bodies["negative_feedback"]["data"]["reason"] == "é"
    for received in receiver.of(PATH):
        assert_signed(received, secret)
        # As Orac's document says: over the raw body, with the secret as it is shown.
        digest = hmac.new(secret.encode(), received.body, hashlib.sha256).hexdigest()
        assert received.headers["x-orac-signature"] == f"sha256={digest}"
