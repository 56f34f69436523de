"""Webhooks' endpoints: refusals first, then creating, changing, disabling and deleting them."""

import base64
import threading
from typing import Any
from uuid import UUID

import httpx
import pytest

from answerdesk.webhooks.types import MOST_ENDPOINTS
from tests.accounts.keys import holder, make_key
from tests.accounts.people import Person, join, sign_up
from tests.conftest import Desk, Rows, Server
from tests.projects.foreign import Foreign, make_foreign
from tests.projects.problems import assert_problem, refusal
from tests.waiting import PATIENCE, attempts
from tests.webhooks.hooks import NOWHERE, create, created, listed

UNKNOWN = "webhook_" + "0f" * 16


@pytest.fixture
def ann(server: Server) -> Person:
    """Somebody with an account of their own."""
    return sign_up(server)


@pytest.fixture(scope="module")
def foreign(rows: Rows) -> Foreign:
    return make_foreign(rows)


def wanted(rows: Rows, person: Person) -> set[str]:
    """Return the types of events for which the account's fan-out is scheduled."""
    account = UUID(person.account_id.removeprefix("acct_"))
    found = rows(
        "select types from event_consumer where account_id = %s and job = 'webhooks.fan_out'",
        account,
    )
    return set(found[0][0]) if found else set()


def wait_until_left(rows: Rows, account: UUID, wished: dict[str, int]) -> None:
    """Wait until an account has so many rows in these tables."""
    left: dict[str, int] = {}
    for _ in attempts(PATIENCE):
        left = {
            table: rows(f"select count(*) from {table} where account_id = %s", account)[0][0]
            for table in wished
        }
        if left == wished:
            return
    assert left == wished


def actions(person: Person, webhook_id: str) -> list[str]:
    """Return what the audit log says was done to a webhook, oldest first."""
    entries = person.client.get("/v1/audit-log", params={"limit": 200}).json()["items"]
    return [one["action"] for one in reversed(entries) if one["target"]["id"] == webhook_id]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "invalid_input"),
        ("hooks", "url_refused"),
        ("ftp://1.2.3.4/", "url_refused"),
        ("https://ann:secret@1.2.3.4/", "url_refused"),
        ("https://1.2.3.4:22/", "url_refused"),
        ("https://1.2.3.4:0/", "url_refused"),
        ("http://127.0.0.1/", "address_refused"),
        ("http://127.1/", "url_refused"),
        ("http://localhost/", "address_refused"),
        ("http://10.0.0.7/", "address_refused"),
        ("http://[::1]/", "address_refused"),
        ("http://[::ffff:192.168.0.1]/", "address_refused"),
        ("http://169.254.169.254/latest/meta-data", "address_refused"),
        (f"{NOWHERE}/{'x' * 2000}", "invalid_input"),
    ],
)
def test_an_address_that_nothing_is_sent_to_is_refused(ann: Person, url: str, code: str) -> None:
    webhook = created(ann.client)
    detail = refusal(create(ann.client, url=url), 422, code)
    if code == "address_refused":
        assert "ANSWERDESK_WEBHOOK_NETWORKS" in detail
    changed = ann.client.patch(f"/v1/webhooks/{webhook['id']}", json={"url": url})
    assert_problem(changed, 422, code)
    assert [one["url"] for one in listed(ann.client)] == [NOWHERE]


def _key(size: int) -> str:
    return "whsec_" + base64.b64encode(b"k" * size).decode()


@pytest.mark.parametrize(
    ("fields", "code", "says"),
    [
        ({"format": "slack"}, "invalid_input", "orac"),
        ({"events": []}, "invalid_input", "events"),
        ({"events": ["lead.create"]}, "event_unknown", "did you mean lead.created?"),
        ({"events": ["lead.created", "new_lead"]}, "event_unknown", "/v1/event-types"),
        (
            {"events": ["lead.created"], "format": "noras"},
            "event_not_in_format",
            "message.received",
        ),
        ({"events": ["lead.created"], "format": "novaro"}, "event_not_in_format", "no events"),
        ({"events": ["lead.created"] * 101}, "invalid_input", "events"),
        ({"description": "x" * 201}, "invalid_input", "description"),
        ({"secret": ""}, "secret_invalid", "whsec_"),
        ({"secret": "k" * 44}, "secret_invalid", "does not begin with whsec_"),
        ({"secret": "whsec_" + "é" * 44}, "secret_invalid", "is not base64"),
        ({"secret": _key(24).rstrip("=")[:-1]}, "secret_invalid", "is not base64"),
        ({"secret": _key(23)}, "secret_invalid", "too short (23 bytes)"),
        ({"secret": _key(65)}, "secret_invalid", "too long (65 bytes)"),
        ({"secrets": "x"}, "invalid_input", "secrets"),
        ({"url": None}, "invalid_input", "url"),
    ],
)
def test_a_webhook_that_does_not_hold_is_refused(
    ann: Person, rows: Rows, fields: dict[str, Any], code: str, says: str
) -> None:
    detail = refusal(create(ann.client, **fields), 422, code)
    assert says in detail
    if "secret" in fields and len(fields["secret"]) > 20:
        assert fields["secret"] not in detail
    assert listed(ann.client) == []
    assert wanted(rows, ann) == set()


