"""What Noras' webhooks tell: field for field what Noras' document prints."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from answerdesk.dialects.noras.webhooks import NorasWebhooks
from tests.conftest import Desk
from tests.conversations.visitors.site import Site
from tests.dialects.examples.documents import printed
from tests.dialects.noras.test_noras import Widget
from tests.dialects.orac.chat import ask
from tests.dialects.recorded import Recorded, assert_as_printed, examples

ENCODER = NorasWebhooks()
PRINTED = printed("noras", "webhook payload")
SAID = "I need help with my order"


@pytest.fixture
def widget(desk: Desk) -> Widget:
    return Widget(desk)


@pytest.fixture
def site(owner: httpx.Client, visitor: httpx.Client) -> Site:
    return Site(owner, visitor)


async def test_what_is_gone_is_not_told(widget: Widget, recorded: Recorded) -> None:
    widget.chat(SAID)
    assert [one.body is None for one in await recorded.told(ENCODER, widget.desk.project_id)] == [
        False,
        False,
    ]
    assert widget.desk.owner.delete(widget.desk.path).is_success
    assert all(one.body is None for one in await recorded.told(ENCODER, widget.desk.project_id))


async def test_a_message_is_told_as_printed(widget: Widget, recorded: Recorded) -> None:
    before = datetime.now(UTC)
    widget.chat(SAID, user_code="user_456")
    told = await recorded.bodies(ENCODER, widget.desk.project_id)
    (body,) = [one for one in told if one["event"] == "message.received"]
    assert_as_printed(PRINTED, body)
    assert (body["widget_key"], body["user_code"]) == (widget.widget_key, "user_456")
    assert body["message"] == SAID
    assert body["timestamp"].endswith("Z")
    moment = datetime.fromisoformat(body["timestamp"])
    assert before - timedelta(seconds=1) < moment < datetime.now(UTC) + timedelta(seconds=1)


async def test_a_conversations_start_and_end_have_no_message(
    widget: Widget, recorded: Recorded
) -> None:
    conversation_id = widget.chat(SAID, user_code="user_456")["conversation_id"]
    closed = widget.desk.owner.post(f"/v1/conversations/{conversation_id}/close")
    assert closed.is_success, closed.text
    told = await recorded.bodies(ENCODER, widget.desk.project_id)
    started, _, ended = told
    assert [one["event"] for one in told] == [
        *("conversation.started", "message.received", "conversation.ended")
    ]
    for body in (started, ended):
        assert_as_printed(PRINTED, body, "message")
        assert (body["widget_key"], body["user_code"]) == (widget.widget_key, "user_456")


async def test_nothing_that_the_assistant_or_a_person_says_is_told(
    widget: Widget, recorded: Recorded
) -> None:
    conversation_id = widget.chat(SAID)["conversation_id"]
    path = f"/v1/conversations/{conversation_id}/messages"
    assert widget.desk.owner.post(path, json={"content": "Ana here."}).status_code == 201
    told = await recorded.bodies(ENCODER, widget.desk.project_id)
    assert [one["event"] for one in told] == ["conversation.started", "message.received"]


async def test_a_visitor_from_elsewhere_has_our_id(site: Site, recorded: Recorded) -> None:
    guest = site.guest()
    conversation_id = guest.start(SAID)
    assert site.owner.post(f"/v1/conversations/{conversation_id}/close").is_success
    guest.ask("One more thing", conversation_id=conversation_id)
    told = await recorded.bodies(ENCODER, site.project_id)
    assert {one["user_code"] for one in told} == {guest.id}
    assert guest.id.startswith("visitor_")
    # The conversation goes on, which for Noras is another one.
    assert [(one["event"], one["message"]) for one in told] == [
        ("conversation.started", None),
        ("message.received", SAID),
        ("conversation.ended", None),
        ("conversation.started", None),
        ("message.received", "One more thing"),
    ]


async def test_a_visitor_without_an_id_is_the_conversation(
    site: Site, visitor: httpx.Client, recorded: Recorded
) -> None:
    chat = ask(visitor, site.project_id, SAID)
    named = ask(visitor, site.project_id, SAID, visitor_id="visitor_of_the_page")
    told = await recorded.bodies(ENCODER, site.project_id)
    codes = [one["user_code"] for one in told]
    assert codes[:2] == [chat.conversation_id] * 2
    # What a page claims in another dialect is not what Noras' programs know somebody by.
    assert codes[2] == codes[3] != named.conversation_id
    assert codes[2].startswith("visitor_")
    assert codes[2] != "visitor_of_the_page"
    for body in told:
        assert_as_printed(PRINTED, body, *([] if body["message"] else ["message"]))


def test_the_examples_are_as_printed() -> None:
    told = dict(examples(ENCODER))
    for name, body in told.items():
        assert_as_printed(PRINTED, body, *([] if name == "message.received" else ["message"]))
    assert told["message.received"]["message"] == SAID
    assert {one["event"] for one in told.values()} == {
        *("conversation.started", "message.received", "conversation.ended")
    }
    assert dict(ENCODER.headers("whsec_x", b"{}")) == {}
