"""What people were told: by mail (written to the server's file), in the browser, by events."""

import re
from typing import Any

import httpx

from tests.accounts.people import Person
from tests.conftest import Rows, Server
from tests.inbox.team import bare, ok
from tests.waiting import PATIENCE, attempts

OFF = {"mail": False, "browser": False}
ALL_OFF = dict.fromkeys(("waiting", "lead", "assigned", "reply", "sla"), OFF)
BY_BROWSER = {"mail": False, "browser": True}
BY_MAIL = {"mail": True, "browser": False}
ALWAYS = {
    "days": {
        one: [{"start": "00:00", "end": "00:00"}]
        for one in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }
}


def prefer(person: Person, **fields: Any) -> Any:
    """Have a person choose; what isn't named is off."""
    return ok(person.client.put("/v1/notice-preferences", json={**ALL_OFF, **fields}))


def notices(person: Person, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ok(person.client.get("/v1/notices", params=query))["items"]
    return items


def first_notices(person: Person, kind: str) -> list[dict[str, Any]]:
    """Wait until a person has notices of a kind."""
    for _ in attempts(PATIENCE):
        if found := [one for one in notices(person) if one["kind"] == kind]:
            return found
    raise AssertionError(f"no notice of the kind {kind} within {PATIENCE:g} s")


def mails(server: Server, person: Person) -> list[str]:
    """Return the mails to a person about notices."""
    path = server.data_dir / "letters.txt"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.split(r"(?m)^--- .*not mailed.*$", text)
    to = re.compile(rf"^To: +{re.escape(person.email)}$", re.MULTILINE)
    return [one for one in found if to.search(one) and "/app/inbox" in one]


def first_mails(server: Server, person: Person) -> list[str]:
    for _ in attempts(PATIENCE):
        if found := mails(server, person):
            return found
    raise AssertionError(f"no mail within {PATIENCE:g} s")


def settled(rows: Rows, account_id: str) -> None:
    """Wait until everybody has been told what was due."""
    busy = (
        "select 1 from due_job where account_id = %s and (name like 'notices.%%'"
        " or name like 'service_levels.%%') and name <> 'notices.forget'"
        " and (state <> 'waiting' or run_at < now() + interval '2 seconds')"
    )
    for _ in attempts(PATIENCE):
        if not rows(busy, bare(account_id)):
            return
    raise AssertionError(f"notices were not told within {PATIENCE:g} s")


def hurry(rows: Rows, account_id: str) -> None:
    """Let the time pass for which mails wait."""
    rows(
        "update notice set due_at = due_at - interval '1 hour' where account_id = %s returning 1",
        bare(account_id),
    )
    rows(
        "update notice_mail set next_at = next_at - interval '1 hour' where account_id = %s"
        " returning 1",
        bare(account_id),
    )
    rows(
        "update due_job set run_at = now(), state = 'ready' where account_id = %s and"
        " name in ('notices.tell', 'notices.mail') and state = 'waiting' returning 1",
        bare(account_id),
    )


def escalated(response: httpx.Response) -> None:
    assert response.status_code == 204, response.text
