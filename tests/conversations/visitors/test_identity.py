"""Whom a site has signed for: what is shared, what stays another's, on both tiers."""

import base64
import json
import threading
import time
from typing import Any
from uuid import UUID

import jwt
import pytest

from tests.conftest import Desk, Rows
from tests.conversations.visitors.orac import NOT_FOUND, REACHED, Orac
from tests.conversations.visitors.site import Site, assert_problem
from tests.waiting import PATIENCE

HOUR = 3600


def test_another_projects_signature_is_refused(site: Site, other_site: Site) -> None:
    begun = site.begin(identity_token=other_site.sign())
    assert_problem(begun, 401, "identity_token_invalid")


def test_a_replaced_secret_signs_nobody_any_more(site: Site) -> None:
    token = site.sign()
    assert site.begin(identity_token=token).status_code == 200
    assert site.owner.post(f"{site.path}/identity-secret").status_code == 201
    assert_problem(site.begin(identity_token=token), 401, "identity_token_invalid")


def test_a_project_without_secret_knows_nobody(site: Site, desk: Desk) -> None:
    key = site.owner.post(f"{desk.path}/widget-keys", json={"name": "x"}).json()["id"]
    begun = site.begin(widget_key=key, identity_token=site.sign())
    assert "no identity secret" in assert_problem(begun, 401, "identity_token_invalid")["detail"]


def test_two_devices_of_one_identity_share_its_history(site: Site) -> None:
    phone = site.guest(identity_token=site.sign("ada", email="ada@example.com", name="Ada"))
    conversation_id = phone.start()
    laptop = site.guest(identity_token=site.sign("ada"))
    assert laptop.id == phone.id
    assert laptop.conversations() == [conversation_id]
    laptop.ask("And how long does it take?", conversation_id=conversation_id)
    assert len(phone.messages(conversation_id)) == 4
    owned = site.owner.get(f"/v1/conversations/{conversation_id}").json()["visitor"]
    assert owned["identity"] == "ada"
    # What the second token did not tell is still known from the first.
    assert (owned["email"], owned["name"]) == ("ada@example.com", "Ada")
    assert owned["external_id"] is None


def test_another_identity_shares_nothing(site: Site) -> None:
    conversation_id = site.guest(identity_token=site.sign("ada")).start()
    bob = site.guest(identity_token=site.sign("bob"))
    assert bob.conversations() == []
    answer = bob.get(f"conversations/{conversation_id}/messages")
    assert_problem(answer, 404, "conversation_not_found")


def test_the_same_name_on_another_site_is_somebody_else(site: Site, other_site: Site) -> None:
    here = site.guest(identity_token=site.sign("ada"))
    there = other_site.guest(identity_token=other_site.sign("ada"))
    assert here.id != there.id
    here.start()
    assert there.conversations() == []


def test_an_identified_visitor_comes_back_with_an_identity_token_only(site: Site) -> None:
    ada = site.guest(identity_token=site.sign("ada"))
    assert_problem(site.begin(visitor_token=ada.token), 401, "identity_required")
    assert site.guest(visitor_token=ada.token, identity_token=site.sign("ada")).id == ada.id


def test_a_session_ends_with_its_identity_token(site: Site) -> None:
    assert site.guest(identity_token=site.sign(seconds=100)).expires_in <= 100
    assert site.guest(identity_token=site.sign(seconds=3600)).expires_in == 900


def test_what_was_said_anonymously_stays_so_without_the_browsers_token(site: Site) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    ada = site.guest(identity_token=site.sign("ada"))
    assert ada.id != guest.id
    assert ada.conversations() == []
    assert guest.conversations() == [conversation_id]


def test_many_devices_at_once_are_one_visitor(site: Site) -> None:
    token = site.sign("everybody at once")
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(site.guest(identity_token=token).id))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert len(found) == 8
    assert len(set(found)) == 1


def claims() -> dict[str, Any]:
    return {"sub": "ada", "exp": int(time.time()) + HOUR}


def test_without_enforcement_the_id_is_the_permission(orac: Orac, site: Site) -> None:
    conversation_id = orac.start(identity_token=site.sign("ada"))
    assert orac.reach(conversation_id) == REACHED


