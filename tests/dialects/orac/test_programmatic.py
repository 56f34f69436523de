"""Orac's programmatic tier as its clients use it: projects, sources, conversations, leads."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from answerdesk.accounts.api_keys.types import key_hash
from tests.accounts.keys import add_account, remove_account
from tests.conftest import Desk, Rows
from tests.dialects.keys import key_of
from tests.dialects.orac.chat import ask
from tests.dialects.orac.test_refusals import assert_envelope
from tests.waiting import PATIENCE, attempts

UNKNOWN = "proj_0198c0de0000700080000000000000a1"
RETURNS = "You can return goods within thirty days. Refunds are paid within a week."


class Program:
    """A program with a key that reaches one project."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.key = key_of(desk.owner, "orac_live_", project_ids=[desk.project_id])

    def call(self, method: str, path: str, **fields: Any) -> httpx.Response:
        return self.desk.visitor.request(method, path, headers=self.key, **fields)

    def rows(self, name: str, query: str = "") -> list[dict[str, Any]]:
        """List something; check that the list says how long it is."""
        listed = self.call("GET", f"/api/{name}{query}")
        assert listed.status_code == 200, listed.text
        body = listed.json()
        assert set(body) == {name, "total", "limit", "offset"}
        found: list[dict[str, Any]] = body[name]
        return found

    def made(self, what: str, /, **fields: Any) -> dict[str, Any]:
        made = self.call("POST", f"/api/{what}", json=fields)
        assert made.status_code == 201, made.text
        body: dict[str, Any] = made.json()
        return body


@pytest.fixture
def program(desk: Desk) -> Program:
    return Program(desk)


PATHS = (
    ("GET", "/api/projects"),
    ("POST", "/api/projects"),
    ("GET", "/orac/api/sources"),
    ("POST", "/orac/api/sources"),
    ("DELETE", "/orac/api/sources?id=x"),
    ("GET", "/orac/api/conversations"),
    ("GET", "/orac/api/conversations/conv_x"),
    ("GET", "/orac/api/leads"),
    ("POST", "/orac/api/leads"),
    ("GET", "/orac/api/analytics"),
    ("GET", "/api/actions"),
    ("POST", "/orac/api/actions"),
    ("PUT", "/orac/api/actions?id=x"),
    ("DELETE", "/orac/api/actions?id=x"),
    ("POST", "/api/actions/test?id=x"),
)


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_key_is_needed_before_anything_is_read(
    visitor: httpx.Client, method: str, path: str
) -> None:
    assert_envelope(visitor.request(method, path, content=b"{"), 401, "not_authenticated")
    unknown = {"Authorization": "Bearer orac_live_" + "x" * 43}
    assert_envelope(visitor.request(method, path, headers=unknown), 401, "api_key_unknown")


OnPlan = Callable[[str], dict[str, str]]


@pytest.fixture
def on_plan(rows: Rows) -> Iterator[OnPlan]:
    """Make an account on a plan; return the headers with a key of it."""
    made: list[UUID] = []

    def make(plan: str) -> dict[str, str]:
        account_id, key = add_account(rows, plan)
        made.append(account_id)
        return {"Authorization": f"Bearer {key}"}

    yield make
    for one in made:
        remove_account(rows, one)


def test_a_plan_without_the_tier_is_refused(visitor: httpx.Client, on_plan: OnPlan) -> None:
    headers = on_plan("growth")
    for method, path in PATHS:
        whole = path if path.startswith("/orac") else f"/orac{path}"
        refused = visitor.request(method, whole, headers=headers)
        assert_envelope(refused, 403, "plan_required")
        assert refused.headers["access-control-allow-origin"] == "*"


