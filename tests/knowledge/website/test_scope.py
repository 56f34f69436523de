"""Which addresses belong to a source."""

import time

import pytest

from answerdesk.core.errors import InvalidInput
from answerdesk.knowledge.website.scope import Scope
from answerdesk.knowledge.website.urls import MOST_DATES, MOST_VARIANTS, Variants, is_endless


@pytest.mark.parametrize(
    "pattern", ["", " ", "blog", "blog/*", "/a b", "/a#b", "ftp://a/*", "/" * 501, "http:///a/*"]
)
def test_a_pattern_that_cannot_be_meant_is_refused_with_what_to_write(pattern: str) -> None:
    with pytest.raises(InvalidInput, match="pattern"):
        Scope("https://example.com/", exclude=[pattern])


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "https://sub.example.com/",
        "https://wwww.example.com/",
        "https://example.com.evil.example/",
        "https://example.com:8443/",
        "http://example.com:8080/",
        "https://example.com@evil.example/".replace("@", "-"),
    ],
)
def test_other_sites_are_outside(url: str) -> None:
    scope = Scope("https://example.com/")
    assert scope.refusal(url) == "outside"
    assert scope.address(url) is None


@pytest.mark.parametrize(
    ("start", "url", "address"),
    [
        ("https://example.com/", "http://www.example.com/a", "https://example.com/a"),
        ("https://www.example.com/", "https://example.com/a?b", "https://www.example.com/a?b"),
        ("http://example.com/", "https://example.com/a", "https://example.com/a"),
        ("http://example.com/", "http://www.example.com/a", "http://example.com/a"),
        ("http://example.com:8080/", "http://example.com:8080/a", "http://example.com:8080/a"),
        ("http://127.0.0.1:9/", "http://127.0.0.1:9/a", "http://127.0.0.1:9/a"),
    ],
)
def test_the_same_site_has_one_way_to_write_it(start: str, url: str, address: str) -> None:
    scope = Scope(start)
    assert scope.address(url) == address
    assert scope.contains(url)


@pytest.mark.parametrize(
    ("start", "inside", "outside"),
    [
        ("/docs/", "/docs/a", "/"),
        ("/docs/intro.html", "/docs/a/b", "/doc"),
        ("/docs", "/docs/a", "/docs2"),
        ("/docs", "/docs", "/blog"),
        ("/docs/v1.2", "/docs/v1.2/a", "/docs/v1.3/a"),
        ("/docs/?lang=en", "/docs/a?lang=de", "/other?lang=en"),
    ],
)
def test_a_start_in_a_folder_means_the_folder(start: str, inside: str, outside: str) -> None:
    scope = Scope(f"https://example.com{start}")
    assert scope.contains(f"https://example.com{inside}")
    assert scope.contains(f"https://example.com{start}")
    assert scope.refusal(f"https://example.com{outside}") == "outside"


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("/blog/*", "/blog/a/b", "/blog"),
        ("/blog", "/blog", "/blogs"),
        ("/blog", "/blog/a", "/de/blog"),
        ("/blog/", "/blog/a", "/blogs/"),
        ("*.pdf", "/a/b.pdf", "/a/b.pdf.html"),
        ("*.pdf", "/a/b.pdf?download=1", "/pdf"),
        ("*/print/*", "/a/print/b", "/a/printer/b"),
        ("*?print=*", "/a?print=1", "/a?x=1"),
        ("/a?b", "/a?b", "/axb"),
        ("/straße/*", "/stra%C3%9Fe/1", "/strasse/1"),
        ("/%7Ea/*", "/~a/1", "/a/1"),
        ("https://www.example.com/a/*", "/a/b", "/b/a"),
        ("http://example.com/a*", "/ab?c", "/b"),
        ("/a*b*c", "/a-b-b-c", "/a-c-b"),
        ("/A", "/A", "/a"),
        ("*", "/anything?at=all", None),
    ],
)
def test_patterns(pattern: str, matching: str, other: str | None) -> None:
    scope = Scope("https://example.com/", exclude=[pattern])
    assert scope.refusal(f"https://example.com{matching}") == "excluded"
    if other is not None:
        assert scope.contains(f"https://example.com{other}")


