import pytest

from answerdesk.knowledge.ingestion.parse import Block, ParsedDocument, UnreadableDocument, parse
from answerdesk.knowledge.ingestion.split import split
from tests.knowledge.ingestion.office_files import (
    archive,
    cell,
    docx_file,
    paragraph,
    raised,
    run,
    symbol,
    table,
    wide,
)

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


def table_text(*rows: list[str]) -> str:
    (text,) = texts(table(rows))
    return text


def test_tables_say_in_each_row_what_its_cells_mean() -> None:
    start = cell("Pro", '<w:vMerge w:val="restart"/>')
    rows = [["Plan", "Price", "Seats"], [start, "$20", "5"], [cell("", "<w:vMerge/>"), "$30", "9"]]
    (block,) = read(docx_file(table(rows))).blocks
    assert block == Block(
        "table", "Plan: Pro | Price: $20 | Seats: 5\nPlan: Pro | Price: $30 | Seats: 9"
    )


def test_a_name_over_several_columns_is_part_of_theirs() -> None:
    assert table_text(
        ["Plan", wide("Price", 2)],
        ["", "monthly", "yearly"],
        ["Pro", "20", "200"],
        ["Team", "5", "9"],
    ) == (
        "Plan: Pro | Price monthly: 20 | Price yearly: 200\n"
        "Plan: Team | Price monthly: 5 | Price yearly: 9"
    )


@pytest.mark.parametrize(
    "merged",
    [
        [wide("240", 2)],
        # Word 2003 and before, and what converts its files.
        [cell("240", '<w:hMerge w:val="restart"/>'), cell("", '<w:hMerge w:val="continue"/>')],
        [cell("240", '<w:gridSpan w:val="1000000000"/>')],
        [cell("240", f'<w:gridSpan w:val="{"9" * 5000}"/>')],
    ],
)
def test_a_value_across_columns_is_said_once(merged: list[str]) -> None:
    assert table_text(["Region", "Q1", "Q2"], ["North", *merged], ["South", "100", "90"]) == (
        "Region: North | Q1–Q2: 240\nRegion: South | Q1: 100 | Q2: 90"
    )


def test_a_long_text_beside_several_rows_is_said_once() -> None:
    start, goes_on = cell("word " * 100, '<w:vMerge w:val="restart"/>'), cell("", "<w:vMerge/>")
    found = texts(table([[start, "a"], [goes_on, "b"], [goes_on, "c"]]))
    assert found == [("word " * 100).strip(), "a", "b", "c"]


def test_a_box_laid_out_as_a_table_is_said_once() -> None:
    assert texts(table([[wide("Caution", 2)], [wide("Unplug it first.", 2)]])) == [
        "Caution",
        "Unplug it first.",
    ]


def test_a_cell_across_the_whole_table_is_its_title_or_names_the_rows_below_it() -> None:
    hours = table([[wide("Opening hours", 3)], ["Day", "From", "To"], ["Mon", "9", "17"]])
    facts = table([[wide("Hotel Linde", 2)], ["Rooms", "40"], ["Phone", "030 1"]])
    marked = table(
        [
            ["<w:trPr><w:tblHeader/></w:trPr>", wide("Fees", 2)],
            ["<w:trPr><w:tblHeader/></w:trPr>", "For", "Euros"],
            ["Entry", "5"],
        ]
    )
    assert [
        (block.text, block.has_caption) for block in read(docx_file(hours, facts, marked)).blocks
    ] == [
        ("Opening hours\nDay: Mon | From: 9 | To: 17", True),
        ("Hotel Linde\nRooms | 40\nPhone | 030 1", True),
        ("Fees\nFor: Entry | Euros: 5", True),
    ]


@pytest.mark.parametrize(
    ("sea", "garden"),
    [
        ([wide("Sea view", 3)], [wide("Garden view", 3)]),
        (["Sea view", "", ""], ["Garden view", "", ""]),
        ([f"<w:tc>{paragraph(run('Sea view', '<w:b/>'))}</w:tc>"], ["Garden view"]),
    ],
)
def test_a_row_with_one_name_names_those_below_it(sea: list[str], garden: list[str]) -> None:
    assert table_text(
        ["Room", "Winter", "Summer"], sea, ["Single", "80", "120"], garden, ["Single", "60", "90"]
    ) == (
        "Room: Sea view – Single | Winter: 80 | Summer: 120\n"
        "Room: Garden view – Single | Winter: 60 | Summer: 90"
    )


