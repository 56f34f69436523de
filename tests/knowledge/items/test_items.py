"""Q&A items one by one: refusals first, then reading, changing, finding and removing them."""

import threading
from typing import Any

import httpx
import pytest

from tests.accounts.keys import code_of
from tests.conftest import Desk, Rows
from tests.dialects.orac.chat import ask
from tests.knowledge.items.rows import all_items
from tests.waiting import PATIENCE

NORWAY = {"question": "Do you ship to Norway?", "answer": "Yes, within a week."}
OIL = {"question": "Which oil does the press use?", "answer": "Only food-grade oil."}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", ""),
        ("question", " \n\u200b"),
        ("question", "x" * 2001),
        ("question", 7),
        ("answer", "a\0b"),
        ("answer", "x" * 20_001),
        ("answer", None),
        ("category", " "),
        ("category", "x" * 101),
        ("tags", "one"),
        ("tags", [""]),
        ("tags", ["a,b"]),
        ("tags", ["a;b"]),
        ("tags", ["x" * 51]),
        ("tags", [f"tag {n}" for n in range(21)]),
        ("unknown", 1),
    ],
)
def test_an_item_that_does_not_hold_is_refused(desk: Desk, field: str, value: object) -> None:
    response = desk.owner.post(f"{desk.path}/items", json={**NORWAY, field: value})
    assert code_of(response, 422) == "invalid_input"
    assert field in response.json()["detail"]
    assert all_items(desk) == []


@pytest.mark.parametrize("text", ["item_", "x", "item_" + "1a" * 16, "%00"])
def test_an_unknown_item_is_not_found(desk: Desk, text: str) -> None:
    path = f"{desk.path}/items/{text}"
    assert code_of(desk.owner.get(path), 404) == "item_not_found"
    assert code_of(desk.owner.put(path, json=NORWAY), 404) == "item_not_found"
    assert code_of(desk.owner.delete(path), 404) == "item_not_found"


@pytest.mark.parametrize(
    "params",
    [{"query": "x" * 201}, {"query": "a\0b"}, {"tag": "a\0b"}, {"category": "x" * 101}],
)
def test_a_filter_that_does_not_hold_is_refused(desk: Desk, params: dict[str, str]) -> None:
    response = desk.owner.get(f"{desk.path}/items", params=params)
    assert code_of(response, 422) == "invalid_input"


def test_a_cursor_of_one_filter_is_none_of_another(desk: Desk) -> None:
    for item in (NORWAY, OIL):
        desk.add_item(**item)
    page = desk.owner.get(f"{desk.path}/items", params={"limit": "1", "query": "o"})
    cursor = page.json()["next_cursor"]
    refused = desk.owner.get(f"{desk.path}/items", params={"cursor": cursor, "query": "w"})
    assert code_of(refused, 422) == "cursor_invalid"


def _made(desk: Desk, **fields: Any) -> dict[str, Any]:
    made = desk.owner.post(f"{desk.path}/items", json={**NORWAY, **fields})
    assert made.status_code == 201, made.text
    item: dict[str, Any] = made.json()
    return item


