"""Logging in: what is refused, what ends a log-in, and how tokens follow each other."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import jwt
import pytest

from answerdesk.accounts.sessions.tokens import AUDIENCE, AccessClaims, make_access_token
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.tenancy import AccountId, UserId
from tests.accounts.people import PASSWORD, Person, fresh_email, log_in, refused, sign_up
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE


@pytest.fixture(scope="module")
def ann(server: Server) -> Person:
    return sign_up(server)


def with_token(server: Server, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{server.url}/v1/me", headers=headers, timeout=PATIENCE)


def refresh(visitor: httpx.Client, token: str) -> httpx.Response:
    return visitor.post("/v1/auth/refresh", json={"refresh_token": token})


def test_nobody_is_told_whether_an_address_is_known(visitor: httpx.Client, ann: Person) -> None:
    wrong = {"email": ann.email, "password": "another password"}
    unknown = {"email": fresh_email(), "password": "another password"}
    first = refused(visitor.post("/v1/auth/login", json=wrong), 401, "credentials_invalid")
    second = refused(visitor.post("/v1/auth/login", json=unknown), 401, "credentials_invalid")
    assert first == second


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("login", {"email": "ann@example.com"}),
        ("login", {"email": "ann", "password": PASSWORD}),
        ("login", {"email": "ann@example.com", "password": PASSWORD, "role": "owner"}),
        ("login", {"email": "ann@example.com", "password": "a\0b"}),
        ("signup", {"email": "ann\n@example.com", "password": PASSWORD}),
        ("signup", {"email": "a@example.com", "password": PASSWORD, "role": "owner"}),
        ("signup", {"email": "a@example.com", "password": PASSWORD, "account_name": " "}),
        (
            "signup",
            {"email": "a@b.de", "password": PASSWORD, "owner_key": "x", "invitation": "y"},
        ),
        ("refresh", {}),
        ("refresh", {"refresh_token": ""}),
        ("reset-request", {"email": "nobody"}),
        ("switch", {}),
    ],
)
def test_a_body_that_does_not_hold_is_refused(ann: Person, path: str, body: object) -> None:
    refused(ann.client.post(f"/v1/auth/{path}", json=body), 422, "invalid_input")


@pytest.mark.parametrize(
    ("password", "code"),
    [("too short", "password_too_short"), ("Password123!", "password_too_common")],
)
def test_a_weak_password_is_refused_by_name(
    visitor: httpx.Client, password: str, code: str
) -> None:
    body = {"email": fresh_email(), "password": password}
    refused(visitor.post("/v1/auth/signup", json=body), 422, code)
    refused(visitor.post("/v1/auth/login", json=body), 401, "credentials_invalid")


def test_an_address_signs_up_once(visitor: httpx.Client, ann: Person) -> None:
    body = {"email": ann.email.upper(), "password": PASSWORD}
    refused(visitor.post("/v1/auth/signup", json=body), 409, "email_in_use")


def test_of_those_who_sign_up_together_one_gets_the_address(server: Server) -> None:
    body = {"email": fresh_email(), "password": PASSWORD}
    url = f"{server.url}/v1/auth/signup"
    with ThreadPoolExecutor(4) as threads:
        answers = list(
            threads.map(lambda _: httpx.post(url, json=body, timeout=PATIENCE), range(4))
        )
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


def test_the_owners_key_must_be_the_owners(visitor: httpx.Client) -> None:
    body = {"email": fresh_email(), "password": PASSWORD, "owner_key": "ad_live_" + "x" * 43}
    refused(visitor.post("/v1/auth/signup", json=body), 403, "owner_key_wrong")


def _claims(token: str) -> AccessClaims:
    payload = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return AccessClaims(
        account_id=AccountId(UUID(payload["account"])),
        user_id=UserId(UUID(payload["sub"])),
        session_id=UUID(payload["session"]),
    )


def test_only_our_own_fresh_access_tokens_hold(server: Server, ann: Person) -> None:
    token = ann.tokens["access_token"]
    key = Sealer(load_secret_keys(server.data_dir)).derive("access tokens")
    claims = _claims(token)
    assert with_token(server, make_access_token(key, claims)).status_code == 200
    payload = jwt.decode(token, key, algorithms=["HS256"], audience=AUDIENCE)
    head, body, signature = token.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    changed = base64.urlsafe_b64encode(json.dumps({**payload, "sub": uuid4().hex}).encode())
    for wrong in (
        f"{unsigned}.{body}.",
        f"{unsigned}.{body}.{signature}",
        f"{head}.{changed.decode().rstrip('=')}.{signature}",
        f"{head}.{body}.{signature[:-4]}",
        jwt.encode(payload, b"x" * 32, "HS256"),
        jwt.encode(payload, key * 2, "HS512"),
        jwt.encode({**payload, "aud": "answerdesk:visitor"}, key, "HS256"),
        jwt.encode({k: v for k, v in payload.items() if k != "exp"}, key, "HS256"),
        jwt.encode({k: v for k, v in payload.items() if k != "session"}, key, "HS256"),
        jwt.encode({**payload, "session": 7}, key, "HS256"),
        "a.b.c",
    ):
        refused(with_token(server, wrong), 401, "access_token_invalid")
    old = make_access_token(key, claims, datetime.now(UTC) - timedelta(minutes=16))
    refused(with_token(server, old), 401, "access_token_expired")


def test_a_token_reaches_no_other_account(server: Server, ann: Person) -> None:
    other = sign_up(server, "eve")
    key = Sealer(load_secret_keys(server.data_dir)).derive("access tokens")
    mine, theirs = _claims(ann.tokens["access_token"]), _claims(other.tokens["access_token"])
    for mixed in (
        AccessClaims(theirs.account_id, mine.user_id, mine.session_id),
        AccessClaims(mine.account_id, theirs.user_id, mine.session_id),
        AccessClaims(mine.account_id, mine.user_id, theirs.session_id),
    ):
        refused(with_token(server, make_access_token(key, mixed)), 401, "session_ended")


def test_a_used_refresh_token_ends_the_log_in(
    server: Server, visitor: httpx.Client, rows: Rows
) -> None:
    person = sign_up(server)
    first = person.tokens["refresh_token"]
    second = refresh(visitor, first).json()
    # The answer may have been lost: within seconds it is given again, the same.
    again = refresh(visitor, first)
    assert again.status_code == 200
    assert again.json()["refresh_token"] == second["refresh_token"]
    third = refresh(visitor, second["refresh_token"]).json()
    assert len({first, second["refresh_token"], third["refresh_token"]}) == 3
    refused(refresh(visitor, first), 401, "refresh_token_reused")
    refused(refresh(visitor, third["refresh_token"]), 401, "refresh_token_invalid")
    refused(with_token(server, third["access_token"]), 401, "session_ended")
    log = log_in(server, person.email).client.get("/v1/audit-log").json()["items"]
    assert "session.revoked" in [one["action"] for one in log]


def test_a_used_refresh_token_is_not_retried_for_long(
    server: Server, visitor: httpx.Client, rows: Rows
) -> None:
    person = sign_up(server)
    first = person.tokens["refresh_token"]
    assert refresh(visitor, first).status_code == 200
    session_id = first.split("_")[1]
    rows(
        "update login_session set used_at = used_at - interval '11 seconds' where id = %s"
        " returning id",
        session_id,
    )
    refused(refresh(visitor, first), 401, "refresh_token_reused")


def test_an_invented_refresh_token_ends_nothing(server: Server, visitor: httpx.Client) -> None:
    person = sign_up(server)
    token = person.tokens["refresh_token"]
    assert refresh(visitor, token).status_code == 200
    prefix, session_id, secret = token.split("_", 2)
    flipped = "A" if secret[-3] != "A" else "B"
    for wrong in (
        f"{prefix}_{session_id}_{secret[:-3]}{flipped}{secret[-2:]}",
        f"{prefix}_{uuid4().hex}_{secret}",
        f"{prefix}_{session_id}_",
        f"{prefix}_{session_id}",
        "adr_",
        "x" * 5000,
    ):
        answer = refresh(visitor, wrong)
        assert answer.status_code in (401, 422)
        assert visitor.post("/v1/auth/logout", json={"refresh_token": wrong}).status_code in (
            204,
            422,
        )
    assert person.client.get("/v1/me").status_code == 200


def test_logging_out_ends_the_log_in_at_once(server: Server, visitor: httpx.Client) -> None:
    person = sign_up(server)
    other = log_in(server, person.email)
    body = {"refresh_token": person.tokens["refresh_token"]}
    assert visitor.post("/v1/auth/logout", json=body).status_code == 204
    refused(person.client.get("/v1/me"), 401, "session_ended")
    refused(refresh(visitor, body["refresh_token"]), 401, "refresh_token_invalid")
    assert visitor.post("/v1/auth/logout", json=body).status_code == 204
    assert other.client.get("/v1/me").status_code == 200


def test_a_disabled_person_is_out_at_once(
    server: Server, visitor: httpx.Client, rows: Rows
) -> None:
    person = sign_up(server)
    rows("update app_user set disabled_at = now() where email = %s returning id", person.email)
    refused(person.client.get("/v1/me"), 401, "session_ended")
    refused(refresh(visitor, person.tokens["refresh_token"]), 401, "refresh_token_invalid")
    body = {"email": person.email, "password": PASSWORD}
    refused(visitor.post("/v1/auth/login", json=body), 401, "credentials_invalid")


def test_a_suspended_account_opens_nothing(
    server: Server, visitor: httpx.Client, rows: Rows
) -> None:
    person = sign_up(server)
    account = person.account_id.removeprefix("acct_")
    change = "update account set suspended_at = {} where account_id = %s returning account_id"
    rows(change.format("now()"), account)
    body = {"email": person.email, "password": PASSWORD}
    refused(person.client.get("/v1/me"), 403, "account_suspended")
    refused(refresh(visitor, person.tokens["refresh_token"]), 403, "account_suspended")
    refused(visitor.post("/v1/auth/login", json=body), 403, "account_suspended")
    wrong = {**body, "password": "another password"}
    refused(visitor.post("/v1/auth/login", json=wrong), 401, "credentials_invalid")
    rows(change.format("null"), account)
    assert person.client.get("/v1/me").status_code == 200


def test_no_key_switches_or_changes_passwords(owner: httpx.Client) -> None:
    body = {"current_password": PASSWORD, "new_password": "another harbour"}
    refused(owner.post("/v1/auth/password", json=body), 403, "person_needed")
    body = {"account_id": f"acct_{uuid4().hex}"}
    refused(owner.post("/v1/auth/switch", json=body), 403, "person_needed")


def test_who_is_in_is_told(server: Server, ann: Person, owner: httpx.Client) -> None:
    me = ann.client.get("/v1/me").json()
    assert (me["kind"], me["role"], me["user"]["email"]) == ("user", "owner", ann.email)
    assert [one["id"] for one in me["accounts"]] == [ann.account_id]
    key = owner.get("/v1/me").json()
    assert (key["kind"], key["user"], key["accounts"]) == ("owner_key", None, [])


def test_the_account_is_renamed_by_those_who_may(ann: Person) -> None:
    renamed = ann.client.patch("/v1/account", json={"name": " Harbour Bakery "})
    assert renamed.json()["name"] == "Harbour Bakery"
    refused(ann.client.patch("/v1/account", json={"name": " "}), 422, "invalid_input")
    refused(ann.client.patch("/v1/account", json={"plan": "unlimited"}), 422, "invalid_input")
    assert ann.client.get("/v1/account").json()["name"] == "Harbour Bakery"


def test_the_database_knows_no_password_and_no_token(
    server: Server, ann: Person, rows: Rows
) -> None:
    ((user,),) = rows("select app_user::text from app_user where email = %s", ann.email)
    assert "$argon2id$" in user
    sessions = str(rows("select s::text from login_session s"))
    assert PASSWORD not in user + sessions
    token = ann.tokens["refresh_token"].split("_", 2)[2]
    mac = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[-32:]
    assert mac.hex() not in sessions
    assert ann.tokens["refresh_token"] not in server.log()
