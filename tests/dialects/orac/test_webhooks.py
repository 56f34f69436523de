"""What Orac's webhooks tell: the five events that Orac's document names, and its signature."""

import hashlib
import hmac
import re
from typing import Any

import httpx
import pytest

from answerdesk.dialects.orac.webhooks import OracWebhooks
from tests.conftest import Desk
from tests.dialects.keys import key_of
from tests.dialects.orac.chat import Chat, ask
from tests.dialects.recorded import Recorded, assert_as_printed, examples, shape

ENCODER = OracWebhooks()
# The document prints no body. These are its fields; ids and times are as it prints them elsewhere.
FIELDS = """{
"event": "new_conversation",
"project_id": "proj_abc123",
"conversation_id": "conv_xyz789",
"created_at": "2026-04-18T11:22:14Z",
"data": {}
}"""
NAMED = {
    *("new_conversation", "new_lead", "escalation"),
    *("negative_feedback", "unanswered_question"),
}
UNKNOWN = "Who painted the Mona Lisa?"
KNOWN = "What does express shipping cost?"


@pytest.fixture
def shop(desk: Desk) -> Desk:
    desk.add_text("Shipping", "Express shipping costs 12 euros.", url="https://shop.example/")
    return desk


class Events:
    """What a project's webhooks would tell by now."""

    def __init__(self, recorded: Recorded, desk: Desk) -> None:
        self.recorded = recorded
        self.desk = desk

    async def all(self) -> list[dict[str, Any]]:
        told = await self.recorded.bodies(ENCODER, self.desk.project_id)
        for body in told:
            assert list(body) == ["event", "project_id", "conversation_id", "created_at", "data"]
            assert body["project_id"] == self.desk.project_id
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", body["created_at"])
        return [dict(one) for one in told]

    async def named(self, name: str) -> list[dict[str, Any]]:
        return [one for one in await self.all() if one["event"] == name]


@pytest.fixture
def events(recorded: Recorded, shop: Desk) -> Events:
    return Events(recorded, shop)


def send(visitor: httpx.Client, what: str, **body: Any) -> None:
    sent = visitor.post(f"/api/widget/{what}", json=body)
    assert sent.status_code == 200, sent.text


def answer_of(chat: Chat) -> str:
    return str(chat.first("done")["message_id"])


async def test_what_is_gone_is_not_told(shop: Desk, visitor: httpx.Client, events: Events) -> None:
    chat = ask(visitor, shop.project_id, UNKNOWN)
    send(visitor, "escalate", conversation_id=chat.conversation_id, email="ann@example.com")
    assert len(await events.all()) == 4
    assert shop.owner.delete(shop.path).is_success
    told = await events.recorded.told(ENCODER, shop.project_id)
    assert [one.body for one in told if one.event.type.partition(".")[0] != "lead"] == [None] * 3
    # A job removes the rows of leads.
    events.recorded.rows("delete from lead where project_id = %s returning 1", project_uuid(shop))
    told = await events.recorded.told(ENCODER, shop.project_id)
    assert [one.body for one in told] == [None] * 4


def project_uuid(desk: Desk) -> str:
    return desk.project_id.removeprefix("proj_")


async def test_a_new_conversation_is_told(
    shop: Desk, visitor: httpx.Client, events: Events
) -> None:
    page_url = "https://shop.example/prices"
    chat = ask(visitor, shop.project_id, KNOWN, visitor_id="visitor_9", page_url=page_url)
    ask(visitor, shop.project_id, KNOWN, conversation_id=chat.conversation_id)
    (body,) = await events.all()
    assert_as_printed(FIELDS, {**body, "data": {}})
    assert body["event"] == "new_conversation"
    assert body["conversation_id"] == chat.conversation_id
    shown = shop.visitor.get(
        f"/orac/api/conversations/{chat.conversation_id}", headers=key_of(shop.owner, "orac_live_")
    ).json()
    del shown["messages"]
    assert body["data"] == shown
    assert (shown["visitor_id"], shown["page_url"]) == ("visitor_9", page_url)


async def test_a_lead_is_told_with_its_contact_and_again_when_a_field_is_new(
    shop: Desk, visitor: httpx.Client, events: Events
) -> None:
    chat = ask(visitor, shop.project_id, KNOWN)
    email, phone = "visitor@example.com", "+49 30 1"
    send(visitor, "escalate", conversation_id=chat.conversation_id, email=email)
    (first,) = await events.named("new_lead")
    assert first["conversation_id"] == chat.conversation_id
    listed = shop.visitor.get(
        "/orac/api/leads",
        params={"project_id": shop.project_id},
        headers=key_of(shop.owner, "orac_live_"),
    )
    assert [first["data"]] == listed.json()["leads"]
    assert (first["data"]["email"], first["data"]["phone"]) == (email, None)
    send(visitor, "escalate", conversation_id=chat.conversation_id, email=email)
    assert len(await events.named("new_lead")) == 1
    send(visitor, "escalate", conversation_id=chat.conversation_id, phone=phone)
    _, second = await events.named("new_lead")
    assert (second["data"]["email"], second["data"]["phone"]) == (email, phone)
    assert second["data"]["id"] == first["data"]["id"]


