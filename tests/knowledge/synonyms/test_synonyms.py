"""Synonyms over the native API: refusals first, then that they are kept, changed and count."""

from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Rows
from tests.dialects.orac.chat import ask
from tests.projects.foreign import Foreign
from tests.projects.problems import assert_problem, refusal

FLAT: dict[str, Any] = {"terms": ["flat tire", "puncture"]}


def add(desk: Desk, *terms: str) -> dict[str, Any]:
    added = desk.owner.post(f"{desk.path}/synonyms", json={"terms": terms or FLAT["terms"]})
    assert added.status_code == 201, added.text
    group: dict[str, Any] = added.json()
    return group


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", FLAT), ("DELETE", None)])
def test_anothers_group_is_as_unknown_as_none(
    desk: Desk, foreign: Foreign, rows: Rows, method: str, body: Any
) -> None:
    [[theirs]] = rows(
        "insert into synonym_group (account_id, id, project_id, terms, keys)"
        " select account_id, gen_random_uuid(), id, '{a,b}', '{a,b}' from project where id = %s"
        " returning id",
        foreign.project.removeprefix("proj_"),
    )
    neighbour = add(Desk(desk.owner, desk.visitor))["id"]
    ids = [f"syn_{theirs.hex}", neighbour, "syn_" + "0f" * 16, "x"]
    answers = [desk.owner.request(method, f"{desk.path}/synonyms/{one}", json=body) for one in ids]
    for answer in answers:
        assert_problem(answer, 404, "synonyms_not_found")
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "terms is missing"),
        ({"terms": "puncture"}, "terms "),
        ({"terms": ["puncture"]}, "terms has fewer than 2"),
        ({"terms": [f"word {number}" for number in range(11)]}, "terms has more than 10"),
        ({"terms": ["puncture", " \n"]}, "terms[1] is empty"),
        ({"terms": ["puncture", "…!"]}, "terms[1] has no letter and no digit"),
        ({"terms": ["puncture", "x" * 61]}, "terms[1] is longer than 60 characters"),
        ({"terms": ["puncture", "x" * 10_000]}, "terms[1] is longer than"),
        ({"terms": ["puncture", "a\0b"]}, "terms[1] contains a NUL"),
        ({"terms": ["Puncture", "flat", " puncture "]}, 'terms contains "puncture" twice'),
        ({**FLAT, "term": "x"}, "term "),
        ([], "The body"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_is_wrong_is_named_and_nothing_is_stored(
    desk: Desk, method: str, body: Any, fault: str
) -> None:
    group = add(desk, "bike", "bicycle")
    suffix = "" if method == "POST" else f"/{group['id']}"
    refused = desk.owner.request(method, f"{desk.path}/synonyms{suffix}", json=body)
    assert fault in refusal(refused, 422, "invalid_input")
    assert desk.owner.get(f"{desk.path}/synonyms").json()["items"] == [group]


def test_a_word_of_another_group_is_refused_with_that_group(desk: Desk) -> None:
    group, other = add(desk), add(desk, "bike", "bicycle")
    for method, path in (("POST", ""), ("PUT", f"/{other['id']}")):
        body = {"terms": ["bike", "PUNCTURE"]}
        refused = desk.owner.request(method, f"{desk.path}/synonyms{path}", json=body)
        if method == "POST":
            refused = desk.owner.post(f"{desk.path}/synonyms", json={"terms": ["hole", "PUNCTURE"]})
        problem = assert_problem(refused, 409, "synonym_taken")
        assert '"PUNCTURE" is already in the group' in problem["detail"]
        assert '"flat tire", "puncture"' in problem["detail"]
        assert (problem["synonyms_id"], problem["terms"]) == (group["id"], group["terms"])
    assert desk.owner.get(f"{desk.path}/synonyms").json()["items"] == [group, other]


def test_a_key_that_reads_changes_no_synonyms(reader: httpx.Client, desk: Desk) -> None:
    group = add(desk)
    one = f"{desk.path}/synonyms/{group['id']}"
    for answer in (
        reader.post(f"{desk.path}/synonyms", json=FLAT),
        reader.put(one, json=FLAT),
        reader.delete(one),
    ):
        assert "knowledge:write" in refusal(answer, 403, "scope_missing")
    assert reader.get(one).json() == group


def test_a_project_has_at_most_five_hundred(desk: Desk, rows: Rows) -> None:
    first = add(desk)
    rows(
        "insert into synonym_group (account_id, id, project_id, terms, keys)"
        " select account_id, gen_random_uuid(), project_id, array['a' || n, 'b' || n],"
        "  array['a' || n, 'b' || n] from synonym_group cross join generate_series(1, 499) n"
        " where project_id = %s returning 1",
        desk.project_id.removeprefix("proj_"),
    )
    refused = desk.owner.post(f"{desk.path}/synonyms", json={"terms": ["one", "more"]})
    assert "500" in refusal(refused, 409, "too_many_synonyms")
    assert desk.owner.delete(f"{desk.path}/synonyms/{first['id']}").status_code == 204
    add(desk, "one", "more")


def test_it_is_shown_listed_changed_and_deleted(desk: Desk) -> None:
    first = add(desk, " Flat \n tire", "puncture")
    assert first["terms"] == ["Flat tire", "puncture"]
    assert first["project_id"] == desk.project_id
    second = add(desk, *(f"{number} ".ljust(60, "x") for number in range(10)))
    every = f"{desk.path}/synonyms"
    first_page = desk.owner.get(every, params={"limit": 1}).json()
    assert first_page["items"] == [first]
    rest = desk.owner.get(every, params={"cursor": first_page["next_cursor"]}).json()
    assert (rest["items"], rest["next_cursor"]) == ([second], None)

    one = f"{every}/{first['id']}"
    shown = desk.owner.get(one)
    changed = desk.owner.put(one, json={"terms": ["puncture", "hole in a tyre"]})
    assert (changed.json()["terms"], changed.json()["version"]) == (
        ["puncture", "hole in a tyre"],
        2,
    )
    stale = {"If-Match": shown.headers["etag"]}
    assert_problem(desk.owner.put(one, json=FLAT, headers=stale), 412, "precondition_failed")
    assert_problem(desk.owner.delete(one, headers=stale), 412, "precondition_failed")
    assert desk.owner.get(one).json() == changed.json()

    assert desk.owner.delete(one).status_code == 204
    assert_problem(desk.owner.get(one), 404, "synonyms_not_found")
    log = desk.owner.get("/v1/audit-log", params={"limit": 4}).json()["items"]
    assert [entry["action"] for entry in log] == [
        "synonyms.removed",
        "synonyms.changed",
        "synonyms.added",
        "synonyms.added",
    ]


def test_a_project_without_knowledge_takes_them_already(desk: Desk, visitor: httpx.Client) -> None:
    add(desk)
    desk.add_text("Repairs", PUNCTURES)
    assert "nine euros" in ask(visitor, desk.project_id, ASKED).text


PUNCTURES = (
    "# Our workshop\n\nThe workshop opens at eight.\n\n"
    "## Puncture\n\nA puncture is repaired for nine euros while you wait.\n\n"
    "## Brakes\n\nNew brake pads are fitted for thirty euros on the same day."
)
ASKED = "What does it cost to repair a flat tire?"


def test_a_flat_tire_finds_the_puncture_from_the_next_question_on(
    desk: Desk, visitor: httpx.Client
) -> None:
    desk.add_text("Repairs", PUNCTURES, format="markdown")
    assert "nine euros" not in ask(visitor, desk.project_id, ASKED).text
    group = add(desk)
    assert "nine euros" in ask(visitor, desk.project_id, ASKED).text
    # And the other way round.
    desk.add_text("Towing", "With a flat tire we tow your car home for forty euros.")
    assert "forty" in ask(visitor, desk.project_id, "Do you tow me home after a puncture?").text
    desk.owner.put(f"{desk.path}/synonyms/{group['id']}", json={"terms": ["flat", "plane"]})
    assert "nine euros" not in ask(visitor, desk.project_id, ASKED).text


def test_anothers_synonyms_do_not_count(desk: Desk, visitor: httpx.Client) -> None:
    desk.add_text("Repairs", PUNCTURES, format="markdown")
    add(Desk(desk.owner, visitor))
    assert "nine euros" not in ask(visitor, desk.project_id, ASKED).text


def test_they_go_with_their_project(desk: Desk, rows: Rows) -> None:
    add(desk)
    of = desk.project_id.removeprefix("proj_")
    assert rows("select count(*) from synonym_group where project_id = %s", of) == [(1,)]
    # What the job does once the documents are gone.
    rows("delete from project where id = %s returning 1", of)
    assert rows("select count(*) from synonym_group where project_id = %s", of) == [(0,)]