def test_beyond_sixty_a_minute_the_wait_is_said(
    visitor: httpx.Client, on_plan: OnPlan, rows: Rows
) -> None:
    headers = on_plan("business")
    path = "/orac/api/projects"
    first = visitor.get(path, headers=headers)
    assert first.status_code == 200, first.text
    assert first.headers["x-ratelimit-limit"] == "60"
    assert first.headers["x-ratelimit-remaining"] == "59"
    rows(
        "update rate_window w set count = 60 from api_key k where k.key_hash = %s"
        " and w.name = 'requests:orac:api_key:' || replace(k.id::text, '-', '') || ':60'"
        " returning 1",
        key_hash(headers["Authorization"].removeprefix("Bearer ")),
    )
    refused = visitor.get(path, headers=headers)
    assert refused.status_code == 429, refused.text
    body = refused.json()
    assert set(body) == {"error", "code", "status", "retry_after"}
    assert body["status"] == 429
    assert 0 < body["retry_after"] <= 60
    assert refused.headers["retry-after"] == str(body["retry_after"])
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-ratelimit-reset"] == first.headers["x-ratelimit-reset"]
    assert "x-ratelimit-reset" in refused.headers["access-control-expose-headers"].lower()


def test_a_key_that_may_only_read_changes_nothing(program: Program) -> None:
    desk = program.desk
    reader = key_of(desk.owner, "orac_live_", scopes=["read"], project_ids=[desk.project_id])
    for method, path in PATHS:
        response = desk.visitor.request(method, path, headers=reader, json={"name": "x"})
        if method != "GET":
            assert_envelope(response, 403, "scope_missing")
        elif not path.endswith("conv_x"):
            assert response.status_code == 200, response.text
    assert program.rows("sources") == []
    assert program.rows("leads") == []


def test_what_the_key_does_not_reach_is_not_found(program: Program, owner: httpx.Client) -> None:
    other = Desk(owner, program.desk.visitor)
    source = other.add_text("Secret", "The tunnel leads to the harbour.")["source_id"]
    conversation = ask(other.visitor, other.project_id, "hello").conversation_id
    for unknown in (UNKNOWN, "x", other.project_id):
        for name in ("sources", "conversations", "leads", "analytics"):
            refused = program.call("GET", f"/api/{name}?project_id={unknown}")
            assert_envelope(refused, 404, "project_not_found")
        body = {"project_id": unknown, "type": "text", "title": "A", "content": "B."}
        refused = program.call("POST", "/api/sources", json=body)
        assert_envelope(refused, 404, "project_not_found")
        body = {"project_id": unknown, "email": "a@example.com"}
        assert_envelope(program.call("POST", "/api/leads", json=body), 404, "project_not_found")
    for one in (conversation, "conv_x", UNKNOWN):
        refused = program.call("GET", f"/api/conversations/{one}")
        assert_envelope(refused, 404, "conversation_not_found")
    for one in (source, "src_x"):
        refused = program.call("DELETE", f"/api/sources?id={one}")
        assert_envelope(refused, 404, "source_not_found")
    assert other.owner.get(f"{other.path}/sources/{source}").status_code == 200
    assert program.rows("conversations") == []
    assert_envelope(
        program.call("POST", "/api/projects", json={"name": "x"}), 403, "key_of_projects"
    )
    assert [one["id"] for one in program.rows("projects")] == [program.desk.project_id]


def test_unknown_paths_and_methods_have_the_envelope(program: Program) -> None:
    for path in ("/api/actions/1", "/api/actions/x/y", "/orac/api/nothing", "/api/projects/x"):
        assert_envelope(program.call("GET", path), 404, "not_found")
    assert_envelope(program.call("PATCH", "/api/sources"), 405, "method_not_allowed")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "offset=-1", "offset=x"])
def test_a_part_that_cannot_be_is_refused(program: Program, query: str) -> None:
    for name in ("projects", "sources", "conversations", "leads", "actions"):
        assert_envelope(program.call("GET", f"/api/{name}?{query}"), 400, "invalid_request")


@pytest.mark.parametrize("query", ["from=yesterday", "from=2026-02-02&to=2026-02-01", "to=1"])
def test_days_that_cannot_be_are_refused(program: Program, query: str) -> None:
    refused = program.call("GET", f"/api/analytics?{query}")
    assert refused.status_code == 400, refused.text
    assert set(refused.json()) == {"error", "code", "status"}


@pytest.mark.parametrize(
    "body",
    [
        {"type": "url"},
        {"type": "url", "url": "ftp://example.com"},
        {"type": "text", "title": "A"},
        {"type": "text", "content": "B"},
        {"type": "video", "url": "https://example.com"},
        {"url": "https://example.com"},
    ],
)
def test_a_source_that_cannot_be_is_refused(program: Program, body: dict[str, str]) -> None:
    refused = program.call("POST", "/api/sources", json=body)
    assert refused.status_code == 400, refused.text
    assert set(refused.json()) == {"error", "code", "status"}
    assert program.rows("sources") == []


