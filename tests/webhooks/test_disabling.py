"""A webhook that is disabled because of its receiver: who is told, and how it comes back."""

from typing import Any
from uuid import UUID

import pytest

from answerdesk.bootstrap.providers import LETTERS_FILE
from answerdesk.core.tenancy import AccountId
from tests.accounts.people import Person, join, sign_up
from tests.conftest import Rows, Server
from tests.providers.test_mailer_contract import read_letters
from tests.waiting import PATIENCE, attempts
from tests.webhooks.hooks import created
from tests.webhooks.installed import installed


@pytest.fixture
def ann(server: Server) -> Person:
    return sign_up(server)


async def disable(server: Server, person: Person, webhook_id: str, reason: Any) -> None:
    """Disable a webhook as a run of its deliveries does."""
    account = AccountId(UUID(person.account_id.removeprefix("acct_")))
    async with installed(server) as (endpoints, database), database.transaction(account) as session:
        await endpoints.disable(session, UUID(webhook_id.removeprefix("webhook_")), reason)


def letters(server: Server, about: str) -> dict[str, str]:
    """Return the letters that name a webhook, by addressee."""
    return {
        to: text for to, _, text in read_letters(server.data_dir / LETTERS_FILE) if about in text
    }


def told_of(person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.client.get("/v1/events").json()["items"]
    return [one for one in items if one["type"] == "webhook.disabled"]


async def test_what_the_owner_disabled_stays_so(server: Server, ann: Person) -> None:
    ann.client.post("/v1/projects", json={"name": "Shop"})
    webhook_id = created(ann.client)["id"]
    path = f"/v1/webhooks/{webhook_id}"
    ann.client.patch(path, json={"enabled": False})
    await disable(server, ann, webhook_id, "gone")
    assert ann.client.get(path).json()["disabled_reason"] == "owner"
    assert told_of(ann) == []
    # Nor is a deleted one brought back.
    assert ann.client.delete(path).status_code == 204
    await disable(server, ann, webhook_id, "gone")
    assert ann.client.get(path).status_code == 404
    assert letters(server, webhook_id) == {}


@pytest.mark.parametrize(("reason", "says"), [("gone", "(410)"), ("failing", "five days")])
async def test_the_owners_are_told_by_event_and_mail(
    server: Server, ann: Person, rows: Rows, reason: str, says: str
) -> None:
    project = ann.client.post("/v1/projects", json={"name": "Shop"}).json()["id"]
    partner = join(server, ann, "owner")
    join(server, ann, "admin")
    webhook_id = created(ann.client, url="https://1.2.3.4/hooks/a-secret-path")["id"]
    await disable(server, ann, webhook_id, reason)
    await disable(server, ann, webhook_id, reason)
    shown = ann.client.get(f"/v1/webhooks/{webhook_id}").json()
    assert (shown["enabled"], shown["disabled_reason"]) == (False, reason)
    account = UUID(ann.account_id.removeprefix("acct_"))
    consumed = "select 1 from event_consumer where account_id = %s and job = 'webhooks.fan_out'"
    assert rows(consumed, account) == []
    # A webhook of all projects is told of with the first.
    (event,) = told_of(ann)
    assert event["data"] == {"webhook_id": webhook_id, "reason": reason}
    assert event["project_id"] == project
    sent: dict[str, str] = {}
    for _ in attempts(PATIENCE):
        sent = letters(server, webhook_id)
        if len(sent) >= 2:
            break
    for owner in (ann, partner):
        letter = sent.pop(owner.email)
        assert says in letter
        assert "https://1.2.3.4" in letter
        # Mail is read on the way.
        assert "a-secret-path" not in letter
    assert sent == {}
    enabled = ann.client.post(f"/v1/webhooks/{webhook_id}/enable").json()
    assert (enabled["enabled"], enabled["disabled_reason"]) == (True, None)
    assert rows(consumed, account) != []


async def test_an_account_without_projects_has_no_event(server: Server, ann: Person) -> None:
    webhook_id = created(ann.client)["id"]
    await disable(server, ann, webhook_id, "gone")
    assert told_of(ann) == []
    assert ann.client.get(f"/v1/webhooks/{webhook_id}").json()["disabled_reason"] == "gone"
