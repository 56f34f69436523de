"""Whom a site has signed for: what is refused, what is shared, what stays anonymous."""

import base64
import json
import threading
import time
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest

from answerdesk.conversations.visitors.identity import verify_identity
from answerdesk.core.errors import NotAuthenticated
from answerdesk.core.tenancy import ProjectId
from tests.conftest import Desk, Rows
from tests.conversations.visitors.site import QUESTION, Site, assert_problem

HOUR = 3600
SECRET = "mE7vR2xKq9Lw4TzB8nYc1HdJ6sGf3PaU"


def encoded(payload: bytes, algorithm: str = "HS256") -> str:
    """Sign bytes that need not be claims."""
    return jwt.PyJWS().encode(payload, SECRET, algorithm=algorithm)


def claims(**more: Any) -> dict[str, Any]:
    return {"sub": "user-1", "exp": int(time.time()) + HOUR, **more}


def verify(token: str) -> Any:
    return verify_identity(token, SECRET.encode(), ProjectId(UUID(int=7)))


def refused(token: str) -> NotAuthenticated:
    with pytest.raises(NotAuthenticated) as caught:
        verify(token)
    return caught.value


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"exp": None}, "no exp"),
        ({"sub": None}, "no sub"),
        ({"sub": ""}, "sub"),
        ({"sub": " "}, "sub"),
        ({"sub": 7}, ""),
        ({"sub": "a\0b"}, "sub"),
        ({"sub": "\ud800"}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"email": 7}, "email"),
        ({"email": "x" * 321}, "email"),
        ({"name": ["x"]}, "name"),
        ({"exp": "soon"}, ""),
        ({"exp": []}, ""),
        ({"iat": "soon"}, ""),
        ({"aud": "proj_00000000000000000000000000000008"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": {"a": 1}}, "aud"),
    ],
)
def test_claims_that_do_not_hold_are_refused(more: dict[str, Any], said: str) -> None:
    payload = {name: value for name, value in claims(**more).items() if value is not None}
    error = refused(encoded(json.dumps(payload).encode()))
    assert error.code == "identity_token_invalid"
    assert said in error.message


def test_times_that_do_not_hold_are_refused() -> None:
    now = int(time.time())
    assert "24 hours" in refused(jwt.encode(claims(exp=now + 25 * HOUR), SECRET)).message
    assert "future" in refused(jwt.encode(claims(iat=now + HOUR), SECRET)).message
    assert "future" in refused(jwt.encode(claims(nbf=now + HOUR), SECRET)).message
    assert refused(jwt.encode(claims(exp=now - HOUR), SECRET)).code == "identity_token_expired"
    assert verify(jwt.encode(claims(exp=now + 24 * HOUR, iat=now + 30), SECRET)).subject == "user-1"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_another_algorithm_is_refused(algorithm: str) -> None:
    key = "" if algorithm == "none" else SECRET
    token = jwt.encode(claims(), key, algorithm=algorithm)
    assert "algorithm" in refused(token).message


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 3000,
        b'{"sub":"u","exp":1e999}',
        b'{"sub":"u","exp":NaN}',
        b'{"sub":"u","exp":-1e999}',
        b'{"sub":"u","exp":99999999999999999999999999}',
        b'{"sub":"u","exp":9999999999,"iat":1e999}',
        b'{"sub":"u","exp":true}',
    ],
)
def test_a_payload_that_is_none_is_refused(payload: bytes) -> None:
    assert refused(encoded(payload)).code in ("identity_token_invalid", "identity_token_expired")


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "🙂", "x" * 5000, "e30.e30.e30", "\0"])
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refused(token).code == "identity_token_invalid"


def test_another_secret_signs_nobody() -> None:
    token = jwt.encode(claims(), "another secret of the same length", algorithm="HS256")
    assert "identity secret" in refused(token).message


def test_the_audience_may_be_this_project() -> None:
    project = "proj_00000000000000000000000000000007"
    assert verify(jwt.encode(claims(aud=project), SECRET)).subject == "user-1"
    assert verify(jwt.encode(claims(aud=["shop", project]), SECRET)).subject == "user-1"


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


def test_what_was_said_anonymously_stays_so(site: Site) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    ada = site.guest(identity_token=site.sign("ada"), visitor_token=guest.token)
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
        thread.join(timeout=30)
    assert len(found) == 8
    assert len(set(found)) == 1


class Orac:
    """Orac's widget tier, with and without an identity token."""

    def __init__(self, client: httpx.Client, site: Site) -> None:
        self.client = client
        self.site = site

    def chat(self, **fields: Any) -> httpx.Response:
        headers = fields.pop("headers", {})
        body = {"project_id": self.site.project_id, "message": QUESTION, **fields}
        return self.client.post("/api/chat", json=body, headers=headers)

    def start(self, **fields: Any) -> str:
        answer = self.chat(**fields)
        assert answer.status_code == 200, answer.text
        first = answer.text.split("data: ", 1)[1].split("\n", 1)[0]
        conversation_id: str = json.loads(first)["conversation_id"]
        return conversation_id

    def messages(
        self, conversation_id: str, token: str | None = None, **more: Any
    ) -> httpx.Response:
        headers = {} if token is None else {"X-Identity-Token": token}
        params = {"conversationId": conversation_id, **more}
        return self.client.get("/api/widget/messages", params=params, headers=headers)

    def reach(self, conversation_id: str, token: str | None = None) -> set[tuple[int, str | None]]:
        """Try everything that a conversation's id is good for; return what came of each."""
        fields = {} if token is None else {"identity_token": token}
        said = self.site.owner.get(f"/v1/conversations/{conversation_id}").json()["messages"]
        answer = next(one["id"] for one in said if one["author"] == "assistant")
        rating = {"message_id": answer, "rating": "positive", **fields}
        escalation = {"conversation_id": conversation_id, **fields}
        responses = [
            self.messages(conversation_id, token),
            self.messages(conversation_id, **fields),
            self.chat(conversation_id=conversation_id, **fields),
            self.client.post("/api/widget/feedback", json=rating),
            self.client.post("/api/widget/escalate", json=escalation),
        ]
        return {(one.status_code, _code(one)) for one in responses}


def _code(response: httpx.Response) -> str | None:
    return None if response.status_code == 200 else str(response.json()["code"])


@pytest.fixture
def orac(visitor: httpx.Client, site: Site) -> Orac:
    return Orac(visitor, site)


NOT_FOUND = {(404, "conversation_not_found"), (404, "message_not_found")}
REACHED = {(200, None)}


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
    forged = orac.chat(headers={"X-Identity-Token": jwt.encode(claims(), SECRET)})
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
    body = base64.urlsafe_b64encode(json.dumps(claims(sub="ada")).encode()).decode().rstrip("=")
    assert orac.reach(conversation_id, f"{head}.{body}.") == NOT_FOUND | {
        (401, "identity_token_invalid")  # A message says which project it is for.
    }
