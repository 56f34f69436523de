"""Webhooks' secrets: who may see one again, and how the old one fades out."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from answerdesk.core.tenancy import AccountId
from answerdesk.webhooks.secrets import secrets_of
from tests.accounts.keys import holder, make_key
from tests.accounts.people import PASSWORD, Person, join, sign_up
from tests.conftest import Rows, Server
from tests.projects.problems import assert_problem, refusal
from tests.waiting import PATIENCE, attempts
from tests.webhooks.hooks import created
from tests.webhooks.installed import installed

OWN = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"


@pytest.fixture
def ann(server: Server) -> Person:
    return sign_up(server)


def rotate(person: Person, webhook_id: str, **body: object) -> httpx.Response:
    return person.client.post(f"/v1/webhooks/{webhook_id}/rotate-secret", json=body)


def again(client: httpx.Client, webhook_id: str, password: str = PASSWORD) -> httpx.Response:
    return client.post(f"/v1/webhooks/{webhook_id}/secret", json={"password": password})


def stored(rows: Rows, webhook_id: str) -> set[str]:
    """Return the names of what is sealed for a webhook."""
    found = rows(
        "select name from stored_secret where subject_id = %s",
        UUID(webhook_id.removeprefix("webhook_")),
    )
    return {name for (name,) in found}


async def signs_with(server: Server, person: Person, webhook_id: str) -> tuple[str, ...]:
    """Return the secrets that deliveries are signed with now."""
    async with installed(server) as (endpoints, database):
        account = AccountId(UUID(person.account_id.removeprefix("acct_")))
        async with database.transaction(account) as session:
            endpoint_id = UUID(webhook_id.removeprefix("webhook_"))
            return await secrets_of(session, endpoints.sealer, endpoint_id)


def test_only_oracs_secret_is_shown_again(ann: Person) -> None:
    for name in ("standard", "noras", "novaro", "novachat"):
        webhook_id = created(ann.client, format=name, events=None)["id"]
        detail = refusal(again(ann.client, webhook_id), 403, "secret_not_shown_again")
        assert "rotate the secret" in detail


def test_a_secret_is_shown_again_only_to_a_person_with_the_password(
    server: Server, ann: Person
) -> None:
    made = created(ann.client, format="orac", events=None)
    webhook_id, secret = made["id"], made["secret"]
    refused = again(ann.client, webhook_id, "a loud harbour")
    assert_problem(refused, 422, "password_wrong")
    assert_problem(again(ann.client, webhook_id, ""), 422, "invalid_input")
    with holder(server, make_key(ann.client)["key"]) as program:
        assert_problem(again(program, webhook_id), 403, "person_needed")
    viewer = join(server, ann, "viewer")
    assert_problem(again(viewer.client, webhook_id), 403, "scope_missing")
    log = ann.client.get("/v1/audit-log", params={"action": "webhook.secret_shown"})
    assert log.json()["items"] == []
    shown = again(ann.client, webhook_id)
    assert (shown.status_code, shown.json()) == (200, {"secret": secret})
    assert shown.headers["cache-control"] == "no-store"
    log = ann.client.get("/v1/audit-log", params={"action": "webhook.secret_shown"})
    assert [one["target"]["id"] for one in log.json()["items"]] == [webhook_id]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"overlap_hours": -1}, "invalid_input"),
        ({"overlap_hours": 169}, "invalid_input"),
        ({"overlap_hours": None}, "invalid_input"),
        ({"secret": "whsec_c2hvcnQ="}, "secret_invalid"),
        ({"secrets": OWN}, "invalid_input"),
    ],
)
def test_a_rotation_that_does_not_hold_changes_nothing(
    ann: Person, rows: Rows, body: dict[str, object], code: str
) -> None:
    made = created(ann.client)
    assert_problem(rotate(ann, made["id"], **body), 422, code)
    assert stored(rows, made["id"]) == {"webhook_secret"}
    assert ann.client.get(f"/v1/webhooks/{made['id']}").json()["old_secret_until"] is None


async def test_both_secrets_sign_while_the_old_one_is_valid(
    server: Server, ann: Person, rows: Rows
) -> None:
    made = created(ann.client)
    first, webhook_id = made["secret"], made["id"]
    assert await signs_with(server, ann, webhook_id) == (first,)
    rotated = rotate(ann, webhook_id).json()
    second = rotated["secret"]
    assert second != first
    until = datetime.fromisoformat(rotated["old_secret_until"])
    assert abs(until - datetime.now(UTC) - timedelta(hours=24)) < timedelta(minutes=10)
    assert await signs_with(server, ann, webhook_id) == (second, first)
    # Another rotation meanwhile ends the first one's time.
    third = rotate(ann, webhook_id, secret=OWN, overlap_hours=1).json()["secret"]
    assert third == OWN
    assert await signs_with(server, ann, webhook_id) == (OWN, second)
    rows(
        "update webhook_endpoint set old_secret_until = now() where id = %s returning 1",
        UUID(webhook_id.removeprefix("webhook_")),
    )
    assert await signs_with(server, ann, webhook_id) == (OWN,)
    log = ann.client.get("/v1/audit-log", params={"action": "webhook.secret_rotated"}).json()
    assert [one["target"]["id"] for one in log["items"]] == [webhook_id, webhook_id]


def test_an_old_secret_is_forgotten_when_its_time_is_over(ann: Person, rows: Rows) -> None:
    webhook_id = created(ann.client)["id"]
    assert rotate(ann, webhook_id).status_code == 200
    assert stored(rows, webhook_id) == {"webhook_secret", "webhook_old_secret"}
    # At once if the old secret is no longer one.
    assert rotate(ann, webhook_id, overlap_hours=0).status_code == 200
    for _ in attempts(PATIENCE):
        if stored(rows, webhook_id) == {"webhook_secret"}:
            break
    assert stored(rows, webhook_id) == {"webhook_secret"}
