"""What Novaro's API refuses, always in its envelope and never with a 500."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.accounts.people import sign_up
from tests.conftest import Desk, Rows, Server
from tests.dialects.keys import key_of
from tests.dialects.novaro.api import QUESTION, Api, refused
from tests.projects.foreign import Foreign
from tests.webhooks.hooks import NOWHERE, created

UNKNOWN = "0f" * 16
PATHS = (
    ("GET", "/auth/verify"),
    ("POST", "/messages"),
    ("POST", "/messages/async"),
    ("GET", f"/messages/async/reply_{UNKNOWN}"),
    ("DELETE", f"/messages/async/reply_{UNKNOWN}"),
    ("GET", "/webhooks"),
    ("POST", "/webhooks"),
    ("GET", "/agents"),
    ("POST", "/agents"),
    ("POST", "/agents/batch"),
    ("GET", f"/agents/agent_{UNKNOWN}"),
    ("PUT", f"/agents/agent_{UNKNOWN}"),
    ("DELETE", f"/agents/agent_{UNKNOWN}"),
    ("GET", "/contexts"),
    ("POST", "/contexts"),
    ("GET", f"/contexts/ctx_{UNKNOWN}"),
    ("PUT", f"/contexts/ctx_{UNKNOWN}"),
    ("DELETE", f"/contexts/ctx_{UNKNOWN}"),
)
WITH_BODIES = [one for one in PATHS if one[0] in ("POST", "PUT")]
SAID = [("user", "Hello?")]
HELLO = [{"role": "user", "content": "Hello?"}]


@dataclass(frozen=True)
class Account:
    """An account of a test's own, with a key."""

    id: UUID
    key: dict[str, str]
    owner: httpx.Client
    rows: Rows

    def put_on(self, plan: str) -> None:
        statement = "update account set plan = %s where account_id = %s returning 1"
        self.rows(statement, plan, self.id)


@pytest.fixture
def account(server: Server, rows: Rows) -> Iterator[Account]:
    person = sign_up(server)
    account_id = UUID(person.account_id.rpartition("_")[2])
    yield Account(account_id, key_of(person.client), person.client, rows)
    person.client.close()


@pytest.fixture
def api(desk: Desk) -> Api:
    """On the root only: what is refused there is refused below the dialect's name, too."""
    return Api(desk)


@pytest.mark.parametrize("prefix", ["", "/novaro"])
@pytest.mark.parametrize(("method", "path"), PATHS)
def test_without_a_good_key_the_reason_is_told_before_the_body_is_read(
    visitor: httpx.Client, owner: httpx.Client, prefix: str, method: str, path: str
) -> None:
    made = owner.post("/v1/api-keys", json={"name": "Revoked", "scopes": ["write"]}).json()
    owner.delete(f"/v1/api-keys/{made['id']}")
    for header, error in (
        (None, "not_authenticated"),
        ("Basic eDp5", "not_authenticated"),
        ("Bearer nonsense", "credential_unknown"),
        ("Bearer ad_live_" + "x" * 43, None),
        (f"Bearer {made['key']}", None),
    ):
        headers = {} if header is None else {"Authorization": header}
        answer = visitor.request(
            method, f"{prefix}/api/v1{path}", headers=headers, content=b"{\xff"
        )
        refused(answer, 401, error)
        assert "x-ratelimit-limit" not in answer.headers


def test_a_plan_without_it_refuses_whatever_is_asked(
    account: Account, visitor: httpx.Client
) -> None:
    account.put_on("free")
    for method, path in PATHS:
        answer = visitor.request(method, f"/api/v1{path}", headers=account.key)
        refused(answer, 403)
        assert "x-ratelimit-limit" in answer.headers


