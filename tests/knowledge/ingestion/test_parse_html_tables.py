"""Tables of pages as sites and their tools write them: titles, groups, merged cells, boxes."""

import pytest

from answerdesk.knowledge.ingestion.parse import parse
from tests.knowledge.ingestion.test_parse_html import read, texts


def table(rows: str) -> str:
    (block,) = read(f"<main>{rows}</main>").blocks
    assert block.kind == "table"
    return block.text


def markdown(text: str) -> list[str]:
    return [block.text for block in parse(text.encode(), "text/markdown", "a.md").blocks]


SEASONS = "<tr><th>Room<th>Winter<th>Summer</tr>"
GROUPED = (
    "Room: Sea view – Single | Winter: 80 | Summer: 120\n"
    "Room: Garden – Single | Winter: 60 | Summer: 90"
)


@pytest.mark.parametrize(
    "group",
    [
        "<tr><th colspan=3>{}</tr>",
        "<tr><td colspan=3><b>{}</b></tr>",
        "<tr class=group><td colspan=3>{}</tr>",
        "<tr><th>{}<th><th></tr>",
        "<tr><th>{}</tr>",
        "<tr><td><strong>{}</strong><td><td></tr>",
        "</tbody><tbody><tr><th scope=rowgroup colspan=3>{}</tr>",
        "<tr><th colspan=0003>{}</tr>",
    ],
)
def test_a_row_of_one_head_names_the_rows_below_it(group: str) -> None:
    rows = (
        f"{SEASONS}{group.format('Sea view')}<tr><td>Single<td>80<td>120</tr>"
        f"{group.format('Garden')}<tr><td>Single<td>60<td>90</tr>"
    )
    assert table(f"<table>{rows}</table>") == GROUPED


def test_a_group_in_markdown_is_a_bold_cell_alone() -> None:
    rows = "| **{}** | | |\n| Single | {} | {} |\n"
    head = "| Room | Winter | Summer |\n|---|---|---|\n"
    found = markdown(head + rows.format("Sea view", 80, 120) + rows.format("Garden", 60, 90))
    assert found == [GROUPED]


