import pytest

from answerdesk.knowledge.ingestion.parse import Block, ParsedDocument, parse
from answerdesk.knowledge.ingestion.parse.html import shallow

PAGE = """<!doctype html><html lang="en"><head><title>Pricing – Acme</title>
<style>x{}</style></head>
<body><a class="skip-link" href="#main">Skip</a>
<header><a href="/">Home</a></header><nav><ul><li>Menu</li></ul></nav>
<main><header><h1>Pricing<a class="headerlink" href="#pricing">¶</a></h1></header>
<p>All plans.<br>Second  line <img src=x.png alt="chart">
H<sub>2</sub>O<sup><a href="#fn1">[1]</a></sup>
<img src="IMG_1.jpg" alt="IMG_1.jpg"> <a href="tel:+4930123">call us</a>.</p>
<section id="plans"><h2>Plans</h2>
<table><caption>Our plans</caption>
<tr><th></th><th colspan=2>Price</th></tr><tr><th>Plan</th><th>month</th><th>year</th></tr>
<tr><th>Pro</th><td rowspan=2>$20</td><td>$200</td></tr><tr><th>Team</th><td>$500</td></tr></table>
<table><tr><th>Phone</th><td>123</td></tr><tr><th>Mail:</th><td>x@y.z</td></tr></table>
<aside><p>Good to know.</p></aside>
<div hidden>secret</div><div aria-hidden=true>secret</div><div style="display: none">secret</div>
<script>secret</script><noscript>secret</noscript><template>secret</template>
</section>
<h2><a name="faq"></a>FAQ</h2>
<h3><button aria-expanded="false">Can I cancel?</button></h3>
<div role="region" hidden>Yes, any time.</div>
<details id=d1><summary>Is there a trial?</summary><p>14 days.</p></details>
<p>More soon.</p>
<h2 id=words>Words</h2>
<dl><dt>Seat</dt><dd>One person.</dd><dt>Credit</dt><dd>One answer.</dd><dd>Or two.</dd></dl>
<dl class="py function"><dt id="acme.run"><code>run(x)</code>
<a class=headerlink href="#r">¶</a></dt>
<dd><p>Runs it.</p></dd></dl>
<pre><code class="language-py"><span>def</span> f():
    return 1
</code></pre>
<ol start=3><li><p>Three</p><pre>code here</pre></li><li>Four <ul><li>sub</li></ul></li></ol>
<blockquote><p>Quoted text.</p></blockquote>
<button>Send</button><select><option>No</option></select>
</main><aside>Advertisement</aside><footer>© Acme</footer></body></html>"""


def read(html: str) -> ParsedDocument:
    return parse(html.encode(), "text/html", "site/about-us.html")


def texts(html: str) -> list[str]:
    return [block.text for block in read(html).blocks]


def test_a_page_with_all_that_pages_have() -> None:
    document = read(PAGE)
    assert document.title == "Pricing"
    faq, words = ("FAQ", "Can I cancel?"), ("Words",)
    assert list(document.blocks) == [
        Block("paragraph", "All plans.\nSecond line chart H2O call us (+4930123).", (), None),
        Block(
            "table",
            "Our plans\nPlan: Pro | Price month: $20 | Price year: $200\n"
            "Plan: Team | Price month: $20 | Price year: $500",
            ("Plans",),
            "plans",
            has_caption=True,
        ),
        Block("table", "Phone: 123\nMail: x@y.z", ("Plans",), "plans"),
        Block("paragraph", "Good to know.", ("Plans",), "plans"),
        Block("paragraph", "Yes, any time.", faq, "faq"),
        Block("paragraph", "14 days.", (*faq, "Is there a trial?"), "d1"),
        Block("paragraph", "More soon.", faq, "faq"),
        Block("list", "- Seat: One person.\n- Credit: One answer.\n  Or two.", words, "words"),
        Block("paragraph", "Runs it.", (*words, "run(x)"), "acme.run"),
        Block("code", "def f():\n    return 1", words, "words"),
        Block("list", "3. Three\n  code here\n4. Four\n  - sub", words, "words"),
        Block("quote", "Quoted text.", words, "words"),
    ]


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>gone</nav>",
        "<header>gone</header>",
        "<footer>gone</footer>",
        "<aside>gone</aside>",
        "<div role=navigation>gone</div>",
        "<div role=banner>gone</div>",
        "<ul class='breadcrumb'><li>gone</ul>",
        "<div class='cookie-consent'>gone</div>",
        "<div id=sidebar>gone</div>",
        "<span class=sr-only>gone</span>",
        "<dialog>gone</dialog>",
        "<button>gone</button>",
        "<div style='visibility:hidden'>gone</div>",
    ],
)
def test_what_is_no_content_is_dropped(furniture: str) -> None:
    assert texts(f"<body>{furniture}<p>stays</p></body>") == ["stays"]


