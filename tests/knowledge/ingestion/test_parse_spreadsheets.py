from collections.abc import Sequence

import pytest

from answerdesk.knowledge.ingestion.parse import Block, ParsedDocument, UnreadableDocument, parse
from answerdesk.knowledge.ingestion.parse.number_formats import format_number
from answerdesk.knowledge.ingestion.parse.sheets import MOST_CELLS
from answerdesk.knowledge.ingestion.split import MOST, split
from tests.knowledge.ingestion.office_files import archive, cells, xls_95_file, xlsx_file

CSV = "text/csv"
PRICES = "Plan;Price;Seats\nPro;$20;5\nTeam;$50;20\n"
ROWS = "Plan: Pro | Price: $20 | Seats: 5\nPlan: Team | Price: $50 | Seats: 20"


def read_csv(content: str | bytes, name: str = "prices.csv") -> ParsedDocument:
    return parse(content.encode() if isinstance(content, str) else content, CSV, name)


def read_xlsx(content: bytes) -> ParsedDocument:
    return parse(content, "", "prices.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "reason", "says"),
    [
        ("a.csv", b"", "empty", "empty"),
        ("a.csv", b" \n \n", "empty", "empty"),
        ("a.csv", b",,,\n,,\n", "no_text", "has no text"),
        ("a.csv", b"\x00\x01\x02\x03" * 9, "binary", "binary"),
        ("a.csv", b"a,b\n\x81\x8d,x\n", "encoding", "save it as UTF-8"),
        ("a.csv", b'a,b\n"never closed,x\ny,z\n', "broken", "quotation mark that is never closed"),
        ("a.csv", b"a," * 1_001 + b"a", "too_large", "row 1 has more than 1,000 columns"),
        ("a.csv", b"a,b,c,d,e\n" * (MOST_CELLS // 5 + 1), "too_large", "500,000 cells"),
        ("a.xlsx", b"words", "broken", "is not a spreadsheet"),
        ("a.xlsx", xlsx_file({"S": "<sheetData><row>"}), "broken", "damaged"),
        ("a.xlsx", xlsx_file({"S": cells({1: ["a"]})})[:-30], "broken", "save it again"),
        ("a.xlsx", xlsx_file({"S": cells({})}), "no_text", "has no text"),
        (
            "a.xlsx",
            xlsx_file({"S": '<sheetData><row r="7"><c r="XFD7"><v>1</v></c></row></sheetData>'}),
            "too_large",
            "row 7 has more than 1,000 columns",
        ),
        ("a.xlsb", archive({"xl/workbook.bin": b"no"}), "broken", "save it as XLSX"),
        (
            "a.ods",
            archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
            "broken",
            "save it as XLSX",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(
    name: str, content: bytes, reason: str, says: str
) -> None:
    with pytest.raises(UnreadableDocument, match=f"^{name}: ") as refusal:
        parse(content, "", name)
    assert refusal.value.reason == reason
    assert says in refusal.value.message


@pytest.mark.parametrize(
    "content",
    [
        PRICES,
        PRICES.replace(";", ","),
        PRICES.replace(";", "\t"),
        PRICES.replace(";", "|").replace("\n", "\r\n"),
        "sep=;\n" + PRICES,
        '"Plan","Price","Seats"\n"Pro","$20","5"\n"Team","$50","20"',
        "\n" + PRICES + "\n\n",
    ],
)
def test_the_delimiter_is_found(content: str) -> None:
    assert read_csv(content).blocks == (Block("table", ROWS),)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings_of_excel_are_read(encoding: str) -> None:
    (block,) = read_csv("Größe;Preis\nXL;20 € für Ärzte\n".encode(encoding)).blocks
    assert block.text == "Größe: XL | Preis: 20 € für Ärzte"


def test_cells_with_delimiters_lines_and_marks_stay_cells() -> None:
    content = 'Name,Text\nA,"one, two\nthree ""four"""\nB,5" wide\n'
    assert read_csv(content).blocks[0].text == (
        'Name: A | Text: one, two three "four"\nName: B | Text: 5" wide'
    )


def test_an_export_by_excels_name_is_read_as_what_it_is() -> None:
    assert parse(PRICES.encode(), "application/vnd.ms-excel", "a.xls").blocks[0].text == ROWS
    page = b"<html><table><tr><th>Plan</th><th>Price</th></tr><tr><td>Pro</td><td>$20</td></tr>"
    assert parse(page, "", "a.xls").blocks[0].text == "Plan: Pro | Price: $20"


def test_cells_say_what_excel_shows() -> None:
    values = {
        "20": ('0.00 "€"', "20.00 €"),
        "0.195": ("0.0%", "19.5%"),
        "46027": ("dd.mm.yyyy", "2026-01-05"),
        "46027.604166666664": ("yyyy-mm-dd h:mm", "2026-01-05 14:30"),
        "0.5": ("h:mm AM/PM", "12:00"),
        "1.5": ("[h]:mm", "36:00"),
        "1234.5": ("[$$-409]#,##0.00", "$1234.50"),
        "-3": ("#,##0;[Red]-#,##0", "-3"),
        "7": ("00000", "00007"),
        "0.30000000000000004": ("General", "0.3"),
        "5": ('0 "days"', "5 days"),
        "1120.5": ('#\\ ##0.00\\ "€"', "1120.50 €"),
        "20.25": ("#'##0.00", "20.25"),
        "1250000": ('0.0,,"M"', "1.3M"),
        "1500": ("#,##0, k", "2 k"),
        "1.115": ("0.00", "1.12"),
        "0.285": ("0%", "29%"),
        "5551234567": ("000\\-000\\-0000", "5551234567"),
        "301234567": ("00 00 00 00 00", "0301234567"),
        "99": (";;;", ""),
    }
    row = "".join(
        f'<c r="{chr(65 + index)}1" s="{index + 1}"><v>{value}</v></c>'
        for index, value in enumerate(values)
    )
    formats = [code for code, _ in values.values()]
    document = read_xlsx(
        xlsx_file({"S": f'<sheetData><row r="1">{row}</row></sheetData>'}, formats=formats)
    )
    assert document.blocks[0].text == " | ".join(text for _, text in values.values() if text)


def test_the_first_day_of_1904_and_numbers_that_are_no_dates() -> None:
    assert format_number(0, "yyyy", since_1904=True) == "1904-01-01"
    assert format_number(-1, "yyyy") == "-1"
    assert format_number(1e300, "yyyy") == "1e+300"
    assert format_number(12345678901234567890, "") == "1.23456789012346e+19"
    assert len(format_number(1e300, "0." + "0" * 400)) == 301 + 1 + 30


@pytest.mark.parametrize(
    ("properties", "day"),
    [
        ('<workbookPr date1904="1"/>', "2016-01-01"),
        ("<workbookPr/>", "2011-12-31"),
        ('<workbookPr date1904="false"/>', "2011-12-31"),
    ],
)
def test_days_are_counted_from_where_the_workbook_says(properties: str, day: str) -> None:
    extension = '<extLst><ext><x:workbookPr xmlns:x="urn:x" defaultImageDpi="0"/></ext></extLst>'
    sheet = '<sheetData><row r="1"><c r="A1" s="1"><v>40908</v></c></row></sheetData>'
    for more in ("", extension):
        content = xlsx_file({"S": sheet}, formats=["yyyy-mm-dd"], properties=properties + more)
        assert read_xlsx(content).blocks[0].text == day


@pytest.mark.parametrize(
    ("said", "encoding", "code_page"),
    [("営業時間", "cp932", 932), ("营业时间", "gbk", 936), ("영업 시간", "cp949", 949)],
)
def test_letters_of_several_bytes_in_excel_95_are_not_guessed_from_one(
    said: str, encoding: str, code_page: int
) -> None:
    content = xls_95_file(["Hours", said], encoding, code_page)
    with pytest.raises(UnreadableDocument, match=r"^old\.xls: .*; open it and save it as XLSX"):
        parse(content, "", "old.xls")


@pytest.mark.parametrize(
    ("said", "encoding", "code_page"), [("Größe", "cp1252", 1252), ("Цена", "cp1251", 1251)]
)
def test_other_letters_in_excel_95_are_read(said: str, encoding: str, code_page: int) -> None:
    document = parse(xls_95_file([said], encoding, code_page), "", "old.xls")
    assert [block.text for block in document.blocks] == [said]


def test_sheets_are_sections_and_hidden_ones_are_left_out() -> None:
    sheet = cells({1: ["Plan", "Price"], 2: ["Pro", 20], 3: ["Team", 50]})
    content = xlsx_file({"Prices": sheet, "Sheet2": sheet, "Secret": sheet}, hidden=["Secret"])
    assert [(block.heading_path, block.text) for block in read_xlsx(content).blocks] == [
        (("Prices",), "Plan: Pro | Price: 20\nPlan: Team | Price: 50"),
        ((), "Plan: Pro | Price: 20\nPlan: Team | Price: 50"),
    ]


def test_rows_and_columns_that_somebody_has_hidden_are_left_out() -> None:
    sheet = cells(
        {1: ["Plan", "Cost", "Price"], 2: ["Pro", 7, 20], 3: ["Old", 8, 30], 4: ["Team", 9, 50]}
    ).replace('<row r="3"', '<row r="3" hidden="1"')
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="3" max="3" width="9"/></cols>'
    assert read_xlsx(xlsx_file({"Sheet1": columns + sheet})).blocks == (
        Block("table", "Plan: Pro | Price: 20\nPlan: Team | Price: 50"),
    )


def test_titles_notes_and_empty_rows_and_columns_stand_around_tables() -> None:
    content = xlsx_file(
        {
            "Sheet1": cells(
                {
                    2: [None, "Price list 2026"],
                    3: [None, "Plan", None, "Price", "Seats"],
                    4: [None, "Pro", None, 20, 5],
                    6: [None, "Team", None, 50, 20],
                    9: [None, "All prices without tax."],
                }
            )
        }
    )
    assert read_xlsx(content).blocks == (
        Block(
            "table", "Price list 2026\nPlan: Pro | Price: 20 | Seats: 5", (), None, has_caption=True
        ),
        Block("table", "Plan: Team | Price: 50 | Seats: 20"),
        Block("paragraph", "All prices without tax."),
    )


def test_merged_cells_and_shared_strings_with_reading_aids() -> None:
    rows = (
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1" t="s"><v>2</v></c></row><row r="2"><c r="A2" t="s"><v>3</v></c>'
        '<c r="B2"><v>1</v></c><c r="C2" t="b"><v>1</v></c></row>'
        '<row r="3"><c r="B3"><v>2</v></c><c r="C3" t="e"><v>#N/A</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    )
    strings = [
        "<t>Plan</t>",
        "<r><t>Pri</t></r><r><t>ce</t></r>",
        "<t>O_x004B_</t>",
        "<t>東京</t><rPh><t>トウキョウ</t></rPh>",
    ]
    assert read_xlsx(xlsx_file({"Sheet1": rows}, strings=strings)).blocks[0].text == (
        "Plan: 東京 | Price: 1 | OK: TRUE\nPlan: 東京 | Price: 2"
    )


def blocks_of(sheet: str, *merged: str, strings: Sequence[str] = ()) -> list[str]:
    """Return what a sheet with these merged cells says."""
    merges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    content = xlsx_file({"Sheet1": f"{sheet}<mergeCells>{merges}</mergeCells>"}, strings=strings)
    return [block.text for block in read_xlsx(content).blocks]


def test_a_value_across_columns_is_said_once() -> None:
    sheet = cells({1: ["Region", "Q1", "Q2"], 2: ["North", 240], 3: ["South", 100, 90]})
    assert blocks_of(sheet, "B2:C2") == [
        "Region: North | Q1–Q2: 240\nRegion: South | Q1: 100 | Q2: 90"
    ]


def test_what_a_merged_cell_covers_is_not_shown() -> None:
    sheet = cells({1: ["Region", "Q1", "Q2"], 2: ["North", 240, 7], 3: ["South", 100, 90]})
    assert blocks_of(sheet, "B2:C2", "A1:A1", "Z9:A1", "nonsense") == [
        "Region: North | Q1–Q2: 240\nRegion: South | Q1: 100 | Q2: 90"
    ]


def test_columns_that_are_merged_in_each_row_are_one() -> None:
    sheet = cells({1: ["Plan", None, "Price"], 2: ["Solo", None, 9], 3: ["Team", None, 29]})
    assert blocks_of(sheet, "A1:B1", "A2:B2", "A3:B3") == [
        "Plan: Solo | Price: 9\nPlan: Team | Price: 29"
    ]


def test_a_cell_across_the_whole_table_is_its_title_or_names_the_rows_below_it() -> None:
    title = cells({1: ["Opening hours"], 2: ["Day", "From", "To"], 3: ["Mon", 9, 17]})
    assert blocks_of(title, "A1:XFD1") == ["Opening hours\nDay: Mon | From: 9 | To: 17"]
    rooms = cells(
        {
            1: ["Room", "Winter", "Summer"],
            2: ["Sea view"],
            3: ["Single", 80, 120],
            4: ["Garden view"],
            5: ["Single", 60, 90],
        }
    )
    grouped = [
        (
            "Room: Sea view – Single | Winter: 80 | Summer: 120\n"
            "Room: Garden view – Single | Winter: 60 | Summer: 90"
        )
    ]
    assert blocks_of(rooms, "A2:C2", "A4:C4") == grouped
    assert blocks_of(rooms) == grouped
    # Bold names may come later in the table, too.
    fonts = '<fonts><font/><font><b/></font></fonts><cellXfs><xf/><xf fontId="1"/></cellXfs>'
    later = cells(
        {
            1: ["Room", "Winter", "Summer"],
            2: ["Suite", 200, 300],
            3: ["Sea view"],
            4: ["Single", 80, 120],
        }
    )
    content = xlsx_file({"Sheet1": later.replace('r="A3"', 'r="A3" s="1"')}, styles=fonts)
    assert read_xlsx(content).blocks[0].text == (
        "Room: Suite | Winter: 200 | Summer: 300\n"
        "Room: Sea view – Single | Winter: 80 | Summer: 120"
    )
    assert blocks_of(later)[0].split("\n")[1] == "Room: Sea view"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (  # Each has its title.
            {
                1: ["Monthly plans", None, None, "Yearly plans"],
                2: ["Plan", "Price", None, "Plan", "Price"],
                3: ["Solo", 9, None, "Solo", 90],
            },
            ["Plan: Solo | Price: 9", "Plan: Solo | Price: 90"],
        ),
        (  # One is longer, and has another below it.
            {
                1: ["City", "Phone", None, "Item", "Price"],
                2: ["Graz", "0316", None, "Cup", 3],
                3: [None, None, None, "Pot", 9],
                5: [None, None, None, "Item", "Weight"],
                6: ["Wien", "01", None, "Cup", "1 kg"],
            },
            [
                "City: Graz | Phone: 0316",
                "Item: Cup | Price: 3\nItem: Pot | Price: 9",
                "City: Wien | Phone: 01",
                "Item: Cup | Weight: 1 kg",
            ],
        ),
        (  # Two columns between them, and nothing but numbers.
            {
                1: ["Year", "Sales", None, None, "Month", "Sales"],
                2: [2024, 7, None, None, 5, 8],
                3: [2025, 9, None, None, 6, 1],
            },
            [
                "Year: 2024 | Sales: 7\nYear: 2025 | Sales: 9",
                "Month: 5 | Sales: 8\nMonth: 6 | Sales: 1",
            ],
        ),
        (  # Names with what they mean.
            {
                1: ["Company", "Acme", None, "Phone", "123"],
                2: ["Town", "Graz", None, "Web", "acme.com"],
            },
            ["Company | Acme\nTown | Graz", "Phone | 123\nWeb | acme.com"],
        ),
        (  # A note beside a table.
            {
                1: ["City", "Phone", None, "Free of charge."],
                2: ["Graz", "0316"],
                3: ["Linz", "0732"],
            },
            ["City: Graz | Phone: 0316\nCity: Linz | Phone: 0732", "Free of charge."],
        ),
        (  # Numbers go on with the table: the empty column only sets them off.
            {1: ["Plan", "Per", None, "Price", "Seats"], 2: ["Solo", "month", None, 9, 1]},
            ["Plan: Solo | Per: month | Price: 9 | Seats: 1"],
        ),
    ],
)
def test_an_empty_column_parts_tables_as_an_empty_row_does(
    rows: dict[int, list[str | float | None]], found: list[str]
) -> None:
    assert blocks_of(cells(rows)) == found


def test_tables_of_a_sheet_that_have_titles_are_its_sections() -> None:
    rows: dict[int, list[str | float | None]] = {
        1: ["Monthly plans", None, None, "Yearly plans"],
        2: ["Plan", "Price", None, "Plan", "Price"],
        3: ["Solo", 9, None, "Solo", 90],
        5: ["Without tax."],
    }
    found = read_xlsx(xlsx_file({"Prices": cells(rows)})).blocks
    assert [(block.heading_path, block.text) for block in found] == [
        (("Prices", "Monthly plans"), "Plan: Solo | Price: 9"),
        (("Prices", "Yearly plans"), "Plan: Solo | Price: 90"),
        (("Prices",), "Without tax."),
    ]


def test_a_title_over_two_tables_is_that_of_both() -> None:
    rows: dict[int, list[str | float | None]] = {
        1: ["Prices 2026"],
        2: ["Plan", "Price", None, "Plan", "Price"],
        3: ["Solo", 9, None, "Team", 90],
    }
    found = read_xlsx(
        xlsx_file({"S": f'{cells(rows)}<mergeCells><mergeCell ref="A1:E1"/></mergeCells>'})
    ).blocks
    assert [(block.heading_path[1:], block.text) for block in found] == [
        (("Prices 2026",), "Plan: Solo | Price: 9"),
        (("Prices 2026",), "Plan: Team | Price: 90"),
    ]


def test_raised_digits_stay_apart() -> None:
    rows = (
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row></sheetData>'
    )
    raised = '<r><t>Rent for 25 m</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r>'
    assert blocks_of(rows, strings=[raised]) == ["Rent for 25 m² | 1"]


def test_a_long_table_is_parted_between_rows_and_its_title_is_repeated() -> None:
    rows: dict[int, list[str | float | None]] = {1: ["Stock of the shop"], 2: ["Item", "Price"]}
    rows |= {number: [f"Item number {number}", number] for number in range(3, 300)}
    drafts = split(read_xlsx(xlsx_file({"Sheet1": cells(rows)})))
    assert len(drafts) > 5
    for draft in drafts:
        title, *lines = draft.text.split("\n")
        assert title == "Stock of the shop"
        assert all(line.startswith("Item: Item number ") for line in lines)
        assert [span.of(draft.text) for span in draft.sentences] == [title, *lines]


def test_a_wide_row_becomes_several_that_each_name_their_thing() -> None:
    header = ",".join(["Machine", *(f"Property {number}" for number in range(200))])
    row = ",".join(["Mill", *(f"value {number}" for number in range(200))])
    document = read_csv(f"{header}\n{row}\n")
    lines = document.blocks[0].text.split("\n")
    assert len(lines) > 3
    assert all(line.startswith("Machine: Mill | Property ") for line in lines)
    assert "Property 199: value 199" in lines[-1]
    assert max(len(draft.text) for draft in split(document)) <= MOST


def test_two_columns_of_words_are_names_and_what_they_mean() -> None:
    sheet = cells({1: ["Company", "Acme"], 2: ["Street", "Main Street"], 3: ["Town", "Berlin"]})
    assert read_xlsx(xlsx_file({"Sheet1": sheet})).blocks[0].text == (
        "Company | Acme\nStreet | Main Street\nTown | Berlin"
    )


@pytest.mark.parametrize(
    ("header", "is_questions"),
    [
        ("Question,Answer", True),
        ("Frage,Antwort,Kategorie", True),
        ("Q,A,Tags", True),
        ("Id,Question,Answer,Url", True),
        ("Title,Content", True),
        ("Title,Content,Author", False),
        ("Question,Votes", False),
    ],
)
def test_tables_of_questions_and_answers_are_read_as_such(header: str, is_questions: bool) -> None:
    row = ",".join(f"cell {number}" for number, _ in enumerate(header.split(",")))
    assert (read_csv(f"{header}\n{row}\n").blocks[0].kind == "qa") is is_questions


def test_a_question_is_a_chunk_of_its_own_with_all_that_its_row_says() -> None:
    content = (
        "Category,Question,Answer,Link\n"
        'Orders,Can I return it?,"Yes.\nWithin 30 days.",https://x.com/returns\n'
        "Orders,How long?,3 days.,\nOrders,Nothing asked,,\n"
    )
    drafts = split(read_csv(content))
    assert [(draft.kind, draft.text, draft.heading_path) for draft in drafts] == [
        (
            "qa",
            "Can I return it?\nYes.\nWithin 30 days.\nLink: https://x.com/returns",
            ("Orders",),
        ),
        ("qa", "How long?\n3 days.", ("Orders",)),
        ("paragraph", "Nothing asked", ("Orders",)),
    ]
    first = drafts[0]
    assert first.sentences[0].of(first.text) == "Can I return it?"
    assert first.sentences[1].of(first.text) == "Yes."


def test_a_long_answer_is_parted_and_its_question_is_repeated() -> None:
    answer = "This is one of the many sentences of the answer. " * 60
    drafts = split(read_csv(f'Question,Answer\nWhat is all of it?,"{answer}"\n'))
    assert len(drafts) > 2
    assert all(draft.text.startswith("What is all of it?\nThis is one") for draft in drafts)
    assert all(draft.sentences[0].of(draft.text) == "What is all of it?" for draft in drafts)
    assert {draft.kind for draft in drafts} == {"qa"}