def test_a_group_ends_with_its_part_of_the_table() -> None:
    rows = (
        f"<thead>{SEASONS}</thead><tbody><tr><th colspan=3>Sea view</tr>"
        "<tr><th scope=row>Single<td>80<td>120</tr></tbody><tfoot><tr><td>Tax<td>3<td>4</tr>"
        "</tfoot>"
    )
    assert table(f"<table>{rows}</table>") == (
        "Room: Sea view – Single | Winter: 80 | Summer: 120\nRoom: Tax | Winter: 3 | Summer: 4"
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # A later row of heads names the columns below it; a repeated one says nothing.
        (
            "<tr><th>Sea<th>Price</tr><tr><td>A<td>1</tr><tr><th>Land<th>Price</tr><tr><td>B<td>2",
            "Sea: A | Price: 1\nLand: B | Price: 2",
        ),
        (
            "<tr><th>A<th>B</tr><tr><td>1<td>2</tr><tr><th>A<th>B</tr><tr><td>3<td>4",
            "A: 1 | B: 2\nA: 3 | B: 4",
        ),
        # What names no column is said nevertheless.
        (
            "<tr><th>a<th>Team A</tr><tr><td><td>x</tr><tr><th>b<th>Team B</tr><tr><td><td>y",
            "a | Team A\nTeam A: x\nb | Team B\nTeam B: y",
        ),
        # A sentence across the table is a note, and a row without values is no group.
        (
            "<tr><th>A<th>B</tr><tr><td>1<td>2</tr><tr><td colspan=2>With tax.</tr><tr><td>3<td>4",
            "A: 1 | B: 2\nWith tax.\nA: 3 | B: 4",
        ),
        (
            "<tr><th>Fruit<th>Price</tr><tr><th>Grapes<td></tr><tr><th>Pears<td>2",
            "Fruit: Grapes\nFruit: Pears | Price: 2",
        ),
        ("<tr><td colspan=2>Sea</tr><tr><td>A<td>1</tr><tr><td colspan=2>Land</tr><tr><td>B<td>2",
         "Sea – A | 1\nLand – B | 2"),
        ("<tr><th>A<th>B</tr><tr><th colspan=2>Nothing here", "Nothing here"),
        ("<tr><th>View<th>Room<th>€</tr><tr><th rowspan=2>Sea<td>A<td>1</tr><tr><td>B<td>2",
         "View: Sea | Room: A | €: 1\nView: Sea | Room: B | €: 2"),
        ("<tr><td><th>W<th>S</tr><tr><th>A<td>1<td>2", "A | W: 1 | S: 2"),
    ],
)  # fmt: skip
def test_heads_inside_a_table(rows: str, said: str) -> None:
    assert table(f"<table>{rows}</table>") == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("<tr><th colspan=2>Hotel</tr><tr><th>Rooms<td>40</tr><tr><th>Phone<td>1",
         "Hotel\nRooms: 40\nPhone: 1"),
        ("<tr><th colspan=3>Hours</tr><tr><th>Day<th>From<th>To</tr><tr><td>Mon<td>9<td>17",
         "Hours\nDay: Mon | From: 9 | To: 17"),
        ("<thead><tr><th colspan=2>Hours</tr><tr><td>Day<td>From</tr></thead><tr><td>Mon<td>9",
         "Hours\nDay: Mon | From: 9"),
        ("<tr><td colspan=2><b>Hours</b></tr><tr><td>Mon<td>9</tr><tr><td>Tue<td>10",
         "Hours\nMon | 9\nTue | 10"),
        (("<caption>All</caption><tr><th colspan=2>Hours</tr><tr><th>Day<th>From</tr><tr>"
        "<td>Mon<td>9"),
         "All – Hours\nDay: Mon | From: 9"),
        ("<tr><th>Hours</tr><tr><th>Day<th>From</tr><tr><td>Mon<td>9", "Hours\nDay: Mon | From: 9"),
        # An encyclopaedia's box: its title, a picture, and groups.
        (("<tr><th colspan=2 class=above>Berlin</tr><tr><td colspan=2><img src=x.jpg alt='A"
        " view'></tr>"
         "<tr><th>Country<td>Germany</tr><tr><th colspan=2 class=header>Population</tr>"
         "<tr><th>Total<td>3,700,000</tr>"
         "<tr><th colspan=2 class=header>Codes</tr><tr><th>Dial<td>030"),
         "Berlin\nCountry: Germany\nPopulation – Total: 3,700,000\nCodes – Dial: 030"),
    ],
)  # fmt: skip
def test_a_cell_across_the_whole_table_is_its_title(rows: str, said: str) -> None:
    (block,) = read(f"<table>{rows}</table>").blocks
    assert (block.text, block.has_caption) == (said, True)


def test_heads_name_what_stands_beside_them() -> None:
    pairs = "<tr><th>Rooms<td>40<th>Phone<td>030</tr><tr><th>Mon<td>9–12<td>14–18</tr>"
    assert table(f"<table>{pairs}</table>") == "Rooms: 40 | Phone: 030\nMon: 9–12 | 14–18"


def test_a_figures_caption_is_that_of_its_table() -> None:
    html = "<figure><table><tr><td>Mon<td>9<tr><td>Tue<td>10</table><figcaption>Hours</figcaption>"
    (block,) = read(f"{html}</figure>").blocks
    assert (block.text, block.has_caption) == ("Hours\nMon | 9\nTue | 10", True)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("<td>North<td colspan=2>240<td>7", "Region: North | Q1–Q2: 240 | Q3: 7"),
        ("<td>North<td colspan=3>240", "Region: North | Q1–Q3: 240"),
        ("<td colspan=2>Total<td>5<td>6", "Region: Total | Q2: 5 | Q3: 6"),
        ("<td>North<td>240<td>240<td>240", "Region: North | Q1: 240 | Q2: 240 | Q3: 240"),
        ("<td>North<td colspan=2><td>7", "Region: North | Q3: 7"),
        ("<td>North<td rowspan=2 colspan=2>240<td>7</tr><tr><td>South<td>8",
         "Region: North | Q1–Q2: 240 | Q3: 7\nRegion: South | Q1–Q2: 240 | Q3: 8"),
        ("<td>North<td rowspan=0>1<td>2<td>3</tr><tr><td>South<td>4<td>5",
         "Region: North | Q1: 1 | Q2: 2 | Q3: 3\nRegion: South | Q1: 1 | Q2: 4 | Q3: 5"),
    ],
)  # fmt: skip
def test_a_merged_cell_is_said_once_with_its_columns(row: str, said: str) -> None:
    head = "<tr><th>Region<th>Q1<th>Q2<th>Q3</tr>"
    assert table(f"<table>{head}<tr>{row}</tr></table>") == said