def test_over_the_rate_it_says_how_long_to_wait(
    account: Account, visitor: httpx.Client, rows: Rows
) -> None:
    account.put_on("starter")
    [[key_id]] = rows("select id from api_key where account_id = %s", account.id)
    verify = "/api/v1/auth/verify"
    first = visitor.get(verify, headers=account.key)
    assert (first.status_code, first.headers["x-ratelimit-limit"]) == (200, "1000")
    rows(
        "update rate_window set count = 999, ends_at = now() + interval '50 seconds'"
        " where name like %s returning 1",
        f"requests:novaro:api_key:{key_id.hex}%",
    )
    last = visitor.get(verify, headers=account.key)
    assert (last.status_code, last.headers["x-ratelimit-remaining"]) == (200, "0")
    answer = visitor.post("/api/v1/messages", headers=account.key, json={})
    refused(answer, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 50
    assert answer.headers["x-ratelimit-remaining"] == "0"


def test_a_key_that_reads_changes_nothing(owner: httpx.Client, visitor: httpx.Client) -> None:
    key = key_of(owner, scopes=["read"])
    body = {"name": "x", "text": "x", "agents": [{"name": "x"}]}
    for method, path in PATHS:
        if method != "GET" and path != "/messages":
            answer = visitor.request(method, f"/api/v1{path}", headers=key, json=body)
            scope = "webhooks:write" if path == "/webhooks" else "agents:write"
            assert scope in refused(answer, 403, "scope_missing")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"[" * 5000, b'{"name": ' + b"9" * 5000],
)
def test_a_body_that_cannot_be_read_is_refused(api: Api, content: bytes) -> None:
    for method, path in WITH_BODIES:
        for kind in ("application/json", "text/plain", ""):
            headers = {"Content-Type": kind} if kind else {}
            refused(api.call(method, path, content=content, headers=headers), 400)


def test_a_body_of_another_type_or_too_large_is_refused(api: Api) -> None:
    for method, path in WITH_BODIES:
        refused(api.call(method, path, data={"name": "x"}), 400)
        large = json.dumps({"name": "x" * 2_000_000}).encode()
        headers = {"Content-Type": "application/json"}
        refused(api.call(method, path, content=large, headers=headers), 400, "body_too_large")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"agentId": None}, "agentId"),
        ({"agentId": 7}, "agentId"),
        ({"agentId": "x" * 201}, "agentId"),
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "Hello?"}, "messages"),
        ({"messages": ["Hello?"]}, "messages[0]"),
        ({"messages": [{"role": "user"}]}, "messages[0].content is missing"),
        ({"messages": [{"content": "x"}]}, "messages[0].role is missing"),
        ({"messages": [{"role": "bot", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": None}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": " "}]}, "empty"),
        ({"messages": [{"role": "user", "content": "a\0b"}]}, "NUL"),
        ({"messages": [{"role": "user", "content": "x" * 20_001}]}, "messages[0].content"),
        ({"messages": [{**HELLO[0], "createdAt": "now"}]}, "messages[0].createdAt"),
        ({"messages": [{**HELLO[0], "createdAt": -1}]}, "messages[0].createdAt"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "role user"),
        ({"messages": HELLO * 201}, "200"),
        ({"contexts": "ctx"}, "contexts"),
        ({"contexts": [7]}, "contexts[0]"),
        ({"contexts": [f"ctx_{UNKNOWN}"] * 11}, "contexts"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_malformed_request_for_a_response_is_refused(
    api: Api, change: dict[str, Any], told: str, accept: str
) -> None:
    body = {**api.asked(("user", "Hello?")), **change}
    answer = api.call("POST", "/messages", json=body, headers={"Accept": accept})
    assert told in refused(answer, 400)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"agentId": None}, "agentId"),
        ({"webhookId": None}, "webhookId"),
        ({"webhookId": "x" * 201}, "webhookId"),
        ({"reference": None}, "reference"),
        ({"reference": 7}, "reference"),
        ({"reference": "a\0b"}, "NUL"),
        ({"reference": "x" * 501}, "reference"),
        ({"messages": []}, "messages"),
        ({"messages": HELLO * 201}, "200"),
        ({"messages": [{"role": "user", "content": "x" * 20_001}]}, "messages[0].content"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "role user"),
        ({"messages": [{"role": "user", "content": "x" * 20_000}] * 10}, "200,000"),
        ({"contexts": [f"ctx_{UNKNOWN}"] * 11}, "contexts"),
    ],
)
def test_a_malformed_asynchronous_request_is_refused(
    api: Api, rows: Rows, change: dict[str, Any], told: str
) -> None:
    webhook = api.made("/webhooks", url=NOWHERE)["id"]
    body = {**api.asked(*SAID, webhookId=webhook, reference="r"), **change}
    assert told in refused(api.call("POST", "/messages/async", json=body), 400)
    project = UUID(api.desk.project_id.removeprefix("proj_"))
    assert rows("select count(*) from delayed_reply where project_id = %s", project) == [(0,)]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (None, "url"),
        ("https://", "host"),
        ("ftp://example.com/", "http"),
        ("https://example.com/" + "x" * 2000, "url"),
        ("http://127.0.0.1/", "loopback"),
        ("https://user:secret@example.com/", "password"),
    ],
)
def test_an_address_that_nothing_is_sent_to_is_refused(
    api: Api, url: str | None, told: str
) -> None:
    assert told in refused(api.call("POST", "/webhooks", json={"url": url}), 400)
    assert api.call("GET", "/webhooks").json() == {"webhooks": [], "nextCursor": None}


