"""Office files and PDFs written by hand, part by part: as no program would write them."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _archive(parts: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def docx(body: bytes | str, doctype: str = "", *, others: Mapping[str, bytes | str] = {}) -> bytes:
    """Return a DOCX with this as the inside of its body."""
    text = body if isinstance(body, bytes) else body.encode()
    head = f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{_WORD}"><w:body>'
    return _archive(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{_PACKAGE}/content-types">'
                '<Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>'
            ),
            "_rels/.rels": (
                f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
                f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
            ),
            "word/document.xml": head.encode() + text + b"</w:body></w:document>",
            **others,
        }
    )


def xlsx(
    rows: bytes | str,
    doctype: str = "",
    *,
    merged: str = "",
    others: Mapping[str, bytes | str] = {},
) -> bytes:
    """Return an XLSX of one sheet with this as the inside of its data, and these merged cells."""
    text = rows if isinstance(rows, bytes) else rows.encode()
    head = f'<?xml version="1.0"?>{doctype}<worksheet xmlns="{_SHEET}"><sheetData>'
    return _archive(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{_PACKAGE}/content-types">'
                '<Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{XLSX}.main+xml"/>'
                '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
                'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
            ),
            "_rels/.rels": (
                f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
                f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ),
            "xl/workbook.xml": (
                f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
                '<sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
                f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            ),
            "xl/worksheets/sheet1.xml": (
                head.encode()
                + text
                + f"</sheetData><mergeCells>{merged}</mergeCells></worksheet>".encode()
            ),
            **others,
        }
    )


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """Return a PDF of these objects, numbered from 1, with its table of where they are."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, one in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, root, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data, 1)
    return b"<</Filter/FlateDecode/Length %d%b>>stream\n%b\nendstream" % (
        len(packed),
        entries,
        packed,
    )


def pdf_page(contents: bytes, *more: bytes) -> bytes:
    """Return a PDF of one page; the objects of `more` are numbered from 6."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    resources = b"<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources %b>>"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page % resources,
        contents,
        font,
        *more,
    )


def paragraph(text: str) -> str:
    """Return a paragraph of a DOCX."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def tree_of_pages(count: int) -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(count))
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(b"BT /F1 12 Tf 50 700 Td (The same page again.) Tj ET"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def forms_that_double(depth: int) -> bytes:
    """Return a page whose drawing draws another twice, and so on: 2 ** depth times a text."""
    forms = []
    for level in range(depth):
        number = 6 + level + 1
        entries = (
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>"
            b"/XObject<</X %d 0 R>>>>" % number
        )
        last = level == depth - 1
        drawn = b"BT /F1 12 Tf 50 700 Td (Word) Tj ET" if last else b"/X Do /X Do"
        forms.append(stream(drawn, entries))
    return pdf_page(stream(b"/X Do /X Do"), *forms)
