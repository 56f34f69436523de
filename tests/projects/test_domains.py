"""Domains of a project: refusals first, then what binding, changing and removing them does."""

import threading
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from answerdesk.core.database import Database
from answerdesk.core.errors import NotFound
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import ProjectId
from answerdesk.projects.domains import service
from answerdesk.projects.domains.types import normalise_url
from tests.accounts.people import sign_up
from tests.conftest import Desk, Rows, Server
from tests.knowledge.search.library import runtime_database
from tests.projects.foreign import Foreign
from tests.projects.problems import assert_problem, refusal

UNKNOWN = "dom_" + "0f" * 16
SHOP = "https://shop.example"


def bind(desk: Desk, url: str = SHOP, **fields: Any) -> httpx.Response:
    return desk.owner.post(f"{desk.path}/domains", json={"website_url": url, **fields})


def bound(desk: Desk, url: str = SHOP, **fields: Any) -> dict[str, Any]:
    made = bind(desk, url, **fields)
    assert made.status_code == 201, made.text
    domain: dict[str, Any] = made.json()
    return domain


def change(desk: Desk, domain_id: str, body: Any) -> httpx.Response:
    return desk.owner.patch(f"{desk.path}/domains/{domain_id}", json=body)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "shop.example",
            "ftp://shop.example",
            "javascript:alert(1)",
            "https://",
            "https:///x",
        ),
        *("https://*.shop.example", "https://ann:secret@shop.example", "https://shop.example:0"),
        *("https://shop.example/a b", "https://[::1", "https://sh op.example", "https://1.2.3"),
        "https://shop.example/" + "x" * 500,
    ],
)
def test_what_is_no_website_has_no_address(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        normalise_url(url)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://Shop.Example/", SHOP),
        (" https://shop.example:443 ", SHOP),
        ("https://shop.example/?utm=1#top", SHOP),
        ("https://bücher.example/Laden/", "https://xn--bcher-kva.example/Laden"),
        ("http://shop.example:8080/a", "http://shop.example:8080/a"),
    ],
)
def test_an_address_has_one_spelling(url: str, same: str) -> None:
    assert normalise_url(url) == same
    assert normalise_url(same) == same


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_input"),
        ({"website_url": "shop.example"}, "website_url_invalid"),
        ({"website_url": "https://" + "x" * 500}, "invalid_input"),
        ({"website_url": SHOP, "label": "x" * 201}, "invalid_input"),
        ({"website_url": SHOP, "agent": "Bo"}, "agent_invalid"),
        ({"website_url": SHOP, "website_token": "wk_live_mine"}, "invalid_input"),
    ],
)
def test_a_domain_that_does_not_hold_is_refused(desk: Desk, body: Any, code: str) -> None:
    assert_problem(desk.owner.post(f"{desk.path}/domains", json=body), 422, code)
    assert desk.owner.get(f"{desk.path}/domains").json()["items"] == []


def test_anothers_project_has_no_domains(
    owner: httpx.Client, confined: httpx.Client, desk: Desk, foreign: Foreign
) -> None:
    beyond = Desk(owner, desk.visitor)
    domain = bound(beyond)["id"]
    for client, path in ((owner, foreign.path), (confined, beyond.path)):
        for method, suffix in (
            ("GET", ""),
            ("POST", ""),
            ("PATCH", f"/{domain}"),
            ("DELETE", f"/{domain}"),
        ):
            body = None if method in ("GET", "DELETE") else {"website_url": SHOP}
            body = {"label": "x"} if method == "PATCH" else body
            answer = client.request(method, f"{path}/domains{suffix}", json=body)
            assert_problem(answer, 404, "project_not_found")
    (left,) = owner.get(f"{beyond.path}/domains").json()["items"]
    assert (left["id"], left["label"]) == (domain, "")


def test_a_domain_of_another_project_is_as_unknown_as_none(desk: Desk) -> None:
    theirs = bound(Desk(desk.owner, desk.visitor))["id"]
    for domain_id in (theirs, UNKNOWN, "x"):
        assert_problem(change(desk, domain_id, {"label": "Mine"}), 404, "domain_not_found")
        gone = desk.owner.delete(f"{desk.path}/domains/{domain_id}")
        assert_problem(gone, 404, "domain_not_found")


def test_reading_is_not_writing(desk: Desk, reader: httpx.Client) -> None:
    domain = bound(desk)["id"]
    path = f"{desk.path}/domains"
    assert reader.get(path).status_code == 200
    assert_problem(reader.post(path, json={"website_url": SHOP}), 403, "scope_missing")
    assert_problem(reader.patch(f"{path}/{domain}", json={}), 403, "scope_missing")
    assert_problem(reader.delete(f"{path}/{domain}"), 403, "scope_missing")