def test_enforced_the_id_alone_opens_no_identitys_conversation(orac: Orac, site: Site) -> None:
    conversation_id = orac.start(headers={"X-Identity-Token": site.sign("ada")})
    site.change(identity={"enforce": True})
    assert orac.reach(conversation_id) == NOT_FOUND
    assert orac.reach(conversation_id, site.sign("bob")) == NOT_FOUND
    assert orac.reach(conversation_id, site.sign("ada")) == REACHED
    assert len(orac.messages(conversation_id, site.sign("ada")).json()["messages"]) >= 2


def test_enforced_a_refusal_says_no_more_than_an_unknown_id(orac: Orac, site: Site) -> None:
    conversation_id = orac.start(identity_token=site.sign("ada"))
    site.change(identity={"enforce": True})
    unknown = orac.messages("conv_0198c0de0000700080000000000000a2")
    assert orac.messages(conversation_id).json() == unknown.json()
    assert orac.messages(conversation_id, "nonsense").json() == unknown.json()


def test_the_native_tiers_conversation_is_kept_from_orac_too(orac: Orac, site: Site) -> None:
    conversation_id = site.guest(identity_token=site.sign("ada")).start()
    site.change(identity={"enforce": True})
    assert orac.reach(conversation_id) == NOT_FOUND
    assert orac.reach(conversation_id, site.sign("ada")) == REACHED


def test_both_tiers_show_an_identity_one_history(orac: Orac, site: Site) -> None:
    conversation_id = orac.start(identity_token=site.sign("ada"))
    ada = site.guest(identity_token=site.sign("ada"))
    assert ada.conversations() == [conversation_id]


def test_enforced_an_anonymous_conversation_is_opened_by_its_id(orac: Orac, site: Site) -> None:
    unnamed, claimed = orac.start(), orac.start(visitor_id="ada")
    site.change(identity={"enforce": True})
    assert orac.reach(unnamed) == REACHED
    assert orac.reach(claimed) == REACHED


def test_a_claim_never_becomes_an_identity(orac: Orac, site: Site, rows: Rows) -> None:
    ada = site.guest(identity_token=site.sign("ada"))
    guest = site.guest()
    bare = UUID(guest.id.removeprefix("visitor_"))
    for claim in ("ada", ada.id, guest.id, str(bare), bare.hex):
        orac.start(visitor_id=claim)
    assert ada.conversations() == []
    assert guest.conversations() == []
    claims = rows("select count(*) from visitor where external_id = 'ada' and identity is null")
    assert claims[0][0] >= 1


@pytest.mark.parametrize("enforce", [False, True])
def test_orac_refuses_a_token_that_does_not_hold(orac: Orac, site: Site, enforce: bool) -> None:
    site.change(identity={"enforce": enforce})
    expired = orac.chat(identity_token=site.sign(seconds=-HOUR))
    assert (expired.status_code, expired.json()["code"]) == (401, "identity_token_expired")
    forged = orac.chat(
        headers={"X-Identity-Token": jwt.encode(claims(), "not this site's secret, as long as one")}
    )
    assert (forged.status_code, forged.json()["code"]) == (401, "identity_token_invalid")
    assert set(forged.json()) == {"error", "code", "status"}


def test_orac_tells_an_expired_token_of_its_own_site(orac: Orac, site: Site) -> None:
    conversation_id = orac.start(identity_token=site.sign("ada"))
    site.change(identity={"enforce": True})
    expired = orac.messages(conversation_id, site.sign("ada", seconds=-HOUR))
    assert (expired.status_code, expired.json()["code"]) == (401, "identity_token_expired")


def test_a_token_of_no_algorithm_opens_nothing(orac: Orac, site: Site) -> None:
    conversation_id = orac.start(identity_token=site.sign("ada"))
    site.change(identity={"enforce": True})
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode()).decode().rstrip("=")
    assert orac.reach(conversation_id, f"{head}.{body}.") == NOT_FOUND | {
        (401, "identity_token_invalid")  # A message says which project it is for.
    }
