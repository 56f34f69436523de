"""Word and Excel files written by hand, part by part."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = f'xmlns:r="{_OFFICE}"'
_M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
    for key, name, more in (
        ("Title", "Title", ""),
        ("berschrift1", "heading 1", ""),
        ("Titre2", "Titre 2", ""),
        ("Mine", "Acme section", '<w:basedOn w:val="Titre2"/>'),
        ("Outlined", "Chapter", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>'),
        ("Toc1", "toc 1", ""),
        ("Hidden", "Internal", "<w:rPr><w:vanish/></w:rPr>"),
        ("Hidden2", "Internal too", '<w:basedOn w:val="Hidden"/>'),
        ("Shown", "Shown again", '<w:basedOn w:val="Hidden"/><w:rPr><w:vanish w:val="0"/></w:rPr>'),
        ("Code", "Code", ""),
        ("Liste", "List Bullet", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>'),
    )
)
_RAISING = (
    '<w:style w:type="character" w:styleId="FootnoteAnchor"><w:name w:val="Footnote anchor"/>'
    '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
)
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
    '</w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="x"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="\uf0fc"/><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive of the parts, the same each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in parts.items():
            file.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def paragraph(text: str = "", style: str = "", number: str = "", level: int = 0) -> str:
    """Return a paragraph; a text that begins with "<" is put in as XML."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    runs = (
        text
        if text.startswith("<")
        else f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def run(text: str, properties: str = "") -> str:
    """Return a run of text with its properties as XML."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def raised(text: str) -> str:
    return run(text, '<w:vertAlign w:val="superscript"/>')


def symbol(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def cell(text: str, properties: str = "") -> str:
    """Return a table's cell with its properties as XML."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def wide(text: str, columns: int) -> str:
    """Return a table's cell across several columns."""
    return cell(text, f'<w:gridSpan w:val="{columns}"/>')


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table; what begins with "<" is put in as XML."""
    return "<w:tbl>{}</w:tbl>".format(
        "".join(
            "<w:tr>{}</w:tr>".format(
                "".join(
                    one if one.startswith(("<w:tc>", "<w:trPr>", "<w:sdt>")) else cell(one)
                    for one in row
                )
            )
            for row in rows
        )
    )


def docx_file(*body: str, notes: str = "", main: str = "word/document.xml") -> bytes:
    """Return a Word document of paragraphs and tables."""
    kinds = ("styles", "numbering", "footnotes")
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in kinds
    )
    relations += (
        f'<Relationship Id="mail" Type="{_OFFICE}/hyperlink" TargetMode="External"'
        ' Target="mailto:help@acme.com?subject=x"/>'
    )
    folder, _, file = main.rpartition("/")
    return archive(
        {
            "[Content_Types].xml": (
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                f'<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-'
                'officedocument.wordprocessingml.document.main+xml"/></Types>'
            ),
            main: (
                f"<w:document {_W} {_R} {_M} {_W14}>"
                f"<w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"
            ),
            f"{folder}/_rels/{file}.rels": f"<Relationships {_PACKAGE}>{relations}</Relationships>",
            f"{folder}/styles.xml": f"<w:styles {_W}>{_STYLES}{_RAISING}</w:styles>",
            f"{folder}/numbering.xml": f"<w:numbering {_W}>{_NUMBERING}</w:numbering>",
            f"{folder}/footnotes.xml": f"<w:footnotes {_W}>{notes}</w:footnotes>",
        }
    )


def xlsx_file(
    sheets: Mapping[str, str],
    *,
    formats: Sequence[str] = (),
    strings: Sequence[str] = (),
    styles: str = "",
    hidden: Sequence[str] = (),
    properties: str = "",
) -> bytes:
    """Return a workbook; a sheet is the XML inside its element, formats are styles 1, 2, ….

    `styles` are others, as XML; so are the workbook's `properties`.
    """
    names = list(sheets)
    entries = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"'
        f"{' state=' + chr(34) + 'hidden' + chr(34) if name in hidden else ''}/>"
        for number, name in enumerate(names, start=1)
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/s{number}.xml"/>'
        for number in range(1, len(names) + 1)
    )
    for kind in ("sharedStrings", "styles"):
        relations += f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="/xl/{kind}.xml"/>'
    codes = "".join(
        f'<numFmt numFmtId="{200 + number}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for number, code in enumerate(formats)
    )
    xfs = "".join(f'<xf numFmtId="{200 + number}"/>' for number in range(len(formats)))
    styles = styles or f'<cellXfs><xf numFmtId="0"/>{xfs}</cellXfs>'
    parts = {
        "xl/workbook.xml": f"<workbook {_S} {_R}>{properties}<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships {_PACKAGE}>{relations}</Relationships>",
        "xl/sharedStrings.xml": f"<sst {_S}>{''.join(f'<si>{one}</si>' for one in strings)}</sst>",
        "xl/styles.xml": (f"<styleSheet {_S}><numFmts>{codes}</numFmts>{styles}</styleSheet>"),
    }
    for number, name in enumerate(names, start=1):
        parts[f"xl/worksheets/s{number}.xml"] = f"<worksheet {_S}>{sheets[name]}</worksheet>"
    return archive(parts)


def cells(rows: Mapping[int, Sequence[str | float | None]]) -> str:
    """Return a sheet's rows by their numbers; texts stand in the cells themselves."""
    lines = []
    for number, values in rows.items():
        written = ""
        for column, value in enumerate(values):
            place = f"{chr(ord('A') + column)}{number}"
            if isinstance(value, str):
                written += f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            elif value is not None:
                written += f'<c r="{place}"><v>{value}</v></c>'
        lines.append(f'<row r="{number}">{written}</row>')
    return f"<sheetData>{''.join(lines)}</sheetData>"


def xls_95_file(texts: Sequence[str], encoding: str, code_page: int) -> bytes:
    """Return a workbook as Excel 95 wrote it: a column of texts in the computer's own encoding."""
    labels = b"".join(
        _record(0x0204, struct.pack("<HHHH", row, 0, 0, len(said)) + said)
        for row, said in enumerate(text.encode(encoding) for text in texts)
    )
    head = _record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 0))
    head += _record(0x0042, struct.pack("<H", code_page))
    start = len(head) + 4 + 6 + 2 + 4
    head += _record(0x0085, struct.pack("<IHB", start, 0, 1) + b"S") + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHH", 0x0500, 0x10, 0, 0)) + labels
    return _container("Book", (head + sheet + _record(0x000A, b"")).ljust(4096, b"\0"))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _container(name: str, content: bytes) -> bytes:
    """Return a compound file with one stream: header, table of sectors, directory, content."""
    end, free, taken = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    last = 1 + -(-len(content) // 512)
    chain = [taken, end, *range(3, last + 1), end]
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    )
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    sectors = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    return (
        head
        + sectors
        + (_entry("Root Entry", 5, 1, end, 0) + _entry(name, 2, free, 2, len(content)) + bytes(256))
        + content.ljust(512 * (last - 1), b"\0")
    )


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    letters, none = name.encode("utf-16-le"), 0xFFFFFFFF
    head = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters) + 2, kind, 1)
    head += struct.pack("<III", none, none, child) + bytes(36)
    return head + struct.pack("<IQ", start, size)