def test_an_entry_without_values_names_no_others() -> None:
    rows = ["Plan", "Price", "Seats"], ["Pro", "$20", "5"], ["Free", "", ""], ["Team", "$30", "9"]
    assert table_text(*rows).split("\n")[1:] == ["Plan: Free", "Plan: Team | Price: $30 | Seats: 9"]


def test_cells_stand_under_the_column_that_they_are_drawn_in() -> None:
    def skip(count: int, name: str = "gridBefore") -> str:
        return f'<w:trPr><w:{name} w:val="{count}"/></w:trPr>'

    head = ["Part", "Graz", "Linz"]
    assert table_text(
        [skip(1), "January", "February"], ["Pumps", "10", "20"], ["Hoses", "4", "5"]
    ) == ("Pumps | January: 10 | February: 20\nHoses | January: 4 | February: 5")
    assert table_text(
        head, ["Seal", "3", "7"], [skip(2), "9"], [skip(1, "gridAfter"), "Cap", "2"]
    ) == ("Part: Seal | Graz: 3 | Linz: 7\nLinz: 9\nPart: Cap | Graz: 2")
    start = cell("Hose", '<w:vMerge w:val="restart"/>')
    below = [skip(1), cell("", "<w:vMerge/>"), "8"]
    assert table_text(head, ["Seal", start, "7"], below) == (
        "Part: Seal | Graz: Hose | Linz: 7\nGraz: Hose | Linz: 8"
    )
    assert (
        table_text(head, ["Seal", "3", "7"], [skip(10**9), "lost"])
        == "Part: Seal | Graz: 3 | Linz: 7"
    )


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (run("Limit 10") + raised("6") + run(" cycles"), "Limit 10⁶ cycles"),
        (run("It costs $11") + raised("99") + run("."), "It costs $11.99."),
        (run("Open 9") + raised("30") + run(" Uhr"), "Open 9:30 Uhr"),
        (run("Free delivery") + raised("1") + run(" in Europe."), "Free delivery in Europe."),
        (run("25 m") + raised("2"), "25 m²"),
        (run("The 1") + raised("st") + run(" of May"), "The 1st of May"),
        # LibreOffice and Pages: by a style of the letters.
        (
            run("A note") + run("2", '<w:rStyle w:val="FootnoteAnchor"/>') + run(" here"),
            "A note here",
        ),
        # By hand: moved up and made smaller.
        (run("5 cm") + run("3", '<w:position w:val="6"/><w:sz w:val="12"/>'), "5 cm³"),
        (run("Bolded ") + run("2", '<w:position w:val="6"/>'), "Bolded 2"),
        (run("2", '<w:rStyle w:val="FootnoteAnchor"/><w:vertAlign w:val="baseline"/>'), "2"),
        (run("H") + run("2", '<w:vertAlign w:val="subscript"/>') + run("O"), "H2O"),
    ],
)
def test_raised_digits_stay_apart_and_marks_of_notes_are_left_out(runs: str, said: str) -> None:
    assert texts(paragraph(runs)) == [said]


def test_code_has_its_raised_digits_as_they_are() -> None:
    assert texts(paragraph(run("x") + raised("12"), "Code")) == ["x12"]


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Wingdings", "F0FC", "✓"),
        ("Wingdings", "FB", "✗"),
        ("Wingdings", "F06F", "☐"),
        ("Wingdings", "F0FE", "☑"),
        ("Wingdings 2", "F050", "✓"),
        ("Webdings", "F072", "✗"),
        ("Symbol", "F0B1", "±"),
        ("Symbol", "F0B0", "°"),
        ("Symbol", "F06D", "μ"),
        ("Symbol", "F0FE", "⎭"),
        ("Segoe UI Symbol", "2713", "✓"),
        ("Unheard Of", "F0FC", ""),
        ("Wingdings", "no", ""),
        ("Wingdings", "F" * 5000, ""),
    ],
)
def test_symbols_are_what_their_font_shows(font: str, code: str, shown: str) -> None:
    assert texts(paragraph(run("It is ") + symbol(font, code) + run("."))) == [f"It is {shown}."]


