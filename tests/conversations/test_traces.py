"""The record of an answer, read back: what was stored, whichever version stored it."""

from typing import Any

import pytest

from answerdesk.conversations.traces import TraceOut

TODAYS: dict[str, Any] = {
    "rewritten": "What does it cost?",
    "language": "en",
    "terms": ["cost"],
    "stages": {"rewrite": 0.1},
    "candidates": [{"chunk": "a", "score": 1.5, "chosen": True}],
    "generation": {"model": None, "verdicts": [{"sentence": "It flies.", "supported": None}]},
}


@pytest.mark.parametrize(
    "stored",
    [
        {},
        TODAYS,
        {"action": "action_1", "step": "ask"},
        {"rewritten": "Why?", "later": {"a": [1]}, "candidates": [{"new": 2}]},
    ],
)
def test_what_was_stored_is_read(stored: dict[str, Any]) -> None:
    assert TraceOut.read(stored).model_dump(mode="json") == stored


@pytest.mark.parametrize(
    ("stored", "left"),
    [
        ({"terms": "cost", "language": "en"}, {"language": "en"}),
        ({"candidates": [{"score": "high", "chunk": "a"}]}, {"candidates": [{"chunk": "a"}]}),
        ({"candidates": ["a", {"chunk": "b"}, 3]}, {"candidates": [{"chunk": "b"}]}),
        ({"generation": {"model": 3, "prompt": [{"role": 1}]}}, {"generation": {"prompt": [{}]}}),
        ({"generation": [1], "stages": {"rewrite": "long"}}, {"stages": {}}),
    ],
)
def test_what_has_another_form_is_left_out(stored: dict[str, Any], left: dict[str, Any]) -> None:
    assert TraceOut.read(stored).model_dump(mode="json") == left
