"""What webhooks are told beyond an event's payload: what is gone first, then each type of event."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from answerdesk.bootstrap.webhooks import make_encoders, make_event_types
from answerdesk.conversations import events as conversation_events
from answerdesk.conversations.details import EventDetails
from answerdesk.core.database import Database
from answerdesk.core.events import Event, EventType, Payload
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.leads import events as lead_events
from answerdesk.webhooks.encoding import written
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import QUESTION, SHIPPING, Guest, Site
from tests.dialects.recorded import endpoint_of
from tests.knowledge.search.library import runtime_database

TYPES: dict[str, EventType[Payload]] = {
    one.name: one for one in (*conversation_events.TYPES, *lead_events.TYPES)
}
NOW = datetime.now(UTC)
PAGE = "https://shop.example/prices"


@dataclass
class Told:
    """A conversation with a visitor who is known in every respect, and what its events tell."""

    site: Site
    guest: Guest
    ids: dict[str, str]
    database: Database
    account: AccountId

    async def read(self, name: str) -> dict[str, Any] | None:
        """Return the details of an event of this type about this conversation."""
        async with self.database.transaction(self.account) as session:
            found = await EventDetails().read(session, self.event(name))
        return None if found is None else dict(found)

    def event(self, name: str) -> Event:
        example = TYPES[name].example.model_dump(mode="json", exclude_none=True)
        payload = {
            field: self.ids["question_id"]
            if (field, example.get("author")) == ("message_id", "visitor")
            else self.ids.get(field, value)
            for field, value in example.items()
        }
        project = ProjectId(UUID(self.site.project_id.removeprefix("proj_")))
        return Event(1, project, name, payload, NOW)


@pytest.fixture
async def told(site: Site, server: Server, rows: Rows) -> AsyncIterator[Told]:
    site.add_text("Shipping", SHIPPING)
    token = site.sign("42", email="ann@example.com", name="Ann")
    guest = site.guest(identity_token=token)
    chat = guest.ask(page_url=PAGE)
    accepted = chat.first("accepted")
    ids = {
        "conversation_id": str(accepted["conversation_id"]),
        "question_id": str(accepted["message_id"]),
        "message_id": str(chat.first("done")["message_id"]),
    }
    rating = {"message_id": ids["message_id"], "rating": "negative", "reason": " no\n"}
    path = f"conversations/{ids['conversation_id']}"
    assert guest.post(f"{path}/feedback", **rating).is_success
    contact = {"email": "ann@example.com", "phone": "+47 1", "message": "Please call"}
    assert guest.post(f"{path}/escalate", **contact).is_success
    (lead,) = site.owner.get(f"{site.path}/leads").json()["items"]
    ids["lead_id"] = str(lead["id"])
    ((account,),) = rows("select account_id from project where id = %s", site.project_id[5:])
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        async for database in runtime_database(postgres):
            yield Told(site, guest, ids, database, account)


async def test_what_is_gone_has_no_details(told: Told, rows: Rows) -> None:
    assert await told.read("feedback.positive") is None
    rows("delete from lead where id = %s returning 1", told.ids["lead_id"][5:])
    assert await told.read("lead.created") is None
    assert await told.read("feedback.negative") is not None
    rows("delete from feedback where message_id = %s returning 1", told.ids["message_id"][4:])
    assert await told.read("feedback.negative") is None
    rows("delete from message where id = %s returning 1", told.ids["message_id"][4:])
    assert await told.read("message.sent") is None
    assert await told.read("message.received") is not None
    assert told.site.owner.delete(told.site.path).is_success
    assert [name for name in TYPES if await told.read(name) is not None] == []


async def test_another_accounts_rows_are_not_told(told: Told) -> None:
    told.account = AccountId(UUID(int=1))
    assert [name for name in TYPES if await told.read(name) is not None] == []


async def test_a_conversation_is_told_as_the_api_shows_it(told: Told) -> None:
    found = await told.read("conversation.escalated")
    assert found is not None
    path = f"/v1/conversations/{told.ids['conversation_id']}"
    shown = told.site.owner.get(path).json()
    del shown["messages"], shown["next_cursor"], shown["latest_message"]
    del shown["satisfaction"]
    assert found == {"conversation": {**shown, "path": path}}
    assert (shown["state"], shown["page_url"]) == ("waiting", PAGE)
    assert (shown["visitor"]["id"], shown["visitor"]["identity"]) == (told.guest.id, "42")


async def test_a_message_is_told_with_its_question_and_rating(told: Told) -> None:
    received, sent = await told.read("message.received"), await told.read("message.sent")
    rated = await told.read("feedback.negative")
    assert received is not None
    assert sent is not None
    assert rated is not None
    path = f"/v1/conversations/{told.ids['conversation_id']}"
    shown = {one["id"]: one for one in told.site.owner.get(path).json()["messages"]}
    kept = ("id", "author", "content", "confidence", "abstained", "created_at")
    question, answer = (
        {**{field: shown[told.ids[name]][field] for field in kept}, "path": path}
        for name in ("question_id", "message_id")
    )
    assert (question["content"], answer["author"]) == (QUESTION, "assistant")
    assert received["message"] == question
    assert "question" not in received
    assert (sent["message"], sent["question"]) == (answer, question)
    assert rated["feedback"] == {"rating": "negative", "reason": " no\n", "path": path}


async def test_a_lead_is_told_with_its_contact(told: Told) -> None:
    found = await told.read("lead.updated")
    assert found is not None
    path = f"/v1/projects/{told.site.project_id}/leads"
    (shown,) = told.site.owner.get(path).json()["items"]
    assert found["lead"] == {**shown, "path": path}
    assert (shown["email"], shown["phone"]) == ("ann@example.com", "+47 1")
    assert found["conversation"]["id"] == told.ids["conversation_id"]


async def test_texts_that_are_too_long_are_left_out(told: Told) -> None:
    said = "🙂" * 8000
    chat = told.guest.ask(said, conversation_id=told.ids["conversation_id"])
    told.ids["question_id"] = str(chat.first("accepted")["message_id"])
    encoder = make_encoders(make_event_types())["standard"]
    event = told.event("message.received")
    async with told.database.transaction(told.account) as session:
        body = await encoder.body(session, event, endpoint_of(told.account, encoder))
    assert body is not None
    assert len(written(body)) <= 20_000
    message = body["data"]["message"]
    assert (message["truncated"], "content" in message) == (True, False)
    shown = told.site.owner.get(message["path"]).json()["messages"]
    assert [one["content"] for one in shown if one["id"] == message["id"]] == [said]


async def test_every_example_has_the_fields_of_a_real_one(told: Told) -> None:
    path = f"conversations/{told.ids['conversation_id']}/feedback"
    for name in TYPES:
        if name.startswith("feedback."):
            rating = {"message_id": told.ids["message_id"], "rating": name[9:]}
            assert told.guest.post(path, **rating).is_success
        found = await told.read(name)
        assert found is not None, name
        assert fields(EventDetails().example(told.event(name))) == fields(found), name


def fields(value: Any) -> Any:
    """Return the names in a JSON object and in those in it."""
    if isinstance(value, dict):
        return {name: fields(one) for name, one in value.items()}
    return None