def test_letters_in_a_font_of_symbols_are_symbols() -> None:
    ticks = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    greek = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
    assert texts(
        paragraph(run("û", ticks) + run(" Wrapping ") + run("\uf0fc", ticks) + run(" Assembly")),
        paragraph(run("3 ") + run("m", greek) + run("m")),
        paragraph("Sharp", number="3"),
        paragraph("Plain", "Liste"),
    ) == ["✗ Wrapping ✓ Assembly", "3 μm", "- ✓ Sharp\n- Plain"]


def control(properties: str, content: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def test_boxes_say_whether_they_are_ticked() -> None:
    def field(inside: str) -> str:
        return f"<w:r><w:fldChar><w:ffData>{inside}</w:ffData></w:fldChar></w:r>"

    ticked, free = (
        f'<w14:checkbox><w14:checked w14:val="{value}"/></w14:checkbox>' for value in (1, 0)
    )
    choices = "".join(f'<w:listEntry w:val="{one}"/>' for one in ("by post", "by van"))
    assert texts(
        paragraph(control(ticked, run("☒")) + run(" I agree")),
        paragraph(control(free, symbol("MS Gothic", "2612")) + run(" By mail")),
        paragraph(
            field("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>") + run(" Express")
        ),
        paragraph(field('<w:checkBox><w:default w:val="0"/></w:checkBox>') + run(" Insured")),
        paragraph(run("Sent ") + field(f'<w:ddList><w:result w:val="1"/>{choices}</w:ddList>')),
        table([["Gift wrap", control(ticked, cell("☒"))], ["Card", control(free, cell("☒"))]]),
    ) == [
        "☑ I agree",
        "☐ By mail",
        "☑ Express",
        "☐ Insured",
        "Sent by van",
        "Gift wrap | ☑\nCard | ☐",
    ]


def test_what_only_asks_to_be_filled_in_is_left_out() -> None:
    prompt = control("<w:showingPlcHdr/>", run("Click here to enter text."))
    filled = control('<w:showingPlcHdr w:val="0"/>', run("Ann"))
    assert texts(
        paragraph(run("Name: ") + prompt),
        control("<w:showingPlcHdr/>", paragraph("Choose an item.")),
        paragraph(run("By ") + filled),
    ) == ["Name:", "By Ann"]


@pytest.mark.parametrize(
    ("equation", "said"),
    [
        ("<m:f><m:num>{a}</m:num><m:den>{b}</m:den></m:f>", "a/b"),
        ("<m:f><m:num>{a}{plus}{b}</m:num><m:den>{b}</m:den></m:f>", "(a+b)/b"),
        ("{a}<m:sSup><m:e>{b}</m:e><m:sup>{two}</m:sup></m:sSup>", "ab²"),
        ("<m:sSup><m:e>{two}</m:e><m:sup>{a}{plus}{b}</m:sup></m:sSup>", "2^(a+b)"),
        ("<m:sSub><m:e>{a}</m:e><m:sub>{two}</m:sub></m:sSub>", "a₂"),
        ("<m:rad><m:deg/><m:e>{a}{plus}{two}</m:e></m:rad>", "√(a+2)"),
        ("<m:d><m:e>{a}</m:e><m:e>{b}</m:e></m:d>", "(a, b)"),
        (
            (
                '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
                "<m:sub>{a}</m:sub><m:sup>{two}</m:sup><m:e>{b}</m:e></m:nary>"
            ),
            "∑ from a to 2 b",
        ),
        ("<m:e>" * 3_000 + "{a}" + "</m:e>" * 3_000, "a"),
    ],
)
def test_equations_are_read_on_one_line(equation: str, said: str) -> None:
    letters = {"a": "a", "b": "b", "two": "2", "plus": "+"}
    runs = {name: f"<m:r><m:t>{text}</m:t></m:r>" for name, text in letters.items()}
    assert texts(paragraph(f"<m:oMath>{equation.format(**runs)}</m:oMath>")) == [said]


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
