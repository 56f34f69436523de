"""Outward forms: what is code, what defines."""

import pytest

from answerdesk.answering.extractive.forms import (
    defined_in,
    instructs,
    is_row,
    locates,
    only_notes,
    outward_forms,
    points_elsewhere,
    presupposes,
    to_be_defined,
)
from answerdesk.kit.spans import Span


@pytest.mark.parametrize(
    "question",
    ["What is the price?", "What is my balance?", "When is the lease over?", "What is it?"],
)
def test_a_question_for_something_else_is_not_for_a_definition(question: str) -> None:
    assert to_be_defined(question, "en") == ""


@pytest.mark.parametrize(
    ("question", "language", "thing"),
    [
        ("What is a workspace?", "en", "workspace"),
        ("What are peer dependencies?", "en", "peer dependencies"),
        ("what's a lease", "en", "lease"),
        ("What does lease mean?", "en", "lease"),
        ("What is the command sync?", "en", "sync"),
        ("Was ist ein Arbeitsbereich?", "de", "Arbeitsbereich"),
    ],
)
def test_what_is_to_be_defined(question: str, language: str, thing: str) -> None:
    assert to_be_defined(question, language) == thing


@pytest.mark.parametrize(
    "sentence", ["We close at eight.", "See the manual.", "The shop opens at ten on Sundays."]
)
def test_a_statement_defines_nothing(sentence: str) -> None:
    assert defined_in(sentence, "en") == ""


@pytest.mark.parametrize(
    ("sentence", "language", "thing"),
    [
        ("A lease is a promise for some seconds.", "en", "lease"),
        ("Workspaces (beta) are a set of folders.", "en", "Workspaces"),
        ("Lease refers to a promise.", "en", "Lease"),
        ("Leasing provides a way to keep\nothers out.", "en", "Leasing"),
        ("The console lets you see who waits.", "en", "console"),
        ("The paper has a format called “wheel”, which is round.", "en", "wheel"),
        ("The command line is a program called `desk`, in the folder bin.", "en", "desk"),
        ("- nobody: A user without files.", "en", "nobody"),
        ("Ein Vertrag ist eine Zusage.", "de", "Vertrag"),
    ],
)
def test_what_a_sentence_defines(sentence: str, language: str, thing: str) -> None:
    assert defined_in(sentence, language) == thing


def test_a_note_is_told_from_a_sentence_about_notes() -> None:
    assert only_notes("Note that this is only necessary for large shops.")
    assert not only_notes("Notes are kept for a year.")


def test_who_reads_is_sent_elsewhere() -> None:
    assert points_elsewhere("See leases for more examples.")
    assert points_elsewhere("For more information, see the manual.")
    assert points_elsewhere("For details, see Section 4.3.")
    assert points_elsewhere("Both have their merits, some of which are discussed in Appendix C.")
    assert not points_elsewhere("You see the lease in the list.")
    assert not points_elsewhere("It was described in the press.")


@pytest.mark.parametrize(
    "sentence", ["If you want to set up a lamp, turn it on.", "If the lamp is on, turn it off."]
)
def test_who_is_told_how_has_not_done_it_yet(sentence: str) -> None:
    assert not presupposes(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["If you set up two lamps, both burn.", "Of course, once you have a lamp, it burns."],
)
def test_what_is_for_who_has_done_it(sentence: str) -> None:
    assert presupposes(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "On Unix, write ~/.config/lamp/lamp.yaml.",
        "It is `/etc/lamp.d/lamp.conf` by default.",
        r"On Windows, use %APPDATA%\Lamp\lamp.ini.",
        r"Open C:\Lamp\lamp.ini.",
        "Look into $XDG_CONFIG_HOME/lamp/lamp.toml",
    ],
)
def test_a_path_says_where_a_file_is(sentence: str) -> None:
    assert locates(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Lamps and/or candles.", "On 1/2/2026.", "See https://lamp.example/a/b.", "Press A / B / C."],
)
def test_a_stroke_is_no_path(sentence: str) -> None:
    assert not locates(sentence)


def test_a_row_names_its_columns() -> None:
    assert is_row("Lamp: red | Price (euros): 4")
    assert not is_row("Two prices: 4 euros.")
    assert not is_row("Choose red | green.")


def test_what_instructs() -> None:
    assert instructs("Click on Settings.")
    assert instructs("To remove everything by hand:")
    assert instructs("After that you can delete the folder.")
    assert not instructs("The folder was deleted in May.")


def test_commands_are_code_and_comments_in_prose_are_not() -> None:
    lines = [
        "Install it with the installer:",
        "# On a Mac.\ncurl -sS https://a.b/c | sh",
        "pip install blue",
    ]
    text = "\n\n".join(lines)
    spans = [Span(text.index(line), text.index(line) + len(line)) for line in lines]
    assert outward_forms(text, spans, "code", "en") == ("prose", "code", "code")


def test_what_is_set_off_is_code_unless_it_reads_as_prose_or_belongs_to_an_item() -> None:
    lines = [
        "Give it a name:",
        "@bell(name)\n    def ring(bell):\n        pass",
        "This is what the bell is for.",
        "- a coat",
        "pens paper",
    ]
    text = "{}\n\n    {}\n\n    {}\n\n{}\n\n    {}".format(*lines)
    spans = [Span(text.index(line), text.index(line) + len(line)) for line in lines]
    found = outward_forms(text, spans, "paragraph", "en")
    assert found == ("prose", "code", "prose", "item", "prose")


def test_an_item_is_one_by_its_marker() -> None:
    text = "Bring these:\n\n- a coat\n- 2 pens"
    spans = [Span(0, 12), Span(14, 22), Span(23, 31)]
    assert outward_forms(text, spans, "paragraph", "en") == ("prose", "item", "item")
