"""Requests for a person and their look-alikes in ten languages: how many are told apart."""

from pathlib import Path
from typing import Final

import pytest

from answerdesk.answering.human_request import asks_for_human
from benchmarks.metrics import wilson

FOLDER: Final = Path(__file__).parent / "human_requests"
LANGUAGES: Final = sorted(file.stem for file in FOLDER.glob("*.txt"))
LEAST: Final = 25
RECALL, FALSE_ALARMS = 0.97, 0.01


def examples(language: str, sign: str) -> list[str]:
    lines = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [line[2:] for line in lines if line.startswith(f"{sign} ")]


def told(name: str, hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{name} {hits}/{total} = {hits / total:.3f} (95 %: {low:.3f} to {high:.3f})"


def test_ten_languages() -> None:
    assert LANGUAGES == ["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language(language: str) -> None:
    requests, others = examples(language, "+"), examples(language, "-")
    assert min(len(requests), len(others)) >= LEAST
    missed = [one for one in requests if not asks_for_human(one)]
    false = [one for one in others if asks_for_human(one)]
    recall = told("recall", len(requests) - len(missed), len(requests))
    assert len(missed) <= (1 - RECALL) * len(requests), (recall, missed)
    assert len(false) <= FALSE_ALARMS * len(others), (told("false", len(false), len(others)), false)


def test_a_request_among_other_sentences() -> None:
    said = "I ordered on Monday. Which parcel is mine? Let me talk to somebody. How many are there?"
    assert asks_for_human(said)
    assert not asks_for_human("Which people work there? How many agents? I ordered on Monday.")