def test_a_webhook_of_another_format_gets_no_responses(api: Api, owner: httpx.Client) -> None:
    other = created(owner, format="orac", events=None)["id"]
    body = api.asked(*SAID, webhookId=other, reference="r")
    everywhere = key_of(owner)
    answer = api.call("POST", "/messages/async", json=body, headers=everywhere)
    assert "novaro" in refused(answer, 400, "webhook_format")
    assert other not in api.call("GET", "/webhooks", headers=everywhere).text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": None}, "name"),
        ({"name": " "}, "name is empty"),
        ({"name": "x" * 201}, "name"),
        ({"name": ["x"]}, "name"),
        ({"name": "a\0b"}, "name contains a NUL"),
        ({"instructions": 7}, "instructions"),
        ({"instructions": "x" * 20_001}, "instructions"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"timezone": 7}, "timezone"),
        ({"workingHours": []}, "workingHours"),
        ({"workingHours": {"someday": []}}, "workingHours"),
        ({"workingHours": {"mon": ["09:00", "17:00"]}}, "workingHours.mon[0]"),
        ({"workingHours": {"mon": [["09:00"]]}}, "workingHours.mon[0]"),
        ({"workingHours": {"mon": [["9 o'clock", "17:00"]]}}, "workingHours.mon[0]"),
        ({"workingHours": {"mon": [["17:00", "09:00"]]}}, "before they begin"),
        ({"workingHours": {"mon": [["09:00", "17:00"], ["16:00", "18:00"]]}}, "overlap"),
        ({"workingHours": {"mon": [["09:00", "09:01"]] * 25}}, "workingHours.mon"),
    ],
)
def test_a_malformed_agent_is_refused(api: Api, change: dict[str, Any], told: str) -> None:
    body = {"name": "Anna", **change}
    for method, path in (("POST", "/agents"), ("PUT", f"/agents/{api.agent_id}")):
        assert told in refused(api.call(method, path, json=body), 400)
    answer = api.call("POST", "/agents/batch", json={"agents": [{"name": "Berta"}, body]})
    refused(answer, 400, "agents_invalid")
    assert {one["row"] for one in answer.json()["errors"]} == {2}
    assert [one["name"] for one in api.call("GET", "/agents").json()["agents"]] == ["Assistant"]