def test_an_item_is_shown_as_it_was_taken_in(desk: Desk) -> None:
    item = _made(
        desk,
        question=" Do you ship\r\nto Norway? ",
        category=" Delivery  abroad ",
        tags=["north", " cold \t sea ", "north"],
    )
    assert item["question"] == "Do you ship\nto Norway?"
    assert (item["category"], item["tags"]) == ("Delivery abroad", ["north", "cold sea"])
    assert (item["status"], item["version"]) == ("ready", 1)
    shown = desk.owner.get(f"{desk.path}/items/{item['id']}")
    assert shown.json() == item
    again = desk.owner.get(
        f"{desk.path}/items/{item['id']}", headers={"If-None-Match": shown.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_change_goes_by_the_version_that_was_read(desk: Desk) -> None:
    item = _made(desk)
    path = f"{desk.path}/items/{item['id']}"
    tag = desk.owner.get(path).headers["etag"]
    body = {**NORWAY, "answer": "No."}
    changed = desk.owner.put(path, json=body, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    late = desk.owner.put(path, json=OIL, headers={"If-Match": tag})
    assert code_of(late, 412) == "precondition_failed"
    assert code_of(desk.owner.delete(path, headers={"If-Match": tag}), 412) == "precondition_failed"
    assert desk.owner.get(path).json()["answer"] == "No."
    assert desk.owner.delete(path, headers={"If-Match": changed.headers["etag"]}).is_success
    assert code_of(desk.owner.get(path), 404) == "item_not_found"


def test_a_change_that_changes_nothing_is_none(desk: Desk) -> None:
    item = _made(desk, tags=["north"])
    path = f"{desk.path}/items/{item['id']}"
    assert desk.owner.put(path, json={**NORWAY, "tags": ["north"]}).json() == item


def test_category_and_tags_change_without_embedding(desk: Desk, rows: Rows) -> None:
    item = _made(desk, category="Delivery", tags=["north"])
    chunks = "select id, added_rev from chunk where document_id = %s"
    before = rows(chunks, item["id"].removeprefix("item_"))
    path = f"{desk.path}/items/{item['id']}"
    changed = desk.owner.put(path, json={**NORWAY, "category": "Abroad"}).json()
    assert (changed["category"], changed["tags"], changed["version"]) == ("Abroad", [], 2)
    assert rows(chunks, item["id"].removeprefix("item_")) == before
    assert len(before) == 1
    jobs = "select name from due_job where payload ->> 'document_id' = %s"
    # The one of its making, which waits in case that its maker dies.
    assert len(rows(jobs, str(item["id"].removeprefix("item_")))) <= 1


def test_the_text_of_another_item_is_refused_by_its_name(desk: Desk, visitor: httpx.Client) -> None:
    norway, oil = _made(desk), _made(desk, **OIL)
    refused = desk.owner.put(f"{desk.path}/items/{oil['id']}", json={**NORWAY, "tags": ["x"]})
    assert code_of(refused, 409) == "item_exists"
    assert norway["id"] in refused.json()["detail"]
    assert desk.owner.get(f"{desk.path}/items/{oil['id']}").json() == oil
    assert ask(visitor, desk.project_id, OIL["question"]).text == OIL["answer"]


def test_an_item_that_failed_is_taken_in_again_by_the_same_text(desk: Desk, rows: Rows) -> None:
    item = _made(desk)
    rows(
        "update document set status = 'failed', error = 'x' where id = %s returning 1",
        item["id"].removeprefix("item_"),
    )
    path = f"{desk.path}/items/{item['id']}"
    assert desk.owner.get(path).json()["status"] == "failed"
    assert _made(desk)["status"] == "ready"
    shown = desk.owner.get(path).json()
    assert (shown["id"], shown["status"], shown["error"]) == (item["id"], "ready", None)


def test_items_are_listed_oldest_first_and_found_by_what_they_say(desk: Desk) -> None:
    _made(desk, category="Delivery", tags=["north", "abroad"])
    _made(desk, **OIL, category="Machines", tags=["north"])
    _made(desk, question="Öffnet ihr am Sonntag?", answer="100 % ja_.")

    def questions(**only: str) -> list[str]:
        return [item["question"] for item in all_items(desk, **only)]

    norway, oil, sunday = NORWAY["question"], OIL["question"], "Öffnet ihr am Sonntag?"
    assert questions() == [norway, oil, sunday]
    assert questions(category="Delivery") == [norway]
    assert questions(category="delivery") == []
    assert questions(category="") == [sunday]
    assert questions(tag="north") == [norway, oil]
    assert questions(tag="nort") == []
    assert questions(query="NORWAY") == [norway]
    assert questions(query="food-GRADE") == [oil]
    assert questions(query="öffnet") == [sunday]
    assert questions(query="0 %") == [sunday]
    assert questions(query="_.") == [sunday]
    assert questions(query="%") == [sunday]
    assert questions(tag="north", query="oil", category="Machines") == [oil]
    first = desk.owner.get(f"{desk.path}/items", params={"limit": "2"}).json()
    rest = desk.owner.get(f"{desk.path}/items", params={"cursor": first["next_cursor"]}).json()
    shown = [item["question"] for item in (*first["items"], *rest["items"])]
    assert (shown, rest["next_cursor"]) == ([norway, oil, sunday], None)


def test_categories_are_counted(desk: Desk) -> None:
    for number, category in enumerate(["B", "A", "B", None]):
        _made(desk, question=f"Question {number}?", category=category)
    path = f"{desk.path}/items/categories"
    a, b = {"category": "A", "count": 1}, {"category": "B", "count": 2}
    whole = {"items": [a, b], "next_cursor": None, "uncategorised": 1}
    assert desk.owner.get(path).json() == whole
    first = desk.owner.get(path, params={"limit": "1"}).json()
    second = desk.owner.get(path, params={"limit": "1", "cursor": first["next_cursor"]}).json()
    assert (first["items"], second["items"], second["next_cursor"]) == ([a], [b], None)


def _at_once(*calls: Any) -> list[httpx.Response]:
    answers: list[httpx.Response] = []
    start = threading.Barrier(len(calls))

    def run(call: Any) -> None:
        start.wait(timeout=PATIENCE)
        answers.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_item_from_many_at_once_is_one(desk: Desk, rows: Rows) -> None:
    def add() -> httpx.Response:
        return desk.owner.post(f"{desk.path}/items", json=NORWAY)

    answers = _at_once(*[add] * 8)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(all_items(desk)) == 1
    chunks = "select count(*) from chunk where project_id = %s"
    assert rows(chunks, desk.project_id.removeprefix("proj_")) == [(1,)]


def test_of_two_changes_to_one_text_one_is_refused(desk: Desk) -> None:
    items = [_made(desk, question=f"Question {n}?") for n in range(2)]

    def put(item: dict[str, Any]) -> httpx.Response:
        return desk.owner.put(f"{desk.path}/items/{item['id']}", json=OIL)

    answers = _at_once(*[lambda item=item: put(item) for item in items])
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_changes_of_one_item_at_once_end_in_one_of_them(desk: Desk, visitor: httpx.Client) -> None:
    item = _made(desk)
    path = f"{desk.path}/items/{item['id']}"

    def put(number: int) -> httpx.Response:
        return desk.owner.put(path, json={**NORWAY, "answer": f"In {number} days."})

    answers = _at_once(*[lambda n=n: put(n) for n in range(2, 8)])
    assert {answer.status_code for answer in answers} == {200}
    shown = desk.owner.get(path).json()
    assert (shown["status"], shown["version"]) == ("ready", 7)
    assert ask(visitor, desk.project_id, NORWAY["question"]).text == shown["answer"]


def test_what_is_done_with_an_item_is_in_the_audit_log(desk: Desk, rows: Rows) -> None:
    item = _made(desk)
    path = f"{desk.path}/items/{item['id']}"
    _made(desk)
    desk.owner.put(path, json=NORWAY)
    desk.owner.put(path, json=OIL)
    desk.owner.delete(path)
    entries = rows("select action from audit_entry where target_id = %s order by at", item["id"])
    assert [action for (action,) in entries] == ["item.added", "item.changed", "item.removed"]
