"""What letters alone don't say: raised text, hidden addresses, and texts about pictures."""

import pytest

from answerdesk.knowledge.ingestion.parse import parse
from answerdesk.knowledge.ingestion.prepare import chunk_hash, prepare
from answerdesk.knowledge.ingestion.types import PreparedDocument
from tests.knowledge.ingestion.test_parse_html import read, texts


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("$11<sup>99</sup>", "$11.99"),
        ("<sup>$</sup>11<sup>99</sup>", "$11.99"),
        ("$11<small>99</small> today", "$11.99 today"),
        ("$11<span class=price__cents>99</span>", "$11.99"),
        ("<span>$</span>\n<span>11</span>\n<sup class=cents>99</sup>", "$ 11.99"),
        ("11<sup>99</sup> €", "11.99 €"),
        ("19€<sup>99</sup>", "19€99"),
        ("12<sup>,50</sup> €", "12,50 €"),
        ("$49<sup>/mo</sup>", "$49/mo"),
        ("10<sup>6</sup> cycles", "10⁶ cycles"),
        ("10<span style='vertical-align: super'>6</span>", "10⁶"),
        ("10<span class=sup>6</span>", "10⁶"),
        ("10<sup>-3</sup> m", "10⁻³ m"),
        ("<math><msup><mn>10</mn><mn>6</mn></msup></math>", "10⁶"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("3<sup>1</sup>/<sub>2</sub> cups", "3 1/2 cups"),
        ("2<sup>k</sup>", "2^k"),
        ("12 m<sup>2</sup>, 1<sup>st</sup>, Acme<sup>®</sup>", "12 m², 1st, Acme®"),
        ("the isotope <sup>14</sup>C", "the isotope ¹⁴C"),
        ("1010<sub>2</sub>, H<sub>2</sub>O", "1010₂, H2O"),
        ("9<sup>00</sup>–18<sup>30</sup>", "9:00–18:30"),
        ("<small>Only 99</small> left", "Only 99 left"),
        # Marks of footnotes are left out, and leave no space.
        ("Unlimited<sup>1</sup> calls", "Unlimited calls"),
        ("Calls<sup><a href='#cite_note-5'>[5]</a></sup> are free", "Calls are free"),
        ("Calls<a href='#fn6'><sup>6</sup></a>", "Calls"),
        ("Calls<sup id='fnref:7'><a class=footnote-ref href='#fn:7'>7</a></sup>.", "Calls."),
        ("Calls<sup>*</sup> are <sup>2</sup> free", "Calls are free"),
        ("<sup>1</sup> Fair use.", "Fair use."),
    ],
)
def test_raised_text_stays_apart(html: str, said: str) -> None:
    assert texts(f"<main><p>{html}</p></main>") == [said]
    cells = f"<table><tr><th>A<th>B</tr><tr><td>x<td>{html}</tr></table>"
    assert texts(f"<main>{cells}</main>") == [f"A: x | B: {said}"]


def test_raised_text_in_markdown_and_headings() -> None:
    source = (
        "## Area in m<sup>2</sup>\n\n$11<sup>99</sup>, 10<sup>6</sup> times<sup>[1](#n)</sup>.\n"
    )
    (block,) = parse(source.encode(), "text/markdown", "a.md").blocks
    assert (block.heading_path, block.text) == (("Area in m²",), "$11.99, 10⁶ times.")


HIDDEN = "543c31382414312c35392438317a373b39"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (("<a href='/cdn-cgi/l/email-protection#{0}'><span data-cfemail={0}>[email&#160;protected]"
         "</span></a>"), "help@example.com"),
        ("<a href='/cdn-cgi/l/email-protection' data-cfemail={0}>[email&#160;protected]</a>",
         "help@example.com"),
        ("<a href='/cdn-cgi/l/email-protection#{0}'>Write to us</a>",
         "Write to us (help@example.com)"),
        ("<a href='https://x.example/cdn-cgi/l/email-protection#{0}'>Help</a>",
         "Help (help@example.com)"),
        # Nothing, rather than what stands in its place.
        ("<a href='/cdn-cgi/l/email-protection'>[email&#160;protected]</a>", ""),
        ("<span data-cfemail=zz>[email&#160;protected]</span>", ""),
        ("<span data-cfemail=5400>[email&#160;protected]</span>", ""),
        ("<span data-cfemail=''>[email&#160;protected]</span>", ""),
        ("<span data-cfemail={1}>[email&#160;protected]</span>", ""),
    ],
)  # fmt: skip
def test_an_address_that_a_server_protects(html: str, said: str) -> None:
    link = html.format(HIDDEN, "00" + "61" * 400)
    assert texts(f"<main><p>Mail: {link}</p></main>") == [f"Mail: {said}".strip()]
    cells = f"<table><tr><th>Mail</th><td>{link}</td></tr></table>"
    assert texts(f"<main><p>x</p>{cells}</main>")[1] == (f"Mail: {said}" if said else "Mail")