def test_what_is_wrong_in_a_batch_is_told_by_row_and_nothing_is_created(api: Api) -> None:
    rows = [
        {"name": "Anna"},
        {"name": ""},
        "Berta",
        {"name": "Clara", "timezone": "Nowhere"},
    ]
    answer = api.call("POST", "/agents/batch", json={"agents": rows})
    message = refused(answer, 400, "agents_invalid")
    assert message.startswith("3 of 4 agents cannot be created, so none was")
    assert message.endswith("the first is row 2: name is empty")
    told = [(one["row"], one["field"]) for one in answer.json()["errors"]]
    assert told == [(2, "name"), (3, "row"), (4, "timezone")]
    rows = [{"name": "Anna"}, {"name": "Berta", "projectId": f"proj_{UNKNOWN}"}]
    answer = api.call("POST", "/agents/batch", json={"agents": rows})
    refused(answer, 400, "agents_invalid")
    assert [(one["row"], one["field"]) for one in answer.json()["errors"]] == [(2, "projectId")]
    for number in (0, 101):
        refused(api.call("POST", "/agents/batch", json={"agents": [{"name": "A"}] * number}), 400)
    refused(api.call("POST", "/agents/batch", json={"agents": {"name": "A"}}), 400)
    assert len(api.call("GET", "/agents").json()["agents"]) == 1


def test_a_batch_that_the_plan_has_no_room_for_creates_nothing(
    account: Account, visitor: httpx.Client
) -> None:
    account.owner.post("/v1/projects", json={"name": "First"})
    account.put_on("starter")
    path, key = "/api/v1/agents", account.key
    agents = [{"name": f"Agent {number}"} for number in range(3)]
    answer = visitor.post(f"{path}/batch", headers=key, json={"agents": agents})
    refused(answer, 403, "limit_reached")
    assert len(visitor.get(path, headers=key).json()["agents"]) == 1
    made = visitor.post(f"{path}/batch", headers=key, json={"agents": agents[:2]})
    assert made.status_code == 201


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name is empty"),
        ({"name": "x" * 201}, "name"),
        ({"text": None}, "text"),
        ({"text": " "}, "text is empty"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "a\0b"}, "NUL"),
        ({"text": {"a": "b"}}, "text"),
    ],
)
def test_a_malformed_context_is_refused(api: Api, change: dict[str, Any], told: str) -> None:
    made = api.made("/contexts", name="Offer", text="Half the price.")
    body = {"name": "Offer", "text": "Half the price.", **change}
    for method, path in (("POST", "/contexts"), ("PUT", f"/contexts/{made['id']}")):
        assert told in refused(api.call(method, path, json=body), 400)
    assert api.call("GET", "/contexts").json()["contexts"] == [made]


def test_the_hundred_and_first_context_is_refused(api: Api, rows: Rows) -> None:
    made = api.made("/contexts", name="Offer", text="Half the price.")
    rows(
        "insert into context (account_id, id, project_id, name, text)"
        " select account_id, gen_random_uuid(), project_id, name, text"
        " from context, generate_series(1, 99) where id = %s returning 1",
        UUID(made["id"].rpartition("_")[2]),
    )
    body = {"name": "Offer", "text": "Half the price."}
    refused(api.call("POST", "/contexts", json=body), 400, "too_many_contexts")


def test_an_account_without_a_project_is_told_to_create_one(
    account: Account, visitor: httpx.Client
) -> None:
    body = {"name": "x", "text": "x"}
    for path in ("/agents", "/contexts"):
        answer = visitor.post(f"/api/v1{path}", headers=account.key, json=body)
        refused(answer, 400, "project_needed")


