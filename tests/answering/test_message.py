"""Messages are read into what they ask and what is only said around it."""

import json
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from answerdesk.answering.message import (
    LONGEST_PART,
    MOST_QUESTIONS,
    is_small_talk,
    read_message,
    read_question,
)
from answerdesk.answering.message.asked import _patterns
from answerdesk.answering.message.manners import MANNERS
from answerdesk.answering.message.social import EVERY_LANGUAGE
from answerdesk.answering.message.types import ReadMessage
from tests.rules.test_patterns import problems

FOLDER: Final = Path(__file__).parent / "messages"
REQUESTS: Final = Path(__file__).parent / "human_requests"
HELP_CENTRE: Final = Path(__file__).parents[2] / "benchmarks" / "help_centre"
SIGNS: Final = {"question": "?", "complaint": "!", "statement": "="}


class Example(NamedTuple):
    """A message, and the lines of its file that say what it is."""

    message: str
    told: tuple[str, ...]


def examples(file: Path) -> list[Example]:
    found: list[tuple[str, list[str]]] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            found.append((line[2:].replace("\\n", "\n"), []))
        elif line and not line.startswith("#"):
            found[-1][1].append(line)
    return [Example(message, tuple(told)) for message, told in found]


EXAMPLES: Final = [one for file in sorted(FOLDER.glob("*.txt")) for one in examples(file)]


def described(read: ReadMessage, *, readings: bool) -> tuple[str, ...]:
    """Describe a read message in the lines of the files."""
    if read.kind == "person":
        return ("@",)
    if read.kind == "small_talk":
        return (f"* {read.small_talk}",)
    lines: list[str] = []
    for part in read.questions:
        lines.append(f"{SIGNS[part.form]} {part.text}")
        if readings:
            lines.append(f"~ {part.read_as}")
    return tuple(lines)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 200


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.message[:40] for one in EXAMPLES])
def test_a_message_is_read_as_its_example_says(example: Example) -> None:
    readings = any(line.startswith("~") for line in example.told)
    assert described(read_message(example.message), readings=readings) == example.told


@pytest.mark.parametrize("file", sorted(REQUESTS.glob("*.txt")), ids=lambda file: file.stem)
def test_no_question_about_people_is_small_talk_or_loses_a_word(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    for asked in (line[2:].strip() for line in lines if line.startswith("- ")):
        read = read_question(asked)
        assert read.kind == "question", asked
        assert " ".join(part.text for part in read.questions) == asked


@pytest.mark.parametrize("site", ["gimp", "ocrmypdf"])
def test_a_greeting_or_a_story_leaves_the_bare_question(site: str) -> None:
    lines = (HELP_CENTRE / f"{site}.jsonl").read_text(encoding="utf-8").splitlines()
    ways = [row["ways"] for row in map(json.loads, lines) if "ways" in row]
    for name, least in (("bare", 1.0), ("greeting", 0.98), ("story", 0.97)):
        asked = [(one[name], one["bare"]) for one in ways if name in one]
        whole = sum([part.text for part in read_message(m).questions] == [b] for m, b in asked)
        assert whole >= least * len(asked), (name, whole, len(asked))


@pytest.mark.parametrize("site", ["gimp", "ocrmypdf"])
def test_a_complaint_asks_how_or_why(site: str) -> None:
    lines = (HELP_CENTRE / f"{site}.jsonl").read_text(encoding="utf-8").splitlines()
    ways = [row["ways"] for row in map(json.loads, lines) if "ways" in row]
    complaints = [one["complaint"] for one in ways if "complaint" in one]
    read = [read_message(one).questions for one in complaints]
    assert sum(parts[0].form != "statement" for parts in read) >= 0.95 * len(complaints)


def test_the_rest_is_all_that_does_not_ask() -> None:
    read = read_message(
        "Hi there! I run our club's page. How wide is a picture? It's urgent. Thanks, Anna"
    )
    assert [part.text for part in read.questions] == ["How wide is a picture?"]
    assert read.rest == "Hi there! I run our club's page. It's urgent. Thanks, Anna"


def test_of_many_questions_the_first_and_the_last_are_read() -> None:
    asked = [f"How much does plan number {number} cost per seat?" for number in range(9)]
    read = read_message(" ".join(asked))
    assert [part.text for part in read.questions] == [asked[0], *asked[-2:]]
    assert len(read.questions) == MOST_QUESTIONS
    assert asked[4] in read.rest


def test_a_long_message_is_read_by_its_asking_sentences() -> None:
    told = "The box came on Monday and the lid was red. " * 60
    read = read_message(f"{told}How do I open the lid of the box?\n{told}")
    assert [part.text for part in read.questions] == ["How do I open the lid of the box?"]
    assert len(read.rest) <= LONGEST_PART


def test_of_a_long_text_that_asks_nothing_beginning_and_end_are_the_question() -> None:
    read = read_message("first " + "word " * 1500 + "last")
    (part,) = read.questions
    assert part.form == "statement"
    assert part.text.startswith("first word")
    assert part.text.endswith("word last")
    assert len(part.text) <= LONGEST_PART


@pytest.mark.parametrize(
    "text", ["?", "...", "42", "A-1234", "a", "\u0130stanbul", "💥", "¿", "-", "0"]
)
def test_what_is_unclear_is_a_question(text: str) -> None:
    read = read_message(text)
    assert read.kind == "question"
    assert [part.text for part in read.questions] == [text]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", "en"),
        ("Vielen Dank!", "de"),
        ("Merci beaucoup", "fr"),
        ("buenos días", "es"),
        ("grazie mille", "it"),
        ("obrigado", "pt"),
        ("goedemorgen", "nl"),
        ("dziękuję", "pl"),
        ("ありがとうございます", "ja"),
        ("شكرا جزيلا", "ar"),
        ("ok", "und"),
        ("hi", "und"),
    ],
)
def test_small_talk_tells_its_language(text: str, language: str) -> None:
    read = read_message(text)
    assert (read.kind, read.language) == ("small_talk", language)


def test_a_quick_look_agrees_with_the_reading() -> None:
    for example in EXAMPLES:
        read = read_question(example.message)
        assert is_small_talk(example.message) == (read.kind == "small_talk"), example.message


def test_letters_that_grow_in_small_stay_in_place() -> None:
    read = read_message("Hi! İİİİ İstanbul store: when does it open on Sundays? Thanks, Ayşe")
    assert [part.text for part in read.questions] == [
        "İİİİ İstanbul store: when does it open on Sundays?"
    ]


@pytest.mark.parametrize("language", sorted(MANNERS))
def test_no_manners_take_long(language: str) -> None:
    made = _patterns(language)
    for name in ("asking", "wishing", "helping", "wanting", "vague"):
        assert list(problems(name, getattr(made, name), frozenset({"match"}))) == []


def test_no_phrase_takes_long() -> None:
    for name, pattern in (*EVERY_LANGUAGE._spaced, *EVERY_LANGUAGE._unspaced):
        assert list(problems(name, pattern, frozenset({"match"}))) == []