def test_a_form_without_a_file_and_a_removal_without_an_id_are_refused(program: Program) -> None:
    boundary = {"Content-Type": "multipart/form-data; boundary=x", **program.key}
    content = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    sent = program.desk.visitor.post("/api/sources", content=content, headers=boundary)
    assert_envelope(sent, 400, "file_missing")
    assert_envelope(program.call("DELETE", "/api/sources"), 400, "id_missing")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "not an email"}, "email_invalid"),
        ({"name": "Ann"}, "contact_missing"),
        ({"email": 7}, "invalid_request"),
        ({"phone": "1" * 51}, "invalid_request"),
    ],
)
def test_a_lead_that_cannot_be_is_refused(
    program: Program, body: dict[str, Any], code: str
) -> None:
    assert_envelope(program.call("POST", "/api/leads", json=body), 400, code)
    assert program.rows("leads") == []


def test_without_an_id_several_projects_are_a_question(program: Program) -> None:
    key = key_of(program.desk.owner, "orac_live_")
    Desk(program.desk.owner, program.desk.visitor)
    body = {"type": "text", "title": "A", "content": "B.", "email": "a@example.com"}
    for path in ("/api/sources", "/api/leads"):
        refused = program.desk.visitor.post(path, json=body, headers=key)
        assert_envelope(refused, 400, "project_id_missing")


def test_projects_are_made_and_listed_in_parts(program: Program) -> None:
    key = key_of(program.desk.owner, "orac_live_")
    client = program.desk.visitor
    made = client.post("/api/projects", json={"name": "Bakery", "more": 1}, headers=key)
    assert made.status_code == 201, made.text
    assert set(made.json()) == {"id", "name", "created_at", "updated_at"}
    total = client.get("/api/projects", headers=key).json()["total"]
    assert total >= 2
    last = client.get(f"/api/projects?limit=1&offset={total - 1}", headers=key).json()
    assert last["projects"] == [made.json()]
    assert (last["total"], last["limit"], last["offset"]) == (total, 1, total - 1)
    assert client.get(f"/api/projects?offset={total}", headers=key).json()["projects"] == []
    config = client.get("/api/widget/config", params={"id": made.json()["id"]})
    assert config.json()["name"] == "Bakery"


def test_sources_come_and_go(program: Program) -> None:
    row = program.made("sources", type="text", title="A", content="B c.")
    assert (row["type"], row["project_id"]) == ("text", program.desk.project_id)
    file = {"file": ("manual.txt", b"The lamp is blue.", "text/plain")}
    form = {"project_id": program.desk.project_id}
    sent = program.call("POST", "/api/sources", files=file, data=form)
    assert sent.status_code == 201, sent.text
    assert sent.json()["type"] == "file"
    rows: list[dict[str, Any]] = []
    for _ in attempts(PATIENCE):
        rows = program.rows("sources")
        if all(one["status"] == "Ready" for one in rows):
            break
        assert {one["status"] for one in rows} <= {"Processing", "Ready"}
    assert [one["title"] for one in rows] == ["A", "manual.txt"]
    assert set(rows[0]) == {"id", "project_id", "type", "title", "url", "status", "created_at"}
    part = program.call("GET", "/api/sources?limit=1&offset=1").json()
    assert (part["sources"], part["total"]) == (rows[1:], 2)
    gone = program.call("DELETE", f"/api/sources?id={row['id']}")
    assert (gone.status_code, gone.json()) == (200, {"success": True})
    assert_envelope(program.call("DELETE", f"/api/sources?id={row['id']}"), 404, "source_not_found")
    assert program.rows("sources") == rows[1:]