async def test_a_lead_from_elsewhere_has_no_conversation(shop: Desk, events: Events) -> None:
    added = shop.owner.post(f"{shop.path}/leads", json={"email": "ann@example.com", "name": "Ann"})
    assert added.status_code == 201, added.text
    (body,) = await events.all()
    assert (body["event"], body["conversation_id"]) == ("new_lead", None)
    assert (body["data"]["name"], body["data"]["email"]) == ("Ann", "ann@example.com")


async def test_a_handoff_is_told_once(shop: Desk, visitor: httpx.Client, events: Events) -> None:
    chat = ask(visitor, shop.project_id, "Can I talk to a human please?")
    for _ in range(2):
        send(visitor, "escalate", conversation_id=chat.conversation_id, email="ann@example.com")
    (body,) = await events.named("escalation")
    assert body["conversation_id"] == body["data"]["id"] == chat.conversation_id
    assert body["data"]["status"] == "waiting"
    assert body["data"]["escalated_at"] is not None
    handed_back = shop.owner.post(f"/v1/conversations/{chat.conversation_id}/hand-back")
    assert handed_back.is_success, handed_back.text
    send(visitor, "escalate", conversation_id=chat.conversation_id)
    assert len(await events.named("escalation")) == 2


async def test_a_negative_rating_is_told_with_its_reason_verbatim(
    shop: Desk, visitor: httpx.Client, events: Events
) -> None:
    chat = ask(visitor, shop.project_id, KNOWN)
    rating = {
        "message_id": answer_of(chat),
        "rating": "negative",
        "reason": "  too\n<b>short</b> 🙂 ",
    }
    send(visitor, "feedback", **{**rating, "rating": "positive"})
    assert await events.named("negative_feedback") == []
    send(visitor, "feedback", **rating)
    (body,) = await events.named("negative_feedback")
    assert body["conversation_id"] == chat.conversation_id
    assert body["data"] == {**rating, "question": KNOWN, "answer": chat.text.strip()}
    # The last rating counts.
    send(visitor, "feedback", **{**rating, "rating": "positive"})
    assert await events.named("negative_feedback") == []


async def test_a_persons_reply_can_be_rated_too(
    shop: Desk, visitor: httpx.Client, events: Events
) -> None:
    chat = ask(visitor, shop.project_id, KNOWN)
    path = f"/v1/conversations/{chat.conversation_id}/messages"
    reply = shop.owner.post(path, json={"content": "Ana here: *12* euros."}).json()
    send(visitor, "feedback", message_id=reply["id"], rating="negative")
    (body,) = await events.named("negative_feedback")
    assert body["data"] == {
        "message_id": reply["id"],
        "rating": "negative",
        "reason": None,
        "question": None,
        "answer": "Ana here: *12* euros.",
    }


async def test_a_question_without_an_answer_is_told(
    shop: Desk, visitor: httpx.Client, events: Events
) -> None:
    known = ask(visitor, shop.project_id, KNOWN)
    chat = ask(visitor, shop.project_id, UNKNOWN, conversation_id=known.conversation_id)
    (body,) = await events.named("unanswered_question")
    assert body["conversation_id"] == chat.conversation_id
    assert body["data"] == {
        "message_id": answer_of(chat),
        "question": UNKNOWN,
        "answer": chat.text.strip(),
    }


async def test_what_reopens_or_ends_is_not_told(
    shop: Desk, visitor: httpx.Client, events: Events
) -> None:
    chat = ask(visitor, shop.project_id, KNOWN)
    assert shop.owner.post(f"/v1/conversations/{chat.conversation_id}/close").is_success
    ask(visitor, shop.project_id, KNOWN, conversation_id=chat.conversation_id)
    assert [one["event"] for one in await events.all()] == ["new_conversation"]


async def test_the_examples_have_the_fields_of_the_real_ones(
    shop: Desk, visitor: httpx.Client, events: Events
) -> None:
    chat = ask(visitor, shop.project_id, UNKNOWN, visitor_id="v", page_url="https://shop.example/")
    contact = {"email": "ann@example.com", "phone": "1", "message": "Please"}
    send(visitor, "escalate", conversation_id=chat.conversation_id, **contact)
    send(visitor, "feedback", message_id=answer_of(chat), rating="negative", reason="No")
    told = {one["event"]: one for one in await events.all()}
    assert told.keys() == NAMED
    for _, body in examples(ENCODER):
        real = told[body["event"]]
        assert list(body) == list(real)
        assert list(body["data"]) == list(real["data"])
        kinds = zip(shape(body["data"]).values(), shape(real["data"]).values(), strict=True)
        assert all(one == other or "NoneType" in (one, other) for one, other in kinds)


def test_the_signature_is_orac_s() -> None:
    secret, body = "whsec_c2VjcmV0IQ==", '{"event":"new_lead","é":1}'.encode()
    digest = hmac.new(b"whsec_c2VjcmV0IQ==", body, hashlib.sha256).hexdigest()
    (header,) = ENCODER.headers(secret, body).items()
    assert header == ("X-Orac-Signature", f"sha256={digest}")
    assert re.fullmatch(r"sha256=[0-9a-f]{64}", header[1])