def test_an_unknown_project_has_no_webhooks(ann: Person, foreign: Foreign) -> None:
    for project_id in ("proj_" + "0f" * 16, "x", foreign.project):
        refused = create(ann.client, project_id=project_id)
        assert_problem(refused, 404, "project_not_found")
        refused = ann.client.get("/v1/webhooks", params={"project_id": project_id})
        assert_problem(refused, 404, "project_not_found")
    assert listed(ann.client) == []


def test_anothers_webhook_is_as_unknown_as_none(server: Server, ann: Person) -> None:
    theirs = created(sign_up(server).client)["id"]
    for webhook_id in (theirs, UNKNOWN, "x"):
        path = f"/v1/webhooks/{webhook_id}"
        for method, suffix, body in (
            ("GET", "", None),
            ("PATCH", "", {"description": "Mine"}),
            ("DELETE", "", None),
            ("POST", "/enable", None),
            ("POST", "/rotate-secret", {}),
            ("POST", "/secret", {"password": "x"}),
        ):
            answer = ann.client.request(method, path + suffix, json=body)
            assert_problem(answer, 404, "webhook_not_found")


def test_a_key_does_what_its_scopes_say(server: Server, owner: httpx.Client) -> None:
    webhook = created(owner)
    path = f"/v1/webhooks/{webhook['id']}"
    with holder(server, make_key(owner, scopes=["projects:write"])["key"]) as client:
        for asked in ("/v1/webhooks", path, "/v1/events", "/v1/event-types"):
            assert "webhooks:read" in refusal(client.get(asked), 403, "scope_missing")
    with holder(server, make_key(owner, scopes=["webhooks:read"])["key"]) as client:
        for asked in ("/v1/webhooks", path, "/v1/events", "/v1/event-types"):
            assert client.get(asked).status_code == 200
        assert_problem(create(client), 403, "scope_missing")
        assert_problem(client.patch(path, json={}), 403, "scope_missing")
        assert_problem(client.delete(path), 403, "scope_missing")
        assert_problem(client.post(f"{path}/rotate-secret", json={}), 403, "scope_missing")
    with holder(server, make_key(owner, scopes=["webhooks:write"])["key"]) as client:
        assert client.patch(path, json={"description": "Ours"}).status_code == 200
        assert client.delete(path).status_code == 204


def test_a_projects_key_reaches_its_projects_webhooks_only(
    server: Server, owner: httpx.Client, visitor: httpx.Client, desk: Desk
) -> None:
    other = Desk(owner, visitor)
    beyond = created(owner, project_id=other.project_id)["id"]
    everywhere = created(owner)["id"]
    key = make_key(owner, scopes=["write"], project_ids=[desk.project_id])["key"]
    with holder(server, key) as confined:
        assert "project_id" in refusal(create(confined), 422, "project_id_missing")
        refused = create(confined, project_id=other.project_id)
        assert_problem(refused, 404, "project_not_found")
        refused = confined.get("/v1/webhooks", params={"project_id": other.project_id})
        assert_problem(refused, 404, "project_not_found")
        for webhook_id in (beyond, everywhere):
            path = f"/v1/webhooks/{webhook_id}"
            assert_problem(confined.get(path), 404, "webhook_not_found")
            assert_problem(confined.delete(path), 404, "webhook_not_found")
        own = created(confined, project_id=desk.project_id)
        assert [one["id"] for one in listed(confined)] == [own["id"]]
        assert confined.delete(f"/v1/webhooks/{own['id']}").status_code == 204
    for webhook_id in (beyond, everywhere):
        assert owner.delete(f"/v1/webhooks/{webhook_id}").status_code == 204


