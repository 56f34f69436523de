"""Contexts over the native API: refusals first, then that they are kept, changed and deleted."""

from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Rows
from tests.projects.foreign import Foreign
from tests.projects.problems import assert_problem, refusal

OFFER = {"name": "Offer", "text": "In May the ferry is half the price."}


def add(desk: Desk, **fields: Any) -> dict[str, Any]:
    added = desk.owner.post(f"{desk.path}/contexts", json={**OFFER, **fields})
    assert added.status_code == 201, added.text
    context: dict[str, Any] = added.json()
    return context


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", OFFER), ("DELETE", None)])
def test_anothers_context_is_as_unknown_as_none(
    desk: Desk, foreign: Foreign, rows: Rows, method: str, body: Any
) -> None:
    [[theirs]] = rows(
        "insert into context (account_id, id, project_id, name, text)"
        " select account_id, gen_random_uuid(), id, 'Theirs', 'Theirs' from project where id = %s"
        " returning id",
        foreign.project.removeprefix("proj_"),
    )
    neighbour = add(Desk(desk.owner, desk.visitor))["id"]
    ids = [f"ctx_{theirs.hex}", neighbour, "ctx_" + "0f" * 16, "x"]
    answers = [desk.owner.request(method, f"{desk.path}/contexts/{one}", json=body) for one in ids]
    for answer in answers:
        assert_problem(answer, 404, "context_not_found")
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "name is missing"),
        ({"name": "x"}, "text is missing"),
        ({**OFFER, "name": " "}, "name is empty"),
        ({**OFFER, "name": "x" * 201}, "name "),
        ({**OFFER, "text": " \n"}, "text is empty"),
        ({**OFFER, "text": "x" * 20_001}, "text "),
        ({**OFFER, "text": 7}, "text "),
        ({**OFFER, "text": "a\0b"}, "text contains a NUL"),
        ({**OFFER, "txt": "x"}, "txt "),
        ([], "The body"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_is_wrong_is_named_and_nothing_is_stored(
    desk: Desk, method: str, body: Any, fault: str
) -> None:
    context = add(desk)
    suffix = "" if method == "POST" else f"/{context['id']}"
    refused = desk.owner.request(method, f"{desk.path}/contexts{suffix}", json=body)
    assert fault in refusal(refused, 422, "invalid_input")
    assert desk.owner.get(f"{desk.path}/contexts").json()["items"] == [context]


def test_a_key_that_reads_changes_no_context(reader: httpx.Client, desk: Desk) -> None:
    context = add(desk)
    one = f"{desk.path}/contexts/{context['id']}"
    for answer in (
        reader.post(f"{desk.path}/contexts", json=OFFER),
        reader.put(one, json=OFFER),
        reader.delete(one),
    ):
        assert "agents:write" in refusal(answer, 403, "scope_missing")
    assert reader.get(one).json() == context


def test_a_project_has_at_most_a_hundred(desk: Desk) -> None:
    made = [add(desk, name=f"Offer {number}") for number in range(100)]
    refused = desk.owner.post(f"{desk.path}/contexts", json=OFFER)
    assert "100" in refusal(refused, 409, "too_many_contexts")
    assert desk.owner.delete(f"{desk.path}/contexts/{made[0]['id']}").status_code == 204
    add(desk)


def test_it_is_shown_listed_changed_and_deleted(desk: Desk) -> None:
    longest = add(desk, name="n" * 200, text="t" * 20_000)
    second = add(desk)
    assert longest["project_id"] == desk.project_id
    every = f"{desk.path}/contexts"
    first_page = desk.owner.get(every, params={"limit": 1}).json()
    assert first_page["items"] == [longest]
    rest = desk.owner.get(every, params={"cursor": first_page["next_cursor"]}).json()
    assert (rest["items"], rest["next_cursor"]) == ([second], None)

    one = f"{every}/{second['id']}"
    shown = desk.owner.get(one)
    changed = desk.owner.put(one, json={"name": "June", "text": "Full price."})
    assert changed.json() | {"updated_at": ""} == {
        **second,
        "name": "June",
        "text": "Full price.",
        "version": 2,
        "updated_at": "",
    }
    stale = {"If-Match": shown.headers["etag"]}
    assert_problem(desk.owner.put(one, json=OFFER, headers=stale), 412, "precondition_failed")
    assert_problem(desk.owner.delete(one, headers=stale), 412, "precondition_failed")
    assert desk.owner.get(one).json() == changed.json()

    assert desk.owner.delete(one).status_code == 204
    assert_problem(desk.owner.get(one), 404, "context_not_found")
    log = desk.owner.get("/v1/audit-log", params={"limit": 3}).json()["items"]
    assert [entry["action"] for entry in log] == [
        "context.deleted",
        "context.changed",
        "context.created",
    ]