def test_columns_that_do_not_count_are_named_one_by_one() -> None:
    head = "<tr><th>Feature<th>Free<th>Team<th>Pro</tr>"
    assert table(f"<table>{head}<tr><td>SSO<td colspan=3>yes</table>") == (
        "Feature: SSO | Free, Team, Pro: yes"
    )


def test_a_cell_reaches_no_further_than_its_part_of_the_table() -> None:
    head = "<thead><tr><th rowspan=65534>Plan<th>Price</tr></thead>"
    body = "<tbody><tr><td>Pro<td>20</tr></tbody>"
    assert table(f"<table>{head}{body}</table>") == "Plan: Pro | Price: 20"


@pytest.mark.parametrize(
    "box",
    [
        # DocBook
        (
            "<table summary=Warning><tr><td rowspan=2><img alt='[Warning]' src=w.png>"
            "<th>Warning</tr>"
            "<tr><td><p>Back up first.</p></table>"
        ),
        # AsciiDoc
        (
            "<div class='admonitionblock warning'><table><tr><td class=icon><div"
            " class=title>Warning</div>"
            "<td class=content>Back up first.</table></div>"
        ),
        (
            "<div class='admonitionblock warning'><table><tr><td class=icon><i class='fa"
            " icon-warning'"
            " title=Warning></i><td class=content><p>Back up first.</p></table></div>"
        ),
        "<table class=warning><tr><td><img alt=Warning><td>Back up first.</table>",
    ],
)
def test_a_warning_laid_out_as_a_table_is_said_once(box: str) -> None:
    assert texts(f"<p>Text.</p>{box}") == ["Text.", "Warning:", "Back up first."]


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ("<tr><td><img alt='' src=a.png><td>It needs <b>citations</b>.", ["It needs citations."]),
        ("<tr><td>⚠<td>Hot", ["Hot"]),
        ("<tr><td colspan=2>Warning: hot surface", ["Warning: hot surface"]),
        ("<tr><td rowspan=2>Warning<td>Hot</tr><tr><td>Sharp", ["Warning\nHot\nSharp"]),
        ("<tr><td><img alt=Tip><td>Tip: use it.", ["Tip | Tip: use it."]),
    ],
)
def test_other_boxes_are_said_once(box: str, said: list[str]) -> None:
    assert texts(f"<table>{box}</table>") == said


def test_a_table_by_roles_is_one() -> None:
    html = (
        "<div role=table><div role=rowgroup><div role=row><span role=columnheader>Room</span>"
        "<span role=columnheader>Price</span></div></div><div role=rowgroup><div role=row>"
        "<span role=cell>Single</span><span role=cell>80</span></div></div></div>"
    )
    assert table(html) == "Room: Single | Price: 80"


def test_codes_and_their_meanings_are_no_names_over_numbers() -> None:
    rows = [
        ("%A", "full name of the day"),
        ("%d", "2-digit day"),
        ("%j", "3-digit day of the year"),
    ]
    written = "".join(f"<tr><td><code>{code}</code><td>{says}" for code, says in rows)
    assert table(f"<table>{written}</table>") == "\n".join(" | ".join(row) for row in rows)


@pytest.mark.parametrize("number", ["2", "2-3 days", "$2", "02-Jan-2026", "2-Jan", "24/7", "2€"])
def test_names_over_numbers_are_names(number: str) -> None:
    assert table(f"<table><tr><td>Item<td>Count<tr><td>Tea<td>{number}</table>") == (
        f"Item: Tea | Count: {number}"
    )
