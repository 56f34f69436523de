"""Leads over the native API and from what visitors type: refusals first."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from answerdesk.accounts.principal import owner_principal
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, new_id
from answerdesk.leads import service as leads
from answerdesk.leads.types import Circumstances, Contact
from answerdesk.projects import service as projects
from answerdesk.projects.types import Project
from tests.conftest import Desk, Rows, Server
from tests.conversations.visitors.site import Site, assert_problem
from tests.knowledge.search.library import runtime_database


@pytest.fixture
def site(owner: httpx.Client, visitor: httpx.Client) -> Site:
    return Site(owner, visitor)


def key_with(owner: httpx.Client, **fields: Any) -> dict[str, str]:
    made = owner.post("/v1/api-keys", json={"name": "Test", **fields})
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}


def add(desk: Desk, **body: Any) -> httpx.Response:
    return desk.owner.post(f"{desk.path}/leads", json=body)


def listed(desk: Desk) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = desk.owner.get(f"{desk.path}/leads").json()["items"]
    return items


def test_adding_needs_the_scope_and_the_project(
    desk: Desk, visitor: httpx.Client, owner: httpx.Client
) -> None:
    path, body = f"{desk.path}/leads", {"email": "ann@example.com"}
    assert visitor.post(path, json=body).status_code == 401
    reader = key_with(owner, scopes=["leads:read", "projects:write"])
    assert_problem(visitor.post(path, json=body, headers=reader), 403, "scope_missing")
    other = Desk(owner, visitor)
    confined = key_with(owner, scopes=["leads:write"], project_ids=[other.project_id])
    assert_problem(visitor.post(path, json=body, headers=confined), 404, "project_not_found")
    assert listed(desk) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "contact_missing"),
        ({"name": "Ann", "email": " ", "phone": ""}, "contact_missing"),
        ({"email": "ann"}, "email_invalid"),
        ({"email": "ann@", "phone": "+49 30 1"}, "email_invalid"),
        ({"email": "ann@example.com", "conversation_id": "conv_1"}, "invalid_input"),
        ({"email": "ann@example.com", "name": "x" * 201}, "invalid_input"),
        ({"email": "ann@example.com", "excerpt": "x" * 501}, "invalid_input"),
        ({"email": "ann@example.com", "consent": {"text": " "}}, "invalid_input"),
        ({"phone": "1", "consent": {"text": "Yes", "at": "2026-01-01T10:00:00"}}, "invalid_input"),
        (
            {"phone": "1", "consent": {"text": "Yes", "at": "9999-12-31T23:59:59-12:00"}},
            "invalid_input",
        ),
    ],
)
def test_a_lead_that_does_not_hold_is_refused(desk: Desk, body: Any, code: str) -> None:
    assert_problem(add(desk, **body), 422, code)
    assert listed(desk) == []


def test_an_escalation_with_no_address_is_refused_and_changes_nothing(
    site: Site, visitor: httpx.Client
) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    refused = guest.post(f"conversations/{conversation_id}/escalate", email="ada at example.com")
    told = assert_problem(refused, 422, "email_invalid")
    assert "ann@example.com" in told["detail"]
    assert guest.get("conversations").json()["items"][0]["state"] == "ai"
    assert listed(site) == []
    chat = {"project_id": site.project_id, "message": "Hello?"}
    begun = visitor.post("/api/chat", json=chat)
    assert begun.status_code == 200, begun.text
    conversations = site.owner.get(f"{site.path}/conversations").json()["items"]
    (of_orac,) = [one["id"] for one in conversations if one["id"] != conversation_id]
    body = {"conversation_id": of_orac, "email": "ada"}
    refused = visitor.post("/api/widget/escalate", json=body)
    assert refused.status_code == 400
    assert (refused.json()["code"], refused.json()["status"]) == ("email_invalid", 400)
    assert listed(site) == []


def test_a_lead_from_elsewhere_is_kept_whole(desk: Desk, rows: Rows) -> None:
    body = {
        "name": " Ann ",
        "email": "Ann@EXÄMPLE.com",
        "phone": "+49 30 1",
        "message": "Call me",
        "page_url": "https://shop.example/prices",
        "excerpt": "What does it cost?",
        "consent": {"text": "You may call me.", "at": "2026-01-02T03:04:05+01:00"},
    }
    made = add(desk, **body)
    assert made.status_code == 201, made.text
    lead = made.json()
    assert lead["conversation_id"] is None
    assert (lead["name"], lead["email"]) == ("Ann", "Ann@xn--exmple-cua.com")
    assert lead["consent"] == {
        "given": True,
        "text": "You may call me.",
        "at": "2026-01-02T02:04:05Z",
        "page_url": None,
    }
    assert {name: lead[name] for name in ("phone", "message", "page_url", "excerpt")} == {
        name: body[name] for name in ("phone", "message", "page_url", "excerpt")
    }
    assert listed(desk) == [lead]
    events = rows(
        "select type, payload::text from event where payload->>'lead_id' = %s",
        lead["id"],
    )
    ((kind, payload),) = events
    assert kind == "lead.created"
    assert "xn--" not in payload
    # The version before reads this column and needs a value.
    assert rows(
        "select count(*) from lead where id = conversation_id and email = %s", lead["email"]
    ) == [(1,)]


def test_consent_without_a_time_is_from_now(desk: Desk) -> None:
    lead = add(desk, phone="1", consent={"text": "Yes"}).json()
    assert lead["consent"]["at"][:16] <= lead["created_at"][:16]
    assert lead["consent"]["at"][:4] == lead["created_at"][:4]


def test_an_identical_escalation_tells_nothing(site: Site, rows: Rows) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    given = {"email": "ada@example.com", "phone": "+49 30 1"}
    for body in (given, given, {"phone": "+49 30 1"}, {"phone": "+49 30 2"}):
        assert guest.post(f"conversations/{conversation_id}/escalate", **body).status_code == 204
    found = rows(
        "select type from event where payload->>'conversation_id' = %s and type like %s"
        " order by id",
        conversation_id,
        "%lead%",
    )
    assert found == [("lead.created",), ("lead.updated",)]
    (lead,) = listed(site)
    assert (lead["email"], lead["phone"]) == ("ada@example.com", "+49 30 2")


# In this process: no route lists over projects, and chats call `capture_from_text` themselves.


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        async for opened in runtime_database(postgres):
            yield opened


@pytest.fixture
def account(server: Server, rows: Rows) -> Iterator[AccountId]:
    account_id = AccountId(new_id())
    rows("insert into account (account_id, name) values (%s, 'Test') returning 1", account_id)
    yield account_id
    rows("delete from account where account_id = %s returning 1", account_id)


async def project_of(database: Database, account: AccountId, **settings: Any) -> Project:
    async with database.transaction(account) as session:
        made = await projects.create_project(session, account, "Test")
        return await projects.change_project(
            session, owner_principal(account), made.id, {"settings": settings}
        )


async def test_leads_of_other_projects_and_accounts_are_not_listed(
    database: Database, account: AccountId, desk: Desk
) -> None:
    add(desk, email="other@example.com")
    one, two, gone = [await project_of(database, account) for _ in range(3)]
    for number, project in enumerate((one, two, two, gone)):
        async with database.transaction(account) as session:
            await leads.add_lead(session, project.id, Contact(phone=str(number)))
    async with database.transaction(account) as session:
        await projects.delete_project(session, owner_principal(account), gone.id)
        foreign = ProjectId(UUID(desk.project_id.removeprefix("proj_")))

        async def phones(only: Any, **part: Any) -> list[str | None]:
            found = await leads.leads_of(session, only, limit=part.pop("limit", 10), **part)
            return [lead.contact.phone for lead in found]

        assert await phones([]) == []
        assert await phones([foreign]) == []
        assert await phones(None) == ["2", "1", "0"]
        assert await phones([one.id, gone.id]) == ["0"]
        assert await phones(None, offset=1, limit=1) == ["1"]
        (first,) = await leads.leads_of(session, None, limit=1)
        assert await phones(None, after=(first.created_at, first.id)) == ["1", "0"]
        assert await leads.get_lead(session, new_id()) is None
        assert await leads.get_lead(session, first.id) == first


async def test_no_lead_comes_of_a_text_unless_the_project_wants_it(
    database: Database, account: AccountId
) -> None:
    off = await project_of(database, account)
    on = await project_of(database, account, lead_capture={"enabled": True})
    conversation = ConversationId(new_id())
    async with database.transaction(account) as session:
        for project, text in ((off, "I am ann@example.com"), (on, "What is ann@example?")):
            said = await leads.capture_from_text(session, project, conversation, text)
            assert said is None
        assert await leads.leads_of(session, None, limit=1) == []


async def test_an_address_that_a_visitor_types_becomes_a_lead(
    database: Database, account: AccountId
) -> None:
    project = await project_of(database, account, lead_capture={"enabled": True})
    conversation = ConversationId(new_id())
    text = "Write to Ann@Example.com. " + "Thanks! " * 100
    async with database.transaction(account) as session:
        first = await leads.capture_from_text(session, project, conversation, text, "https://a.b/")
        again = await leads.capture_from_text(
            session, project, conversation, "My friend is bob@example.com"
        )
        assert first == again
        (lead,) = await leads.leads_of(session, [project.id], limit=10)
    assert lead.conversation_id == conversation
    # What the visitor gave first stays: a second address may be somebody else's.
    assert lead.contact == Contact(email="Ann@example.com")
    assert lead.circumstances == Circumstances("https://a.b/", text[:500], None)


async def test_an_address_completes_the_lead_that_there_is(
    database: Database, account: AccountId, rows: Rows
) -> None:
    project = await project_of(database, account, lead_capture={"enabled": True})
    conversation = ConversationId(new_id())
    async with database.transaction(account) as session:
        place = (session, account, project.id, conversation)
        await leads.capture(*place, Contact(phone="1"), Circumstances("https://a.b/", "Call me"))
        await leads.capture_from_text(session, project, conversation, "or ann@example.com")
        with pytest.raises(InvalidInput, match="email "):
            await leads.capture(*place, Contact(email="x"))
        (lead,) = await leads.leads_of(session, None, limit=10)
    assert lead.contact == Contact("ann@example.com", "1")
    assert lead.circumstances == Circumstances("https://a.b/", "Call me")
    told = rows(
        "select type from event where account_id = %s and type ~ '^lead' order by id", account
    )
    assert told == [("lead.created",), ("lead.updated",)]
