"""People for tests: signed up over HTTP, as anybody would."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from tests.conftest import Server
from tests.waiting import PATIENCE, attempts

PASSWORD = "a quiet harbour"

# Nobody closes these people's clients, and a socket that is left open is told of in another test.
NOTHING_KEPT_OPEN = httpx.Limits(max_keepalive_connections=0)


@dataclass
class Person:
    """Somebody who is logged in; `client` calls as that person."""

    email: str
    tokens: dict[str, Any]
    client: httpx.Client

    @property
    def account_id(self) -> str:
        account_id: str = self.tokens["account"]["id"]
        return account_id

    @property
    def user_id(self) -> str:
        user_id: str = self.tokens["user"]["id"]
        return user_id

    @property
    def member_id(self) -> str:
        """The id of the membership; needs a role that sees members."""
        items = self.client.get("/v1/members").json()["items"]
        (mine,) = [one["id"] for one in items if one["email"] == self.email]
        member_id: str = mine
        return member_id


def fresh_email(name: str = "ann") -> str:
    return f"{name}-{secrets.token_hex(4)}@example.com"


def logged_in(server: Server, response: httpx.Response) -> Person:
    """Return whom a log-in's answer is for."""
    assert response.status_code in (200, 201), response.text
    tokens = response.json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    client = httpx.Client(
        base_url=server.url, headers=headers, timeout=PATIENCE, limits=NOTHING_KEPT_OPEN
    )
    return Person(tokens["user"]["email"], tokens, client)


def sign_up(server: Server, name: str = "ann", **fields: Any) -> Person:
    """Sign somebody new up, with an account of their own."""
    body = {"email": fresh_email(name), "password": PASSWORD, **fields}
    return logged_in(
        server, httpx.post(f"{server.url}/v1/auth/signup", json=body, timeout=PATIENCE)
    )


def log_in(server: Server, email: str, password: str = PASSWORD, **fields: Any) -> Person:
    body = {"email": email, "password": password, **fields}
    return logged_in(server, httpx.post(f"{server.url}/v1/auth/login", json=body, timeout=PATIENCE))


def invite(inviter: Person, role: str, email: str | None = None) -> tuple[str, str]:
    """Invite somebody; return the address and the token."""
    email = email or fresh_email(role)
    made = inviter.client.post("/v1/invitations", json={"email": email, "role": role})
    assert made.status_code == 201, made.text
    return email, made.json()["link"].partition("#invitation=")[2]


def join(server: Server, inviter: Person, role: str, email: str | None = None) -> Person:
    """Have somebody join the inviter's account."""
    _, token = invite(inviter, role, email)
    body = {"invitation": token, "password": PASSWORD}
    url = f"{server.url}/v1/auth/accept-invitation"
    return logged_in(server, httpx.post(url, json=body, timeout=PATIENCE))


def refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that it is the problem `code`, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code, problem
    return problem


def mailed_link(server: Server, email: str, kind: str) -> str:
    """Return what the newest letter to an address carries: without a mail server it is written."""
    path = server.data_dir / "letters.txt"
    pattern = re.compile(
        rf"^To: +{re.escape(email)}\n(?:(?!^---).*\n)*?.*#{kind}=([\w-]+)", re.MULTILINE
    )
    for _ in attempts(PATIENCE):
        found = pattern.findall(path.read_text(encoding="utf-8")) if path.exists() else []
        if found:
            token: str = found[-1]
            return token
    raise AssertionError(f"no letter to {email} within {PATIENCE:g} s")
