"""A person is erased everywhere, and nobody else; the receipt tells how much and not whom."""

from typing import Any

import pytest

from tests.accounts.people import Person, join
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Site, assert_problem
from tests.dialects.keys import key_of
from tests.inbox.team import bare
from tests.privacy.asking import erase, ok, receipts
from tests.privacy.canary import Canary, Life, settle, strangers
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver

UNKNOWN = "0198c0de0000700080000000000000d7"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "subject_unclear"),
        ({"email": "ann@example.com", "identity": "42"}, "subject_unclear"),
        ({"email": "ann@example.com", "dialect": "noras"}, "subject_unclear"),
        ({"dialect": "noras"}, "subject_unclear"),
        ({"email": "nobody"}, "subject_invalid"),
        ({"visitor_id": "conv_0198c0de0000700080000000000000d7"}, "subject_invalid"),
        ({"email": ""}, "invalid_input"),
        ({"email": "x" * 321}, "invalid_input"),
        ({"external_id": "42", "dialect": "elsewhere"}, "invalid_input"),
        ({"name": "Ann"}, "invalid_input"),
    ],
)
def test_whoever_is_not_named_clearly_is_not_erased(
    site: Site, body: dict[str, str], code: str
) -> None:
    for path in ("erasures", "exports"):
        assert_problem(site.owner.post(f"{site.path}/{path}", json=body), 422, code)
    assert receipts(site) == []


def test_only_owners_admins_and_keys_made_for_it_may(
    server: Server, boss: Person, helper: Person, site: Site
) -> None:
    body, path = {"email": "ann@example.com"}, f"{site.path}/erasures"
    for role in ("agent", "viewer"):
        client = helper.client if role == "agent" else join(server, boss, role).client
        assert_problem(client.post(path, json=body), 403, "scope_missing")
        assert_problem(client.post(f"{site.path}/exports", json=body), 403, "scope_missing")
        assert_problem(client.get(path), 403, "scope_missing")
    everything = key_of(boss.client)
    assert_problem(site.visitor.post(path, json=body, headers=everything), 403, "scope_missing")
    reads = key_of(boss.client, scopes=["privacy:read"])
    assert_problem(site.visitor.post(path, json=body, headers=reads), 403, "scope_missing")
    assert site.visitor.get(path, headers=reads).status_code == 200
    named = key_of(boss.client, scopes=["privacy:write"])
    assert site.visitor.post(path, json=body, headers=named).status_code == 202
    assert join(server, boss, "admin").client.post(path, json=body).status_code == 202


def test_a_receipt_of_elsewhere_is_not_there(boss: Person, site: Site) -> None:
    receipt = erase(site, email="ann@example.com")
    other = Site(boss.client, site.visitor)
    for erasure_id in (receipt["id"], f"erasure_{UNKNOWN}", "erasure_x"):
        gone = boss.client.get(f"{other.path}/erasures/{erasure_id}")
        assert_problem(gone, 404, "erasure_not_found")


def test_somebody_unknown_has_a_receipt_of_nothing(site: Site) -> None:
    receipt = erase(site, email="nobody@example.com")
    assert set(receipt["counts"].values()) == {0}
    assert receipt["completed_at"] >= receipt["requested_at"]


def test_a_name_in_two_dialects_may_be_two_persons(site: Site) -> None:
    for dialect, prefix in (("noras", "sk_"), ("chatorex", "sk_live_")):
        key = key_of(site.owner, prefix, project_ids=[site.project_id])
        body: dict[str, Any] = {"message": "Hello?"}
        if dialect == "noras":
            body |= {"widget_key": site.project_id.replace("proj_", "widget_"), "user_code": "42"}
        else:
            body["session_id"] = "42"
        ok(site.visitor.post(f"/{dialect}/api/chat", json=body, headers=key))
    refused = site.owner.post(f"{site.path}/erasures", json={"external_id": "42"})
    assert "chatorex, noras" in assert_problem(refused, 409, "subject_ambiguous")["detail"]
    assert erase(site, external_id="42", dialect="noras")["counts"]["conversations"] == 1
    # Now the name is clear.
    assert erase(site, external_id="42")["counts"]["conversations"] == 1


def test_what_somebody_else_left_with_the_address_is_not_theirs(site: Site) -> None:
    ann = site.guest(identity_token=site.sign("ann", email="ann@example.com"))
    conversation = ann.start("Please write to my sister.")
    ok(ann.post(f"conversations/{conversation}/escalate", email="eve@example.com"))
    counts = erase(site, email="eve@example.com")["counts"]
    assert (counts["leads"], counts["conversations"], counts["visitors"]) == (1, 0, 0)
    assert ann.conversations() == [conversation]


def test_only_the_one_who_is_named_by_an_id_is_erased(site: Site) -> None:
    first, second = site.guest(), site.guest()
    mine, others = first.start(), second.start()
    counts = erase(site, visitor_id=first.id)["counts"]
    assert (counts["conversations"], counts["visitors"]) == (1, 1)
    assert second.conversations() == [others]
    assert site.owner.get(f"/v1/conversations/{mine}").status_code == 404
    assert first.get("conversations").status_code == 401


