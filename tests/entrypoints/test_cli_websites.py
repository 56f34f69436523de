"""Websites by the command line: refused, taken in, stopped and resumed, synced, looked at."""

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from answerdesk.entrypoints.cli.app import app
from answerdesk.entrypoints.cli.websites.follow import as_address
from tests.entrypoints.installation import (
    Installation,
    documents,
    end,
    installation,
    wait_until,
    write_files,
)
from tests.websites import Manual, Website, manual


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    with installation(ANSWERDESK_PAGE_NETWORKS="127.0.0.0/8", ANSWERDESK_CRAWL_DELAY="0") as made:
        yield made


@pytest.fixture
def book() -> Manual:
    """A small manual."""
    return manual(9)


@pytest.fixture
def site(book: Manual) -> Iterator[Website]:
    """The manual as a website."""
    with Website() as made:
        made.put({path: book.html(path) for path in book.pages})
        yield made


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "docs", "--page"],
        ["ingest", "docs", "--include", "/a/*"],
        ["ingest", "https://example.com", "--max-pages", "0"],
        ["ingest", "https://example.com", "--every", "-1"],
        ["sources"],
        ["sources", "show"],
        ["sources", "pages", "x", "--state", "lost"],
        ["embedding", "show", "--all", "--project", "x"],
    ],
    ids=" ".join,
)
def test_wrong_usage_has_status_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.output


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ftp://example.com/", "url_refused"),
        ("https://user:secret@example.com/", "url_refused"),
        ("https://", "url_refused"),
    ],
)
def test_an_address_that_is_never_fetched_makes_no_data_folder(
    tmp_path: Path, address: str, code: str
) -> None:
    nowhere = Installation(tmp_path / "data")
    done = nowhere.run("ingest", address, "--json")
    assert (done.status, done.output) == (1, "")
    assert json.loads(done.errors)["error"]["code"] == code
    assert not nowhere.data_dir.exists()


@pytest.mark.parametrize(
    ("argument", "address"),
    [
        ("example.com", "https://example.com"),
        ("www.example.com/help/", "https://www.example.com/help/"),
        ("example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com", None),
        ("notes.md", None),
        ("price-list.pdf", None),
        ("archive.zip", None),
        ("docs", None),
        ("docs/index.html", None),
        ("../example.com", None),
        ("ann@example.com", None),
    ],
)
def test_a_name_of_a_website_is_completed_and_one_of_a_file_is_not(
    argument: str, address: str | None
) -> None:
    assert as_address(argument) == address


def test_what_is_there_is_a_file_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert as_address("example.com") == "https://example.com"
    (tmp_path / "example.com").mkdir()
    assert as_address("example.com") is None


def test_an_unknown_host_is_told_at_once_and_nothing_is_made_for_it(desk: Installation) -> None:
    try:
        socket.getaddrinfo("nobody.invalid", None)
    except socket.gaierror as error:
        if error.errno != socket.EAI_NONAME:
            pytest.skip("this machine's name server does not say which hosts there are not")
    for argument in ("https://nobody.invalid/docs", "nobody.invalid"):
        done = desk.run("ingest", argument, "--project", "Nobody's")
        assert (done.status, done.output) == (1, "")
        assert "There is no host named nobody.invalid; check how it is written" in done.errors
        is_completed = "it is taken as https://nobody.invalid" in done.errors
        assert is_completed == (argument == "nobody.invalid")


def test_a_private_address_is_not_fetched_from(desk: Installation, site: Website) -> None:
    guarded = {"ANSWERDESK_PAGE_NETWORKS": ""}
    done = desk.run("ingest", site.url, "--page", "--json", environment=guarded)
    assert done.status == 1
    [source] = done.json["sources"]
    assert source["last_sync"]["state"] == "failed"
    assert source["last_sync"]["error"]
    assert site.requests == []
    told = desk.run("ingest", site.url, "--page", environment=guarded).errors
    assert told.count("can allow it with ANSWERDESK_PAGE_NETWORKS") == 1, told
    desk.run("sources", "remove", source["id"], "--yes").ok()


def test_what_is_not_there_is_named(desk: Installation) -> None:
    for arguments, code in (
        (("sources", "sync", "nothing"), "source_not_found"),
        (("sources", "list", "--project", "nothing"), "project_not_found"),
    ):
        done = desk.run(*arguments, "--json")
        assert (done.status, done.output) == (1, ""), arguments
        assert json.loads(done.errors)["error"]["code"] == code, arguments


