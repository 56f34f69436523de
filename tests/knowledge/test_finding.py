"""Texts and files of a project are found by a part of their name; a document shows its passages."""

from typing import Any

import httpx
import pytest

from tests.conftest import Desk
from tests.conversations.visitors.site import assert_problem

GUIDE = "\n\n".join(
    f"# Chapter {number}\n\n## Prices\n\nThe plan of chapter {number} costs {number} euros a month."
    for number in range(1, 8)
)


def add(desk: Desk, title: str, content: str = "The ferry leaves at nine.") -> dict[str, Any]:
    body = {"title": title, "content": content, "format": "markdown"}
    added = desk.owner.post(f"{desk.path}/texts", json=body)
    assert added.status_code == 201, added.text
    document: dict[str, Any] = added.json()
    return document


def found(desk: Desk, **params: Any) -> dict[str, Any]:
    listed = desk.owner.get(f"{desk.path}/documents", params=params)
    assert listed.status_code == 200, listed.text
    body: dict[str, Any] = listed.json()
    return body


@pytest.mark.parametrize(
    "params",
    [{"q": "x" * 201}, {"status": "asleep"}, {"limit": 0}, {"q": "\0"}],
)
@pytest.mark.parametrize("path", ["documents", "pages"])
def test_what_is_no_search_is_refused(desk: Desk, path: str, params: dict[str, Any]) -> None:
    params = {
        "state" if path == "pages" and name == "status" else name: value
        for name, value in params.items()
    }
    refused = desk.owner.get(f"{desk.path}/{path}", params=params)
    assert_problem(refused, 422, "invalid_input")


@pytest.mark.parametrize("path", ["documents", "pages"])
@pytest.mark.parametrize("source", ["x", f"src_{'0' * 32}"])
def test_a_foreign_source_is_not_found(desk: Desk, path: str, source: str) -> None:
    refused = desk.owner.get(f"{desk.path}/{path}", params={"source_id": source})
    assert_problem(refused, 404, "source_not_found")


def test_documents_are_found_by_a_part_of_their_title(desk: Desk) -> None:
    first, second = add(desk, "Ferry times"), add(desk, "100% ferries_")
    add(desk, "Customs")
    desk.owner.post(f"{desk.path}/items", json={"question": "Ferry?", "answer": "At nine."})
    whole = found(desk)
    assert len(whole["items"]) == 3
    assert sum(whole["counts"].values()) == 3
    assert [one["id"] for one in found(desk, q="FERR")["items"]] == [first["id"], second["id"]]
    for literal in ("%", "s_"):
        assert [one["id"] for one in found(desk, q=literal)["items"]] == [second["id"]]
    part = found(desk, q="ferr", limit=1)
    rest = found(desk, q="ferr", limit=1, cursor=part["next_cursor"])
    assert [one["id"] for one in rest["items"]] == [second["id"]]
    assert (rest["counts"], rest["next_cursor"]) == (None, None)
    other = {"q": "cust", "cursor": part["next_cursor"]}
    assert_problem(desk.owner.get(f"{desk.path}/documents", params=other), 422, "cursor_invalid")
    of_source = found(desk, source_id=first["source_id"])
    assert {one["source_id"] for one in of_source["items"]} == {first["source_id"]}
    assert found(desk, status="failed")["items"] == []


def test_a_document_shows_its_passages_in_order(desk: Desk, owner: httpx.Client) -> None:
    desk.add_text("Guide", GUIDE)
    [document] = found(desk, q="guide")["items"]
    path = f"{desk.path}/documents/{document['id']}/passages"
    for foreign in ("x", f"doc_{'0' * 32}"):
        refused = owner.get(f"{desk.path}/documents/{foreign}/passages")
        assert_problem(refused, 404, "document_not_found")
    seen: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 3}
    while True:
        part = owner.get(path, params=params).json()
        seen += part["items"]
        if part["next_cursor"] is None:
            break
        params["cursor"] = part["next_cursor"]
    assert len(seen) == document["chunk_count"] > 0
    assert [one["place"] for one in seen] == sorted({one["place"] for one in seen})
    assert all(one["tokens"] > 0 for one in seen)
    said = "\n".join(one["text"] for one in seen)
    assert said.index("costs 1 euros") < said.index("costs 7 euros")
    shown = owner.get(f"/v1/passages/{desk.project_id}/{seen[0]['id']}").json()
    assert (shown["text"], shown["heading_path"]) == (seen[0]["text"], seen[0]["heading_path"])