@pytest.mark.parametrize("place", ["unknown", "damaged", "another tenant's", "out of reach"])
def test_what_is_not_the_callers_is_unknown(
    api: Api, foreign: Foreign, owner: httpx.Client, place: str
) -> None:
    beyond = Api(Desk(owner, api.desk.visitor))
    context = beyond.made("/contexts", name="Offer", text="Half the price.")["id"]
    webhook = beyond.made("/webhooks", url=NOWHERE)["id"]
    body = beyond.asked(*SAID, webhookId=webhook, reference="r")
    waiting = beyond.call("POST", "/messages/async", json=body).json()["id"]
    agent, context, project, webhook, reply = {
        "unknown": tuple(
            f"{kind}_{UNKNOWN}" for kind in ("agent", "ctx", "proj", "webhook", "reply")
        ),
        "damaged": ("agent", "…", "p", "w", "r"),
        "another tenant's": (
            *(foreign.agent, f"ctx_{UNKNOWN}", foreign.project),
            *(f"webhook_{UNKNOWN}", f"reply_{UNKNOWN}"),
        ),
        "out of reach": (*(beyond.agent_id, context, beyond.desk.project_id, webhook, waiting),),
    }[place]
    for method in ("GET", "PUT", "DELETE"):
        body = {} if method != "PUT" else {"json": {"name": "x", "text": "x"}}
        refused(api.call(method, f"/agents/{agent}", **body), 404, "agent_not_found")
        refused(api.call(method, f"/contexts/{context}", **body), 404, "context_not_found")
    for path in ("/agents", "/contexts", "/webhooks"):
        body = {"json": {"name": "x", "text": "x", "url": NOWHERE, "projectId": project}}
        refused(api.call("POST", path, **body), 404, "project_not_found")
    asked = api.asked(("user", QUESTION))
    for accept in ("application/json", "text/event-stream"):
        options: dict[str, Any] = {"headers": {"Accept": accept}}
        refused(
            api.call("POST", "/messages", json={**asked, "agentId": agent}, **options),
            404,
            "agent_not_found",
        )
        refused(
            api.call("POST", "/messages", json={**asked, "contexts": [context]}, **options),
            404,
            "context_not_found",
        )
    own = api.made("/webhooks", url=NOWHERE)["id"]
    later = api.asked(*SAID, webhookId=own, reference="r")
    for change, error in (
        ({"agentId": agent}, "agent_not_found"),
        ({"contexts": [context]}, "context_not_found"),
        ({"webhookId": webhook}, "webhook_not_found"),
    ):
        refused(api.call("POST", "/messages/async", json={**later, **change}), 404, error)
    for method in ("GET", "DELETE"):
        refused(api.call(method, f"/messages/async/{reply}"), 404, "delayed_reply_not_found")
    assert beyond.call("GET", f"/messages/async/{waiting}").json()["state"] == "scheduled"
    assert beyond.call("GET", "/agents").json()["agents"][0]["name"] == "Assistant"


def test_an_agent_stays_in_its_project(api: Api, owner: httpx.Client) -> None:
    key = key_of(owner)
    other = Desk(owner, api.desk.visitor).project_id
    path = f"/agents/{api.agent_id}"
    answer = api.call("PUT", path, json={"name": "x", "projectId": other}, headers=key)
    assert "stays" in refused(answer, 400)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/messages", 405),
        ("POST", "/auth/verify", 405),
        ("PATCH", "/agents", 405),
        ("POST", f"/agents/agent_{UNKNOWN}", 405),
        ("PATCH", f"/contexts/ctx_{UNKNOWN}", 405),
        ("TRACE", "/agents", 405),
        ("GET", "/messages/async", 405),
        ("POST", "/messages/async/x", 405),
        ("DELETE", "/webhooks", 405),
        ("GET", "/webhooks/x", 404),
        ("GET", "/agents/x/y", 404),
        ("GET", "/contexts/x/y", 404),
    ],
)
def test_unknown_methods_and_paths_are_refused(
    api: Api, method: str, path: str, status: int
) -> None:
    answer = api.call(method, path)
    refused(answer, status)
    assert answer.headers["x-ratelimit-limit"] == "1000000"


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "x"}, {"limit": "201"}, {"cursor": "x"}]
)
def test_a_wrong_part_of_a_list_is_refused(api: Api, query: dict[str, str]) -> None:
    for path in ("/agents", "/contexts", "/webhooks"):
        refused(api.call("GET", path, params=query), 400)
