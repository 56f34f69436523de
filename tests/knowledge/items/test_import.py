"""Many items at once, all of them or none: refusals first."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.accounts.keys import add_account, code_of, holder, remove_account
from tests.conftest import Desk, Rows, Server
from tests.dialects.orac.chat import ask
from tests.knowledge.items.rows import all_items, import_file, import_json, numbered
from tests.waiting import PATIENCE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'"items"',
        b'{"items": {}}',
        b'{"items": []}',
        b'{"items": [{"question": "q", "answer": "a"}], "more": 1}',
        b"[" * 100_000,
        json.dumps({"items": numbered(1001)}).encode(),
    ],
)
def test_what_is_no_import_is_refused(desk: Desk, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused = desk.owner.post(f"{desk.path}/items/import", content=body, headers=headers)
    assert code_of(refused, 422) == "import_invalid"
    assert all_items(desk) == []


@pytest.mark.parametrize("media_type", ["text/csv", "application/x-www-form-urlencoded", "x"])
def test_another_media_type_is_refused(desk: Desk, media_type: str) -> None:
    refused = desk.owner.post(
        f"{desk.path}/items/import", content=b"q,a", headers={"Content-Type": media_type}
    )
    assert code_of(refused, 422) == "import_invalid"


def test_a_form_has_the_file_and_nothing_else(desk: Desk) -> None:
    path, file = f"{desk.path}/items/import", ("a.csv", b"question,answer\nq,a\n")
    other = desk.owner.post(path, files={"items": file})
    assert code_of(other, 422) == "import_invalid"
    more = desk.owner.post(path, files={"file": file}, data={"project": "x"})
    assert code_of(more, 422) == "import_invalid"
    text = desk.owner.post(path, data={"file": "question,answer\nq,a\n"})
    assert code_of(text, 422) == "import_invalid"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "unreadable_document"),
        ("a.csv", b"name,phone\nx,1\n", "unreadable_document"),
        ("a.csv", b"question,answer\n", "import_invalid"),
        ("a.json", b"{", "unreadable_document"),
        ("a.json", b"[]", "import_invalid"),
        ("a.json", b"[" * 100_000, "unreadable_document"),
        ("a.txt", b"question,answer\nq,a\n", "unreadable_document"),
        ("a.png", b"\x89PNG", "unreadable_document"),
        ("a\udcff.csv", b"question,answer\nq,a\n", "invalid_file_name"),
    ],
)
def test_a_file_without_items_is_refused(desk: Desk, name: str, content: bytes, code: str) -> None:
    if name.isprintable():
        refused = import_file(desk, name, content)
    else:
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0.csv"\r\n\r\n'
        refused = desk.owner.post(
            f"{desk.path}/items/import",
            content=body + content + b"\r\n--x--\r\n",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
    assert code_of(refused, 422) == code
    assert all_items(desk) == []


def test_a_row_that_does_not_hold_refuses_them_all(desk: Desk, rows: Rows) -> None:
    items = numbered(1000)
    items[996] = {"question": "Number 996?", "answer": " "}
    refused = import_json(desk, items)
    assert code_of(refused, 422) == "rows_invalid"
    problem = refused.json()
    assert problem["errors"] == [{"row": 997, "field": "answer", "message": "is empty"}]
    assert problem["error_count"] == 1
    assert "row 997" in problem["detail"]
    assert all_items(desk) == []
    left = "select count(*) from document where project_id = %s"
    assert rows(left, desk.project_id.removeprefix("proj_")) == [(0,)]


def test_every_fault_of_every_row_is_told_the_first_hundred_of_them(desk: Desk) -> None:
    items: list[Any] = [
        {"question": "q", "answer": "a"},
        7,
        {"question": "q\0", "answer": "x" * 20_001, "more": 1},
        {"question": "\ud800", "answer": "a"},
        {"question": "q", "answer": "a", "tags": ["fine", "a,b"]},
        *[{"question": "q"}] * 200,
    ]
    body = json.dumps({"items": items})
    refused = desk.owner.post(
        f"{desk.path}/items/import", content=body, headers={"Content-Type": "application/json"}
    )
    assert code_of(refused, 422) == "rows_invalid"
    problem = refused.json()
    assert (len(problem["errors"]), problem["error_count"]) == (100, 206)
    told = {(one["row"], one["field"]) for one in problem["errors"]}
    assert {(2, "row"), (3, "question"), (3, "answer"), (3, "more"), (4, "question")} <= told
    assert {(5, "tags[1]"), (6, "answer")} <= told
    assert "204 of 205 rows" in problem["detail"]


def test_a_tables_rows_are_told_as_a_spreadsheet_numbers_them(desk: Desk) -> None:
    table = "question,answer,colour\nq1,a1,\n,a2,\n\nq4," + "x" * 20_001 + ",red\n"
    refused = import_file(desk, "a.csv", table.encode())
    assert code_of(refused, 422) == "rows_invalid"
    faults = [(one["row"], one["field"]) for one in refused.json()["errors"]]
    assert [row for row, _ in faults] == sorted(row for row, _ in faults)
    assert (3, "question") in faults
    assert (5, "colour") in faults
    assert all_items(desk) == []


@pytest.fixture
def starter(server: Server, rows: Rows, visitor: httpx.Client) -> Iterator[Desk]:
    """A project of an account on the plan that has fifty items."""
    account_id, key = add_account(rows, "starter")
    with holder(server, key) as client:
        yield Desk(client, visitor)
    remove_account(rows, account_id)


def test_only_new_items_count_against_the_plan(starter: Desk) -> None:
    assert import_json(starter, numbered(48)).is_success
    again = import_json(starter, numbered(50))
    assert [one["created"] for one in again.json()["items"]] == [False] * 48 + [True] * 2
    assert import_json(starter, numbered(50)).json()["created"] == 0
    refused = import_json(starter, numbered(51))
    assert code_of(refused, 403) == "limit_reached"
    assert len(all_items(starter)) == 50
    one = starter.owner.post(f"{starter.path}/items", json={"question": "q", "answer": "a"})
    assert code_of(one, 403) == "limit_reached"
    assert starter.owner.delete(f"{starter.path}/items/{again.json()['items'][0]['id']}").is_success
    assert import_json(starter, [{"question": "q", "answer": "a"}] * 3).json()["created"] == 1
    # What is being ingested cannot be taken away by a statement past every lock of ours.
    _wait_until_ready(starter)


def test_rows_become_items_in_their_order(desk: Desk, visitor: httpx.Client) -> None:
    known = desk.add_item("Is it open?", "Yes.")
    items = [
        {"question": "Is it far?", "answer": "No.", "category": "Way", "tags": ["near", "far"]},
        {"question": " Is it open? ", "answer": "Yes.", "category": "Hours"},
        {"question": "Is it far?", "answer": "No."},
        {"question": "Is it far?", "answer": "Not at all."},
    ]
    answer = import_json(desk, items)
    assert answer.status_code == 200, answer.text
    entries = answer.json()["items"]
    assert [one["created"] for one in entries] == [True, False, False, True]
    assert answer.json()["created"] == 2
    assert entries[1] == {"id": known["id"], "created": False, "status": "ready"}
    assert entries[0]["id"] == entries[2]["id"]
    _wait_until_ready(desk)
    open_, far, other = all_items(desk)
    assert (open_["id"], open_["category"]) == (known["id"], None)
    assert (far["id"], far["category"], far["tags"]) == (entries[0]["id"], "Way", ["near", "far"])
    assert (other["id"], other["answer"]) == (entries[3]["id"], "Not at all.")
    assert ask(visitor, desk.project_id, "Is it far?").text in ("No.", "Not at all.")


def _wait_until_ready(desk: Desk) -> None:
    statuses: Counter[str] = Counter()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        statuses = Counter(item["status"] for item in all_items(desk))
        if set(statuses) == {"ready"}:
            return
        time.sleep(0.1)
    raise AssertionError(f"The items were not taken in: {statuses}")


def test_many_rows_are_taken_in_by_few_jobs(desk: Desk, rows: Rows) -> None:
    sent = numbered(250)
    entries = import_json(desk, sent).json()["items"]
    assert len({one["id"] for one in entries}) == 250
    jobs = "select count(*) from due_job where payload -> 'item_ids' ? %s"
    assert rows(jobs, entries[-1]["id"].removeprefix("item_")) == [(1,)]
    _wait_until_ready(desk)
    questions = [item["question"] for item in all_items(desk)]
    assert questions == [item["question"] for item in sent]
    project = desk.project_id.removeprefix("proj_")
    chunks = "select count(*), count(distinct document_id) from chunk where project_id = %s"
    assert rows(chunks, project) == [(250, 250)]
    (source,) = desk.owner.get(f"{desk.path}/sources").json()["items"]
    assert (source["kind"], source["ready"], source["pending"]) == ("qa", 250, 0)
    entry = "select action, detail from audit_entry where target_id = %s and action like 'item%%'"
    ((action, detail),) = rows(entry, desk.project_id)
    assert (action, detail["rows"], detail["created"]) == ("items.imported", 250, 250)


def test_an_import_sent_twice_with_a_key_is_done_once(desk: Desk, rows: Rows) -> None:
    headers = {"Idempotency-Key": desk.project_id}
    first = import_json(desk, numbered(3), headers=headers)
    desk.owner.delete(f"{desk.path}/items/{first.json()['items'][0]['id']}")
    again = import_json(desk, numbered(3), headers=headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    assert len(all_items(desk)) == 2
    other = import_json(desk, numbered(4), headers=headers)
    assert code_of(other, 422) == "idempotency_key_reused"
    file = b"question,answer\nq,a\n"
    key = {"Idempotency-Key": f"{desk.project_id}-file"}
    entries = [import_file(desk, "a.csv", file, headers=key).json() for _ in range(2)]
    assert entries[0] == entries[1]
    assert entries[0]["created"] == 1


def test_the_same_import_from_many_at_once_makes_each_item_once(desk: Desk) -> None:
    answers: list[httpx.Response] = []

    def send() -> None:
        answers.append(import_json(desk, numbered(200)))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sorted(answer.json()["created"] for answer in answers) == [0, 0, 0, 200]
    ids = [[one["id"] for one in answer.json()["items"]] for answer in answers]
    assert ids[0] == ids[1] == ids[2] == ids[3]
    assert len(all_items(desk)) == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b'Question;Answer;Category;Tags\nWo?;"Hier;\ndort";Weg;nah, fern\n'),
        (
            "a.csv",
            '\ufeffquestion,answer,category,tags\r\nWo?,"Hier;\ndort",Weg,nah; fern\r\n'.encode(),
        ),
        (
            "a.json",
            json.dumps(
                [
                    {
                        "question": "Wo?",
                        "answer": "Hier;\ndort",
                        "category": "Weg",
                        "tags": "nah,fern",
                    }
                ]
            ).encode(),
        ),
        (
            "a.jsonl",
            b'{"q": "Wo?", "a": "Hier;\\ndort", "category": "Weg", "tags": ["nah", "fern"]}\n',
        ),
    ],
)
def test_a_file_becomes_items(desk: Desk, name: str, content: bytes) -> None:
    answer = import_file(desk, name, content)
    assert answer.status_code == 200, answer.text
    (item,) = all_items(desk)
    said = (item["question"], item["answer"], item["category"], item["tags"])
    assert said == ("Wo?", "Hier;\ndort", "Weg", ["nah", "fern"])
