"""The native knowledge API: refusals first, then what it takes in and gives out."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Desk, Rows, Server
from tests.dialects.orac.chat import ask

_ID = "0f" * 16


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) == {"type", "title", "status", "code", "detail"}
    assert (problem["status"], problem["code"]) == (status, code)
    return problem


_GUARDED = [
    ("GET", "/v1/projects"),
    ("POST", "/v1/projects"),
    ("GET", f"/v1/projects/proj_{_ID}"),
    ("POST", f"/v1/projects/proj_{_ID}/texts"),
    ("POST", f"/v1/projects/proj_{_ID}/items"),
    ("GET", f"/v1/projects/proj_{_ID}/items"),
    ("GET", f"/v1/projects/proj_{_ID}/items/categories"),
    ("GET", f"/v1/projects/proj_{_ID}/items/export"),
    ("POST", f"/v1/projects/proj_{_ID}/items/import"),
    ("GET", f"/v1/projects/proj_{_ID}/items/item_{_ID}"),
    ("PUT", f"/v1/projects/proj_{_ID}/items/item_{_ID}"),
    ("DELETE", f"/v1/projects/proj_{_ID}/items/item_{_ID}"),
    ("POST", f"/v1/projects/proj_{_ID}/files"),
    ("GET", f"/v1/projects/proj_{_ID}/sources"),
    ("GET", f"/v1/projects/proj_{_ID}/sources/src_{_ID}"),
    ("DELETE", f"/v1/projects/proj_{_ID}/sources/src_{_ID}"),
    ("GET", f"/v1/projects/proj_{_ID}/sources/src_{_ID}/documents"),
    ("GET", f"/v1/projects/proj_{_ID}/pages"),
    ("POST", f"/v1/projects/proj_{_ID}/pages/page_{_ID}/retry"),
    ("GET", f"/v1/projects/proj_{_ID}/documents"),
    ("GET", f"/v1/projects/proj_{_ID}/documents/doc_{_ID}/passages"),
    ("GET", f"/v1/projects/proj_{_ID}/documents/doc_{_ID}"),
    ("DELETE", f"/v1/projects/proj_{_ID}/documents/doc_{_ID}"),
    ("GET", f"/v1/projects/proj_{_ID}/documents/doc_{_ID}/answers"),
    ("GET", f"/v1/projects/proj_{_ID}/pages/page_{_ID}/answers"),
    ("GET", f"/v1/projects/proj_{_ID}/synonyms"),
    ("POST", f"/v1/projects/proj_{_ID}/synonyms"),
    ("GET", f"/v1/projects/proj_{_ID}/synonyms/syn_{_ID}"),
    ("PUT", f"/v1/projects/proj_{_ID}/synonyms/syn_{_ID}"),
    ("DELETE", f"/v1/projects/proj_{_ID}/synonyms/syn_{_ID}"),
    ("GET", f"/v1/projects/proj_{_ID}/embedding"),
    ("POST", f"/v1/projects/proj_{_ID}/embedding/change"),
    ("POST", f"/v1/projects/proj_{_ID}/embedding/cancel"),
    ("POST", f"/v1/projects/proj_{_ID}/embedding/rollback"),
    ("DELETE", f"/v1/projects/proj_{_ID}/embedding/previous"),
    ("GET", f"/v1/projects/proj_{_ID}/reading"),
    ("POST", f"/v1/projects/proj_{_ID}/reading/again"),
    ("POST", f"/v1/projects/proj_{_ID}/reading/cancel"),
]
_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "projects"): {"json": {"name": "x"}},
    ("POST", "texts"): {"json": {"title": "x", "content": "x"}},
    ("POST", "items"): {"json": {"question": "x", "answer": "x"}},
    ("PUT", f"item_{_ID}"): {"json": {"question": "x", "answer": "x"}},
    ("POST", "synonyms"): {"json": {"terms": ["x", "y"]}},
    ("PUT", f"syn_{_ID}"): {"json": {"terms": ["x", "y"]}},
    ("POST", "import"): {"json": {"items": [{"question": "x", "answer": "x"}]}},
    ("POST", "change"): {"json": {"space": "fake:2"}},
    ("POST", "files"): {"files": {"file": ("x.txt", b"x")}},
}


@pytest.mark.parametrize(("method", "path"), _GUARDED)
@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "not_authenticated"),
        ("wrong", "credential_unknown"),
        ("ad_live_" + "x" * 43, "api_key_unknown"),
        ("schlüssel", "credential_unknown"),
    ],
)
def test_without_a_credential_nothing_is_shown(
    visitor: httpx.Client, method: str, path: str, key: str | None, code: str
) -> None:
    if key is not None:
        visitor.headers = httpx.Headers([(b"Authorization", f"Bearer {key}".encode())])
    body = _BODIES.get((method, path.rpartition("/")[2]), {})
    response = visitor.request(method, path, **body)
    assert_problem(response, 401, code)
    assert response.headers["www-authenticate"] == "Bearer"


def test_every_route_of_the_knowledge_is_in_the_list_above(visitor: httpx.Client) -> None:
    public = {("GET", "/v1/passages/{project_id}/{passage_id}")}
    declared = {
        (method.upper(), path)
        for path, operations in visitor.get("/openapi.json").json()["paths"].items()
        for method, operation in operations.items()
        if operation["tags"] == ["knowledge"]
    }
    listed = {(method, _template(path)) for method, path in _GUARDED}
    assert declared - public <= listed


def _template(path: str) -> str:
    for prefix, name in (
        ("proj", "project_id"),
        ("src", "source_id"),
        ("doc", "document_id"),
        ("item", "item_id"),
        ("page", "page_id"),
        ("syn", "synonyms_id"),
    ):
        path = path.replace(f"{prefix}_{_ID}", f"{{{name}}}")
    return path


@pytest.mark.parametrize(("method", "path"), [one for one in _GUARDED if _ID in one[1]])
def test_an_unknown_project_is_not_found(owner: httpx.Client, method: str, path: str) -> None:
    body = _BODIES.get((method, path.rpartition("/")[2]), {})
    assert_problem(owner.request(method, path, **body), 404, "project_not_found")


@pytest.mark.parametrize("text", ["doc_", "x", "doc_" + "g" * 32, "doc_" + "1a" * 16, "%00"])
def test_an_unknown_document_is_not_found(desk: Desk, text: str) -> None:
    response = desk.owner.get(f"{desk.path}/documents/{text}")
    assert_problem(response, 404, "document_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "x"},
        {"title": "", "content": "x"},
        {"title": "x", "content": " "},
        {"title": "x", "content": "a\0b"},
        {"title": "x", "content": "a\ud800"},
        {"title": "x", "content": "x", "format": "pdf"},
        {"title": "x", "content": "x", "url": "javascript:alert(1)"},
        {"title": "x", "content": "x", "unknown": 1},
        {"title": "x" * 501, "content": "x"},
    ],
)
def test_a_text_that_does_not_hold_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    response = desk.owner.post(
        f"{desk.path}/texts",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    assert_problem(response, 422, "invalid_input")
    assert desk.owner.get(f"{desk.path}/sources").json()["items"] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.md", b" \n\n "),
        ("binary.txt", b"\x89PNG\r\n\0\0"),
        ("unclear.txt", b"\xf5\xfb \xfb\xf5"),
        ("image.png", b"\x89PNG"),
        ("noname", b"\0"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    desk: Desk, name: str, content: bytes
) -> None:
    response = desk.owner.post(f"{desk.path}/files", files={"file": (name, content)})
    assert response.status_code == 422, response.text
    assert name in response.json()["detail"]
    assert desk.owner.get(f"{desk.path}/sources").json()["items"] == []


def test_a_file_that_is_too_large_is_refused(desk: Desk) -> None:
    content = b"x" * (11 * 1024 * 1024)
    response = desk.owner.post(f"{desk.path}/files", files={"file": ("large.txt", content)})
    assert_problem(response, 413, "body_too_large")


def test_a_file_is_taken_in_and_replaced_by_its_name(desk: Desk, visitor: httpx.Client) -> None:
    for content in (b"# Hours\n\nThe shop opens at nine.", b"# Hours\n\nThe shop opens at ten."):
        response = desk.owner.post(f"{desk.path}/files", files={"file": ("hours.md", content)})
        assert response.status_code == 201, response.text
        document = desk.wait_for(response.json()["id"])
        assert document["status"] == "ready"
    assert "ten" in ask(visitor, desk.project_id, "When do the shop hours open at ten?").text
    (source,) = desk.owner.get(f"{desk.path}/sources").json()["items"]
    assert (source["kind"], source["ready"]) == ("file", 1)


def test_characters_that_could_not_be_read_are_noted_on_the_document(desk: Desk) -> None:
    text = "# Fees\n\nThe fee is 7 euros for Größland.\n\nExcerpt café".encode()
    for content, lost in ((text[:-1], 1), (text + b"\xff\xfe", 2), (text, 0)):
        response = desk.owner.post(f"{desk.path}/files", files={"file": ("fees.md", content)})
        assert response.status_code == 201, response.text
        document = desk.wait_for(response.json()["id"])
        assert (document["status"], document["error"]) == ("ready", None)
        if lost:
            assert document["note"].startswith(f"{lost} character")
        else:
            assert document["note"] is None


def test_an_unchanged_file_embeds_nothing(desk: Desk, rows: Rows) -> None:
    file = {"file": ("hours.md", b"# Hours\n\nWe open at nine.")}
    first = desk.owner.post(f"{desk.path}/files", files=file).json()
    desk.wait_for(first["id"])
    chunks = "select id from chunk where document_id = %s"
    document_id = first["id"].removeprefix("doc_")
    before = rows(chunks, document_id)
    again = desk.owner.post(f"{desk.path}/files", files=file)
    assert again.status_code == 201
    assert again.json()["status"] == "ready"
    assert again.json()["id"] == first["id"]
    assert rows(chunks, document_id) == before


def test_only_changed_passages_are_new(desk: Desk, rows: Rows) -> None:
    paragraphs = [f"## Part {n}\n\n" + f"Sentence {n} is about topic {n}. " * 40 for n in range(5)]
    chunks = "select id, content from chunk where document_id = %s order by ordinal"

    def put() -> list[tuple[Any, ...]]:
        content = "\n\n".join(["# Book", *paragraphs]).encode()
        stored = desk.owner.post(f"{desk.path}/files", files={"file": ("book.md", content)}).json()
        desk.wait_for(stored["id"])
        return rows(chunks, stored["id"].removeprefix("doc_"))

    before = put()
    paragraphs[2] = "## Part 2\n\nNothing is as it was."
    after = put()
    assert len(before) >= 5
    new = {row[0] for row in after} - {row[0] for row in before}
    assert 1 <= len(new) <= 2
    assert all("topic 2" not in row[1] for row in after)
    frequency = rows(
        "select count(*) from term t join knowledge_base b using (account_id, project_id)"
        " where b.project_id = %s and document_frequency <>"
        " (select count(*) from chunk c where c.project_id = b.project_id"
        "  and c.lexemes @@ quote_literal(b.number || ':' || t.lexeme)::tsquery)",
        desk.project_id.removeprefix("proj_"),
    )
    assert frequency == [(0,)]


def test_a_deleted_document_leaves_the_answers_at_once(desk: Desk, visitor: httpx.Client) -> None:
    document = desk.add_text("Hours", "The museum opens at nine.")
    chat = ask(visitor, desk.project_id, "When does the museum open?")
    assert "nine" in chat.text
    assert desk.owner.delete(f"{desk.path}/documents/{document['id']}").status_code == 204
    assert ask(visitor, desk.project_id, "When does the museum open?").sources == []
    passage = visitor.get(chat.sources[0].replace("/passages/", "/v1/passages/"))
    assert_problem(passage, 404, "passage_not_found")
    assert_problem(
        desk.owner.delete(f"{desk.path}/documents/{document['id']}"), 404, "document_not_found"
    )


def test_a_deleted_source_takes_its_documents_along(desk: Desk, visitor: httpx.Client) -> None:
    document = desk.add_text("Hours", "The museum opens at nine.")
    path = f"{desk.path}/sources/{document['source_id']}"
    assert [one["id"] for one in desk.owner.get(f"{path}/documents").json()["items"]] == [
        document["id"]
    ]
    assert desk.owner.delete(path).status_code == 204
    assert_problem(desk.owner.get(path), 404, "source_not_found")
    assert ask(visitor, desk.project_id, "When does the museum open?").sources == []


def test_an_item_is_searchable_when_the_call_returns(desk: Desk, visitor: httpx.Client) -> None:
    item = desk.add_item("Do you ship to Norway?", "Yes, within a week.")
    assert item["status"] == "ready"
    assert ask(visitor, desk.project_id, "Do you ship to Norway?").text == "Yes, within a week."
    body = {"question": "Do you ship to Norway?", "answer": "No, not any more."}
    changed = desk.owner.put(f"{desk.path}/items/{item['id']}", json=body)
    assert changed.status_code == 200, changed.text
    assert changed.json()["id"] == item["id"]
    assert ask(visitor, desk.project_id, "Do you ship to Norway?").text == "No, not any more."
    assert desk.owner.delete(f"{desk.path}/items/{item['id']}").status_code == 204
    assert ask(visitor, desk.project_id, "Do you ship to Norway?").sources == []
    again = desk.owner.put(f"{desk.path}/items/{item['id']}", json=body)
    assert_problem(again, 404, "item_not_found")


def test_the_same_item_twice_is_one(desk: Desk) -> None:
    first = desk.add_item("Do you ship to Norway?", "Yes, within a week.")
    again = desk.add_item(" Do you ship to Norway? ", "Yes, within a week.")
    assert again["id"] == first["id"]
    (source,) = desk.owner.get(f"{desk.path}/sources").json()["items"]
    assert (source["kind"], source["ready"]) == ("qa", 1)


def test_a_document_is_no_item(desk: Desk) -> None:
    document = desk.add_text("Hours", "The museum opens at nine.")
    item_id = document["id"].replace("doc_", "item_")
    assert_problem(desk.owner.delete(f"{desk.path}/items/{item_id}"), 404, "item_not_found")


def test_requests_have_an_id_that_the_caller_may_choose(
    visitor: httpx.Client, server: Server
) -> None:
    given = f"test-{uuid4().hex}"
    response = visitor.get("/v1/projects", headers={"X-Request-Id": given})
    assert response.headers["x-request-id"] == given
    assert server.logs(given)
    unwelcome = visitor.get("/v1/projects", headers={"X-Request-Id": "a b"})
    assert unwelcome.headers["x-request-id"] != "a b"


def test_health_and_readiness_are_told(visitor: httpx.Client) -> None:
    assert visitor.get("/healthz").json() == {"status": "ok"}
    assert visitor.get("/readyz").json() == {"status": "ready"}
