"""Blocks: read from lines and Markdown, written as plain text and Markdown, stored and read."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.answering.blocks import (
    Block,
    BulletList,
    Code,
    Heading,
    Paragraph,
    Steps,
    Table,
    from_lines,
    paragraphs,
    pieces,
    plain_text,
    read_blocks,
    row_text,
    stored_blocks,
)
from answerdesk.answering.markdown import markdown, read_markdown

LINE = (
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
    | st.sampled_from(
        [
            "*",
            "_a_",
            "snake_case",
            "`code`",
            "[link](x)",
            "[1]",
            "<b>",
            ">",
            "#",
            "##",
            "-",
            "+",
            "1.",
            "2)",
            "---",
            "===",
            "|",
            "~~",
            "![i](y)",
            "&amp;",
            "&",
            "\\",
            "**",
            "***",
            "```",
            "~~~",
            "1990.",
            "a|b",
            ":--",
            "<!--",
            "http://a.b/_c_",
        ]
    )
).filter(lambda word: word.strip() != "")
TEXT = st.lists(LINE, min_size=1, max_size=6).map(" ".join)
CELLS = st.lists(TEXT, min_size=2, max_size=3).map(tuple)


@st.composite
def parts(draw: st.DrawFn, texts: Sequence[str]) -> tuple[str, ...]:
    """Parts of texts, as they are marked; sometimes not at the borders of words."""
    whole = st.sampled_from(texts)
    part = st.tuples(whole, st.integers(0, 30), st.integers(0, 30)).map(
        lambda drawn: drawn[0][min(drawn[1:]) : max(drawn[1:])]
    )
    return tuple(draw(st.lists(whole | part, max_size=3)))


@st.composite
def lists(draw: st.DrawFn) -> BulletList | Steps:
    items = tuple(draw(st.lists(TEXT, min_size=1, max_size=4)))
    marked = draw(parts(items))
    bullets = BulletList(items, marked=marked)
    return draw(st.just(bullets) | st.integers(1, 900).map(lambda n: Steps(items, n, None, marked)))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    header = draw(CELLS)
    row = st.lists(TEXT, min_size=len(header), max_size=len(header)).map(tuple)
    rows = tuple(draw(st.lists(row, max_size=3)))
    said = [*(cell for one in rows for cell in one), *map(row_text, rows)]
    return Table(header, rows, marked=draw(parts(said)) if said else ())


BLOCK: st.SearchStrategy[Block] = st.one_of(
    TEXT.map(Heading),
    st.lists(TEXT, min_size=1, max_size=3)
    .map("\n".join)
    .flatmap(lambda text: parts((text,)).map(lambda marked: Paragraph(text, marked=marked))),
    lists(),
    tables(),
    st.builds(Code, st.lists(TEXT, min_size=1, max_size=3).map("\n".join), st.just("sh")),
)


def unmarked(block: Block) -> Block:
    return block if isinstance(block, Heading | Code) else replace(block, marked=())


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"type": "image"},
        {"type": "paragraph"},
        {"type": "menu", "items": "abc"},
        {"type": "menu", "items": []},
        {"type": "menu", "items": [{"text": "a"}]},
        {"type": "sum", "text": 7},
    ],
)
def test_what_says_nothing_is_left_out(stored: dict[str, object]) -> None:
    assert read_blocks([stored]) == ()
    assert read_blocks([stored, {"type": "paragraph", "text": "a", "source": 0}]) == (
        Paragraph("a", 0),
    )


def test_a_kind_that_only_a_newer_version_knows_is_shown_plainly() -> None:
    stored: list[dict[str, object]] = [
        {"type": "warning", "text": "Hot!", "level": 3, "source": 1},
        {"type": "menu", "items": ["Soup", "Salad"], "source": 2},
        {"type": "warning", "text": "Wet!", "source": "the page"},
        {"type": "paragraph", "text": "a", "source": 0, "colour": "red"},
    ]
    assert read_blocks(stored) == (
        Paragraph("Hot!", 1),
        BulletList(("Soup", "Salad"), 2),
        Paragraph("Wet!"),
        Paragraph("a", 0),
    )


@pytest.mark.parametrize("text", ["", " \n\n \n", "---", "[a]: http://b"])
def test_markdown_without_text_has_no_blocks(text: str) -> None:
    assert read_markdown(text) == ()


def test_html_in_a_models_markdown_is_text() -> None:
    assert read_markdown("Hello <img src=x onerror=alert(1)>") == (
        Paragraph("Hello <img src=x onerror=alert(1)>"),
    )


def test_a_deep_heap_of_quotes_ends() -> None:
    assert len(plain_text(read_markdown("> " * 4000 + "deep"))) < 20_000


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=4))
def test_markdown_that_is_written_reads_as_the_same(blocks: list[Block]) -> None:
    # Two lists in a row are one in Markdown.
    apart: list[Block] = []
    for block in blocks:
        if apart and type(apart[-1]) is type(block):
            apart.append(Code("between"))
        apart.append(block)
    assert read_markdown(markdown(apart)) == tuple(map(unmarked, apart))


@settings(max_examples=100, deadline=None)
@given(st.lists(BLOCK, max_size=4))
def test_what_is_stored_reads_as_the_same(blocks: list[Block]) -> None:
    assert read_blocks(stored_blocks(blocks)) == tuple(blocks)


def test_what_was_stored_before_anything_was_marked_is_read() -> None:
    stored: list[dict[str, object]] = [
        {"type": "paragraph", "text": "a", "source": 0},
        {"type": "list", "items": ["a"], "source": None},
        {"type": "steps", "items": ["a"], "start": 2, "source": None},
        {"type": "table", "header": ["a"], "rows": [["b"]], "source": None},
        {"type": "code", "text": "a", "language": None, "source": None},
    ]
    assert read_blocks(stored) == (
        Paragraph("a", 0),
        BulletList(("a",)),
        Steps(("a",), 2),
        Table(("a",), (("b",),)),
        Code("a"),
    )


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (Heading("Post  to\n*Norway*"), r"**Post to \*Norway\***"),
        (Paragraph("One. Two.", marked=("Two.",)), "One. **Two.**"),
        (Paragraph("One.\nTwo. Three", marked=("One.\nTwo.",)), "**One.**  \n**Two.** Three"),
        # It would read as a heading.
        (Paragraph("One.", marked=("One.",)), "One."),
        (Paragraph("One two", marked=("One", "One ", " two")), "One two"),
        # Asterisks there would mean nothing, and be shown.
        (Paragraph("One (two).", marked=("(two)",)), "One (two)."),
        (Paragraph("これです。次", marked=("これです。",)), "これです。次"),
        (
            Paragraph("one two three four", marked=("one two", "two three")),
            "**one two three** four",
        ),
        (Paragraph("a b", marked=("", " ", "c")), "a b"),
        (BulletList(("a b", "b", "b"), marked=("b",)), "- a b\n- **b**\n- b"),
        (BulletList(("a b", "c b"), marked=("b",)), "- a **b**\n- c b"),
        (Steps(("1. a", "b"), 9, marked=("1. a",)), r"9. **1\. a**" + "\n10. b"),
        (
            Table(("P", "Q"), (("a", "1"), ("b|c", " 1"), ("", "2")), marked=("b|c |  1", "2")),
            "| P | Q |\n| --- | --- |\n| a | 1 |\n| **b\\|c** | **1** |\n|  | **2** |",
        ),
    ],
)
def test_what_is_marked_is_bold_where_markdown_can_say_so(block: Block, written: str) -> None:
    assert markdown([block]) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("It opens at nine [1].", "It opens at nine [1]."),
        ("[1] [23]", "[1] [23]"),
        ("[1](https://a.example)", r"\[1\](https://a.example)"),
        ("[1]: https://a.example", r"\[1\]: https://a.example"),
        ("[a][1]", r"\[a\][1]"),
        ("[x] [1234]", r"\[x\] \[1234\]"),
    ],
)
def test_a_sources_number_is_no_markup_and_a_link_is(said: str, written: str) -> None:
    assert markdown([Paragraph(said)]) == written
    assert plain_text(read_markdown(written)) == said


def test_plain_text_has_headings_as_lines_and_no_marks() -> None:
    blocks = (Heading("Post\n abroad"), Paragraph("One. Two.", marked=("Two.",)))
    assert plain_text(blocks) == "Post abroad\n\nOne. Two."


def test_a_models_headings_are_headings() -> None:
    text = "## Post\n\n**Abroad**\n\n**Yes**, we do.\n\n- **a**\n\nx\n==="
    assert read_markdown(text) == (
        Heading("Post"),
        Heading("Abroad"),
        Paragraph("Yes, we do."),
        BulletList(("a",)),
        Heading("x"),
    )


@pytest.mark.parametrize("line", ["-- -", "- - -", "***", "_ _ _", "===", "# a", "1) b", "> c"])
def test_a_line_that_looks_like_a_mark_stays_a_line(line: str) -> None:
    for blocks in ((Paragraph(line),), (Paragraph(f"Above\n{line}"),), (BulletList((line,)),)):
        assert read_markdown(markdown(blocks)) == blocks


def test_lists_are_read_as_ingestion_writes_them() -> None:
    text = "To begin:\n\n1. Open it.\n2. Press\n\n- small\n- large\nThat is all.\nReally."
    assert from_lines(text, 3) == [
        Paragraph("To begin:", 3),
        Steps(("Open it.", "Press"), 1, 3),
        BulletList(("small", "large"), 3),
        Paragraph("That is all.\nReally.", 3),
    ]


def test_numbers_that_do_not_follow_begin_anew() -> None:
    assert from_lines("3. three\n4. four\n9. nine") == [
        Steps(("three", "four"), 3),
        Steps(("nine",), 9),
    ]


def test_a_row_is_plain_text_that_is_understood_alone() -> None:
    table = Table(("Plan", "Price", ""), (("Small", "9 €", "new"), ("Large", "", "")))
    assert plain_text([table]) == "Plan: Small; Price: 9 €; new\nPlan: Large"


def test_code_keeps_its_letters_and_a_fence_longer_than_its_own() -> None:
    code = Code("```\n  a *b*\n```")
    assert markdown([code]) == "````\n```\n  a *b*\n```\n````"
    assert plain_text([code]) == code.text


def test_pieces_are_the_text() -> None:
    text = "One two three four five.\n\n- six\n- seven"
    assert "".join(pieces(text)) == text
    assert len(pieces(text)) == 3


def test_paragraphs_are_parted_by_empty_lines() -> None:
    assert paragraphs("a\nb\n \t\nc\n\n\n") == (Paragraph("a\nb"), Paragraph("c"))