def test_conversations_are_listed_and_shown(program: Program) -> None:
    desk = program.desk
    desk.add_text("Returns", RETURNS, url="https://shop.example/returns")
    page = "https://shop.example/cart"
    first = ask(
        desk.visitor,
        desk.project_id,
        "Within how many days can I return goods?",
        visitor_id="ann-7",
        page_url=page,
    )
    second = ask(desk.visitor, desk.project_id, "Can I talk to a human please?")
    found = program.rows("conversations")
    assert [one["id"] for one in found] == [second.conversation_id, first.conversation_id]
    assert [one["status"] for one in found] == ["waiting", "ai"]
    assert found[1]["visitor_id"] == "ann-7"
    assert found[1]["page_url"] == page
    assert found[1]["last_message"] == first.text.replace("**", "")
    assert found[0]["escalated_at"] is not None
    assert program.rows("conversations", "?status=ai") == found[1:]
    assert program.call("GET", "/api/conversations?status=ai").json()["total"] == 1
    part = program.call("GET", "/api/conversations?limit=1&offset=1").json()
    assert (part["conversations"], part["total"]) == (found[1:], 2)
    assert_envelope(program.call("GET", "/api/conversations?status=x"), 400, "invalid_request")
    shown = program.call("GET", f"/api/conversations/{first.conversation_id}")
    assert shown.status_code == 200, shown.text
    body = shown.json()
    messages = body.pop("messages")
    assert body == found[1]
    polled = desk.visitor.get(
        "/api/widget/messages", params={"conversationId": first.conversation_id}
    )
    assert messages == polled.json()["messages"]
    assert [one["role"] for one in messages] == ["user", "assistant"]


def test_leads_are_made_and_listed(program: Program) -> None:
    desk = program.desk
    fields = {"name": "Ann", "email": "Ann@Example.com", "phone": "+49 30 1", "message": "Call me"}
    made = program.made("leads", project_id=desk.project_id, page_url="https://a.example", **fields)
    assert made["conversation_id"] is None
    assert (made["name"], made["phone"], made["message"]) == ("Ann", "+49 30 1", "Call me")
    chat = ask(desk.visitor, desk.project_id, "Can I talk to a human please?")
    found = program.rows("leads")
    assert [one["conversation_id"] for one in found] == [chat.conversation_id, None]
    assert found[1] == made
    part = program.call("GET", "/api/leads?limit=1&offset=1").json()
    assert (part["leads"], part["total"]) == ([made], 2)


def test_analytics_count_what_was_said(program: Program) -> None:
    desk = program.desk
    chat = ask(desk.visitor, desk.project_id, "Who painted the Mona Lisa?", visitor_id="ann")
    body = {"message_id": chat.first("done")["message_id"], "rating": "positive"}
    assert desk.visitor.post("/api/widget/feedback", json=body).status_code == 200
    counted = program.call("GET", "/api/analytics")
    assert counted.status_code == 200, counted.text
    told = counted.json()
    assert set(told) == {
        *("from", "to", "total_conversations", "total_messages", "unique_visitors"),
        *("avg_response_time", "satisfaction_rate"),
    }
    assert told["total_conversations"] == 1
    assert told["unique_visitors"] == 1
    assert told["satisfaction_rate"] == 100
    first, last = date.fromisoformat(told["from"]), date.fromisoformat(told["to"])
    assert last - first == timedelta(days=29)
    before = program.call("GET", "/api/analytics?from=2020-01-01&to=2020-01-31").json()
    assert (before["from"], before["to"]) == ("2020-01-01", "2020-01-31")
    assert before["total_conversations"] == 0


def test_a_key_of_any_prefix_works_below_the_name(program: Program) -> None:
    key = key_of(program.desk.owner, "sk_live_", project_ids=[program.desk.project_id])
    listed = program.desk.visitor.get("/orac/api/projects", headers=key)
    assert [one["id"] for one in listed.json()["projects"]] == [program.desk.project_id]
    # On the root, Orac's own prefix leads here.
    assert "sources" in program.call("GET", "/api/sources").json()


@pytest.mark.parametrize("path", ["/api/projects", "/api/widget/config", "/orac/api/leads"])
def test_a_slash_at_the_end_changes_nothing(program: Program, path: str) -> None:
    query = {"id": program.desk.project_id}
    with_slash = program.call("GET", f"{path}/", params=query)
    assert with_slash.status_code == 200, with_slash.text
    assert with_slash.json() == program.call("GET", path, params=query).json()


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_any_page_may_ask_whether_it_may_call(
    visitor: httpx.Client, method: str, path: str
) -> None:
    headers = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    preflight = visitor.options(path, headers=headers)
    assert preflight.status_code == 200, preflight.text
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert method in preflight.headers["access-control-allow-methods"]
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in preflight.headers
