"""One reading of a page tells its links and what is taken in; what is known is not read again."""

import re
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Rows, Server, serving
from tests.dialects.orac.chat import ask
from tests.knowledge.sync.conftest import LOOPBACK
from tests.knowledge.sync.site_desk import SiteDesk, good
from tests.websites import Website, manual

BOOK = manual(12)
NOINDEX = '<meta name="robots" content="noindex">'
_READ = re.compile(r"document_read .*?operation=\S+:(\w+)")


class Readings:
    """Which functions a server has run on documents since it was last asked, by its log."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._before: Counter[str] = Counter()

    def new(self) -> dict[str, int]:
        now = Counter(_READ.findall(self._server.log()))
        found, self._before = now - self._before, now
        return dict(found)


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that reads nothing for others."""
    with serving(**LOOPBACK) as running:
        yield running


@pytest.fixture
def own_desk(own_server: Server) -> Iterator[SiteDesk]:
    with own_server.client(owner=True) as owner, own_server.client() as visitor:
        yield SiteDesk(owner, visitor)


@pytest.fixture
def readings(own_server: Server) -> Readings:
    found = Readings(own_server)
    found.new()
    return found


@pytest.mark.parametrize("etags", [True, False], ids=["with ETags", "without"])
def test_a_page_is_read_once_and_an_unchanged_one_not_at_all(
    own_desk: SiteDesk, site: Website, readings: Readings, etags: bool
) -> None:
    for path, html in BOOK.all_html().items():
        site.set(path, html, etag=etags)
    source = own_desk.add(site)
    assert readings.new() == {"read_page": 12}
    page = BOOK.topics()[0]
    assert page.fact in ask(own_desk.visitor, own_desk.project_id, page.question).text
    again = own_desk.sync(source)
    assert (again["unchanged"], again["changed"]) == (12, 0)
    assert readings.new() == {}
    # Of a page that has changed the new text is read once, and those beside it are known.
    site.set(page.path, BOOK.html(page.path, build="2").replace(page.fact, "the blue one"))
    changed = own_desk.sync(source)
    assert changed["unchanged"] >= 11
    assert readings.new() == {"read_page": 1}


def test_links_of_pages_that_are_not_read_again_are_followed(
    own_desk: SiteDesk, site: Website, readings: Readings
) -> None:
    site.set("/", _article("Home", '<a href="/a">A</a> <a href="/b">B</a>'), etag=False)
    site.set("/a", _article("Alpha", "The first letter."), etag=False)
    site.set("/b", _article("Beta", "The second letter."), etag=False)
    source = own_desk.add(site, exclude=["/b"])
    assert good(own_desk.pages(source)) == {"/", "/a"}
    readings.new()
    own_desk.owner.patch(
        f"{own_desk.path}/sources/{source['id']}", json={"exclude": []}
    ).raise_for_status()
    own_desk.sync(source)
    assert good(own_desk.pages(source)) == {"/", "/a", "/b"}
    assert readings.new() == {"read_page": 1}


def test_what_a_header_asks_is_not_remembered_as_the_page_itself(
    own_desk: SiteDesk, site: Website, readings: Readings
) -> None:
    home = _article("Home", '<a href="/a">A</a>')
    site.set("/", home, etag=False, headers={"X-Robots-Tag": "nofollow"})
    site.set("/a", _article("Alpha", "The first letter."))
    source = own_desk.add(site)
    assert good(own_desk.pages(source)) == {"/"}
    site.set("/", home, etag=False)
    own_desk.sync(source)
    assert good(own_desk.pages(source)) == {"/", "/a"}
    assert readings.new() == {"read_page": 2}


def test_a_page_that_waits_for_the_one_that_it_names_is_read_once(
    own_desk: SiteDesk, site: Website, readings: Readings
) -> None:
    named = f'<link rel="canonical" href="{site.url}/z">'
    site.set("/", _article("Home", '<a href="/a">A</a> <a href="/z">Z</a>'))
    site.set("/a", _article("Letters", "The last letter is Z.", head=named))
    site.set("/z", _article("Letters", "The last letter is Z."))
    source = own_desk.add(site)
    assert good(own_desk.pages(source)) == {"/", "/z"}
    assert readings.new() == {"read_page": 3}
    assert site.asked().count("/a") == 1


def test_a_page_that_is_not_taken_in_is_read_once(
    own_desk: SiteDesk, site: Website, readings: Readings
) -> None:
    site.set("/", _article("Home", '<a href="/a">A</a>'))
    site.set("/a", _article("Secret", "Not to be found.", head=NOINDEX))
    source = own_desk.add(site)
    assert good(own_desk.pages(source)) == {"/"}
    assert readings.new() == {"read_page": 2}


def test_what_was_read_of_a_page_goes_with_it(
    own_desk: SiteDesk, site: Website, own_rows: Rows
) -> None:
    def kept() -> list[tuple[object, ...]]:
        project = own_desk.project_id.removeprefix("proj_")
        return own_rows(
            "select d.path from page_signals s join document d on d.id = s.document_id"
            " where d.project_id = %s order by 1",
            project,
        )

    def waiting() -> list[tuple[object, ...]]:
        return own_rows(
            "select 1 from reading r where not exists (select 1 from document d"
            " where d.id = r.document_id and d.status = 'pending')"
        )

    site.put({path: BOOK.html(path) for path in BOOK.pages})
    source = own_desk.add(site)
    assert len(kept()) == 12
    assert waiting() == []
    gone = BOOK.topics()[2].path
    site.remove(gone)
    own_desk.sync(source)
    assert len(kept()) == 11
    assert (f"{site.url}{gone}",) not in kept()
    own_desk.owner.delete(f"{own_desk.path}/sources/{source['id']}").raise_for_status()
    assert kept() == []
    assert own_rows(
        "select count(*) from page_signals s where not exists"
        " (select 1 from document d where d.id = s.document_id)"
    ) == [(0,)]


@pytest.fixture(scope="module")
def own_rows(own_server: Server) -> Iterator[Rows]:
    with EmbeddedPostgres.start(own_server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:

            def run(statement: str, *parameters: object) -> list[tuple[object, ...]]:
                return connection.execute(statement.encode(), parameters).fetchall()

            yield run


def _article(title: str, text: str, *, head: str = "") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head>"
        f"<body><main><h1>{title}</h1><p>{text} More about {title} is told here.</p></main></body>"
    )
