"""Which rules of robots.txt are ours, and what they mean."""

import pytest

from answerdesk.knowledge.website.robots import LONGEST_DELAY, Robots
from tests.bounds.work import within

SITE = "https://example.com"


def allowed(text: str, path: str) -> bool:
    return Robots(text).allowed(SITE + path)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Answerdesk", True),
        ("ANSWERDESK", True),
        ("Answerdesk/1.0", True),
        ("answerdesk bot", True),
        ("*", True),
        ("Answer", False),
        ("A", False),
        ("desk", False),
        ("Answerdesk-News", False),
        ("Googlebot", False),
    ],
)
def test_rules_are_ours_if_they_name_us(name: str, ours: bool) -> None:
    assert allowed(f"User-agent: {name}\nDisallow: /a", "/a") is not ours


def test_our_own_rules_go_before_those_for_all_and_come_together() -> None:
    text = (
        "User-agent: *\nDisallow: /\n\nUser-agent: Answerdesk\nUser-agent: Other\nDisallow: /a\n\n"
        "User-agent: answerdesk\nDisallow: /b\n"
    )
    assert [allowed(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow:", "/a", True),
        ("Disallow: /\nAllow: /a", "/a/b", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /a*c", "/abbbc?x", False),
        ("Disallow: /straße", "/stra%C3%9Fe", False),
        ("Disallow: /%7Ea", "/~a", False),
        ("Disallow: /*?", "/a?b", False),
        ("Disallow: /A", "/a", True),
    ],
)
def test_rules(rules: str, path: str, expected: bool) -> None:
    assert allowed(f"User-agent: *\n{rules}", path) is expected


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        ("", 0.0),
        ("Crawl-delay: 2.5", 2.5),
        ("Request-rate: 1/10", 10.0),
        ("Crawl-delay: 30", 30.0),
        ("Crawl-delay: 86400", LONGEST_DELAY),
        ("Crawl-delay: -3", 0.0),
        ("Crawl-delay: soon", 0.0),
        ("Crawl-delay: inf", 0.0),
        ("Crawl-delay: nan", 0.0),
        ("Request-rate: 3/10", 10 / 3),
        (f"Request-rate: 1/86400{'9' * 400}", LONGEST_DELAY),
    ],
)
def test_a_pause_is_kept_up_to_a_bound_and_a_cut_is_told(rules: str, delay: float) -> None:
    robots = Robots(f"User-agent: *\nDisallow: /x\n{rules}")
    assert robots.delay == delay
    assert (robots.remark is not None) is ("86400" in rules)


def test_sitemaps_are_named_wherever_they_are() -> None:
    text = (
        "Sitemap: https://cdn.example.net/a.xml.gz\nUser-agent: Other\nDisallow: /\n"
        "sitemap: /b.xml\nSitemap: ftp://example.com/c.xml\nSitemap: https://cdn.example.net/a.xml.gz"
    )
    found = Robots(text).sitemaps(f"{SITE}/docs/")
    assert found == ("https://cdn.example.net/a.xml.gz", f"{SITE}/b.xml")


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("User-agent: A\nDisallow: /x\nUser-agent: Answerdesk\nDisallow: /a", True),
        ("User-agent: Answerdesk\nDisallow: /x\nUser-agent: A\nDisallow: /a", False),
        ("User-agent: Answerdesk\nUser-agent: A\nDisallow: /a", True),
        ("User-agent: A\nSitemap: /s\nUser-agent: Answerdesk\nDisallow: /a", True),
        ("User-agent: Answerdesk\n\n# Ours.\n\nDisallow: /a", True),
        ("User-agent: Answerdesk\nnonsense\nUser-agent: A\nDisallow: /a", True),
        ("User-agent: Answerdesk\nDisallow: /x\nUser-agent:\nDisallow: /a", False),
        ("User-agent Answerdesk\nDisallow /a", True),
        ("useragent : Answerdesk\nDisalow: /a", True),
        ("USER AGENT: *\nDisallow: /a", True),
        ("User-agent: *\nDisallow: /a # not here", True),
        ("User-agent: *\u2028Disallow: /a", True),
        ("User-agent: *a\nDisallow: /a", False),
        ("User-agents: *\nDisallow: /a", False),
        ("Disallow: /a", False),
    ],
)
def test_rules_belong_to_the_robots_named_before_them(text: str, ours: bool) -> None:
    assert allowed(text, "/a") is not ours


def test_a_file_that_names_thousands_of_robots_for_thousands_of_rules_is_read_at_once() -> None:
    names = "".join(f"User-agent: a{number}\nUser-agent *b{number}\n" for number in range(12_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(12_000))
    with within(3.0, "reading robots.txt"):
        assert not allowed(f"{names}User-agent: *\n{rules}", "/17")
