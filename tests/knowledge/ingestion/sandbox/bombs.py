"""Documents made to choke a reader: small on the wire, huge or endless when read.

Each is made here, and none is kept as a file.
"""

import gzip
import json
import random
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from tests.knowledge.ingestion.sandbox.containers import (
    DOCX,
    XLSX,
    docx,
    forms_that_double,
    paragraph,
    pdf,
    pdf_page,
    stream,
    tree_of_pages,
    xlsx,
)

MARKDOWN: Final = "text/markdown"
HTML: Final = "text/html"
TEXT: Final = "text/plain"
CSV: Final = "text/csv"
JSON: Final = "application/json"
PDF: Final = "application/pdf"
EXTENSIONS: Final = {
    MARKDOWN: "md",
    HTML: "html",
    TEXT: "txt",
    CSV: "csv",
    JSON: "json",
    PDF: "pdf",
    DOCX: "docx",
    XLSX: "xlsx",
}

_LAUGHS: Final = (
    '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
_QUADRATIC: Final = f'<!DOCTYPE l [<!ENTITY j "{"x" * 200_000}">]>'


def _letters(column: int) -> str:
    """Return a column's name in a sheet, below ZZ."""
    first, last = divmod(column, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)


def _words(count: int) -> str:
    chosen = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(chosen.choices(letters, k=6)) for _ in range(count))


