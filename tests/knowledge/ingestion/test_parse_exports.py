"""Tables and data as other programs export them."""

import json

import pytest

from answerdesk.knowledge.ingestion.parse import Block, UnreadableDocument, parse
from tests.knowledge.ingestion.office_files import cells, xlsx_file

CSV = "text/csv"


def read_csv(content: str | bytes) -> tuple[Block, ...]:
    return parse(content.encode() if isinstance(content, str) else content, CSV, "a.csv").blocks


def read_json(value: object) -> list[tuple[tuple[str, ...], str]]:
    content = json.dumps(value).encode()
    return [(one.heading_path, one.text) for one in parse(content, "", "a.json").blocks]


def test_western_letters_are_read_though_there_are_many_accents() -> None:
    text = "Größe;Öffnung\nL’été à Besançon, né à Málaga;Ça coûte 5 € – œuvre à 30 m²\n"
    assert read_csv(text.encode("cp1252"))[0].text == (
        "Größe: L’été à Besançon, né à Málaga | Öffnung: Ça coûte 5 € – œuvre à 30 m²"
    )


def test_a_cell_of_too_many_characters_is_told_as_such() -> None:
    with pytest.raises(UnreadableDocument, match="more than 131,072 characters") as refusal:
        read_csv('a,b\n"' + "x" * 140_000 + '",1\n')
    assert refusal.value.reason == "broken"


def test_markup_in_cells_is_not_shown() -> None:
    content = (
        "Title,Body,State\nHow to pay?,<h2>Cards</h2><p>By <b>card</b>.</p><ul><li>Visa</ul>,1\n"
    )
    assert (
        read_csv(content)[0].text == "Title: How to pay? | Body: Cards By card. - Visa | State: 1"
    )
    (block,) = read_csv("Question,Answer\nWhy <i>now</i>?,<p>So.</p><p>Really.</p>\n")
    assert (block.kind, block.text) == ("qa", "Why now?\nSo.\nReally.")
    assert read_csv("a,b\n1 < 2,x<y>z\n")[0].text == "a: 1 < 2 | b: x<y>z"


def test_a_title_above_the_header_is_a_caption() -> None:
    (block,) = read_csv("Price list 2026,,\n,,\nPlan,Price,Seats\nPro,20,5\n")
    assert block.text == "Price list 2026\nPlan: Pro | Price: 20 | Seats: 5"
    assert block.has_caption


def test_names_of_columns_may_come_twice() -> None:
    (block,) = read_csv("Key,Label,Label\nA-1,red,blue\n")
    assert block.text == "Key: A-1 | Label: red | Label: blue"


def test_a_first_question_is_no_name_of_a_column() -> None:
    (block,) = read_csv("How do I pay?,By card.\nCan I return it?,Yes.\n")
    assert block.text == "How do I pay? | By card.\nCan I return it? | Yes."
    (survey,) = read_csv("Time,What is your name?\n9:00,Ann\n")
    assert survey.text == "Time: 9:00 | What is your name?: Ann"


def test_a_name_over_several_columns_is_part_of_theirs() -> None:
    names, units = ["Plan", "Price", ""], [None, "monthly", "yearly"]
    merged = '<mergeCells><mergeCell ref="B1:C1"/><mergeCell ref="A1:A2"/></mergeCells>'
    content = xlsx_file(
        {"Sheet1": cells({1: names, 2: units, 3: ["Pro", 20, 200], 4: ["Team", 50, 500]}) + merged}
    )
    (block,) = parse(content, "", "a.xlsx").blocks
    assert block.text == (
        "Plan: Pro | Price monthly: 20 | Price yearly: 200\n"
        "Plan: Team | Price monthly: 50 | Price yearly: 500"
    )


def test_objects_a_line_are_read_whatever_the_file_is_called() -> None:
    (block,) = parse(b'{"plan": "Pro", "price": 20}\n{"plan": "Team"}\n', "", "a.json").blocks
    assert block.text == "plan: Pro | price: 20\nplan: Team"


def test_headings_inside_values_are_sections_and_none_is_lost() -> None:
    body = "<h1>Returns</h1><p>Within 30 days.</p><h2>How</h2><ul><li>Pack it</ul><h2>Cost</h2>None"
    long = {"title": "Policy", "body": body, "next": "<p>x</p>"}
    assert read_json({"pages": [long, {"title": "B"}]})[:5] == [
        (("pages", "Policy"), "title: Policy"),
        (("pages", "Policy", "body", "Returns"), "Within 30 days."),
        (("pages", "Policy", "body", "Returns", "How"), "- Pack it"),
        (("pages", "Policy", "body", "Returns", "Cost"), "None"),
        (("pages", "Policy", "next"), "x"),
    ]
    ((_, answer),) = read_json([{"question": "What now?", "answer": body}])
    assert answer == "What now?\nReturns\nWithin 30 days.\nHow\n- Pack it\nCost\nNone"


def test_keys_that_are_words_stay_as_they_were_written() -> None:
    ((_, text),) = read_json({"How do I pay with PayPal?": "So.", "T-Shirt XL": 5, "openNow": 1})
    assert text == "How do I pay with PayPal?: So.\nT-Shirt XL: 5\nopen now: 1"
