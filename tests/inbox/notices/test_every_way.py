"""A wait and a lead reach mail, browser and webhook; preferences and roles hold; old ones go."""

from collections.abc import Iterator

import httpx
import pytest

from answerdesk.inbox.notices.types import GATHERED
from answerdesk.inbox.service_levels.types import FOLLOWED
from tests.conftest import Rows, Server, rows_of, serving
from tests.inbox.notices.told import BY_BROWSER, BY_MAIL, first_mails, first_notices, prefer
from tests.inbox.place import placed
from tests.inbox.team import Team, bare, ok
from tests.webhooks.hooks import created
from tests.webhooks.receiver import Receiver, receiving

HOOK = "/told"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may send webhooks to this machine."""
    with serving(ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8") as running:
        yield running


@pytest.fixture(scope="module")
def rows(server: Server) -> Iterator[Rows]:
    yield from rows_of(server)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def test_a_wait_and_a_lead_reach_webhook_mail_and_notice(
    server: Server, visitor: httpx.Client, rows: Rows, receiver: Receiver
) -> None:
    team = Team(server, visitor)
    created(
        team.owner.client,
        url=receiver.at(HOOK),
        events=["conversation.escalated", "lead.created"],
    )
    prefer(team.ana, waiting=BY_BROWSER, lead=BY_BROWSER)
    prefer(team.ben, waiting=BY_MAIL, lead=BY_MAIL)
    prefer(team.owner)
    asked = team.guest.post(
        f"conversations/{team.conversation_id}/escalate", email="kim@example.com"
    )
    assert asked.status_code == 204, asked.text
    for kind in ("waiting", "lead"):
        (told,) = first_notices(team.ana, kind)
        assert told["conversation_id"] == team.conversation_id
    receiver.wait_for(HOOK, 2)
    assert {one.json["type"] for one in receiver.of(HOOK)} == {
        "conversation.escalated",
        "lead.created",
    }
    (mail,) = first_mails(server, team.ben)
    assert "Subject: 2 notices" in mail
    # Without a mail server it stands in a file, from which nobody erases a visitor's words.
    assert "kim@example.com" not in mail
    assert f"/app/inbox?conversation={team.conversation_id}" in mail
    assert team.ana.email not in mail
    assert rows(
        "select count(*) from notice where account_id = %s and user_id = %s",
        *(bare(team.owner.account_id), bare(team.owner.user_id)),
    ) == [(0,)]


def test_every_account_has_its_consumers(server: Server, visitor: httpx.Client, rows: Rows) -> None:
    team = Team(server, visitor)
    found = rows(
        "select job, types from event_consumer where account_id = %s",
        bare(team.owner.account_id),
    )
    assert {job: set(types) for job, types in found} == {
        "notices.gather": set(GATHERED),
        "service_levels.follow": set(FOLLOWED),
        "drafts.follow": {"conversation.ended"},
    }
    every = ok(team.owner.client.get("/openapi.json"))
    assert every["paths"]["/v1/notice-preferences"].keys() == {"get", "put"}
    # The assistant's chats schedule nothing.
    before = rows("select count(*) from due_job where name like 'notices.%%'")
    team.guest.ask("And standard shipping?", conversation_id=team.conversation_id)
    assert rows("select count(*) from due_job where name like 'notices.%%'") <= before


async def test_old_notices_are_forgotten_and_a_removed_members_go() -> None:
    async with placed() as place:
        person = place.join()
        old, young = place.converse(), place.converse()
        for one in (old, young):
            await place.move(one, "waiting")
        await place.work("notices.gather")
        place.rows(
            "update notice set created_at = now() - interval '31 days'"
            " where conversation_id = %s returning 1",
            old,
        )
        await place.handlers["notices.forget"].handler(place.job("notices.forget"))
        assert place.rows("select conversation_id from notice") == [(young,)]
        assert place.count("due_job", "key = 'notices.forget'") == 1
        place.rows("delete from membership where user_id = %s returning 1", person)
        assert place.count("notice") == place.count("notice_mail") == 0