@pytest.mark.parametrize(
    "pattern",
    [
        "https://bücher.example/a/*",
        "https://BÜCHER.example:443/a",
        "https://www.xn--bcher-kva.example/a/*",
        "https://*bcher-kva.example/a/*",
    ],
)
def test_a_pattern_may_have_the_host_as_people_write_it(pattern: str) -> None:
    scope = Scope("https://bücher.example/", exclude=[pattern])
    assert scope.exclude == (pattern,)
    assert scope.refusal("https://xn--bcher-kva.example/a/1") == "excluded"
    assert scope.contains("https://xn--bcher-kva.example/b")


def test_exclude_goes_before_include_and_include_limits() -> None:
    scope = Scope("https://example.com/", include=["/docs/*"], exclude=["/docs/old/*"])
    assert scope.contains("https://example.com/docs/a")
    assert scope.refusal("https://example.com/docs/old/a") == "excluded"
    assert scope.refusal("https://example.com/blog/a") == "not_included"
    assert scope.refusal("https://example.com/") == "not_included"
    moved = scope.at("https://www.example.com/")
    assert (moved.include, moved.exclude) == (scope.include, scope.exclude)
    assert moved.refusal("https://www.example.com/docs/old/a") == "excluded"


def test_a_hostile_pattern_takes_no_time() -> None:
    scope = Scope("https://example.com/", exclude=["*a" * 200 + "b"])
    before = time.process_time()
    assert scope.contains("https://example.com/" + "a" * 1_900)
    assert time.process_time() - before < 1.0


@pytest.mark.parametrize(
    "path",
    [
        "/a" * 21,
        "/de/de/de/de/page",
        "/x/a/x/a/x/a/x/a",
        "/events/2041/07/",
        "/calendar?month=2041-07",
        "/calendar?year=1812",
        "/events/2029-07-01/",
        "/events/2041-07.html",
        "/calendar/day?date=2041-07-01&view=week",
        "/?q=" + "a" * 2_000,
    ],
)
def test_addresses_that_traps_make_are_not_followed(path: str) -> None:
    assert is_endless(f"https://example.com{path}", year=2026)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/blog/2019/07/01/a-post",
        "/events/2027/12/",
        "/calendar?month=2026-07",
        "/a/b/a/b/a/b",
        "/products/9920-12-volt",
        "/norms/din-en-1090-2",
        "/battles/1066-10-hastings",
        "/parts/filter-1492-6.html",
        "/search?part=x1492-6",
        "/item/204107",
        "/en/us/en/docs/" + "a" * 300,
    ],
)
def test_ordinary_addresses_are_followed(path: str) -> None:
    assert not is_endless(f"https://example.com{path}", year=2026)


def test_a_source_reports_a_trap_and_takes_its_start_anyway() -> None:
    deep = "https://example.com" + "/a" * 21
    assert Scope("https://example.com/").refusal(deep) == "endless_addresses"
    assert Scope(deep).contains(deep)


def test_variants_of_one_page_come_to_an_end() -> None:
    known = [f"https://example.com/shop?filter={n}" for n in range(MOST_VARIANTS - 1)]
    variants = Variants(known)
    assert variants.admits("https://example.com/shop?filter=last")
    assert not variants.admits("https://example.com/shop?filter=one-more")
    assert variants.admits("https://example.com/shop")
    assert variants.admits("https://example.com/other?filter=1")


def test_the_days_of_a_calendar_come_to_an_end_and_a_blogs_posts_do_not() -> None:
    variants = Variants()
    days = [
        f"https://example.com/on/{y}/{m:02}/{d:02}/"
        for y in (2024, 2025)
        for m in range(1, 13)
        for d in range(1, 29)
    ]
    admitted = [variants.admits(day) for day in days]
    assert admitted.count(True) == MOST_DATES
    posts = [f"https://example.com/{2000 + n % 25}/0{1 + n % 9}/post-{n}" for n in range(2_000)]
    assert all(map(variants.admits, posts))
