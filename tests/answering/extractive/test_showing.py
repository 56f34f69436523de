"""What is shown of a passage reads well alone."""

from dataclasses import replace

import numpy as np
import pytest

from answerdesk.answering.blocks import Code
from answerdesk.answering.extractive.pieces import without_heading
from answerdesk.answering.extractive.showing import blocks_shown, sentences_shown, without_marker
from answerdesk.kit.spans import Span, quote
from tests.answering.extractive.shelf import shelf

REMOVAL = """# Removing

Ordinary removal keeps your settings and your own files. Note that this needs a restart of the
computer afterwards.
"""
COMMANDS = """# Install

The blue server is small. Our gardeners like it.

Install the blue server with the package manager:

```
apt-get install blue-server
systemctl enable blue-server
```

See the manual for everything else.
"""
BELLS = """Bells
=====

How to name the bell is shown here:

.. code-block:: python

   @bell(name='dong')
   def ring(bell):
       pass
"""
RULES = """# Names

- A name has at most 214 characters.
- Capital letters were allowed once.
- Dots in front are for the house itself.
"""
GROUPS = """# Groups

- adm: Members of it read the logs.
- backup: Members of it save files at night.
- games: Members of it play.
"""
FEATURES = """# Features

- Searching the greenhouse helps you find plants:
  - The search completes words while you type.
  - Results are sorted by height.
- Importing seed packets from the mail works with your own accounts:
  - Configure a rule for each account.
  - Packets are marked as read afterwards.
- The gate opens by itself.
"""
SIGNS = """# Signs

The wooden sign says nothing and stands still. It is useful where a wooden sign is wanted, such as:

Behind the greenhouse and in front of the gate.
"""
GATES = """# Gates

A brass latch keeps the garden gate shut at night. The latch of the garden gate is shut as follows:

Lift it by hand.
"""
SCHEMES = """# Schemes

You can choose from the brass schemes listed in the table below. All of them are fine. Ask us.

| Scheme | Space |
|---|---|
| one room | 600 feet |
| two rooms | 900 feet |
"""
SMALL = """# Facts

## Licence

Everything here is free for everybody.

## Price

20 euros
"""


async def test_a_sentence_that_leans_comes_with_the_one_before() -> None:
    outcome = await (await shelf(removing=REMOVAL)).ask(
        "Is a restart of the computer needed afterwards?"
    )
    assert outcome.text.startswith("Ordinary removal keeps your settings")
    assert "needs a restart" in outcome.text


async def test_what_must_not_be_done_comes_with_what_is_to_be_done_instead() -> None:
    stopping = (
        "To stop the mill, you must not pull the plug from the wall. "
        "Flour could get into the gears and stay there. "
        "To halt the mill at night, you must not lift the stone. "
        "Rather, turn the brass wheel until the sails stand still."
    )
    outcome = await (await shelf(mill=stopping)).ask("How do I halt the mill at night?")
    assert "must not lift the stone" in outcome.text
    assert outcome.text.endswith("Rather, turn the brass wheel until the sails stand still.")


async def test_one_that_leans_and_announces_has_what_stands_on_both_sides() -> None:
    outcome = await (await shelf(signs=SIGNS)).ask("Where is the wooden sign useful?")
    assert outcome.text.startswith("The wooden sign says nothing and stands still.")
    assert outcome.text.endswith("Behind the greenhouse and in front of the gate.")


async def test_an_item_that_announces_comes_with_the_items_inside_it_and_no_others() -> None:
    outcome = await (await shelf(features=FEATURES)).ask("Can I import seed packets by mail?")
    lines = outcome.text.splitlines()
    assert lines[0].endswith("Importing seed packets from the mail works with your own accounts:")
    assert [line.strip() for line in lines[1:]] == [
        "- Configure a rule for each account.",
        "- Packets are marked as read afterwards.",
    ]


async def test_what_is_shown_with_the_answer_ends_with_what_it_announces() -> None:
    outcome = await (await shelf(gates=GATES)).ask("What keeps the garden gate shut at night?")
    near = np.array([0.0, -0.1, -9.0], np.float32)
    best = replace(outcome.ranked[0], sentence_scores=near)
    assert sentences_shown(outcome.asked, best) == [0, 1, 2]