PICTURES = {
    "figure": "<figure><img src=a.png alt='A cat'><figcaption>Figure 1: A cat.</figcaption>"
    "</figure>",
    "paragraph": "<p><img src=a.png alt='A cat on a sofa'></p>",
    "wordpress": "<div class=wp-caption><img src=a.png><p class=wp-caption-text>Cats.</p></div>",
    "encyclopaedia": "<div class=thumb><img src=a><div class=thumbcaption>Cats in Rome.</div>"
    "</div>",
    "link": "<div><a href=/><img src=a.png alt='Acme logo'></a></div>",
}


def quoted(document: PreparedDocument) -> list[str]:
    return [span.of(draft.text) for draft in document.drafts for span in draft.sentences]


@pytest.mark.parametrize("html", PICTURES.values(), ids=PICTURES)
def test_a_text_about_a_picture_is_searched_and_not_quoted(html: str) -> None:
    page = f"<main><h1>Cats</h1><p>We sell cat food.</p>{html}<p>It costs two euros.</p></main>"
    document = prepare(page.encode(), "text/html", "cats.html")
    assert quoted(document) == ["We sell cat food.", "It costs two euros."]
    assert len(document.drafts[0].text) > len("We sell cat food. It costs two euros.") + 4


def test_a_picture_in_markdown_is_not_quoted() -> None:
    document = prepare(b"We sell food.\n\n![A cat](cat.png)\n", "text/markdown", "cats.md")
    assert quoted(document) == ["We sell food."]
    assert "A cat" in document.drafts[0].text


@pytest.mark.parametrize("caption", ["Figure 3: The settings page.", "Screenshot of the settings"])
def test_a_caption_by_its_form_is_not_quoted_in_any_format(caption: str) -> None:
    document = prepare(f"We sell food.\n\n{caption}\n".encode(), "text/plain", "cats.txt")
    assert quoted(document) == ["We sell food."]
    said = prepare(b"We sell food.\n\nFigure 3 shows how.\n", "text/plain", "cats.txt")
    assert quoted(said) == ["We sell food.", "Figure 3 shows how."]


def test_captions_of_others_and_pictures_in_a_sentence_are_text() -> None:
    html = (
        "<p>Press <img alt=Gear src=g.png> and wait.</p>"
        "<figure><pre>cd app</pre><figcaption>Install it so.</figcaption></figure>"
        "<figure><blockquote>Fine.</blockquote><figcaption>A customer</figcaption></figure>"
        "<ul><li><img alt=Visa src=v.png><li><img alt=Maestro src=m.png></ul>"
    )
    assert not any(block.is_caption for block in read(f"<main>{html}</main>").blocks)


def test_a_section_of_captions_alone_is_found_by_them() -> None:
    page = "<main><h1>Map</h1><img src=m.png alt='Take the exit to the left.'></main>"
    (draft,) = prepare(page.encode(), "text/html", "map.html").drafts
    assert [span.of(draft.text) for span in draft.sentences] == ["Take the exit to the left."]


def test_what_is_no_longer_quoted_is_another_chunk() -> None:
    page = "<main><h1>T</h1><p>We sell food.</p><{0}>A cat.</{0}></main>"
    text, caption = (
        prepare(page.format(tag).encode(), "text/html", "a.html")
        for tag in ("p", "p class=wp-caption-text")
    )
    assert text.drafts[0].text == caption.drafts[0].text
    same = chunk_hash(text, text.drafts[0])
    assert same == chunk_hash(caption, caption.drafts[0])
    figure = prepare(
        b"<main><h1>T</h1><p>We sell food.</p><figure><img><figcaption>A cat.</figcaption>"
        b"</figure>",
        "text/html",
        "a.html",
    )
    assert figure.drafts[0].text == text.drafts[0].text
    assert chunk_hash(figure, figure.drafts[0]) != same
