"""Parameters in messages: what is not one first, then each form."""

import time
from typing import Any

import pytest

from answerdesk.agents.actions.finding import found_in
from answerdesk.agents.actions.types import Parameter


def found(text: str, asked: bool = False, **fields: Any) -> Any:
    parameter = Parameter.model_validate({"name": "x", **fields})
    return found_in(text, [parameter], "x" if asked else None).get("x")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Where is A-1234?", {}),  # A string without a shape is only what was asked for.
        ("Where is A-12345 or AB-1234 or A1234?", {"example": "A-1234"}),
        ("The ORD- of ORDER and ORDX", {"prefix": "ORD-"}),
        ("On 2026-02-31 or 31.2.2026 or 1/2/2026", {"format": "date"}),
        ("ann@, @example.com, ann@example", {"format": "email"}),
        ("order abc-def x1 -77-", {"format": "code"}),
        ("A-1234 and 1.2.3 and 12345678901234567890", {"type": "number"}),
        ("Yes, I do", {"type": "boolean"}),
        ("smaller", {"choices": ["small", "all"]}),
    ],
)
def test_what_has_another_form_is_not_found(text: str, fields: dict[str, Any]) -> None:
    assert found(text, **fields) is None


@pytest.mark.parametrize(
    ("text", "fields", "value"),
    [
        ("Where is B-9876?", {"example": "A-1234"}, "B-9876"),
        ("Where is (#B-9876)?", {"example": "A-1234"}, "B-9876"),
        ("#9876!", {"example": "#1234"}, "#9876"),
        ("It's ord-77x.", {"prefix": "ORD-"}, "ord-77x"),
        ("on 2026-05-01, I think", {"format": "date"}, "2026-05-01"),
        ("am 1.5.2026.", {"format": "date"}, "2026-05-01"),
        ("I'm <ann@example.com>.", {"format": "email"}, "ann@example.com"),
        ("order #K77-x1, please", {"format": "code"}, "K77-x1"),
        ("about -3,5 degrees", {"type": "number"}, -3.5),
        ("No. 0042", {"type": "number"}, 42),
        ("the EXTRA   large one", {"choices": ["large", "extra large"]}, "extra large"),
        ("１２３", {"type": "number"}, 123),
    ],
)
def test_what_has_the_form_is_found(text: str, fields: dict[str, Any], value: Any) -> None:
    assert found(text, **fields) == value


@pytest.mark.parametrize(
    ("text", "fields", "value"),
    [
        ("Ring twice,\n please", {}, "Ring twice,\nplease"),
        ("How much is it?", {}, None),
        ("x" * 201, {}, None),
        ("Nein, danke", {"type": "boolean"}, False),
        ("oui", {"type": "boolean"}, True),
        ("yes and no", {"type": "boolean"}, None),
        ("I don't have it", {"example": "A-1234"}, None),
        ("I don't know", {"type": "number"}, None),
    ],
)
def test_what_was_asked_for_may_be_the_whole_message(
    text: str, fields: dict[str, Any], value: Any
) -> None:
    assert found(text, asked=True, **fields) is value or found(text, asked=True, **fields) == value


def test_each_word_is_used_once() -> None:
    numbers = [Parameter(name="a", type="number"), Parameter(name="b", type="number")]
    assert found_in("from 3 to 5", numbers) == {"a": 3, "b": 5}
    assert found_in("only 3", numbers) == {"a": 3}


def test_work_is_linear_in_the_message() -> None:
    shapes: list[dict[str, Any]] = [
        {"example": "A-1234"},
        {"prefix": "ORD-"},
        {"format": "email"},
        {"format": "code"},
        {"format": "date"},
        {"type": "number"},
        {"choices": [f"choice {number}" for number in range(50)]},
    ]
    parameters = [
        Parameter.model_validate({"name": f"p{number}", **one}) for number, one in enumerate(shapes)
    ]
    texts = ("a@" * 4000, "a." * 4000, "1-" * 4000, "a " * 4000, "1" * 8000, "ORD-" * 2000)
    for text in texts:
        began = time.process_time()
        found_in(text, parameters)
        assert time.process_time() - began < 1