DOCUMENTS: Final[Mapping[str, tuple[str, Callable[[], bytes]]]] = {
    # Archives.
    "docx of 140 MB of spaces": (DOCX, lambda: docx(b" " * 140_000_000)),
    "docx of a million paragraphs": (DOCX, lambda: docx(paragraph("words here") * 1_000_000)),
    "docx of 15,000 parts": (
        DOCX,
        lambda: docx(paragraph("deep"), others={f"word/p{n}.xml": b"<a/>" for n in range(15_000)}),
    ),
    "docx in a docx in a docx": (
        DOCX,
        lambda: docx(
            paragraph("deep"),
            others={"word/embeddings/a.docx": docx("", others={"b": docx(b" " * 10**8)})},
        ),
    ),
    "docx nested deeply": (DOCX, lambda: docx("<w:sdt><w:sdtContent>" * 100_000)),
    "docx of tables in tables": (
        DOCX,
        lambda: docx(
            "<w:tbl><w:tr><w:tc>" * 5_000 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 5_000
        ),
    ),
    "docx of cells without an end": (
        DOCX,
        lambda: docx(
            "<w:tbl>"
            + (
                '<w:tr><w:trPr><w:gridBefore w:val="1000000000"/></w:trPr><w:tc><w:tcPr>'
                f'<w:gridSpan w:val="{"9" * 5_000}"/></w:tcPr>{paragraph("deep")}</w:tc></w:tr>'
            )
            * 20_000
            + f"</w:tbl>{paragraph('deep')}"
        ),
    ),
    "docx of a cell that goes on": (
        DOCX,
        lambda: docx(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
            f"{paragraph('word ' * 20_000)}</w:tc><w:tc>{paragraph('a')}</w:tc></w:tr>"
            + (
                "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
                f"<w:tc>{paragraph('b')}</w:tc></w:tr>"
            )
            * 20_000
            + "</w:tbl>"
        ),
    ),
    "docx of a million symbols": (
        DOCX,
        lambda: docx(
            "<w:p>" + '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' * 1_000_000 + "</w:p>"
        ),
    ),
    "docx of raised letters": (
        DOCX,
        lambda: docx(
            "<w:p>"
            + '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2 </w:t></w:r>' * 100_000
            + "</w:p>"
        ),
    ),
    "docx of checkboxes in checkboxes": (
        DOCX,
        lambda: docx(
            "<w:sdt><w:sdtPr><w:checkbox/></w:sdtPr><w:sdtContent>" * 20_000
            + paragraph("deep")
            + "</w:sdtContent></w:sdt>" * 20_000
        ),
    ),
    "docx of an equation nested deeply": (
        DOCX,
        lambda: docx(
            "<w:p><w:oMath>" + "<w:f><w:num>" * 20_000 + "</w:num></w:f>" * 20_000 + "</w:oMath>"
            f"</w:p>{paragraph('deep')}"
        ),
    ),
    "docx of a billion laughs": (DOCX, lambda: docx(paragraph("&j;"), _LAUGHS)),
    "docx of one entity often": (DOCX, lambda: docx(paragraph("&j;" * 50_000), _QUADRATIC)),
    "xlsx of 140 MB of spaces": (XLSX, lambda: xlsx(b" " * 140_000_000)),
    "xlsx of a billion laughs": (
        XLSX,
        lambda: xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>', _LAUGHS),
    ),
    "xlsx of two cells far apart": (
        XLSX,
        lambda: xlsx(
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        ),
    ),
    "xlsx of tables side by side": (
        XLSX,
        lambda: xlsx(
            "".join(
                f'<row r="{n}">'
                + "".join(
                    f'<c r="{_letters(column)}{n}"><v>1</v></c>'
                    for column in range(999)
                    if column % 3
                )
                + "</row>"
                for n in range(1, 500)
            )
        ),
    ),
    "xlsx of cells merged without an end": (
        XLSX,
        lambda: xlsx(
            "".join(
                f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>word</t></is></c></row>'
                for n in range(1, 10_000)
            ),
            merged="".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 10_000)),
        ),
    ),
    "xlsx of 600,000 cells": (
        XLSX,
        lambda: xlsx(
            "".join(
                f'<row r="{n}">' + '<c t="inlineStr"><is><t>word</t></is></c>' * 20 + "</row>"
                for n in range(1, 30_001)
            )
        ),
    ),
    # PDF.
    "pdf of a huge stream": (PDF, lambda: pdf_page(stream(b" " * 140_000_000))),
    "pdf of a million words": (
        PDF,
        lambda: pdf_page(stream(b"BT /F1 12 Tf 50 700 Td " + b"(word ) Tj " * 1_000_000 + b"ET")),
    ),
    "pdf of slanted letters": (
        PDF,
        lambda: pdf_page(
            stream(
                b"BT /F1 40 Tf "
                + b"".join(
                    b"0.7 0.7 -0.7 0.7 %d %d Tm (W) Tj " % (n % 600, n % 800)
                    for n in range(100_000)
                )
                + b"ET"
            )
        ),
    ),
    "pdf of raised digits": (
        PDF,
        lambda: pdf_page(
            stream(
                b"BT /F1 10 Tf 50 700 Td "
                + b"/F1 10 Tf 0 Ts (10) Tj /F1 6 Tf 4 Ts (6) Tj " * 50_000
                + b"ET"
            )
        ),
    ),
    "pdf of filters on filters": (
        PDF,
        lambda: pdf_page(
            b"<</Filter[%b]/Length %d>>stream\n%b\nendstream"
            % (b"/FlateDecode" * 3, len(_thrice()), _thrice())
        ),
    ),
    "pdf nested deeply": (PDF, lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"[" * 500_000)),
    "pdf of one page a million times": (PDF, lambda: tree_of_pages(1_000_000)),
    "pdf that claims a million pages": (
        PDF,
        lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1000000>>"),
    ),
    "pdf whose form draws itself": (
        PDF,
        lambda: pdf_page(
            stream(b"/X Do"),
            stream(
                b"/X Do /X Do",
                b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>",
            ),
        ),
    ),
    "pdf of forms that double": (PDF, lambda: forms_that_double(30)),
    "pdf that is damaged": (PDF, lambda: tree_of_pages(50)[:-400].replace(b"endobj", b"")),
    # Text.
    "html nested deeply": (HTML, lambda: b"<div>" * 100_000 + b"deep"),
    "html of unclosed marks": (HTML, lambda: b"<b><i><a><font>" * 50_000 + b"deep"),
    "html of misnested marks": (HTML, lambda: b"<b><p>x</b></p>" * 30_000 + b"deep"),
    "html of tables in tables": (HTML, lambda: b"<table><tr><td>" * 30_000 + b"deep"),
    "html of wide cells": (
        HTML,
        lambda: b"<table>" + b"<tr><td colspan=1000 rowspan=60000>x" * 3_000 + b"</table>deep",
    ),
    "html of a billion laughs": (HTML, lambda: _LAUGHS.encode() + b"<p>&j; deep</p>"),
    "html of a million attributes": (
        HTML,
        lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">deep</p>",
    ),
    "html of headings": (HTML, lambda: b"<h1>a</h1><h2>b</h2>" * 100_000 + b"deep"),
    "html of odd rows": (
        HTML,
        lambda: (
            b"<table><tr><th>A<th>B<th>C"
            + b"<tr><th colspan=3>deep<tr><td rowspan=65534>x<tr><th>y<td colspan=65534>z" * 10_000
        ),
    ),
    "html of tables by roles": (
        HTML,
        lambda: b"<div role=table><div role=row><div role=cell>" * 300 + b"deep " * 50_000,
    ),
    "html of controls of one panel": (
        HTML,
        lambda: b"<p id=p hidden>deep</p>" + b"<button aria-controls=p>Why?</button>" * 100_000,
    ),
    "html of controls in a circle": (
        HTML,
        lambda: b"".join(
            b"<div id=p%d aria-controls=p%d role=button hidden>deep</div>" % (n, (n + 1) % 20_000)
            for n in range(20_000)
        ),
    ),
    "html of panels in panels": (
        HTML,
        lambda: (
            b"".join(b"<h3>Why?</h3><div class=answer hidden id=p%d>deep" % n for n in range(900))
            + b" word" * 100_000
        ),
    ),
    "html of raised text": (HTML, lambda: b"10<sup>6</sup> <sup>1" * 100_000),
    "html of icons": (
        HTML,
        lambda: b"<table>" + b"<tr><td>deep<td><i class='fa fa-check a b c d'></i>" * 50_000,
    ),
    "html of lines of code": (HTML, lambda: b"<pre>" + b"<div class=line>deep</div>" * 100_000),
    "html of captions": (HTML, lambda: b"<figure><img>" + b"<figcaption>deep" * 50_000),
    "markdown of brackets": (MARKDOWN, lambda: b"[" * 100_000 + b"deep" + b"]" * 100_000),
    "markdown of brackets in paragraphs": (
        MARKDOWN,
        lambda: ("[" * 40 + "a" + "](b)" * 40 + "\n\n").encode() * 5_000,
    ),
    "markdown of emphasis": (MARKDOWN, lambda: b"*a **b " * 100_000 + b"deep"),
    "markdown of emphasis in paragraphs": (
        MARKDOWN,
        lambda: (b"*a_ **b__ " * 100 + b"\n\n") * 2_000,
    ),
    "markdown of 100,000 paragraphs": (MARKDOWN, lambda: b"a word\n\n" * 100_000),
    "markdown of quotes": (MARKDOWN, lambda: b">" * 200_000 + b" deep"),
    "markdown of lists in lists": (
        MARKDOWN,
        lambda: b"".join(b" " * (2 * n) + b"- item\n" for n in range(2_000)),
    ),
    "markdown of back ticks": (MARKDOWN, lambda: b"".join(b"`" * n + b" " for n in range(3_000))),
    "markdown of references": (
        MARKDOWN,
        lambda: b"".join(b"[r%d]: /u\n" % n for n in range(50_000)) + b"[r1][r2]" * 50_000,
    ),
    "markdown of a wide table": (
        MARKDOWN,
        lambda: b"|a" * 5_000 + b"|\n" + b"|-" * 5_000 + b"|\n" + (b"|b" * 5_000 + b"|\n") * 200,
    ),
    "text without an end": (TEXT, lambda: b"a" * 10_000_000),
    "text of dots": (TEXT, lambda: b". " * 2_000_000),
    "text of spaces": (TEXT, lambda: b"a" + b" " * 5_000_000 + b"b"),
    "text of broken lines": (TEXT, lambda: b" \n" * 3_000_000 + b"deep"),
    "text of bars": (TEXT, lambda: b"|-+=|" * 1_000_000),
    "text of numbers": (TEXT, lambda: b"1.2,3:4-5/6" * 500_000),
    "text of joined characters": (TEXT, lambda: b"a" + "\u0301".encode() * 2_000_000),
    "text of capitals": (TEXT, lambda: b"aBcDeFgH" * 800_000),
    "text of ten megabytes": (TEXT, lambda: _words(2_000).encode() * 700),
    # Tables and data.
    "csv of a field of ten megabytes": (CSV, lambda: b'a,b\n"' + b"x" * 10_000_000 + b'",1\n'),
    "csv of a million columns": (
        CSV,
        lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n" + b"1," * 999_999 + b"1\n",
    ),
    "csv of wide names": (
        CSV,
        lambda: (b"n" * 4_000 + b",") * 50 + b"\n" + (b"1," * 50 + b"\n") * 30_000,
    ),
    "csv of an open quote": (CSV, lambda: b'a,b\n1,"' + b"x,y\n" * 1_000_000),
    "json nested deeply": (JSON, lambda: b"[" * 100_000 + b"1" + b"]" * 100_000),
    "json of objects in objects": (JSON, lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "json of a huge number": (JSON, lambda: b'{"a": ' + b"9" * 1_000_000 + b"}"),
    "json of many objects": (
        JSON,
        lambda: json.dumps(
            [{"question": f"q{n}?", "answer": "a"} for n in range(100_000)]
        ).encode(),
    ),
}

SITEMAPS: Final[Mapping[str, Callable[[], bytes]]] = {
    "a billion laughs": lambda: _LAUGHS.encode() + b"<urlset><url><loc>&j;</loc></url></urlset>",
    "a gzip of 140 MB": lambda: gzip.compress(b"<urlset>" + b" " * 140_000_000, 1),
    "a gzip in a gzip": lambda: gzip.compress(gzip.compress(b"<urlset>" + b" " * 100_000_000)),
    "nested deeply": lambda: b"<urlset>" + b"<a>" * 500_000,
    "a million entries": lambda: (
        b"<urlset>" + b"<url><loc>https://example.com/a</loc></url>" * 1_000_000 + b"</urlset>"
    ),
    "one long address": lambda: (
        b"<urlset><url><loc>" + b"a" * 10_000_000 + b"</loc></url></urlset>"
    ),
    "many attributes": lambda: (
        b"<urlset " + b" ".join(b"a%d='1'" % n for n in range(200_000)) + b"/>"
    ),
    "ampersands": lambda: b"<urlset><url><loc>" + b"&" * 5_000_000 + b"</loc></url></urlset>",
}


def _thrice() -> bytes:
    return zlib.compress(zlib.compress(zlib.compress(b" " * 140_000_000, 1)))
