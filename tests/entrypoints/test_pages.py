"""Our pages over HTTP: what they refuse, what they let a browser do, and what they escape."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests.conftest import Desk, Rows, Server, serving

HOSTILE = "<script>alert('1')</script>\"'><img src=x onerror=alert(1)> & ünïcødé \u202e"
UNKNOWN = "0198c0de0000700080000000000000a1"


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An installation that nobody has used yet."""
    with serving() as server:
        yield server


def ask_passage(desk: Desk, question: str) -> str:
    """Ask, and return the path of the passage that the answer cites."""
    body = {"project_id": desk.project_id, "message": question}
    told = desk.visitor.post("/api/chat", json=body).text
    found = re.search(r"/passages/proj_\w+/psg_\w+", told)
    assert found, told
    return found[0]


def policy_of(response: httpx.Response) -> dict[str, str]:
    """Return the directives of a response's Content-Security-Policy."""
    directives = response.headers["content-security-policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


@pytest.mark.parametrize("project", [f"proj_{UNKNOWN}", "nothing", "../../etc", HOSTILE])
def test_a_project_that_is_not_there_is_told_on_a_page(visitor: httpx.Client, project: str) -> None:
    response = visitor.get("/", params={"project": project})
    assert response.status_code == 404
    assert "There is no such project" in response.text
    assert "alert" not in response.text


@pytest.mark.parametrize("name", [f"psg_{UNKNOWN}", "psg_nothing", "%00", "a%2Fb", "%FF"])
def test_a_passage_that_is_not_there_is_told_on_a_page(desk: Desk, name: str) -> None:
    response = desk.visitor.get(f"/passages/{desk.project_id}/{name}")
    assert response.status_code == 404
    if name != "a%2Fb":  # An encoded slash makes it another path.
        assert "no longer part of the knowledge" in response.text
        assert response.headers["content-type"].startswith("text/html")


def test_a_passage_of_another_project_is_not_shown(
    desk: Desk, owner: httpx.Client, visitor: httpx.Client
) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    passage = ask_passage(desk, "When does the shop open?").rpartition("/")[2]
    other = Desk(owner, visitor)
    assert visitor.get(f"/passages/{desk.project_id}/{passage}").status_code == 200
    assert visitor.get(f"/passages/{other.project_id}/{passage}").status_code == 404


def test_a_removed_passage_is_gone(desk: Desk) -> None:
    document = desk.add_text("Opening hours", "The shop opens at nine.")
    path = ask_passage(desk, "When does the shop open?")
    assert desk.owner.delete(f"{desk.path}/documents/{document['id']}").status_code == 204
    gone = desk.visitor.get(path)
    assert gone.status_code == 404
    assert "no longer part of the knowledge" in gone.text


@pytest.mark.parametrize(
    "path", ["/assets/", "/assets/nothing.js", "/assets/..%2Fendpoints.py", "/assets/../markup.py"]
)
def test_only_our_browser_files_are_served(visitor: httpx.Client, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 404
    assert "import" not in response.text


@pytest.mark.parametrize("project", ["proj_nothing", f"proj_{UNKNOWN}"])
def test_progress_of_an_unknown_project_is_refused(visitor: httpx.Client, project: str) -> None:
    assert visitor.get(f"/progress/{project}").status_code == 404


def test_pages_may_run_and_fetch_only_what_is_ours(desk: Desk) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    paths = (
        f"/?project={desk.project_id}",
        "/?project=nothing",
        ask_passage(desk, "When does the shop open?"),
        f"/passages/{desk.project_id}/psg_{UNKNOWN}",
    )
    for path in paths:
        response = desk.visitor.get(path)
        policy = policy_of(response)
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        # Under this policy a style or a handler in the markup would silently do nothing.
        assert not re.search(r"<style|<script>|\sstyle=|\son[a-z]+=", response.text)


def test_every_file_that_a_page_names_is_there(desk: Desk) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    page = desk.visitor.get(f"/?project={desk.project_id}").text
    named = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', page))
    types = {".js": "javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    assert {Path(name).suffix for name in named} == set(types)
    seen: set[str] = set()
    while named - seen:
        name = (named - seen).pop()
        seen.add(name)
        file = desk.visitor.get(name)
        assert file.status_code == 200, name
        assert types[Path(name).suffix] in file.headers["content-type"]
        assert file.headers["x-content-type-options"] == "nosniff"
        named |= {f"/assets/{found}" for found in re.findall(r'from "\./([\w.]+)"', file.text)}
    assert len(seen) > 5
    script = desk.visitor.get("/assets/app.js")
    kept = {"If-None-Match": script.headers["etag"]}
    assert desk.visitor.get("/assets/app.js", headers=kept).status_code == 304


def test_hostile_titles_and_texts_are_shown_and_not_obeyed(desk: Desk) -> None:
    desk.add_text(f"Hours {HOSTILE}", f"The shop opens at nine {HOSTILE}.", format="text")
    response = desk.visitor.get(ask_passage(desk, "Shop opens at nine?"))
    assert "<script>" not in response.text
    assert "<img src=x" not in response.text
    assert response.text.count("&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;") >= 2
    assert f"The shop opens at nine {HOSTILE}." in unescape(response.text)


def test_a_hostile_project_name_is_shown_and_not_obeyed(
    owner: httpx.Client, visitor: httpx.Client
) -> None:
    project = owner.post("/v1/projects", json={"name": f"Shop {HOSTILE}"}).json()["id"]
    response = visitor.get("/", params={"project": project})
    assert "<script>alert" not in response.text
    assert f"Shop {HOSTILE}" in unescape(response.text)


def test_what_is_quoted_is_marked_however_it_is_spaced(desk: Desk) -> None:
    desk.add_text("Opening hours", "The shop\nopens at <nine>. It closes at six.")
    path = ask_passage(desk, "When does the shop open?")
    quoted = {"quote": "The  shop opens at <nine>."}
    assert '<mark id="quote">The shop\nopens at &lt;nine&gt;.</mark>' in re.sub(
        r"shop\s", "shop\n", desk.visitor.get(path, params=quoted).text
    )
    for other in ("It opens at ten.", "(((", " ", HOSTILE, "x " * 2000):
        response = desk.visitor.get(path, params={"quote": other})
        assert response.status_code == 200
        assert "<mark" not in response.text
        assert "alert" not in response.text


def test_a_passage_leads_to_its_documents_own_address(desk: Desk, rows: Rows) -> None:
    url = 'https://shop.example/hours?a=1&b="2"'
    document = desk.add_text("Opening hours", "The shop opens at nine.", url=url)
    document_id = document["id"].removeprefix("doc_")
    [[chunk_id]] = rows("select id from chunk where document_id = %s", document_id)
    page = desk.visitor.get(f"/passages/{desk.project_id}/{chunk_id}").text
    link = re.search(r'<a href="([^"]*)"[^>]*>Open the document</a>', page)
    assert link is not None
    assert unescape(link[1]) == url


def test_an_item_is_shown_as_question_and_answer(desk: Desk) -> None:
    desk.add_item("When does the shop open?", "At nine.\n\nOn Sundays it stays closed.")
    page = desk.visitor.get(ask_passage(desk, "When does the shop open?")).text
    assert "<h2>When does the shop open?</h2>" in page
    assert "At nine.\n\nOn Sundays it stays closed." in page


def test_an_empty_installation_says_how_to_begin(empty: Server) -> None:
    with empty.client() as visitor, empty.client(owner=True) as owner:
        first = visitor.get("/")
        assert first.status_code == 200
        assert "answerdesk ingest PATH" in first.text
        project = owner.post("/v1/projects", json={"name": "Shop"}).json()["id"]
        second = visitor.get("/")
        assert f"answerdesk ingest --project {project} PATH" in second.text
        assert "<textarea" not in second.text
        desk = Desk(owner, visitor)
        desk.add_text("Opening hours", "The shop opens at nine.")
        # Without a name in the address it is the oldest project's page.
        assert "answerdesk ingest" in visitor.get("/").text
        named = visitor.get("/", params={"project": desk.project_id})
        assert f'data-project="{desk.project_id}"' in named.text
        assert 'data-ready="1" data-pending="0" data-failed="0"' in named.text
        progress = visitor.get(f"/progress/{desk.project_id}").json()
        assert progress == {"ready": 1, "pending": 0, "failed": 0}


def test_pages_answer_head_and_refuse_what_they_do_not_do(visitor: httpx.Client) -> None:
    assert visitor.head("/?project=nothing").status_code == 404
    assert visitor.post("/").status_code == 405