def test_a_canary_leaves_no_trace(
    server: Server, rows: Rows, boss: Person, helper: Person, site: Site, receiver: Receiver
) -> None:
    canary = Canary()
    Life(canary, site, helper, receiver).live()
    settle(site, rows)
    other = strangers(site.visitor, site)
    elsewhere = Site(boss.client, site.visitor)
    namesake = elsewhere.guest(identity_token=elsewhere.sign("x", email=canary.email))
    namesake.start("The same address in another project.")
    settle(elsewhere, rows)
    before = canary.traces(rows)
    tables = {one.partition(".")[0] for one in before}
    assert tables >= {
        *("message", "lead", "visitor", "note", "conversation_tag", "draft", "feedback"),
        *("satisfaction", "webhook_attempt", "conversation"),
    }, before
    others = other.traces(rows)
    left = erase(elsewhere, email=canary.email)
    assert left["counts"]["conversations"] == 1

    receipt = erase(site, email=canary.email.upper())

    counts = receipt["counts"]
    assert counts["conversations"] == 5
    assert counts["messages"] >= 10
    assert counts["leads"] >= 4
    assert counts["visitors"] == 5
    assert counts["deliveries"] >= 10
    assert counts["delayed_replies"] == 1
    settle(site, rows)
    assert canary.traces(rows) == []
    assert canary.files(server) == []
    assert other.traces(rows) == others
    project = bare(site.project_id)
    for table in ("conversation", "message", "visitor", "lead"):
        [(count,)] = rows(f"select count(*) from {table} where project_id = %s", project)
        assert count == {"conversation": 1, "message": 2, "visitor": 1, "lead": 1}[table], table
    # What is sealed can't be searched, so nothing may be sealed that tells of them.
    [(sealed,)] = rows(
        "select count(*) from stored_secret s join webhook_delivery d"
        "  on d.account_id = s.account_id and d.id = s.subject_id"
        " join event e on e.account_id = d.account_id and e.id = d.event_id"
        " where d.project_id = %s and e.payload->>'conversation_id' = any(%s)"
        "  and e.type <> 'conversation.erased'",
        *(project, sorted(canary.conversations)),
    )
    assert sealed == 0
    assert (
        rows("select id from delayed_reply where project_id = %s and state = 'scheduled'", project)
        == []
    )


def test_a_receipt_is_found_again_by_whoever_knows_whom_it_is_about(
    rows: Rows, boss: Person, site: Site
) -> None:
    canary = Canary()
    site.guest(identity_token=site.sign("ann", email=canary.email)).start()
    receipt = erase(site, email=canary.email)
    assert receipts(site, email=canary.email.upper()) == [receipt]
    assert receipts(site, email=f"x{canary.email}") == []
    assert receipts(site, identity="ann") == []
    assert [one["id"] for one in receipts(site)] == [receipt["id"]]
    log = boss.client.get("/v1/audit-log", params={"action": "erasure.requested"}).json()["items"]
    assert [one["target"]["id"] for one in log] == [receipt["id"]]
    assert canary.traces(rows) == []


def test_an_erasure_that_is_asked_for_twice_is_done_once(rows: Rows, site: Site) -> None:
    guest = site.guest()
    guest.start()
    body = {"visitor_id": guest.id}
    asked = [site.owner.post(f"{site.path}/erasures", json=body) for _ in range(2)]
    assert {one.status_code for one in asked} == {202}
    erase(site, visitor_id=guest.id)
    counted = [one["counts"]["conversations"] for one in receipts(site)]
    assert sum(counted) == 1
    told = rows(
        "select count(*) from event where type = 'conversation.erased' and project_id = %s",
        bare(site.project_id),
    )
    assert told == [(1,)]


def test_webhooks_and_views_hear_that_a_conversation_is_gone(
    site: Site, receiver: Receiver
) -> None:
    snapshot = ok(site.owner.get("/v1/inbox/snapshot"))
    path = "/hears"
    receiver.at(path)
    body = {"url": receiver.url + path, "events": ["conversation.erased", "person.erased"]}
    ok(site.owner.post("/v1/webhooks", json=body))
    guest = site.guest()
    conversation = guest.start()
    receipt = erase(site, visitor_id=guest.id)
    for _ in attempts(PATIENCE):
        if len(receiver.of(path)) == 2:
            break
    told = {one.json["type"]: one.json["data"] for one in receiver.of(path)}
    assert told["conversation.erased"] == {"conversation_id": conversation}
    assert told["person.erased"]["erasure_id"] == receipt["id"]
    assert told["person.erased"]["conversations"] == 1
    frames = ok(site.owner.get("/v1/inbox/events", params={"cursor": snapshot["cursor"]}))["frames"]
    gone = [one["data"] for one in frames if one["event"] == "conversation"]
    assert {"id": conversation, "deleted": True} in gone


def test_what_a_visitor_has_spent_goes_with_them(site: Site, rows: Rows) -> None:
    guest, other = site.guest(), site.guest()
    for one in (guest, other):
        one.ask()
        rows(
            "insert into spending (account_id, scope, subject_id, period, begins, project_id)"
            " select account_id, 'visitor', id, 'day', now(), project_id from visitor"
            " where id = %s returning 1",
            bare(one.id),
        )
        rows(
            "insert into spending_reservation (account_id, id, project_id, visitor_id, model_id,"
            "  model_name, input_tokens, output_tokens, made_at)"
            " select account_id, gen_random_uuid(), project_id, id, id, 'Fast', 1, 1, now()"
            " from visitor where id = %s returning 1",
            bare(one.id),
        )
    erase(site, visitor_id=guest.id)
    for table, column in (("spending", "subject_id"), ("spending_reservation", "visitor_id")):
        kept = f"select {column} from {table} where {column} in (%s, %s)"
        found = [str(one) for (one,) in rows(kept, bare(guest.id), bare(other.id))]
        assert [one.replace("-", "") for one in found] == [str(bare(other.id)).replace("-", "")]
