import pytest

from answerdesk.knowledge.ingestion.parse import Block, ParsedDocument, UnreadableDocument, parse
from answerdesk.knowledge.ingestion.split import split
from tests.knowledge.ingestion.office_files import archive, docx_file, paragraph, table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def read(content: bytes, name: str = "handbook.docx") -> ParsedDocument:
    return parse(content, DOCX, name)


def texts(*body: str, notes: str = "") -> list[str]:
    return [block.text for block in read(docx_file(*body, notes=notes)).blocks]


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (b"", "empty", "empty"),
        (b"words", "broken", "is not a Word document despite its name"),
        (b"PK\x03\x04 cut", "broken", "save it again"),
        (docx_file(paragraph("a"))[:-40], "broken", "save it again"),
        (docx_file("<w:p><w:r>"), "broken", "damaged"),
        (archive({"word/document.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), "broken", ""),
        (archive({"word/document.xml": b"\xff\xff"}), "broken", "save it again"),
        (docx_file(paragraph(" ")), "no_text", "has no text"),
        (archive({"a.txt": "x"}), "unsupported_type", "unpack it"),
        (archive({"ppt/presentation.xml": "x"}), "unsupported_type", "slides as PDF"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.text"}), "unsupported_type", ""),
        (OLE + "WordDocument".encode("utf-16-le"), "unsupported_type", "save it as DOCX"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "save it without one"),
        (rb"{\rtf1 words}", "unsupported_type", "save it as DOCX"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(
    content: bytes, reason: str, says: str
) -> None:
    with pytest.raises(UnreadableDocument, match=r"^handbook\.docx: ") as refusal:
        read(content)
    assert refusal.value.reason == reason
    assert says in refusal.value.message


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    bomb = archive({"word/document.xml": b"<x>" + b" " * (130 << 20)})
    assert len(bomb) < 1_000_000
    with pytest.raises(UnreadableDocument, match="split it into smaller files"):
        read(bomb)


def test_headings_are_those_of_styles_whatever_their_language() -> None:
    document = read(
        docx_file(
            paragraph("The Handbook", "Title"),
            paragraph("Work", "berschrift1"),
            paragraph("x"),
            paragraph("Hours", "Titre2"),
            paragraph("Hours", "Toc1"),
            paragraph("y"),
            paragraph("Night", "Outlined"),
            paragraph("z"),
            paragraph("Pay", "Mine"),
            paragraph("w"),
        )
    )
    assert document.title == "The Handbook"
    assert [(block.text, block.heading_path) for block in document.blocks] == [
        ("x", ("Work",)),
        ("y", ("Work", "Hours")),
        ("z", ("Work", "Hours", "Night")),
        ("w", ("Work", "Pay")),
    ]


def test_one_heading_of_the_first_level_is_the_title_and_several_are_chapters() -> None:
    one = read(docx_file(paragraph("Guide", "berschrift1"), paragraph("x")))
    assert (one.title, one.blocks[0].heading_path) == ("Guide", ())
    chapters = (paragraph("A", "berschrift1"), paragraph("x"), paragraph("B", "berschrift1"))
    several = read(docx_file(*chapters, paragraph("y")))
    assert several.title == "Handbook"
    assert [block.heading_path for block in several.blocks] == [("A",), ("B",)]


def test_lists_are_numbered_as_word_shows_them() -> None:
    assert texts(
        paragraph("one", number="1"),
        paragraph("inner", number="1", level=1),
        paragraph("inner too", number="1", level=1),
        paragraph("two", number="1"),
        paragraph("point", "Liste"),
        paragraph("Between"),
        paragraph("three", number="1"),
        paragraph("none", number="0"),
    ) == [
        "1. one\n  - a) inner\n  - b) inner too\n2. two\n- point",
        "Between",
        "3. three",
        "none",
    ]


def test_changes_are_read_as_accepted() -> None:
    inserted = '<w:ins><w:r><w:t xml:space="preserve">is new </w:t></w:r></w:ins>'
    deleted = "<w:del><w:r><w:delText>old</w:delText><w:t>old</w:t></w:r></w:del>"
    moved = "<w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom>"
    joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>One </w:t></w:r></w:p>"
    row = "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr>"
    assert texts(
        paragraph(f"{inserted}{deleted}{moved}<w:r><w:t>here</w:t></w:r>"),
        joined,
        paragraph("paragraph"),
        table([["a", "b"], ["1", "2"]]).replace("</w:tbl>", f"{row}</w:tbl>"),
    ) == ["is new here", "One paragraph", "a: 1 | b: 2"]


def test_what_a_reader_does_not_see_is_left_out_and_what_stands_in_boxes_is_not() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    hidden += "<w:r><w:rPr><w:strike/></w:rPr><w:t>of before</w:t></w:r>"
    field = "<w:r><w:instrText>PAGEREF x</w:instrText></w:r>"
    box = "<w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r>"
    link = '<w:hyperlink r:id="mail"><w:r><w:t>write to us</w:t></w:r></w:hyperlink>'
    broken = "<w:r><w:t>line</w:t><w:br/><w:t>break</w:t><w:tab/><w:noBreakHyphen/></w:r>"
    assert texts(
        paragraph(f"<w:r><w:t>seen</w:t></w:r>{hidden}{field}" + box.format(paragraph("boxed"))),
        paragraph(link),
        paragraph(broken),
        f"<w:sdt><w:sdtContent>{paragraph('controlled')}</w:sdtContent></w:sdt>",
    ) == ["seen", "boxed", "write to us (help@acme.com)", "line\nbreak -", "controlled"]


def test_what_a_style_hides_is_left_out() -> None:
    hidden = (paragraph("secret", "Hidden"), paragraph("secret", "Hidden2"))
    assert texts(*hidden, paragraph("seen", "Shown"), paragraph("too")) == ["seen", "too"]


def test_notes_follow_the_paragraph_that_they_belong_to() -> None:
    text = '<w:r><w:t>Said.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = (
        f'<w:footnote w:id="1" w:type="separator">{paragraph("no")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Explained.")}</w:footnote>'
    )
    assert texts(paragraph(text), paragraph("Next."), notes=notes) == [
        "Said.",
        "Explained.",
        "Next.",
    ]


def test_tables_say_in_each_row_what_its_cells_mean() -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr>{paragraph("Europe")}</w:tc>'
    start = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{paragraph("Pro")}</w:tc>'
    more = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph()}</w:tc>"
    head = ["Plan", "Price", "Seats"]
    rows = [head, [wide], [start, "$20", "5"], [more, "$30", "9"]]
    (block,) = read(docx_file(table(rows))).blocks
    assert block == Block(
        "table",
        "Europe\nPlan: Pro | Price: $20 | Seats: 5\nPlan: Pro | Price: $30 | Seats: 9",
    )


def test_a_name_over_several_columns_is_part_of_theirs() -> None:
    price = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("Price")}</w:tc>'
    rows = [["Plan", price], ["", "monthly", "yearly"], ["Pro", "20", "200"], ["Team", "5", "9"]]
    (text,) = texts(table(rows))
    assert text == (
        "Plan: Pro | Price monthly: 20 | Price yearly: 200\n"
        "Plan: Team | Price monthly: 5 | Price yearly: 9"
    )


def test_tables_that_only_place_things_are_read_cell_by_cell() -> None:
    assert texts(table([["A box"]]), table([["x" * 401, "y"]])) == ["A box", "x" * 401, "y"]
    assert texts(table([["Phone:", "123"], ["Mail:", "x@y.z"]])) == ["Phone: | 123\nMail: | x@y.z"]


def test_code_keeps_its_lines() -> None:
    (block,) = read(docx_file(paragraph("def f():", "Code"), paragraph("    pass", "Code"))).blocks
    assert block == Block("code", "def f():\n    pass")


def test_the_main_part_is_the_one_that_the_file_names() -> None:
    (block,) = read(docx_file(paragraph("found"), main="word/document2.xml")).blocks
    assert block.text == "found"


def test_the_same_bytes_give_the_same_chunks() -> None:
    content = docx_file(paragraph("A", "berschrift1"), *[paragraph("Words and more. " * 9)] * 40)
    assert split(read(content)) == split(read(content))
    assert len(split(read(content))) > 3
