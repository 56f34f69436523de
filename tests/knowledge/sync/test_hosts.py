"""Hosts that are not there are told at once, when they are added and when they have gone."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Server
from tests.knowledge.sync.conftest import LOOPBACK
from tests.knowledge.sync.site_desk import Found, SiteDesk
from tests.knowledge.sync.vanishing_app import NAMES
from tests.projects.problems import assert_problem
from tests.websites import Answer, Website
from tests.websites.answers import Request

_HOST = "harbour.example"
_PAGE = b"<title>Home</title><main><p>The harbour opens at nine every day.</p></main>"


def _answer(request: Request) -> Answer:
    """Answer and hang up, so that the next request has to look the host up again."""
    hang_up = {"Connection": "close", "Content-Type": "text/html; charset=utf-8"}
    if request.path == "/":
        return Answer(_PAGE, headers=hang_up)
    return Answer(b"<h1>Not found</h1>", 404, hang_up)


class World:
    """Which names there are."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.set({})

    def set(self, names: dict[str, str | None]) -> None:
        """Have these names, and no others."""
        self._path.write_text(json.dumps(names), encoding="utf-8")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        yield Path(folder)


@pytest.fixture
def world(folder: Path) -> World:
    return World(folder / "names.json")


@pytest.fixture(scope="module")
def vanishing_server(folder: Path) -> Iterator[Server]:
    running = Server(
        folder / "data",
        factory="tests.knowledge.sync.vanishing_app:create_vanishing_app",
        **{**LOOPBACK, NAMES: str(folder / "names.json"), "ANSWERDESK_CRAWL_RETRY_DELAY": "600"},
    ).start()
    yield running
    running.stop()


@pytest.fixture
def desk(world: World, vanishing_server: Server) -> Iterator[SiteDesk]:
    with vanishing_server.client(owner=True) as owner, vanishing_server.client() as visitor:
        yield SiteDesk(owner, visitor)


def add(desk: SiteDesk, url: str, **fields: Any) -> httpx.Response:
    return desk.owner.post(f"{desk.path}/sources", json={"kind": "site", "url": url, **fields})


@pytest.fixture
def source(desk: SiteDesk, world: World, site: Website) -> Found:
    """A website by its name, which has been read."""
    world.set({_HOST: "127.0.0.1"})
    site.everywhere = _answer
    added = add(desk, f"http://{_HOST}:{site.port}/")
    assert added.status_code == 201, added.text
    made: Found = added.json()
    sync = desk.wait(made["id"], made["last_sync"]["id"])
    assert sync["state"] == "done", sync
    return made


@pytest.mark.parametrize("kind", ["site", "page"])
def test_an_unknown_host_is_refused_when_it_is_added(desk: SiteDesk, kind: str) -> None:
    problem = assert_problem(add(desk, "https://harbuor.example/", kind=kind), 422, "host_unknown")
    assert problem["detail"] == "There is no host named harbuor.example; check how it is written"
    assert desk.get("sources")["items"] == []


def test_that_no_name_server_answers_proves_nothing(desk: SiteDesk, world: World) -> None:
    world.set({_HOST: None})
    assert add(desk, f"https://{_HOST}/").status_code == 201


def test_a_website_that_is_there_is_given_back_though_its_host_is_gone(
    desk: SiteDesk, world: World, source: Found
) -> None:
    world.set({})
    again = add(desk, source["url"])
    assert (again.status_code, again.json()["id"]) == (200, source["id"])


def test_the_sync_of_a_host_that_is_gone_ends_at_once_and_keeps_what_it_has(
    desk: SiteDesk, world: World, source: Found
) -> None:
    world.set({})
    # It would not end within the test's patience if it were asked again: that takes ten minutes.
    sync = desk.sync(source)
    assert (sync["state"], sync["error_code"]) == ("failed", "host_unknown")
    assert sync["error"] == (
        f"There is no host named {_HOST}; check how it is written. What was ingested stays; "
        "remove the source if its website is gone for good."
    )
    assert len(desk.documents(source)) == 1
    world.set({_HOST: "127.0.0.1"})
    assert desk.sync(source)["state"] == "done"


def test_a_sync_waits_for_a_name_server_that_does_not_answer(
    desk: SiteDesk, world: World, source: Found
) -> None:
    world.set({_HOST: None})
    begun = desk.start(source)
    sync = desk.get(f"sources/{source['id']}/syncs/{begun['id']}")
    assert sync["finished_at"] is None
    desk.owner.post(f"{desk.path}/sources/{source['id']}/syncs/{begun['id']}/cancel")


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("example.com", "https://example.com"),
        ("www.example.com/help?x=1", "https://www.example.com/help?x=1"),
        ("htps://example.com/", "https://example.com/"),
        ("bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_address_without_its_beginning_is_offered_with_it(
    desk: SiteDesk, url: str, meant: str
) -> None:
    problem = assert_problem(add(desk, url), 422, "url_refused")
    assert problem["suggestion"] == meant
    assert problem["detail"].endswith(f"; did you mean {meant}?")


@pytest.mark.parametrize("url", ["harbour", "ann@example.com", "/etc/passwd", "notes 2.txt"])
def test_what_may_mean_anything_is_refused_without_an_offer(desk: SiteDesk, url: str) -> None:
    problem = assert_problem(add(desk, url), 422, "url_refused")
    assert "suggestion" not in problem
    assert "https://example.com/page" in problem["detail"]