def test_only_the_main_part_is_read_unless_it_holds_little() -> None:
    assert texts("<p>around</p><main><p>the content of it</p></main>") == ["the content of it"]
    around = "<p>" + "the real text " * 20 + "</p>"
    assert len(texts(f"{around}<main><p>x</p></main>")) == 2


def test_a_page_of_nothing_but_furniture_is_read_as_it_is() -> None:
    assert texts("<nav><a>Home</a></nav><footer>Call 123</footer>") == ["Home", "Call 123"]


def test_the_title_is_the_first_heading_then_the_pages_then_the_files() -> None:
    assert read("<title>A  b</title><h1>C</h1><p>x").title == "C"
    assert read("<title>A  b</title><p>x").title == "A b"
    assert read("<p>x").title == "About us"


def test_a_table_for_layout_is_read_as_what_stands_in_it() -> None:
    html = "<table role=presentation><tr><td><h2 id=a>Head</h2>left</td><td>right</td></tr></table>"
    assert read(html).blocks == (
        Block("paragraph", "left", ("Head",), "a"),
        Block("paragraph", "right", ("Head",), "a"),
    )


def test_a_section_without_an_anchor_has_that_of_the_one_above() -> None:
    html = "<h2 id=a>A</h2><h3>B</h3><p>x</p><h2>C</h2><p>y</p>"
    assert [block.anchor for block in read(html).blocks] == ["a", None]


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<p>هذا هو النص الذي نريد أن نقرأه.</p>", "ar"),
        ("<p>これは日本語の文章です。</p>", "ja"),
        ("<p>ค่าส่งเท่าไหร่ครับ</p>", "th"),
        ("<html lang=en><p>Das ist ein Text über die Preise.</p>", "de"),
    ],
)
def test_the_language_is_that_of_the_text(html: str, language: str) -> None:
    assert read(html).language == language


def test_tags_are_dropped_where_they_nest_too_deep_to_be_read_in_good_time() -> None:
    assert shallow("<div>" * 900 + "deep") == "<div>" * 900 + "deep"
    assert shallow("<p>a &lt; b" * 5_000) == "<p>a &lt; b" * 5_000
    assert shallow("<div><!-- x -->" * 5_000 + "a &lt; <b>deep").split() == ["<p>a", "&lt;", "deep"]


def test_a_table_of_contents_is_dropped_and_other_lists_of_links_are_not() -> None:
    links = "".join(f"<li>{n}. <a href='#part-{n}'>The part {n}</a></li>" for n in range(3))
    assert texts(f"<ul>{links}</ul><p>x") == ["x"]
    pages = links.replace("#", "/")
    assert len(texts(f"<ul>{pages}</ul><p>x")) == 2
    assert len(texts(f"<ul>{links}<li>and a good deal of other text</ul><p>x")) == 2


@pytest.mark.parametrize(
    "heading",
    [
        "<h2 id=x>A</h2>",
        "<h2>A<span><a class=mark id=x href='#x'>#</a></span></h2>",
        "<h2><a name=x></a>A</h2>",
        "<section id=x><h2>A</h2></section>",
        "<div id=x><div class=titlepage><div><div><h2>A</h2></div></div></div><p>One.</p></div>",
    ],
)
def test_the_anchor_of_a_heading_is_where_its_page_puts_it(heading: str) -> None:
    blocks = read(f"<div id=page>{heading}<p>text</p></div>").blocks
    assert {(block.heading_path, block.anchor) for block in blocks} == {(("A",), "x")}


def test_what_holds_more_than_the_heading_is_not_its_section() -> None:
    wrapped = "<div><h2>A</h2><p>One.</p></div>"
    assert [one.anchor for one in read(f"<div id=x>{wrapped}</div>").blocks] == [None]
    later = "<div id=x><p>Zero.</p><div><h2>A</h2></div><p>One.</p></div>"
    assert [one.anchor for one in read(later).blocks] == [None, None]


SENTENCES = "<p>" + "The machine has to be cleaned before each use, or it is lost. " * 8 + "</p>"


