"""The passage that holds the answer comes first."""

import pytest

from answerdesk.answering.extractive.evidence import RANK_FEATURES
from tests.answering.extractive.shelf import Shelf, shelf

FILLER = "# Page {}\n\nThis page tells something about subject {} and about nothing else."


async def test_the_passage_with_the_answer_is_first() -> None:
    books = await shelf(
        shipping="# Shipping\n\nExpress shipping costs 12 euros.",
        returns="# Returns\n\nReturns are free for 30 days.",
        plans="# Plans\n\nThe Pro plan costs 29 euros.",
    )
    for question, path in (
        ("What does express shipping cost?", "shipping"),
        ("How many days do I have for returns?", "returns"),
        ("What does the Pro plan cost?", "plans"),
    ):
        assert (await books.ask(question)).ranked[0].found.chunk.path == path


async def test_words_side_by_side_beat_the_same_words_apart() -> None:
    books = await shelf(
        apart="# One\n\nThe blue door has an old wooden frame with a lamp in its middle.",
        beside="# Two\n\nThe old door has a wooden frame with a blue lamp in its middle.",
    )
    found = (await books.ask("Where is the blue lamp?")).ranked
    assert [one.found.chunk.path for one in found] == ["beside", "apart"]


async def test_a_heading_counts_for_what_stands_under_it() -> None:
    books = await shelf(plans="# Plans\n\n## Free\n\nIt has a limit.\n\n## Pro\n\nIt has a limit.")
    asked = "Does the Pro plan have a limit?"
    evidence = (await books.ask(asked)).ranked[0].evidence
    assert evidence is not None
    books = await shelf(plans="# Tiers\n\n## One\n\nIt has a limit.\n\n## Two\n\nIt has a limit.")
    without = (await books.ask(asked)).ranked[0].evidence
    assert without is not None
    soft = RANK_FEATURES.index("soft")
    assert evidence.rank[soft] > without.rank[soft] + 0.3


async def test_a_question_that_a_document_leaves_open_speaks_for_nothing() -> None:
    books = await shelf(faq="# Faq\n\nWho painted the Mona Lisa? Who carved the Sphinx?")
    outcome = await books.ask("Who painted the Mona Lisa?")
    evidence = outcome.ranked[0].evidence
    assert evidence is not None
    assert evidence.rank[RANK_FEATURES.index("best")] == 0
    assert evidence.rank[RANK_FEATURES.index("soft")] == 0
    assert outcome.choice.parts == ()


async def test_candidates_that_are_not_read_stay_behind_those_that_are() -> None:
    books = Shelf()
    for number in range(30):
        await books.put(f"page {number}", FILLER.format(number, number))
    ranked = (await books.ask("What does the page about subject 7 tell?")).ranked
    assert len(ranked) == 30
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    read = [one.evidence is not None for one in ranked]
    assert read == sorted(read, reverse=True)
    assert ranked[0].found.chunk.path == "page 7"


async def test_the_order_of_equals_is_always_the_same() -> None:
    books = Shelf()
    for number in range(5):
        await books.put(f"page {number}", "# Same\n\nThe same words everywhere.")
    ranked = (await books.ask("Which words are the same?")).ranked
    assert [one.found.chunk.path for one in ranked] == [f"page {number}" for number in range(5)]


async def test_nothing_stored_is_nothing_found() -> None:
    outcome = await Shelf().ask("Anything?")
    assert outcome.ranked == []
    assert outcome.confidence == 0


async def test_a_section_of_links_is_behind_what_tells() -> None:
    books = await shelf(
        links="# Teams\n\nAbout it all.\n\n## See Also\n\n- the cost of a team subscription",
        plans="# Plans\n\nThe subscription of a team has a cost of 29 euros.",
    )
    found = (await books.ask("What is the cost of a team subscription?")).ranked
    assert found[0].found.chunk.path == "plans"
    alone = await shelf(teams="# Teams\n\n## See Also\n\n- the cost of a team subscription")
    assert (await alone.ask("Who founded the company?")).choice.parts == ()


async def test_a_line_that_only_announces_is_no_answer() -> None:
    books = await shelf(
        names="# Names\n\nExamples:\n\nThe examples of a package name are left-pad and lodash."
    )
    outcome = await books.ask("What are examples of a package name?")
    assert "left-pad" in outcome.text
    assert outcome.text != "Examples:"


@pytest.mark.parametrize("heading", ["Version 1.4 (May 2024)", "[1.4.0] - 2024-05-06"])
async def test_the_manual_goes_before_the_notes_on_a_release(heading: str) -> None:
    books = await shelf(
        changes=f"# Changes\n\n## {heading}\n\nThe default compression is lz4.",
        manual="# Manual\n\n## Use\n\nThe default compression is lz4.",
    )
    for asked, path in (
        ("What compression is the default?", "manual"),
        ("What changed in the default compression?", "changes"),
        ("What is the default compression in 1.4?", "changes"),
    ):
        ranked = (await books.ask(asked)).ranked
        assert ranked[0].found.chunk.path == path
        assert ranked[0].score - ranked[1].score > 0.5


@pytest.mark.parametrize(
    "heading", ["1.4 Compression", "[1.4] Compression", "1.4 – Compression", "1.4 - Compression"]
)
async def test_a_heading_with_a_number_is_no_release(heading: str) -> None:
    books = await shelf(
        guide=f"# Guide\n\n## {heading}\n\nThe default compression is lz4.",
        other="# Other\n\n## Version 1.4\n\nThe default compression is lz4.",
    )
    ranked = (await books.ask("What compression is the default?")).ranked
    assert ranked[0].found.chunk.path == "guide"
    assert ranked[0].score - ranked[1].score > 0.5
