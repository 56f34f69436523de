"""What people note about a visitor is in nothing that visitors, webhooks or other APIs are given.

A canary stands in everything that people write for each other (Chatwoot once mailed private notes
to customers, #838), and every route but the account's own ones is asked for it.
"""

from collections.abc import Iterator

import pytest

from tests.isolation.caller import Caller, Key
from tests.isolation.conftest import OURS, running_estate
from tests.isolation.estate import Estate
from tests.isolation.table import ROUTES
from tests.webhooks.receiver import Receiver, receiving

CANARY = "canary7f3a9c"
FORMATS = ("standard", "noras", "novachat", "orac")
"""All that tell events."""


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    with running_estate(OURS, row_security=True) as estate:
        yield estate


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def plant(estate: Estate) -> None:
    """Write the canary wherever people write for each other only."""
    held, owner = estate.ours, estate.ours.credentials["jwt"]
    path = f"/v1/conversations/{held.ids['conversation']}"
    estate.made(f"{path}/notes", owner, content=f"Note {CANARY}")
    for kind in ("reply", "note"):
        shown = estate.call("GET", f"{path}/drafts/{kind}", owner).json()
        draft = {"content": f"Draft {CANARY}", "version": shown["version"]}
        estate.call("PUT", f"{path}/drafts/{kind}", owner, json=draft)
    estate.call("PUT", f"{path}/tags", owner, json={"tags": [CANARY]})
    visitor = f"/v1/visitors/{held.ids['visitor']}"
    estate.call("PATCH", visitor, owner, json={"attributes": {CANARY: CANARY}})
    estate.made("/v1/canned-replies", owner, shortcut=CANARY, title=CANARY, content=CANARY)


def asked_of_everybody() -> list[Key]:
    """Return the routes of visitors and of all dialects; those that delete come last."""
    keys = [
        key
        for key, route in ROUTES.items()
        if route.guard in ("visitor", "id", "none") or not key[1].startswith("/v1/")
    ]
    return sorted(keys, key=lambda key: ("GET", "POST", "PUT", "PATCH", "DELETE").index(key[0]))


def test_nobody_outside_is_shown_it(estate: Estate, caller: Caller) -> None:
    plant(estate)
    held = estate.ours
    owner = held.credentials["jwt"]
    notes = estate.call("GET", f"/v1/conversations/{held.ids['conversation']}/notes", owner)
    assert CANARY in notes.text
    keys, reached = asked_of_everybody(), 0
    for key in keys:
        guard = ROUTES[key].guard
        name = {"visitor": "visitor", "scope": "jwt"}.get(guard)
        answer = caller.call(key, held, None if name is None else held.credentials[name])
        assert CANARY not in answer.text + str(answer.headers), f"{key}: {answer.text}"
        reached += answer.is_success
    assert reached > len(keys) / 2, "most of them have to show something"
    letters = estate.server.data_dir / "letters.txt"
    assert not letters.exists() or CANARY not in letters.read_text(encoding="utf-8")
    assert CANARY not in estate.server.log()


@pytest.fixture
def caller(estate: Estate) -> Caller:
    return Caller(estate)


def test_no_webhook_and_no_event_tells_it(estate: Estate, receiver: Receiver) -> None:
    held, owner = estate.theirs, estate.theirs.credentials["jwt"]
    for name in FORMATS:
        url = receiver.at(f"/{name}")
        body = {"url": url, "format": name, "project_id": held.ids["project"], "events": None}
        estate.call("POST", "/v1/webhooks", owner, json=body)
    path = f"/v1/conversations/{held.ids['conversation']}"
    visitor = held.credentials["visitor"]
    note = estate.made(f"{path}/notes", owner, content=f"Note {CANARY}")
    estate.call("PUT", f"{path}/tags", owner, json={"tags": [CANARY]})
    estate.call("PATCH", f"/v1/visitors/{held.ids['visitor']}", owner, json={"name": "Ada"})
    estate.made(f"{path}/messages", owner, content="Ana here.")
    estate.call("DELETE", f"{path}/notes/{note['id']}", owner)
    estate.call("POST", f"{path}/close", owner)
    for also in ({"conversation_id": held.ids["conversation"]}, {}):
        estate.call("POST", "/v1/visitor/chat", visitor, json={"message": "And now?", **also})
    for name in FORMATS:
        for received in receiver.wait_for(f"/{name}", 1):
            assert CANARY not in received.body.decode(), name
    told = [one.json["type"] for one in receiver.wait_for("/standard", 3)]
    assert not [one for one in told if one.startswith("inbox.")]
    events = estate.call("GET", "/v1/events", owner)
    assert CANARY not in events.text
    assert not [one for one in events.json()["items"] if one["type"].startswith("inbox.")]
