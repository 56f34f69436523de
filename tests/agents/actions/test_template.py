"""What visitors read of responses: what cannot be told first."""

import json
from typing import Any

import pytest

from answerdesk.agents.actions.template import MOST_CHARACTERS, ResponseUnusable, told

JSON = "application/json"
DEEP = "[" * 30_000


@pytest.mark.parametrize(
    ("template", "media_type", "body", "fault"),
    [
        ("{status}", JSON, "not json", "not JSON"),
        ("{status}", JSON, "", "not JSON"),
        ("{status}", JSON, DEEP, "not JSON"),
        ("{status}", JSON, '{"status": NaN}', "not JSON"),
        ("{status}", JSON, "9" * 5000, "not JSON"),
        ("{status}", JSON, "{}", "no field status"),
        ("{status}", JSON, '{"status": null}', "no field status"),
        ("{status}", JSON, '{"status": {"a": 1}}', "no field status"),
        ("{status}", JSON, '{"status": " "}', "no field status"),
        ("{a.b}", JSON, '{"a": 1}', "no field a.b"),
        ("{a.1}", JSON, '{"a": [1]}', "no field a.1"),
        ("{status}", JSON, '"shipped"', "no field status"),
        (None, "text/html", "<p>Hello</p>", "text/html"),
        (None, "image/png", "x", "image/png"),
        (None, JSON, "{}", "empty"),
        (None, JSON, "null", "empty"),
        (None, "text/plain", " \n", "empty"),
    ],
)
def test_what_cannot_be_told_says_why(
    template: str | None, media_type: str, body: str, fault: str
) -> None:
    with pytest.raises(ResponseUnusable, match=fault):
        told(template, media_type, body)


@pytest.mark.parametrize(
    ("template", "response", "text"),
    [
        ("It is {status}.", {"status": "shipped"}, "It is shipped."),
        ("{c.name}, {c.age}", {"c": {"name": "Ann", "age": 41}}, "Ann, 41"),
        ("{ok} {no}", {"ok": True, "no": False}, "true false"),
        ("{price}", {"price": 9.5}, "9.5"),
        ("{items.1.name}", {"items": [{"name": "a"}, {"name": "b"}]}, "b"),
        ("{items.name}", {"items": [{"name": "a"}, {"name": "b"}, 3]}, "a, b"),
        ("{tags}", {"tags": ["a", "b", {"c": 1}, None]}, "a, b"),
        ("{n}", {"n": list(range(100))}, ", ".join(map(str, range(10)))),
        ("{s}", {"s": "{t}", "t": "no"}, "{t}"),
        ("{s}", {"s": "a\u0000\u001b[31mb"}, "a[31mb"),
        (None, {"status": "shipped", "in_days": 2, "more": {}}, "status: shipped\nin days: 2"),
        (None, {"message": "On its way.", "id": 7}, "On its way."),
        (None, ["a", "b"], "a, b"),
        (None, "On its way.", "On its way."),
    ],
)
def test_fields_of_json(template: str | None, response: Any, text: str) -> None:
    assert told(template, JSON, json.dumps(response)) == text


def test_other_responses() -> None:
    assert told("Done.", "text/html", "<p>") == "Done."
    assert told(None, "text/plain", "On its way.\n") == "On its way."
    assert told(None, "", "On its way.") == "On its way."
    assert told("{a}", "application/problem+json", '{"a": 1}') == "1"


def test_it_is_bounded() -> None:
    assert len(told(None, "text/plain", "x" * 60_000)) == MOST_CHARACTERS
    wide = {f"f{number}": "y" * 2000 for number in range(1000)}
    assert len(told(None, JSON, json.dumps(wide))) == MOST_CHARACTERS
    assert len(told("{f1}", JSON, json.dumps(wide))) == 1000
    many = {"a": [{"b": [{"c": [1] * 50}] * 50}] * 50}
    assert told("{a.b.c}", JSON, json.dumps(many)).count("1") <= 10