def test_the_last_place_is_taken_once(ann: Person, rows: Rows) -> None:
    rows(
        "insert into webhook_endpoint (account_id, id, url, format, events)"
        " select %s, gen_random_uuid(), 'https://1.2.3.4/', 'standard', '{page.removed}'"
        " from generate_series(2, %s) returning 1",
        UUID(ann.account_id.removeprefix("acct_")),
        MOST_ENDPOINTS,
    )
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: answers.append(create(ann.client))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    full = next(one for one in answers if one.status_code == 409)
    assert "at most 100" in refusal(full, 409, "too_many_webhooks")


def test_a_plan_has_webhooks_of_its_own_and_of_its_dialects(ann: Person, rows: Rows) -> None:
    account = UUID(ann.account_id.removeprefix("acct_"))

    def statuses(plan: str) -> list[int]:
        rows("update account set plan = %s where account_id = %s returning 1", plan, account)
        answers = [
            create(ann.client, format=one, events=None)
            for one in ("standard", "noras", "novachat", "novaro")
        ]
        for one in answers:
            if one.status_code == 403:
                assert "feature: webhooks" in refusal(one, 403, "feature_missing")
        return [one.status_code for one in answers]

    assert statuses("free") == [403, 403, 403, 403]
    assert statuses("starter") == [403, 403, 201, 201]
    assert statuses("growth") == [201, 201, 201, 201]


def test_a_webhook_is_as_it_was_created(ann: Person, rows: Rows, server: Server) -> None:
    project = ann.client.post("/v1/projects", json={"name": "Shop"}).json()["id"]
    made = created(
        ann.client,
        url="HTTPS://1.2.3.4:443/a b?c#d",
        project_id=project,
        events=["page.removed", "document.failed", "page.removed"],
        description=" For the shop ",
    )
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert made["url"] == "https://1.2.3.4/a%20b?c"
    assert made["description"] == "For the shop"
    assert sorted(made["events"]) == ["document.failed", "page.removed"]
    assert (made["project_id"], made["format"], made["enabled"]) == (project, "standard", True)
    path = f"/v1/webhooks/{made['id']}"
    shown = ann.client.get(path)
    assert shown.json() == made
    assert listed(ann.client) == [made]
    assert listed(ann.client, project_id=project) == [made]
    # The secret is never shown again, and nowhere in the clear.
    changed = ann.client.patch(path, json={"description": "Shop"})
    log = ann.client.get("/v1/audit-log")
    for text in (shown.text, changed.text, log.text, server.log()):
        assert secret.removeprefix("whsec_") not in text
    webhook_id = UUID(made["id"].removeprefix("webhook_"))
    sealed = rows("select name, sealed from stored_secret where subject_id = %s", webhook_id)
    assert [name for name, _ in sealed] == ["webhook_secret"]
    assert secret.encode() not in bytes(sealed[0][1])
    assert actions(ann, made["id"]) == ["webhook.created", "webhook.changed"]


def test_an_own_secret_is_kept_as_it_is(ann: Person) -> None:
    for size in (24, 64):
        made = create(ann.client, secret=_key(size))
        assert made.headers["cache-control"] == "no-store"
        assert made.json()["secret"] == _key(size)


def test_the_list_comes_in_parts(ann: Person) -> None:
    ids = [created(ann.client)["id"] for _ in range(3)]
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = ann.client.get("/v1/webhooks", params=query).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert found == ids


def test_the_fan_out_is_scheduled_for_what_enabled_webhooks_want(ann: Person, rows: Rows) -> None:
    first = created(ann.client, events=["page.removed"])["id"]
    second = created(ann.client, events=["page.removed", "source.synced"])["id"]
    assert wanted(rows, ann) == {"page.removed", "source.synced"}

    def patch(webhook_id: str, **changes: Any) -> dict[str, Any]:
        answer = ann.client.patch(f"/v1/webhooks/{webhook_id}", json=changes)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    disabled = patch(second, enabled=False)
    assert (disabled["enabled"], disabled["disabled_reason"]) == (False, "owner")
    assert wanted(rows, ann) == {"page.removed"}
    enabled = ann.client.post(f"/v1/webhooks/{second}/enable").json()
    assert (enabled["enabled"], enabled["disabled_reason"]) == (True, None)
    assert patch(first, events=["document.ready"])["events"] == ["document.ready"]
    assert wanted(rows, ann) == {"document.ready", "page.removed", "source.synced"}
    assert patch(first, events=None)["events"] is None
    assert "*" in wanted(rows, ann)
    assert ann.client.delete(f"/v1/webhooks/{first}").status_code == 204
    assert wanted(rows, ann) == {"page.removed", "source.synced"}
    refused = ann.client.patch(f"/v1/webhooks/{second}", json={"events": ["lead.create"]})
    assert_problem(refused, 422, "event_unknown")
    assert_problem(
        ann.client.patch(f"/v1/webhooks/{second}", json={"format": "orac"}), 422, "invalid_input"
    )
    assert ann.client.delete(f"/v1/webhooks/{second}").status_code == 204
    assert wanted(rows, ann) == set()
    assert actions(ann, second) == [
        *("webhook.created", "webhook.disabled", "webhook.enabled", "webhook.deleted"),
    ]