@pytest.mark.parametrize(
    "around",
    [
        "<div class='navheader'><table><tr><td><a href=a>Prev</a><td>Part 2</table></div>",
        "<div><a href=a>Home</a> | <a href=b>Products</a> | <a href=c>Contact us</a></div>",
        "<table><tr><td><a href=a>Prev</a><td><a href=b>Up</a><td><a href=c>Next</a></table>",
        "<div class=menu><ul><li><a href=a>Cakes</a><li><a href=b>Bread</a></ul></div>",
        "<div><p>© 2026 Acme. All rights reserved. <a href=x>Imprint</a></p></div>",
        "<div id=onetrust-banner><p>We use cookies.</p></div>",
        "<div class='cookie-banner is-open'><p>We use cookies to make it better.</p></div>",
        "<div class=share-buttons><a href=t>Tweet</a></div>",
        "<div class=related-articles><h2>Read on</h2><a href=x>Other</a></div>",
        "<div class='newsletter-signup'><h3>Stay informed</h3><p>Subscribe now.</p></div>",
        "<div id=comments><ol><li>First!</li></ol></div>",
        "<section class=comments-area><h2>2 comments</h2><p>First!</p></section>",
    ],
)
def test_what_stands_around_the_content_is_dropped_where_nobody_marked_it(around: str) -> None:
    content = f"<div><h2 id=a>Care</h2>{SENTENCES}</div>"
    for html in (f"<body>{around}{content}", f"<body>{content}{around}"):
        (block,) = read(html).blocks
        assert (block.heading_path, block.anchor) == (("Care",), "a")
        assert block.text.startswith("The machine")


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<section id=sidebar><h2>Sidebar</h2><p>kept</p></section>", "kept"),
        ("<h2 id=pagination>Pagination</h2><p>kept</p>", "kept"),
        ("<div id=comments><h2>Comments</h2><p>kept</p></div>", "kept"),
        ("<div class=menu><p>kept: soup with bread</p></div>", "kept: soup with bread"),
        ("<div class=header><p>kept</p></div>", "kept"),
        (
            (
                "<div><p>kept, for it says more than <a href=x>the link</a> in it does, and "
                "that is what a reader wants to know of the machine: how it is cleaned.</p></div>"
            ),
            None,
        ),
        ("<ul><li><a href=x>kept: a list of pages</a></ul>", "- kept: a list of pages"),
    ],
)
def test_content_that_is_called_or_looks_like_furniture_stays(html: str, kept: str | None) -> None:
    page = f"<body><div><h1>A</h1>{SENTENCES}{html}{SENTENCES}</div>"
    found = texts(page)
    assert len(found) == 3
    assert kept is None or found[1] == kept


def test_a_page_of_links_keeps_them() -> None:
    links = "".join(f"<li><a href=/{name}>{name} machine</a>" for name in ("Red", "Blue", "Green"))
    html = f"<body><div><a href=a>Home</a></div><div><ul>{links}</ul></div>"
    assert any("Blue machine" in text for text in texts(html))


def test_code_with_numbered_lines_and_boxes_survive() -> None:
    html = (
        "<div class=highlight><table><tr><td class=linenos><pre>1\n2</pre></td>"
        "<td class=code><pre>x = 1\ny = 2</pre></td></tr></table></div>"
        "<div class='admonition note'><p class=admonition-title>Note</p><p>Mind it.</p></div>"
    )
    assert texts(f"<main>{html}{SENTENCES}</main>")[:3] == ["x = 1\ny = 2", "Note", "Mind it."]


@pytest.mark.parametrize(
    ("name", "first", "second", "title"),
    [
        ("Opening hours - Acme", "Acme Tea", "Opening hours", "Opening hours"),
        ("Zoo: Opening hours", "Zoo", "Opening hours", "Opening hours"),
        ("Opening hours", "<img src=logo.png alt=Acme>", "Opening  hours", "Opening hours"),
        # The first says as much.
        ("Opening hours - Acme", "Opening hours", "Acme", "Opening hours"),
        ("Welcome", "Acme Tea", "Opening hours", "Acme Tea"),
        ("", "Acme Tea", "Opening hours", "Acme Tea"),
    ],
)
def test_the_sites_name_above_a_pages_own_heading_is_no_title(
    name: str, first: str, second: str, title: str
) -> None:
    page = f"<title>{name}</title><div><h1>{first}</h1></div><h1>{second}</h1><p>We open at nine."
    document = read(page)
    assert document.title == title
    assert document.blocks[-1].text == "We open at nine."