def test_a_website_is_taken_in_answered_from_and_followed(
    desk: Installation, site: Website, book: Manual
) -> None:
    site.set("/secret.html", "no", status=403)
    site.set("/", book.html("/").replace("</body>", '<a href="/secret.html">s</a></body>'))
    done = desk.run("ingest", site.url, "--json")
    assert done.status == 1, done
    [source] = done.json["sources"]
    sync = source["last_sync"]
    assert (sync["state"], sync["added"], sync["failed"]) == ("done", 9, 1)
    [failed] = source["failed_pages"]
    assert failed["url"] == f"{site.url}/secret.html"
    assert "403" in failed["reason"]
    assert failed["linked_from"] == f"{site.url}/"
    topic = next(one for one in book.pages.values() if one.question)
    project = done.json["project"]["id"]
    answer = desk.run("ask", topic.question, "--project", project, "--json").ok().json
    assert topic.fact in answer["answer"]
    assert documents(answer["sources"]) == [f"{site.url}{topic.path}"]

    changed = book.pages[topic.path].with_paragraph("limits", "There is no limit any more.")
    new = Manual(book.name, {**book.pages, topic.path: changed})
    site.set(topic.path, new.html(topic.path))
    site.set("/secret.html", "<main><h1>Secret</h1><p>It was the gardener.</p></main>")
    again = desk.run("ingest", site.url)
    assert again.status == 0, again
    assert "1 new, 1 changed, 8 unchanged, 0 removed" in again.output
    changes = desk.run("sources", "changes", site.url + "/", "--json").ok().json["changes"]
    assert sorted(one["change"] for one in changes) == ["added", "changed"]
    pages = desk.run("sources", "pages", source["id"], "--state", "good", "--json").ok().json
    assert len(pages["pages"]) == 10
    listed = desk.run("sources", "list", "--project", project).ok()
    assert source["id"] in listed.output
    shown = desk.run("sources", "show", source["id"]).ok()
    assert "10 in the answers" in shown.output
    refused = desk.run("sources", "remove", source["id"])
    assert refused.status == 1
    assert "10 documents" in refused.errors
    assert desk.run("sources", "remove", source["id"], "--yes", "--json").ok().json["removed"] == 10


def test_a_single_page_and_a_file_come_in_together(
    desk: Installation, site: Website, book: Manual, tmp_path: Path
) -> None:
    folder = write_files(tmp_path / "docs", {"hats.md": "A hat costs nine crowns."})
    topic = next(one for one in book.pages.values() if one.question)
    address = site.url + topic.path
    done = desk.run("ingest", folder, address, "--page", "--every", "0", "--json").ok().json
    assert done["changed"] == 1
    [source] = done["sources"]
    assert (source["kind"], source["ready"], source["next_sync_at"]) == ("page", 1, None)
    assert {one.path for one in site.requests} & book.pages.keys() == {topic.path}


def test_a_stopped_ingest_goes_on_where_it_was(
    desk: Installation, site: Website, book: Manual
) -> None:
    for path in book.pages:
        site.set(path, book.html(path), delay=0.4)
    process = desk.begin("ingest", site.url)
    wait_until(lambda: len(site.requests) > 4)
    stopped = end(process, signal.SIGINT)
    assert stopped.status == 128 + signal.SIGINT, stopped
    assert "Nothing is lost" in stopped.errors
    for path in book.pages:
        site.set(path, book.html(path))
    [source] = desk.run("ingest", site.url, "--json").ok().json["sources"]
    assert source["ready"] == 9
    assert source["last_sync"]["cause"] == "added"


def test_a_sync_that_nobody_runs_waits_and_is_cancelled(desk: Installation, site: Website) -> None:
    [source] = desk.run("ingest", site.url, "--json").ok().json["sources"]
    queued = desk.run("sources", "sync", source["id"], "--no-wait", "--json").ok().json
    assert queued["last_sync"]["state"] == "queued"
    second = desk.run("sources", "sync", source["id"], "--json")
    assert json.loads(second.errors)["error"]["code"] == "sync_running"
    cancelled = desk.run("sources", "cancel", source["id"], "--json").ok().json
    assert cancelled["state"] == "cancelled"
    nothing = desk.run("sources", "cancel", source["id"], "--json")
    assert json.loads(nothing.errors)["error"]["code"] == "no_sync_running"
