"""What a question names by a code, a version or a model, an answer has to be about."""

import pytest

from answerdesk.answering.extractive.designations import (
    are_met,
    asked_by,
    designations_in,
    identifiers_in,
)
from tests.answering.extractive.shelf import Shelf, shelf

PUMP = """# Aquila 300 pump manual

The Aquila 300 delivers 40 litres per minute. Its maximum pressure is 6 bar.

Error E-104 means that the inlet is blocked. Error E-140 means that the motor is too hot.

The warranty of the Aquila 300 is 24 months. Spare seal: part number 7720-0042-B.
"""
MACHINE = """# Nova Plus coffee machine

The Nova Plus holds 1.2 litres of water. It must be descaled every 60 days.
"""
CHANGES = """# Otter server changelog

## 3.2

The default port is 8080.

## 3.20

The default port is 9090.
"""
RATES = """# Postage

## Rates 2023

A letter to Norway costs 1.10 euros.

## Rates 2024

A letter to Norway costs 1.25 euros.
"""


@pytest.mark.parametrize(
    "question",
    [
        "How many litres per minute does the Aquila 400 deliver?",
        "What does error E-114 mean?",
        "What does E141 mean on the Aquila 300?",
        "Do you have part 77200042C?",
        "How much water does the Nova Max hold?",
        "Does the iPhone 15 fit?",
    ],
)
def test_another_thing_is_not_it(question: str) -> None:
    assert are_met(asked_by(question), designations_in([PUMP, MACHINE])) is False


@pytest.mark.parametrize(
    "question",
    [
        "Where is my order 14254?",
        "Do you deliver to 851133?",
        "Which mattress for a bed of 78x60 or 72/36/6?",
        "Is a 20cm thick one good for 100kg?",
    ],
)
def test_a_number_of_the_visitors_own_names_nothing(question: str) -> None:
    assert are_met(asked_by(question), designations_in([PUMP, MACHINE])) is None


def test_a_number_is_told_from_others() -> None:
    parts = designations_in(["Part 77200042 is the seal. Part 77200043 is the valve."])
    assert are_met(asked_by("What is part 77200042?"), parts) is True
    assert are_met(asked_by("What is part 77200044?"), parts) is False


@pytest.mark.parametrize(
    "question",
    [
        "How many litres per minute does the Aquila 300 deliver?",
        "What does error E104 mean?",
        "What does error e-104 mean?",
        "What does error E 140 mean?",
        "Do you have part 77200042B?",
        "How much water does the Nova Plus hold?",
    ],
)
def test_however_it_is_written_it_is_it(question: str) -> None:
    assert are_met(asked_by(question), designations_in([PUMP, MACHINE])) is True


@pytest.mark.parametrize(
    "question",
    ["What does a letter cost in 2024?", "Does Anna work here?", "How do I wash it at 30 degrees?"],
)
def test_amounts_years_and_names_alone_designate_nothing(question: str) -> None:
    assert are_met(asked_by(question), designations_in([PUMP])) is None


def test_a_version_differs_from_those_that_are_said_or_none_is_said() -> None:
    asked = asked_by("What is the port in 3.2?")
    assert are_met(asked, designations_in(["In 3.20 it is 9090."])) is False
    assert are_met(asked, designations_in(["In 3.2.1 it is 9090."])) is True
    assert are_met(asked, designations_in(["It is 9090."])) is True


def test_what_is_said_of_a_name_without_a_model_may_hold_for_all() -> None:
    asked = asked_by("Is the Aquila 400 quiet?")
    assert are_met(asked, designations_in(["The Aquila is quiet."])) is True


@pytest.fixture
async def everything() -> Shelf:
    return await shelf(pump=PUMP, machine=MACHINE, changes=CHANGES, rates=RATES)


async def test_a_neighbours_value_is_not_given(everything: Shelf) -> None:
    for question in (
        "How many litres per minute does the Aquila 400 deliver?",
        "What does error E-114 mean?",
        "How much water does the Nova Max hold?",
        "What is the default port in Otter server 5.1?",
    ):
        assert (await everything.ask(question)).text == "", question


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does a letter to Norway cost in 2023?", "1.10"),
        ("What does a letter to Norway cost in 2024?", "1.25"),
        ("What is the default port in Otter server 3.2?", "8080"),
        ("What is the default port in Otter server 3.20?", "9090"),
        ("What does error E104 mean?", "inlet is blocked"),
    ],
)
async def test_its_own_value_is(everything: Shelf, question: str, said: str) -> None:
    assert said in (await everything.ask(question)).text


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("What does the skip_if_exists setting do?", {"skip_if_exists"}),
        ("How do I use `--dry-run` or -n?", {"dry_run"}),
        ("Where is config.yaml?", {"config.yaml"}),
        ("Is maxRetries 3 by default", {"maxretries"}),
        ("_secret_questions", {"secret_questions"}),
        ("My e-mail, e.g. a well-known one, has not come. Why?", set()),
        ("Version 2.0 of https://example.com/a_b", set()),
        ("Why? " + "_" * 500 + "-" * 500, set()),
    ],
)
def test_what_is_written_as_code_is_an_identifier(line: str, found: set[str]) -> None:
    assert identifiers_in(line) == found
