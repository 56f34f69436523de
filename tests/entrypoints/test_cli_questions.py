"""Lines of a batch: what is read, what is refused, and that the error names the line."""

from typing import Any

import pytest

from answerdesk.core.errors import InvalidInput
from answerdesk.entrypoints.cli.batch import Asked, checked_question, read_line
from answerdesk.entrypoints.cli.output import json_line, printable


@pytest.mark.parametrize(
    ("line", "id_", "error"),
    [
        (b"not json", None, "line 7 is not valid JSON; see column 2"),
        (b'{"id": 1, "q": "x"', None, "line 7 is not valid JSON; see column 18"),
        (b"[1, 2]", None, "line 7 has to be an object, not a list"),
        (b'{"q": "x"}', None, "line 7: id is missing"),
        (b'{"id": "a"}', "a", "line 7: q is missing"),
        (b'{"id": 4, "q": ""}', 4, "line 7: q is empty"),
        (b'{"id": 4, "q": " \\t"}', 4, "line 7: q is empty"),
        (b'{"id": 4, "q": 5}', 4, "line 7: q has to be text, not a number"),
        (b'{"id": 4, "q": "a\\u0000"}', 4, "line 7: q contains a NUL character"),
        (b'{"id": 4, "q": "\\ud800"}', 4, "line 7 is not valid JSON; see column "),
        (b'{"id": true, "q": "x"}', None, "line 7: id is neither text nor a whole number"),
        (b'{"id": 1.5, "q": "x"}', None, "line 7: id is neither text nor a whole number"),
        (b'{"id": 4, "q": "caf\xe9"}', None, "line 7 is not valid JSON; see column "),
        (b"[" * 100_000, None, "line 7 is not valid JSON; see column "),
        (b'{"id": 4, "q": "%s"}' % (b"x" * 8001), 4, "line 7: q is longer than 8,000 "),
    ],
)
def test_a_line_that_cannot_be_answered_says_why(line: bytes, id_: Any, error: str) -> None:
    asked = read_line(7, line)
    assert asked.error is not None
    assert asked.error.startswith(error)
    assert asked.id == id_
    assert b"\n" not in json_line({"id": asked.id, "error": asked.error})[:-1]


def test_a_line_is_read_with_whatever_else_it_holds() -> None:
    line = b'{"id": "a-1", "q": " Wie lange? ", "rel": ["d1"], "answers": null}'
    assert read_line(1, line) == Asked("a-1", " Wie lange? ")
    assert read_line(1, b'{"id": 12345678901234567890, "q": "x"}').id == 12345678901234567890


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" ", "is empty"),
        ("x" * 8001, "8,000"),
        ("a\0b", "NUL"),
        ("caf\udce9", "surrogate"),
    ],
)
def test_a_question_that_is_none_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        checked_question(text)


def test_json_is_readable_and_always_utf_8() -> None:
    assert json_line({"a": "ü"}) == '{"a": "ü"}\n'.encode()
    assert json_line({"a": "\udce9"}) == b'{"a": "\\udce9"}\n'


def test_a_terminal_gets_no_control_characters() -> None:
    assert printable("red \x1b[31m\ttext\n\x07\udce9 ü") == "red �[31m\ttext\n�� ü"