def test_the_plans_last_domain_is_bound_once(server: Server, rows: Rows) -> None:
    person = sign_up(server)
    desk = Desk(person.client, person.client)
    account = UUID(person.account_id.removeprefix("acct_"))
    rows("update account set plan = 'starter' where account_id = %s returning 1", account)
    answers: list[httpx.Response] = []

    def take(url: str) -> None:
        answers.append(bind(desk, url))

    threads = [threading.Thread(target=take, args=(f"{SHOP}/{n % 2}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One is new, the same address again is that one, and the other address has no place.
    assert sorted(one.status_code for one in answers) == [200, 200, 201, 403, 403, 403]
    refused = next(one for one in answers if one.status_code == 403)
    assert "domains" in refusal(refused, 403, "limit_reached")
    usage = person.client.get("/v1/account/usage").json()
    assert {"metric": "domains", "limit": 1, "used": 1} in usage["things"], usage


def test_binding_a_bound_website_returns_it_as_it_is(desk: Desk, rows: Rows) -> None:
    agent = desk.owner.get(f"{desk.path}/agents").json()["items"][0]["id"]
    domain = bound(desk, label=" Shop ", agent=agent)
    assert domain["website_token"].startswith("wk_live_")
    assert UUID(domain["website_token"].removeprefix("wk_live_")).version == 4
    assert (domain["label"], domain["agent"], domain["is_active"]) == ("Shop", agent, True)
    again = bind(desk, "https://SHOP.example/", label="Other", is_active=False)
    assert (again.status_code, again.json()) == (200, domain)
    told = rows("select action from audit_entry where target_id = %s", domain["id"])
    assert told == [("domain.added",)]
    # Elsewhere it is another one.
    assert bound(Desk(desk.owner, desk.visitor))["id"] != domain["id"]


def test_a_change_keeps_what_it_leaves_out(desk: Desk, rows: Rows) -> None:
    agent = desk.owner.get(f"{desk.path}/agents").json()["items"][0]["id"]
    domain = bound(desk, label="Shop")
    for body in ({"website_url": "https://b.example"}, {"label": None}, {"is_active": None}):
        assert_problem(change(desk, domain["id"], body), 422, "invalid_input")
    steps: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        ({}, {}),
        ({"agent": agent}, {"agent": agent}),
        ({"is_active": False}, {"is_active": False}),
        ({"is_active": False}, {}),
        ({"label": "Store", "agent": None}, {"label": "Store", "agent": None}),
    )
    for body, expected in steps:
        domain |= expected
        changed = change(desk, domain["id"], body)
        assert (changed.status_code, changed.json()) == (200, domain)
    assert desk.owner.get(f"{desk.path}/domains").json()["items"] == [domain]
    told = rows(
        "select action from audit_entry where target_id = %s and action = 'domain.changed'",
        domain["id"],
    )
    assert len(told) == 3


def test_the_domains_go_on_by_their_cursor(desk: Desk) -> None:
    made = [bound(desk, f"{SHOP}/{n}")["id"] for n in range(3)]
    path = f"{desk.path}/domains"
    first = desk.owner.get(path, params={"limit": 2}).json()
    rest = desk.owner.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == made
    assert rest["next_cursor"] is None


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        async for opened in runtime_database(postgres):
            yield opened


async def _unknown(database: Database, token: str) -> None:
    with pytest.raises(NotFound) as refused:
        await service.find_domain(database, token)
    assert refused.value.code == "domain_not_found"


async def test_a_token_finds_its_domain_before_the_tenant_is_known(
    database: Database, desk: Desk
) -> None:
    key = desk.owner.post(f"{desk.path}/widget-keys", json={"name": "Shop"}).json()["id"]
    project = desk.project_id.removeprefix("proj_")
    for token in ("x", "wk_live_" + uuid4().hex, f"wk_live_{project}", key, f"wk_live_{key[3:]}"):
        await _unknown(database, token)
    made = bound(desk, label="Shop", is_active=False)
    account_id, domain = await service.find_domain(database, made["website_token"])
    assert (domain.id.hex, domain.is_active) == (made["id"].removeprefix("dom_"), False)
    assert domain.project_id == UUID(project)
    bound(desk, f"{SHOP}/b")
    async with database.transaction(account_id) as session:
        assert await service.count_domains(session, domain.project_id) == 2
        found = await service.list_domains(session, domain.project_id, offset=1, limit=5)
        assert [one.website_url for one in found] == [f"{SHOP}/b"]
        assert await service.get_domain(session, domain.project_id, domain.id) == domain
        with pytest.raises(NotFound):
            await service.get_domain(session, ProjectId(uuid4()), domain.id)
    assert desk.owner.delete(f"{desk.path}/domains/{made['id']}").status_code == 204
    await _unknown(database, made["website_token"])
    assert bound(desk)["website_token"] != made["website_token"]


async def test_a_deleted_projects_tokens_find_nothing(
    database: Database, desk: Desk, rows: Rows
) -> None:
    token = bound(desk)["website_token"]
    # Before the job removes the rows.
    marked = "update project set deleted_at = now() where id = %s returning 1"
    rows(marked, UUID(desk.project_id.removeprefix("proj_")))
    await _unknown(database, token)
