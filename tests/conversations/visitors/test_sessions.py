"""A widget key begins a session and nothing else; a token is one visitor's, for a while."""

import base64
import json
import time
from typing import Any
from uuid import UUID

import jwt
import pytest

from answerdesk.conversations.types import VisitorId
from answerdesk.conversations.visitors.tokens import LIFE, VisitorClaims, VisitorTokens
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.tenancy import AccountId, ProjectId
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Guest, Site, assert_problem

YEAR_2100 = 4_102_444_800
UNKNOWN_KEY = "wk_0198c0de0000700080000000000000b1"


class Forge:
    """Makes tokens with the installation's own key, as only we could."""

    def __init__(self, server: Server) -> None:
        self.sealer = Sealer(load_secret_keys(server.data_dir))

    def claims(self, guest: Guest) -> dict[str, Any]:
        """Return what a visitor's token says."""
        payload: dict[str, Any] = jwt.decode(guest.token, options={"verify_signature": False})
        return payload

    def again(self, guest: Guest, key: bytes | None = None, **claims: Any) -> Guest:
        """Sign a visitor's token anew, with other claims; None leaves one out."""
        payload = {**self.claims(guest), **claims}
        payload = {name: value for name, value in payload.items() if value is not None}
        token = jwt.encode(payload, key or self.sealer.derive("visitor"), algorithm="HS256")
        return Guest(guest.client, token, 0, guest.id)


@pytest.fixture
def forge(server: Server) -> Forge:
    return Forge(server)


def unsigned(guest: Guest) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = jwt.decode(guest.token, options={"verify_signature": False})
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def test_the_key_itself_opens_nothing(site: Site) -> None:
    guest = Guest(site.visitor, site.widget_key, 0, "")
    assert_problem(guest.send("hi"), 401, "visitor_token_invalid")
    assert_problem(guest.get("conversations"), 401, "visitor_token_invalid")
    headers = {"Authorization": f"Bearer {site.widget_key}"}
    for path in (site.path, "/v1/projects", f"{site.path}/conversations"):
        assert site.visitor.get(path, headers=headers).status_code == 401


def test_a_visitor_token_opens_nothing_of_the_owner(site: Site) -> None:
    guest = site.guest()
    for path in (site.path, f"{site.path}/conversations", "/v1/me", "/v1/api-keys"):
        assert site.visitor.get(path, headers=guest.headers).status_code in (401, 404)


@pytest.mark.parametrize("key", [UNKNOWN_KEY, "wk_", "x", "", "🙂"])
def test_an_unknown_key_is_not_found(site: Site, key: str) -> None:
    assert_problem(site.begin(widget_key=key), 404, "widget_key_not_found")


def test_the_projects_id_is_no_key(site: Site) -> None:
    assert_problem(site.begin(widget_key=site.project_id), 404, "widget_key_not_found")


def test_unknown_fields_are_refused(site: Site) -> None:
    assert_problem(site.begin(visitor_id="me"), 422, "invalid_input")


def test_no_token_is_no_visitor(site: Site) -> None:
    response = site.visitor.post("/v1/visitor/chat", json={"message": "hi"})
    assert_problem(response, 401, "visitor_token_missing")
    assert response.headers["www-authenticate"] == "Bearer"
    for path in ("conversations", f"conversations/conv_{'0' * 32}/messages"):
        assert_problem(site.visitor.get(f"/v1/visitor/{path}"), 401, "visitor_token_missing")


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "....", "🙂".encode().hex(), "e30.e30.", "9" * 5000]
)
def test_what_is_no_token_is_refused(site: Site, token: str) -> None:
    assert_problem(Guest(site.visitor, token, 0, "").send("hi"), 401, "visitor_token_invalid")
    begun = site.begin(visitor_token=token)
    assert begun.status_code in (401, 422), begun.text


def test_a_token_without_signature_is_refused(site: Site) -> None:
    token = unsigned(site.guest())
    assert_problem(Guest(site.visitor, token, 0, "").send("hi"), 401, "visitor_token_invalid")
    assert_problem(site.begin(visitor_token=token), 401, "visitor_token_invalid")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "answerdesk:user"},
        {"aud": None},
        {"aud": ["answerdesk:user"]},
        {"exp": None},
        {"iat": None},
        {"iat": YEAR_2100},
        {"visitor": None},
        {"visitor": 7},
        {"visitor": "me"},
        {"account": "0" * 32},
    ],
)
def test_another_kind_of_token_of_ours_is_refused(
    site: Site, forge: Forge, claims: dict[str, Any]
) -> None:
    forged = forge.again(site.guest(), **claims)
    assert_problem(forged.send("hi"), 401, "visitor_token_invalid")
    assert_problem(site.begin(visitor_token=forged.token), 401, "visitor_token_invalid")


