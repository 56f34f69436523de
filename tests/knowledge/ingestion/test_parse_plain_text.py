from answerdesk.knowledge.ingestion.parse import Block, ParsedDocument, parse

NOTES = """\
Opening hours
=============

We are open from Monday to Friday, and on the first
Saturday of each month. Call us:
+49 30 123
Mon-Fri

Prices
------

Plan      Price    Seats
Pro       $20      5
Team      $50      20

We take:
- Visa
- Mastercard, if it was issued in the
  European Union
  - Maestro
1) cash

----------

The end.\f
Next page.
"""


def read(text: str) -> ParsedDocument:
    return parse(text.encode(), "text/plain", "NOTES.txt")


def test_a_text_with_headings_lists_and_columns() -> None:
    document = read(NOTES)
    assert document.title == "Opening hours"
    prices = ("Prices",)
    assert list(document.blocks) == [
        Block(
            "paragraph",
            "We are open from Monday to Friday, and on the first Saturday of each month. Call us:\n"
            "+49 30 123\nMon-Fri",
        ),
        Block(
            "code",
            "Plan      Price    Seats\nPro       $20      5\nTeam      $50      20",
            prices,
        ),
        Block("paragraph", "We take:", prices),
        Block(
            "list",
            "- Visa\n- Mastercard, if it was issued in the European Union\n  - Maestro\n1) cash",
            prices,
        ),
        Block("paragraph", "The end.", prices),
        Block("paragraph", "Next page.", prices),
    ]


def test_a_text_without_headings_is_named_after_its_file() -> None:
    document = read("One.\r\n\r\nTwo.\rThree.")
    assert document.title == "NOTES"
    assert [block.text for block in document.blocks] == ["One.", "Two.\nThree."]


def test_markup_in_plain_text_is_text() -> None:
    assert [block.text for block in read("# a <b> &amp; **c**").blocks] == ["# a <b> &amp; **c**"]