async def test_what_is_said_to_be_in_a_table_below_comes_with_it() -> None:
    outcome = await (await shelf(schemes=SCHEMES)).ask("Which brass scheme can I choose?")
    assert outcome.text.startswith("You can choose from the brass schemes")
    assert "Space: 600 feet" in outcome.text
    assert "Space: 900 feet" in outcome.text


async def test_code_comes_with_the_sentence_that_introduces_it_and_no_more() -> None:
    outcome = await (await shelf(install=COMMANDS)).ask("How do I install the blue server?")
    for first in (2, 3):
        scores = np.full(5, -9.0, np.float32)
        scores[first] = 0.0
        best = replace(outcome.ranked[0], sentence_scores=scores)
        shown = [
            outcome.ranked[0].found.chunk.sentences[one]
            for one in sentences_shown(outcome.asked, best)
        ]
        text = quote(best.found.chunk.text, shown)
        assert text.startswith("Install the blue server with the package manager:")
        assert text.endswith("systemctl enable blue-server")


async def test_code_that_its_file_sets_off_is_shown_from_the_margin() -> None:
    ones = await shelf()
    await ones.put_text("bells", BELLS)
    outcome = await ones.ask("How do I name the bell?")
    (best, spans), *_ = outcome.choice.parts
    assert blocks_shown(best, spans, 0)[-1] == Code(
        "@bell(name='dong')\ndef ring(bell):\n    pass", source=0
    )


async def test_of_a_list_one_item_is_shown_without_its_dash() -> None:
    outcome = await (await shelf(names=RULES)).ask("How many characters has a name at most?")
    assert outcome.text == "A name has at most 214 characters."


async def test_a_list_that_is_no_steps_is_not_shown_whole() -> None:
    outcome = await (await shelf(groups=GROUPS)).ask("How do members of backup save files?")
    assert "save files at night" in outcome.text
    assert "play" not in outcome.text


async def test_a_heading_is_not_quoted_before_a_whole_sentence() -> None:
    outcome = await (await shelf(facts=SMALL)).ask("Is everything here free for everybody?")
    assert outcome.text == "Everything here is free for everybody."


@pytest.mark.parametrize(
    "text",
    [
        "Price\n20 euros",
        "Where to go:\nThe shop is on the left.",
        "This line was wrapped in the middle of\nthe sentence that it has.",
        "Yes. That is so.",
    ],
)
def test_a_first_line_that_is_needed_stays(text: str) -> None:
    assert without_heading(text, Span(0, len(text))) == Span(0, len(text))


@pytest.mark.parametrize(
    ("item", "shown"),
    [("- One pen.", "One pen."), ("12. Go home.", "Go home."), ("-5 degrees", "-5 degrees")],
)
def test_an_item_without_its_marker(item: str, shown: str) -> None:
    assert without_marker(item, Span(0, len(item))).of(item) == shown


HOTEL = """# Hotel Linde

Prices for a night, with breakfast.

| Room | Winter | Summer |
|---|---|---|
| Sea view, single | 80 euros | 120 euros |
| Garden view, single | 60 euros | 90 euros |
"""
PLANS = """# Plans

Monthly plans

| Plan | Price |
|---|---|
| Solo | 9 |
| Team | 29 |

Yearly plans

| Plan | Price |
|---|---|
| Solo | 90 |
| Team | 290 |
"""


@pytest.mark.parametrize(
    ("document", "question", "right", "wrong"),
    [
        (HOTEL, "How much is a single room with sea view in summer?", "120 euros", "90 euros"),
        (HOTEL, "How much is a single room with garden view in summer?", "90 euros", "120 euros"),
        (PLANS, "What does the Team plan cost per month?", "Price: 29", "Price: 290"),
        (PLANS, "What does the Team plan cost per year?", "Price: 290", "Price: 29\n"),
    ],
)
async def test_a_row_that_meets_the_question_worse_is_not_shown_beside_a_better_one(
    document: str, question: str, right: str, wrong: str
) -> None:
    books = await shelf(page=document)
    outcome = await books.ask(question)
    [(best, spans)] = outcome.choice.parts
    shown = quote(best.found.chunk.text, spans) + "\n"
    assert right in shown
    assert wrong not in shown
