"""A conversation that was begun with a visitor token: its id alone opens nothing, on any tier."""

from uuid import UUID

import httpx
import pytest

from tests.conftest import Rows
from tests.conversations.visitors.orac import NOT_FOUND, REACHED, Orac
from tests.conversations.visitors.site import QUESTION, Guest, Site

UNKNOWN = "conv_0198c0de0000700080000000000000a2"
ELSEWHERE = {"Origin": "https://elsewhere.example"}


def bare(public_id: str) -> UUID:
    return UUID(public_id.split("_", 1)[1])


def said(guest: Guest, conversation_id: str) -> list[str]:
    return [one["content"] for one in guest.messages(conversation_id)]


@pytest.mark.parametrize("enforce", [False, True])
def test_an_anonymous_visitors_is_not_there_for_who_has_its_id(
    orac: Orac, site: Site, enforce: bool, rows: Rows
) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    before = said(guest, conversation_id)
    site.change(identity={"enforce": enforce})
    assert orac.reach(conversation_id) == NOT_FOUND
    assert orac.reach(conversation_id, site.sign("ada")) == NOT_FOUND
    assert said(guest, conversation_id) == before
    state = rows("select state from conversation where id = %s", bare(conversation_id))
    assert state == [("ai",)]
    assert rows("select 1 from lead where conversation_id = %s", bare(conversation_id)) == []
    assert (
        rows(
            "select 1 from feedback f join message m on m.id = f.message_id"
            " where m.conversation_id = %s",
            bare(conversation_id),
        )
        == []
    )


def test_an_identitys_takes_the_identity_though_none_is_enforced(orac: Orac, site: Site) -> None:
    conversation_id = site.guest(identity_token=site.sign("ada")).start()
    assert orac.reach(conversation_id) == NOT_FOUND
    assert orac.reach(conversation_id, site.sign("bob")) == NOT_FOUND
    assert orac.reach(conversation_id, site.sign("ada")) == REACHED


def test_nothing_tells_it_from_what_is_not_there(orac: Orac, site: Site) -> None:
    conversation_id = site.guest().start()
    site.change(allowed_origins=["https://shop.example"])
    for more in ({}, {"token": "nonsense"}, {"token": site.sign("ada", seconds=-3600)}):
        token = more.get("token")
        headers = {**ELSEWHERE, **({"X-Identity-Token": token} if token else {})}
        answers = [
            orac.client.get("/api/widget/messages", params={"conversationId": one}, headers=headers)
            for one in (conversation_id, UNKNOWN)
        ]
        if token is None or token == "nonsense":
            assert {one.status_code for one in answers} == {404}
            assert answers[0].json() == answers[1].json()
        else:
            # Who had a good signature of this site's is told that it has expired.
            assert answers[0].status_code == 401


def test_it_stays_closed_when_its_visitor_is_forgotten(orac: Orac, site: Site, rows: Rows) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    rows("delete from visitor where id = %s returning id", bare(guest.id))
    assert orac.reach(conversation_id) == NOT_FOUND


def test_what_an_earlier_version_began_is_told_by_its_visitor(
    orac: Orac, site: Site, rows: Rows
) -> None:
    begun = {
        "with a token": site.guest().start(),
        "by nobody known": orac.start(),
        "with a claim": orac.start(visitor_id="ada"),
        "with a signature": orac.start(identity_token=site.sign("ada")),
    }
    for one in begun.values():
        rows("update conversation set opens_by_id = null where id = %s returning id", bare(one))
    assert {name: orac.reach(one) for name, one in begun.items()} == {
        "with a token": NOT_FOUND,
        "by nobody known": REACHED,
        "with a claim": REACHED,
        "with a signature": REACHED,
    }


def test_oracs_own_stay_reachable_and_an_identity_goes_on_with_them(orac: Orac, site: Site) -> None:
    conversation_id = orac.start(identity_token=site.sign("ada"))
    ada = site.guest(identity_token=site.sign("ada"))
    ada.ask("And how long does it take?", conversation_id=conversation_id)
    assert orac.reach(conversation_id) == REACHED


def test_its_own_visitor_reaches_it(site: Site, visitor: httpx.Client) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    guest.ask("And how long does it take?", conversation_id=conversation_id)
    assert len(guest.messages(conversation_id)) == 4
    again = site.guest(visitor_token=guest.token)
    assert again.conversations() == [conversation_id]
    assert QUESTION in said(again, conversation_id)
