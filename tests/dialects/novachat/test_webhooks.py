"""What Nova Chat's webhooks tell: field for field what Nova Chat's document prints."""

import pytest

from answerdesk.dialects.novachat.webhooks import NovaChatWebhooks
from tests.conftest import Rows
from tests.dialects.examples.documents import printed
from tests.dialects.novachat.shop import Shop
from tests.dialects.novachat.test_conversations import PATH, answered
from tests.dialects.novachat.test_widget import Page
from tests.dialects.recorded import Recorded, assert_as_printed, examples

ENCODER = NovaChatWebhooks()
PRINTED = printed("novachat", "webhook request")
CREATED, UPDATED = "conversation_created", "conversation_updated"


@pytest.fixture
def page(large: Shop) -> Page:
    return Page(large)


def project_of(shop: Shop, rows: Rows) -> str:
    """Return the id of a shop's only project."""
    number = shop.registered["account"]["id"]
    ((project,),) = rows(
        "select project.id from project join public_number as n"
        " on n.account_id = project.account_id and n.kind = 'account' and n.number = %s",
        number,
    )
    return str(project)


async def test_what_is_gone_is_not_told(
    large: Shop, page: Page, recorded: Recorded, rows: Rows
) -> None:
    answered(page)
    project = project_of(large, rows)
    rows("delete from conversation where project_id = %s returning 1", project)
    told = await recorded.told(ENCODER, project)
    assert [one.body for one in told] == [None, None, None]


async def test_a_new_conversation_is_told_as_printed(
    large: Shop, page: Page, recorded: Recorded, rows: Rows
) -> None:
    number = answered(page, name="John", email="john@example.com")
    told = await recorded.told(ENCODER, project_of(large, rows))
    assert [(one.event.type, one.body and one.body["event"]) for one in told] == [
        ("conversation.started", CREATED),
        ("message.received", UPDATED),
        ("message.sent", UPDATED),
    ]
    for one in told:
        assert one.body is not None
        assert_as_printed(PRINTED, one.body)
        assert one.body["conversation_id"] == number
        assert one.body["account_id"] == large.registered["account"]["id"]
        assert one.body["contact"] == {"name": "John", "email": "john@example.com"}


async def test_an_unknown_contact_has_empty_parts(
    large: Shop, page: Page, recorded: Recorded, rows: Rows
) -> None:
    answered(page)
    body = (await recorded.bodies(ENCODER, project_of(large, rows)))[0]
    assert_as_printed(PRINTED, body)
    assert body["contact"] == {"name": "", "email": ""}


async def test_each_change_of_status_or_assignee_and_each_message_is_an_update(
    large: Shop, page: Page, recorded: Recorded, rows: Rows
) -> None:
    number = answered(page)
    project = project_of(large, rows)

    async def new(before: int) -> list[str]:
        told = (await recorded.told(ENCODER, project))[before:]
        assert {one.body and one.body["event"] for one in told} <= {UPDATED}
        return [one.event.type for one in told]

    seen = 3
    for status, event in (
        ("pending", "conversation.updated"),
        ("open", "conversation.updated"),
        ("resolved", "conversation.ended"),
        ("open", "conversation.updated"),
    ):
        body = {"conversation_id": number, "status": status}
        assert large.call("POST", PATH, json=body).status_code == 200
        assert await new(seen) == [event], status
        seen += 1
    ann = large.registered["user"]["id"]
    body = {"conversation_id": number, "assignee_id": ann}
    assert large.call("POST", PATH, json=body).status_code == 200
    assert await new(seen) == ["conversation.updated"]
    # Who has it already is given it without news.
    assert large.call("POST", PATH, json=body).status_code == 200
    assert await new(seen + 1) == []
    body = {"conversation_id": number, "assignee_id": None}
    assert large.call("POST", PATH, json=body).status_code == 200
    assert await new(seen + 1) == ["conversation.updated"]
    seen += 2
    body = {"conversation_id": number, "content": "Ann here."}
    assert large.call("POST", PATH, json=body).status_code == 201
    assert await new(seen) == ["conversation.updated", "message.sent"]
    page.say(number, "I need help with my order")
    assert await new(seen + 2) == ["message.received"]


def test_the_examples_are_as_printed() -> None:
    for _, body in examples(ENCODER):
        assert_as_printed(PRINTED, body)
        assert {**body, "event": CREATED} == {
            "event": CREATED,
            "conversation_id": 360,
            "account_id": 17,
            "contact": {"name": "John", "email": "john@example.com"},
        }
    assert {body["event"] for _, body in examples(ENCODER)} == {CREATED, UPDATED}
    assert dict(ENCODER.headers("whsec_x", b"{}")) == {}
