"""What a page says about itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.knowledge.ingestion.parse import UnreadableDocument
from answerdesk.knowledge.website.signals import (
    MOST_LINKS,
    PageSignals,
    read_signals,
    robots_of_header,
    similarity,
)
from tests.websites import manual

URL = "https://example.com/docs/intro.html"
TEXT = " ".join(f"Sentence number {n} of a page with enough text to be one." for n in range(20))


def read(html: str, url: str = URL) -> PageSignals:
    return read_signals(html.encode(), "text/html", url)


def page(head: str = "", body: str = f"<p>{TEXT}</p>") -> PageSignals:
    return read(f"<!doctype html><html><head><title>A</title>{head}</head><body>{body}</body>")


# What cannot be read, or holds nothing


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(UnreadableDocument):
        read_signals(b"\x89PNG\r\n\x1a\n\0\0\0", "text/html", URL)
    with pytest.raises(UnreadableDocument):
        read_signals(b"<p>\xff\xfe\xfa", "text/plain", URL)


@pytest.mark.parametrize(
    "html",
    [
        "",
        " \n ",
        "<!doctype html><title>Only a title</title>",
        "<title>A</title><h1>Only a heading</h1>",
        "<body><script>const text = 'none of this'</script><style>p{}</style>",
        "<body><main></main><div><img src=a.png></div>",
    ],
)
def test_a_page_without_text_has_none(html: str) -> None:
    signals = read(html)
    assert (signals.text_length, signals.sketch) == (0, ())
    assert not signals.asks_login


@pytest.mark.parametrize(
    "body",
    [
        '<div id="root"></div><script src="/app.js"></script>',
        '<app-root></app-root><script type="module" src="/main.js"></script>',
        "<noscript>You need to enable JavaScript to run this app.</noscript><script></script>",
        "<p>Bitte aktivieren Sie JavaScript.</p><script>go()</script>",
        "<p>This site requires JavaScript to work.</p><script>go()</script>",
        '<div class="x"></div><script src="/bundle.js"></script>',
        '<div id="__next"></div><footer>© Example</footer><script src="/n.js"></script>',
    ],
)
def test_a_shell_for_a_script_is_recognised(body: str) -> None:
    assert page(body=body).needs_javascript


@pytest.mark.parametrize(
    "body",
    [
        f'<div id="root"><p>{TEXT}</p></div><script src="/app.js"></script>',
        f"<noscript>Please enable JavaScript.</noscript><p>{TEXT}</p><script></script>",
        "<p>Our opening hours: Monday to Friday, 9 to 5.</p><script src='/count.js'></script>",
        "<div id='root'></div>",
        "<p>Write to us.</p>",
    ],
)
def test_a_page_with_text_of_its_own_needs_no_script(body: str) -> None:
    assert not page(body=body).needs_javascript


def test_a_form_for_a_password_and_little_else_is_a_log_in() -> None:
    form = '<form><input name="user"><input type="PASSWORD" name="p"><button>Go</button></form>'
    assert page(body=f"<h1>Welcome back</h1><p>Log in to go on.</p>{form}").asks_login
    assert page(body=form).asks_login
    assert not page(body=f"<p>{TEXT}</p>{form}").asks_login
    assert not page(body="<p>Log in to go on.</p><form><input name='q'></form>").asks_login


# Links


def test_links_are_absolute_and_each_there_once() -> None:
    signals = page(
        head='<link rel="next" href="/docs/p2.html"><link rel="stylesheet" href="/style.html">',
        body="""<a href="next.html">a</a> <a href="next.html#x">b</a> <a href="">c</a>
        <map><area href="../area.html?utm_source=x"></map> <a name="anchor">d</a>
        <a href="https://other.example/">e</a> <a href="mailto:a@b.example">f</a>
        <a href="/secret" rel="nofollow noopener">g</a> <a href="intro.html#top">h</a>
        <a href="logo.png">i</a> <frame src="/frame.html"> <a href="http://[">j</a>
        <svg><a href="/in-svg"></a></svg> <template><a href="/in-template">k</a></template>""",
    )
    assert set(signals.links) == {
        "https://example.com/docs/p2.html",
        "https://example.com/docs/next.html",
        "https://example.com/area.html",
        "https://other.example/",
        "https://example.com/in-svg",
    }


def test_a_base_moves_the_links_and_the_canonical_address() -> None:
    head = '<base href="/v2/"><link rel="canonical" href="intro.html">'
    signals = page(head=head, body=f'<p>{TEXT}</p><a href="a.html">a</a>')
    assert signals.links == ("https://example.com/v2/a.html",)
    assert signals.canonical == "https://example.com/v2/intro.html"
    broken = page(head='<base href="javascript:0">', body='<a href="a.html">a</a>')
    assert broken.links == ("https://example.com/docs/a.html",)


def test_there_is_an_end_to_links() -> None:
    links = "".join(f'<a href="/{number}">{number}</a>' for number in range(MOST_LINKS + 10))
    assert len(page(body=links).links) == MOST_LINKS
    same = "".join(f'<a href="/a#{number}">{number}</a>' for number in range(5 * MOST_LINKS))
    assert page(body=f'{same}<a href="/b">b</a>').links == ("https://example.com/a",)


def test_links_of_furniture_count_too() -> None:
    body = f'<nav><a href="/a">a</a></nav><main><p>{TEXT}</p></main><footer><a href="/b">b</a>'
    assert page(body=body).links == ("https://example.com/a", "https://example.com/b")


# What the page asks for


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", None),
        ('<link rel="canonical" href="/docs/intro.html#x">', None),
        ('<link rel="canonical" href="https://other.example/a">', "https://other.example/a"),
        ('<link rel="CANONICAL" href="/b?utm_source=x">', "https://example.com/b"),
        ('<link rel="canonical" href="/a"><link rel="canonical" href="/b">', None),
        (
            '<link rel="canonical" href="/a"><link rel="canonical" href="/a">',
            "https://example.com/a",
        ),
        ('<link rel="canonical" href="javascript:0">', None),
        ('<link rel="canonical">', None),
    ],
)
def test_the_canonical_address(head: str, expected: str | None) -> None:
    assert page(head=head).canonical == expected


@pytest.mark.parametrize(
    ("head", "noindex", "nofollow"),
    [
        ("", False, False),
        ('<meta name="robots" content="index, follow">', False, False),
        ('<meta name="robots" content="noindex">', True, False),
        ('<meta name="ROBOTS" content="NOINDEX,NOFOLLOW">', True, True),
        ('<meta name="robots" content="none">', True, True),
        (
            '<meta name="robots" content="nofollow"><meta name="robots" content="noindex">',
            True,
            True,
        ),
        ('<meta name="googlebot" content="noindex">', False, False),
        ('<meta name="answerdesk" content="noindex">', True, False),
        ('<meta name="robots" content="none"><meta name="answerdesk" content="all">', False, False),
        ('<meta name="description" content="noindex">', False, False),
    ],
)
def test_what_the_page_asks_of_robots(head: str, noindex: bool, nofollow: bool) -> None:
    signals = page(head=head, body=f'<p>{TEXT}</p><a href="/a">a</a>')
    assert (signals.noindex, signals.nofollow) == (noindex, nofollow)
    assert bool(signals.links) is not nofollow


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (False, False)),
        (["noindex"], (True, False)),
        (["index", "NoFollow"], (False, True)),
        (["googlebot: noindex, nofollow"], (False, False)),
        (["googlebot: nofollow", "answerdesk: noindex"], (True, False)),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST, noindex"], (True, False)),
        (["max-snippet:50, none"], (True, True)),
        (["noindex", "answerdesk: index, follow"], (False, False)),
        (["none", "Answerdesk: nofollow"], (False, True)),
        ([",,:,"], (False, False)),
    ],
)
def test_what_the_header_asks_of_robots(values: list[str], expected: tuple[bool, bool]) -> None:
    assert robots_of_header(values) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("0; url=/new", "https://example.com/new"),
        ("0;URL='https://other.example/'", "https://other.example/"),
        ("5, url=next.html", "https://example.com/docs/next.html"),
        ("0", None),
        ("30", None),
        ("300; url=/new", None),
        ("0; url=intro.html", None),
        ("0; url=javascript:0", None),
        ("soon; url=/new", None),
    ],
)
def test_a_page_that_sends_its_reader_on(content: str, expected: str | None) -> None:
    assert page(head=f'<meta http-equiv="Refresh" content="{content}">').refresh == expected


# What it says


def test_the_hash_is_of_the_content_and_not_of_its_furniture() -> None:
    made = manual(30)
    path = made.topics()[3].path
    first = read(made.html(path), f"https://example.com{path}")
    again = read(made.html(path, build="2"), f"https://example.com{path}")
    assert (again.text_hash, again.sketch) == (first.text_hash, first.sketch)
    assert first.title == made.pages[path].title
    changed = made.with_page(made.pages[path].with_paragraph("steps", "Just do it."))
    assert read(changed.html(path)).text_hash != first.text_hash
    moved = made.html(path).replace('id="steps"', 'id="by-step"')
    assert read(moved).text_hash != first.text_hash
    retitled = made.html(path).replace(f"<h1>{made.pages[path].title}", "<h1>Another")
    assert read(retitled).text_hash != first.text_hash


def test_other_documents_than_pages_have_a_text_and_no_links() -> None:
    signals = read_signals(b"# Title\n\n[a](/a) text", "text/markdown", "https://example.com/a.md")
    assert signals.title == "Title"
    assert signals.text_length > 0
    assert (signals.links, signals.canonical, signals.needs_javascript) == ((), None, False)


def not_found(url: str, name: str) -> PageSignals:
    return read(
        f"<title>Oops</title><main><h1>Page not found</h1><p>We looked for {name} everywhere, but"
        f" {url} is not on this site.</p><p>Try the search.</p></main>",
        url,
    )


def test_pages_about_what_is_missing_are_alike_whatever_was_asked_for() -> None:
    one = not_found("https://example.com/docs/zq7-2f81", "zq7-2f81")
    other = not_found("https://example.com/shop/blue-shoes.html", "blue-shoes")
    assert similarity(one.sketch, other.sketch) >= 0.9
    assert similarity(one.sketch, page().sketch) < 0.2


def test_the_pages_of_a_manual_are_not_alike() -> None:
    made = manual(60)
    sketches = [read(made.html(topic.path), URL).sketch for topic in made.topics()[:12]]
    for index, sketch in enumerate(sketches):
        assert similarity(sketch, sketch) == 1.0
        assert all(similarity(sketch, other) < 0.9 for other in sketches[index + 1 :])


# Whatever comes


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "text",
        "<a href='/x'>" * 20_000,
        "<p>" + "word " * 200_000,
        "<" * 100_000,
        "<!--" + "-" * 100_000,
        "<meta http-equiv=refresh content='" + "1" * 100_000 + "'>",
        "<noscript>" + "enable " * 50_000 + "</noscript><script></script>",
        "<link rel=canonical href='" + "../" * 50_000 + "'>",
    ],
    ids=["deep", "links", "words", "brackets", "comment", "refresh", "noscript", "dots"],
)
def test_hostile_pages_are_read_in_good_time(html: str) -> None:
    assert isinstance(read(html), PageSignals)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        signals = read_signals(b"<p>" + content, "text/html", URL)
    except UnreadableDocument:
        return
    assert len(signals.text_hash) == 32
