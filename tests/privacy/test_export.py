"""Everything about a person is exported, and nothing about anybody else."""

import json

from tests.accounts.people import Person
from tests.conftest import Rows
from tests.conversations.visitors.site import Site, assert_problem
from tests.privacy.asking import erase, export, ok
from tests.privacy.canary import Canary, Life, settle, strangers
from tests.webhooks.receiver import Receiver


def test_an_unknown_person_has_an_empty_export(site: Site) -> None:
    document = export(site, email="nobody@example.com")
    assert document["visitors"] == document["leads"] == document["conversations"] == []
    assert document["truncated"] is False


def test_everything_that_is_known_is_in_it(
    rows: Rows, boss: Person, helper: Person, site: Site, receiver: Receiver
) -> None:
    canary = Canary()
    Life(canary, site, helper, receiver).live()
    settle(site, rows)
    other = strangers(site.visitor, site)
    document = export(site, email=canary.email)
    assert other.word not in json.dumps(document)
    assert len(document["conversations"]) == 5
    assert {one["id"] for one in document["conversations"]} >= canary.conversations
    assert {one["dialect"] for one in document["visitors"]} == {
        *(None, "noras", "chatorex", "novachat"),
    }
    [native] = [one for one in document["conversations"] if one["notes"]]
    assert canary.word in native["notes"][0]["content"]
    assert native["tags"] == [canary.word]
    assert canary.word in native["drafts"][0]["content"]
    assert native["rating"]["score"] == 2
    assert [one["feedback"]["rating"] for one in native["messages"] if one["feedback"]] == [
        "negative"
    ]
    assert {one["author"] for one in native["messages"]} == {"visitor", "assistant", "human"}
    consents = [one["consent"] for one in document["leads"] if one["consent"]]
    assert [(one["given"], one["text"]) for one in consents] == [
        (True, f"{canary.word} may be called.")
    ]
    [entry] = ok(boss.client.get("/v1/audit-log", params={"action": "person.exported"}))["items"]
    assert canary.word not in json.dumps(entry)
    assert entry["target"]["id"] == site.project_id


def test_many_conversations_come_in_one_document(site: Site) -> None:
    guest = site.guest()
    for number in range(23):
        guest.start(f"Question {number}?")
    document = export(site, visitor_id=guest.id)
    first = [one["messages"][0]["content"] for one in document["conversations"]]
    assert sorted(first) == sorted(f"Question {number}?" for number in range(23))
    erase(site, visitor_id=guest.id)
    assert export(site, visitor_id=guest.id)["conversations"] == []


def test_another_accounts_project_is_not_there(site: Site, owner: object) -> None:
    asked = owner.post(  # type: ignore[attr-defined]
        f"{site.path}/exports", json={"email": "ann@example.com"}
    )
    assert_problem(asked, 404, "project_not_found")
