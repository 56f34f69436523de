"""XHTML is read by XML's rules, and what is not well-formed by HTML's."""

import time

import pytest

from answerdesk.knowledge.ingestion.parse import ParsedDocument, parse
from answerdesk.knowledge.ingestion.parse.media_types import XHTML, media_type_of
from answerdesk.knowledge.website.signals import read_signals

XML = '<?xml version="1.0" encoding="UTF-8"?>'
ROOT = '<html xmlns="http://www.w3.org/1999/xhtml">'
STRICT = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
)
CHARGE = "Charge the battery for six hours."


HEAD = f"{ROOT}<head><title>Manual</title>"
END = "</body></html>"
PREFIXED = (
    '<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Manual</h:title></h:head>'
    f"<h:body><h:p>{CHARGE}</h:p></h:body></h:html>"
)
SCRIPT = "//<![CDATA[\nif (a < b && c) { d('</p>') }\n//]]>"


def read(page: str, media_type: str = XHTML, name: str = "manual.xhtml") -> ParsedDocument:
    return parse(page.encode(), media_type, name)


def texts(page: str, media_type: str = XHTML, name: str = "manual.xhtml") -> list[str]:
    return [block.text for block in read(page, media_type, name).blocks]


@pytest.mark.parametrize(
    "page",
    [
        f'{XML}{HEAD}<script src="x.js"/></head><body><p>{CHARGE}</p>{END}',
        f"{XML}{STRICT}{HEAD}<style/></head><body><div id='top'/><p>{CHARGE}</p>{END}",
        f"{HEAD}</head><body><iframe src='a'/><a id='b'/><p/><textarea/><p>{CHARGE}</p>{END}",
        PREFIXED,
        f"{XML}{HEAD}</head><body><p><![CDATA[{CHARGE}]]></p><script>{SCRIPT}</script>{END}",
        f"{XML}{STRICT}{HEAD}</head><body><p>Charge&nbsp;the battery for six hours.</p>{END}",
        f"<html><head><title>Manual</title></head><body><p>{CHARGE}</p>{END}",
    ],
)
def test_elements_end_where_xml_ends_them(page: str) -> None:
    document = read(page)
    assert document.title == "Manual"
    assert [one.text.replace("\xa0", " ") for one in document.blocks] == [CHARGE]


def test_the_type_the_name_or_the_first_lines_declare_it() -> None:
    page = f"{XML}{ROOT}<head><script src='x.js'/></head><body><p>{CHARGE}</p></body></html>"
    assert media_type_of("manual.xhtml") == media_type_of("a.XHT") == XHTML
    assert texts(page, XHTML, "manual") == [CHARGE]
    assert texts(page, "text/plain", "manual.xhtml") == [CHARGE]
    assert texts(page, "text/html", "manual.html") == [CHARGE]


@pytest.mark.parametrize("fault", ["Q&A", "a < b", "<br>", "<b>bold", "<p a=1 a=2/>", "<p x>"])
def test_what_is_not_well_formed_is_read_by_htmls_rules(fault: str) -> None:
    page = (
        f"{XML}{ROOT}<head><title/><script src='x.js'/></head><body><p>{fault}</p><p>{CHARGE}</p>"
        "</body></html>"
    )
    assert CHARGE in texts(page)[-1]


def test_letters_and_names_come_out_as_they_are_written() -> None:
    page = (
        f"{STRICT}{ROOT}<body><p>5 &lt; 7 &amp;amp; &eacute;t&eacute; &hellip; &#8364;"
        " &quot;x&quot; &NotEqual; &unheardof; </p><p title='a&nbsp;\"b\"'>2</p></body></html>"
    )
    assert texts(page)[0].replace("\xa0", " ") == '5 < 7 &amp; été … € "x" ≠'


def test_what_the_document_declares_is_read_and_nothing_outside_it() -> None:
    declared = '<!DOCTYPE html [<!ENTITY company "ACME Ltd">]>'
    assert texts(f"{declared}{ROOT}<body><p>By &company;.</p></body></html>") == ["By ACME Ltd."]
    outside = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    found = texts(f"{outside}{ROOT}<body><p>Not &a; here.</p></body></html>")
    assert "root:" not in "".join(found)
    assert found[0].startswith("Not")


@pytest.mark.parametrize(
    "declarations",
    [
        '<!ENTITY a "ha">'
        + "".join(
            f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        f'<!ENTITY i "{"x" * 200_000}">',
        '<!ENTITY % p SYSTEM "http://example.com/p.dtd"> %p;<!ENTITY i "x">',
    ],
)
def test_entities_cannot_make_a_page_endless(declarations: str) -> None:
    page = f"<!DOCTYPE html [{declarations}]>{ROOT}<body><p>{'&i;' * 10_000} end</p></body></html>"
    begun = time.process_time()
    assert texts(page)[-1].endswith("end")
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("page", ["<a/>" * 50_000, "<a>" * 100_000, "<" * 1_000_000])
def test_odd_pages_are_read_quickly(page: str) -> None:
    begun = time.process_time()
    texts(f"{XML}{ROOT}<body><p>{CHARGE}</p>{page}")
    assert time.process_time() - begun < 8


def test_links_of_a_page_are_found_behind_what_closes_itself() -> None:
    body = f"<body><p>{CHARGE}</p><a href='/b'>B</a></body>"
    page = f"{ROOT}<head><script src='x.js'/></head>{body}</html>"
    signals = read_signals(page.encode(), XHTML, "https://example.com/a")
    assert signals.links == ("https://example.com/b",)
    assert not signals.needs_javascript