def test_a_format_wants_what_it_can_tell(ann: Person, rows: Rows) -> None:
    created(ann.client, format="novaro", events=None)
    assert wanted(rows, ann) == set()
    created(ann.client, format="orac", events=None)
    types = ann.client.get("/v1/event-types").json()["items"]
    of_orac = {one["name"]: one["formats"]["orac"] for one in types if "orac" in one["formats"]}
    assert wanted(rows, ann) == set(of_orac)
    assert set(of_orac.values()) == {
        *("new_conversation", "new_lead", "escalation", "negative_feedback"),
        "unanswered_question",
    }


def test_changes_at_the_same_time_are_all_wanted(ann: Person, rows: Rows) -> None:
    names = ("page.removed", "source.synced", "document.ready", "document.failed")
    threads = [
        threading.Thread(target=lambda name=name: created(ann.client, events=[name]))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wanted(rows, ann) == set(names)


def test_a_deleted_webhook_leaves_nothing(ann: Person, rows: Rows) -> None:
    made = created(ann.client)
    account = UUID(ann.account_id.removeprefix("acct_"))
    webhook_id = UUID(made["id"].removeprefix("webhook_"))
    assert ann.client.post(f"/v1/webhooks/{made['id']}/rotate-secret", json={}).is_success
    rows(
        "with made as (insert into webhook_delivery (account_id, id, endpoint_id, type, state)"
        " select %s, gen_random_uuid(), %s, 'page.removed', 'failed' from generate_series(1, 450)"
        " returning account_id, id)"
        " insert into stored_secret (account_id, subject_id, name, key_id, sealed)"
        " select account_id, id, 'webhook_body', 'k', 's' from made returning 1",
        account,
        webhook_id,
    )
    assert ann.client.delete(f"/v1/webhooks/{made['id']}").status_code == 204
    assert_problem(ann.client.get(f"/v1/webhooks/{made['id']}"), 404, "webhook_not_found")
    assert listed(ann.client) == []
    wait_until_left(
        rows, account, {"webhook_endpoint": 0, "webhook_delivery": 0, "stored_secret": 0}
    )


def test_a_deleted_project_takes_its_webhooks_along(ann: Person, rows: Rows) -> None:
    project = ann.client.post("/v1/projects", json={"name": "Shop"}).json()["id"]
    created(ann.client, project_id=project, events=["source.synced"])
    kept = created(ann.client, events=["page.removed"])
    account = UUID(ann.account_id.removeprefix("acct_"))
    # A delivery of the project's event to the webhook of all projects.
    rows(
        "insert into webhook_delivery (account_id, id, endpoint_id, project_id, type, state)"
        " values (%s, gen_random_uuid(), %s, %s, 'page.removed', 'failed') returning 1",
        account,
        UUID(kept["id"].removeprefix("webhook_")),
        UUID(project.removeprefix("proj_")),
    )
    assert ann.client.delete(f"/v1/projects/{project}").status_code == 204
    wait_until_left(
        rows,
        account,
        {"project": 0, "webhook_endpoint": 1, "webhook_delivery": 0, "stored_secret": 1},
    )
    assert wanted(rows, ann) == {"page.removed"}
    assert [one["id"] for one in listed(ann.client)] == [kept["id"]]


def test_roles_read_or_write(server: Server, ann: Person) -> None:
    webhook = created(ann.client)
    viewer, admin = join(server, ann, "viewer"), join(server, ann, "admin")
    assert [one["id"] for one in listed(viewer.client)] == [webhook["id"]]
    assert_problem(create(viewer.client), 403, "scope_missing")
    assert create(admin.client).status_code == 201
