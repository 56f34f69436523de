"""What anybody can do without a credential is counted by client address."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.accounts.people import sign_up
from tests.conftest import Server, serving
from tests.conversations.visitors.site import Site, assert_problem
from tests.dialects.keys import key_of

LIMIT = 5


@pytest.fixture(scope="module")
def limited() -> Iterator[Server]:
    """A server that lets few in, and believes a proxy on this machine."""
    with serving(
        ANSWERDESK_VISITOR_SESSIONS_PER_MINUTE=str(LIMIT),
        ANSWERDESK_VISITOR_MESSAGES_PER_MINUTE=str(LIMIT),
        ANSWERDESK_TRUSTED_PROXIES="127.0.0.1",
    ) as server:
        yield server


def client_from(server: Server, address: str) -> httpx.Client:
    client = server.client()
    client.headers["X-Forwarded-For"] = address
    return client


def refusals(responses: list[httpx.Response]) -> list[httpx.Response]:
    assert {one.status_code for one in responses} <= {200, 429}
    return [one for one in responses if one.status_code == 429]


def assert_polite(response: httpx.Response) -> None:
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert "Please try again in" in response.text


def test_sessions_are_counted_by_address(limited: Server) -> None:
    with limited.client(owner=True) as owner, client_from(limited, "192.0.2.1") as visitor:
        site = Site(owner, visitor)
        refused = refusals([site.begin() for _ in range(LIMIT + 2)])
        assert len(refused) == 2
        assert_problem(refused[0], 429, "rate_limited")
        assert_polite(refused[0])
        # An unknown key is counted, too: guessing is not free.
        assert site.begin(widget_key="wk_nothing").status_code == 429
        # Our own page counts like every other.
        assert visitor.post(f"/visits/{site.project_id}", json={}).status_code == 429
        with client_from(limited, "192.0.2.2") as another:
            site.visitor = another
            assert site.begin().status_code == 200


def test_anonymous_messages_are_counted_over_both_tiers(limited: Server) -> None:
    with limited.client(owner=True) as owner, client_from(limited, "2001:db8::1") as visitor:
        site = Site(owner, visitor)
        guest = site.guest()
        body = {"project_id": site.project_id, "message": "hi"}
        sent = [guest.send(f"hi {number}").status_code for number in range(LIMIT - 1)]
        assert sent == [200] * (LIMIT - 1)
        assert visitor.post("/api/chat", json={**body, "visitor_id": "a"}).status_code == 200
        refused = visitor.post("/api/chat", json={**body, "visitor_id": "b"})
        assert refused.status_code == 429
        assert set(refused.json()) == {"error", "code", "status", "retry_after"}
        assert_polite(refused)
        assert_problem(guest.send("hi"), 429, "rate_limited")
        # A neighbour in the same network is the same client; another network is not.
        with client_from(limited, "2001:db8::ffff:1") as neighbour:
            assert neighbour.post("/api/chat", json=body).status_code == 429
        with client_from(limited, "2001:db8:0:1::1") as stranger:
            assert stranger.post("/api/chat", json=body).status_code == 200
        # What is said already can still be read.
        assert len(guest.conversations()) == LIMIT - 1


def test_an_identified_visitor_is_not_counted_by_address(limited: Server) -> None:
    with limited.client(owner=True) as owner, client_from(limited, "192.0.2.7") as visitor:
        site = Site(owner, visitor)
        guest = site.guest(identity_token=site.sign("ada"))
        body = {"project_id": site.project_id, "message": "hi", "identity_token": site.sign("ada")}
        for _ in range(LIMIT):
            assert guest.send("hi").status_code == 200
            assert visitor.post("/api/chat", json=body).status_code == 200


def test_the_accounts_own_servers_are_not_counted_by_address(limited: Server) -> None:
    with limited.client(owner=True) as owner, client_from(limited, "192.0.2.8") as visitor:
        site = Site(owner, visitor)
        body = {"project_id": site.project_id, "message": "hi"}
        own = key_of(owner, "orac_live_")
        for _ in range(LIMIT + 2):
            assert visitor.post("/api/chat", json=body, headers=own).status_code == 200
        # A key of another account is no reason to count less.
        others = key_of(sign_up(limited).client, "orac_live_")
        sent = [visitor.post("/api/chat", json=body, headers=others) for _ in range(LIMIT + 1)]
        assert [one.status_code for one in sent] == [200] * LIMIT + [429]
        assert visitor.post("/api/chat", json=body, headers=own).status_code == 200


def test_no_address_is_stored(limited: Server) -> None:
    with limited.client(owner=True) as owner, client_from(limited, "198.51.100.77") as visitor:
        Site(owner, visitor).guest().send("hi")
    with EmbeddedPostgres.start(limited.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            names = [name for (name,) in connection.execute("select name from rate_window")]
    ours = [name for name in names if name.startswith("visitor-")]
    assert {name.partition(":")[0] for name in ours} == {"visitor-session", "visitor-message"}
    assert all(len(name.partition(":")[2]) == 64 for name in ours)
    assert not any("198.51" in name or "2001" in name for name in names)
    assert "198.51.100.77" not in limited.log()
