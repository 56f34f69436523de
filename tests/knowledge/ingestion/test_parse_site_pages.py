"""Pages as shops, help centres and site generators write them."""

import pytest

from answerdesk.knowledge.ingestion.parse import UnreadableDocument, parse
from tests.knowledge.ingestion.test_parse_html import SENTENCES, read, texts


@pytest.mark.parametrize(
    "beside",
    [
        "<p>See our <a href=/p>price list</a>.</p>",
        "<ul><li><a href=/form>Download the form</a></li></ul>",
        "<p>Call <a href='tel:+49301'>us</a>.</p>",
    ],
)
def test_what_stands_beside_a_long_paragraph_is_content_as_well(beside: str) -> None:
    assert len(texts(f"<body><div>{SENTENCES}{beside}</div>")) == 2


def test_addresses_to_write_or_to_call_do_not_lead_elsewhere() -> None:
    contact = "<div>Call <a href='tel:1'>1</a> or <a href='mailto:a@b.c'>a@b.c</a></div>"
    assert len(texts(f"<body>{contact}<div><h2>Care</h2>{SENTENCES}</div>")) == 2


def test_a_price_is_the_one_that_holds() -> None:
    html = (
        "<p><del aria-hidden=true>249 €</del> <span class=screen-reader-text>It was 249 €</span>"
        "<ins aria-hidden=true>199 €</ins><s>150 €</s> <strike>140 €</strike></p>"
        "<p>x <rt>y</rt></p>"
    )
    assert texts(html) == ["199 €", "x"]
    assert [one.text for one in parse(b"~~249~~ 199", "text/markdown", "a.md").blocks] == ["199"]


@pytest.mark.parametrize(
    "panel",
    [
        "<div role=tabpanel style='display: none'>kept</div>",
        "<div role=region aria-hidden=true hidden>kept</div>",
    ],
)
def test_what_a_visitor_opens_is_read_though_it_is_closed(panel: str) -> None:
    assert texts(f"<p>first</p>{panel}") == ["first", "kept"]


def test_a_page_without_text_is_refused_though_it_has_a_title() -> None:
    shell = "<title>App</title><div id=root></div><noscript>Enable scripts.</noscript><script>x"
    with pytest.raises(UnreadableDocument, match="built by a script"):
        read(shell)


@pytest.mark.parametrize(
    "heading",
    [
        "<section id=x><span id=y></span><h2>A</h2></section>",
        "<p>before</p><a name=x></a><h2>A</h2>",
        "<p>before</p><span id=x></span><a id=y></a><h2>A</h2>",
    ],
)
def test_an_empty_element_before_a_heading_is_its_anchor(heading: str) -> None:
    *_, block = read(f"<div id=page>{heading}<p>text</p></div>").blocks
    assert (block.heading_path, block.anchor) == (("A",), "x")


@pytest.mark.parametrize(
    "around",
    [
        "<div id=CybotCookiebotDialog>We use cookies.</div>",
        "<div class='cmplz-cookiebanner cmplz-hidden'>We use cookies.</div>",
        "<div id=cookie-law-info-bar><span>We use cookies.</span></div>",
        "<section class='related products'><ul><li><a href=/b>Grinder 99 €</a></ul></section>",
        "<section class='up-sells'><p>Grinder 99 €</p></section>",
        "<div class=article-more-questions>More? <a href=/n>Submit a request</a></div>",
        "<footer class=theme-doc-footer><a href=/e>Edit</a></footer>",
        "<div class=tableOfContents_bqdL><ul><li><a href='#a'>A</a></ul></div>",
    ],
)
def test_what_site_generators_and_shops_put_beside_the_content_is_dropped(around: str) -> None:
    assert len(texts(f"<main>{SENTENCES}{around}</main>")) == 1


def test_a_table_without_marked_heads_has_those_that_look_like_it() -> None:
    rows = "<tr><td>Name<td>Price<td>Days<tr><td>A<td>1<td>2"
    assert texts(f"<table>{rows}</table>") == ["Name: A | Price: 1 | Days: 2"]
    words = "<tr><td>if<td>then<td>else<tr><td>for<td>while<td>do"
    assert texts(f"<table>{words}</table>") == ["if | then | else\nfor | while | do"]
    bold = "<tr><td><b>Day</b><td><p><strong>Hours</strong></p><tr><td>Mon<td>late"
    assert texts(f"<table>{bold}</table>") == ["Day: Mon | Hours: late"]
    assert texts(f"<table>{bold.replace('b>', 'i>')}</table>") == ["Day | Hours\nMon | late"]


def test_tabs_names_stand_apart() -> None:
    assert texts("<div><label>Linux</label><label>Mac</label></div>") == ["Linux Mac"]


def test_items_of_a_list_in_a_cell_stay_apart() -> None:
    items = "<p>We have:</p><ul><li>Lunch, free</li><li>Gym.</li> <li>Bus</li></ul>"
    html = f"<table><tr><th>What</th><td>{items}</td></tr></table>"
    assert texts(html) == ["What: We have: Lunch, free; Gym. Bus"]