def test_another_key_signs_no_visitor(site: Site, forge: Forge) -> None:
    guest = site.guest()
    for key in (forge.sealer.derive("user"), site.secret.encode(), b"k" * 32):
        forged = forge.again(guest, key)
        assert_problem(forged.get("conversations"), 401, "visitor_token_invalid")
        assert_problem(site.begin(visitor_token=forged.token), 401, "visitor_token_invalid")


def test_the_forge_signs_what_holds(site: Site, forge: Forge) -> None:
    assert forge.again(site.guest()).conversations() == []


def test_an_expired_token_is_refused_but_comes_back(site: Site, forge: Forge) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    expired = forge.again(guest, exp=int(time.time()) - 5)
    assert_problem(expired.get("conversations"), 401, "visitor_token_expired")
    assert_problem(expired.send("hi"), 401, "visitor_token_expired")
    renewed = site.guest(visitor_token=expired.token)
    assert renewed.id == guest.id
    assert renewed.conversations() == [conversation_id]


def test_a_token_that_expired_long_ago_does_not_come_back(site: Site, forge: Forge) -> None:
    eight_days = 8 * 24 * 3600
    old = forge.again(site.guest(), exp=int(time.time()) - eight_days)
    assert_problem(site.begin(visitor_token=old.token), 401, "visitor_token_expired")


def test_a_token_lasts_a_quarter_of_an_hour(site: Site, forge: Forge) -> None:
    guest = site.guest()
    claims = forge.claims(guest)
    assert guest.expires_in == claims["exp"] - claims["iat"] == LIFE
    assert claims["aud"] == "answerdesk:visitor"
    assert site.guest().id != guest.id
    assert site.guest(visitor_token=guest.token).id == guest.id


def test_another_projects_token_does_not_come_back_here(site: Site, other_site: Site) -> None:
    token = other_site.guest().token
    assert_problem(site.begin(visitor_token=token), 401, "visitor_token_invalid")


def test_a_revoked_key_begins_and_renews_nothing(site: Site) -> None:
    guest = site.guest()
    revoked = site.owner.delete(f"{site.path}/widget-keys/{site.widget_key}")
    assert revoked.status_code == 204
    assert_problem(site.begin(), 404, "widget_key_not_found")
    assert_problem(site.begin(visitor_token=guest.token), 404, "widget_key_not_found")


def test_a_deleted_projects_visitors_are_gone(site: Site) -> None:
    guest = site.guest()
    assert site.owner.delete(site.path).status_code == 204
    assert_problem(guest.get("conversations"), 401, "visitor_token_invalid")
    assert_problem(site.begin(), 404, "widget_key_not_found")


def test_a_deleted_visitor_is_gone(site: Site, rows: Rows) -> None:
    guest = site.guest()
    rows("delete from visitor where id = %s returning id", UUID(guest.id.removeprefix("visitor_")))
    assert_problem(guest.send("hi"), 401, "visitor_token_invalid")
    assert_problem(site.begin(visitor_token=guest.token), 401, "visitor_token_invalid")


def test_any_page_may_ask_without_a_cookie(site: Site) -> None:
    headers = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    for path in ("session", "chat"):
        preflight = site.visitor.options(f"/v1/visitor/{path}", headers=headers)
        assert preflight.status_code == 200, preflight.text
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in preflight.headers
    begun = site.begin(headers={"Origin": "https://shop.example"})
    assert begun.headers["access-control-allow-origin"] == "*"


def test_an_older_secret_key_still_holds_until_it_expires() -> None:
    old, new = "Jv0TtM6bYk1wq8ZfUo3eCz5RsXh7LnPa", "Qe9WdB2cGm4yKx6iVu8tHs0jFl1aZpNo"
    claims = VisitorClaims(
        AccountId(UUID(int=1)), ProjectId(UUID(int=2)), VisitorId(UUID(int=3)), 2**40
    )
    token = VisitorTokens(Sealer([old])).sign(claims)
    assert VisitorTokens(Sealer([new, old])).read(token) == claims
    with pytest.raises(Exception, match="not a valid visitor token"):
        VisitorTokens(Sealer([new])).read(token)


def test_a_session_says_nothing_about_the_account(site: Site) -> None:
    assert set(site.begin().json()) == {"visitor_token", "expires_in", "visitor_id"}
