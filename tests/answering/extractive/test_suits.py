"""The form that a question asks for: definitions, steps, the section that is named for it."""

import numpy as np

from answerdesk.answering.extractive.passage import take_passage_apart
from answerdesk.answering.extractive.question import take_apart
from answerdesk.answering.extractive.suits import suits
from answerdesk.kit.sentences import sentences
from answerdesk.kit.spans import Span
from tests.answering.extractive.shelf import shelf

WORKSPACE = """# Workspaces

## Example

```
{"workspace": ["workspace/*"]}
```

See workspace for more examples of a workspace.

## Meaning

A workspace is a folder with several packages in it.
"""
FALCON = """# Falcon

This is for the Falcon! It routes the mail of small offices.
"""


async def test_what_a_thing_is_is_told_by_a_definition() -> None:
    outcome = await (await shelf(workspaces=WORKSPACE)).ask("What is a workspace?")
    assert "A workspace is a folder with several packages in it." in outcome.text
    assert "workspace/*" not in outcome.text
    assert "See workspace" not in outcome.text


async def test_who_says_nothing_new_does_not_answer() -> None:
    outcome = await (await shelf(falcon=FALCON)).ask("What is the Falcon for?")
    best = outcome.ranked[0]
    assert outcome.text.endswith("It routes the mail of small offices.")
    assert best.sentence_scores[0] < best.sentence_scores[1] - 50


def _passage_score(question: str, *headings: str) -> float:
    text = "Turn the key to the left."
    passage = take_passage_apart(text, tuple(sentences(text)), "en", headings)
    return suits(take_apart(question, "en", {}), passage).passage


def test_where_a_file_is_is_told_by_its_path() -> None:
    told = "On Windows, the settings file is %APPDATA%\\Lamp\\lamp.ini."
    other = "On Windows, the settings file opens in Notepad."
    asked = take_apart("Where is the settings file on Windows?", "en", {})
    found = [
        suits(asked, take_passage_apart(one, (Span(0, len(one)),), "en")) for one in (told, other)
    ]
    assert found[0].passage > 2
    assert found[1].passage == 0
    what = take_apart("What is in the settings file on Windows?", "en", {})
    assert suits(what, take_passage_apart(told, (Span(0, len(told)),), "en")).passage == 0


def test_a_heading_counts_only_if_it_says_nothing_else() -> None:
    question = "How do I uninstall a global package?"
    assert _passage_score(question, "Manual", "Publishing global packages") == 0
    assert _passage_score(question, "Manual", "Uninstalling global packages") > 0
    assert _passage_score(question, "Manual", "3.1. Uninstalling packages") > 0
    assert _passage_score(question, "Manual", "Uninstalling global packages") > _passage_score(
        question, "Manual", "Packages"
    )


def test_a_section_is_called_by_what_the_question_names() -> None:
    question = "What does the skip_if_exists setting do?"
    called = _passage_score(question, "Settings", "skip_if_exists")
    assert called > _passage_score(question, "Settings", "skip if exists") + 5
    assert _passage_score(question, "Settings", "The `_skip_if_exists` option") > 5
    assert _passage_score(question, "Settings", "Why skip_if_exists is not the same as exclude") < 2


def test_a_yes_or_no_question_may_be_answered_by_its_own_words() -> None:
    text = "The shop is open on Sundays."
    passage = take_passage_apart(text, tuple(sentences(text)), "en")
    asked = take_apart("Is the shop open on Sundays?", "en", {})
    assert np.array_equal(suits(asked, passage).sentences, np.zeros(1, np.float32))
    assert suits(take_apart("Which shop is open on Sundays?", "en", {}), passage).sentences[0] < -50


def _sentence_scores(question: str, *parts: str, kind: str = "paragraph") -> list[float]:
    text = "\n\n".join(parts)
    spans = tuple(Span(text.index(part), text.index(part) + len(part)) for part in parts)
    passage = take_passage_apart(text, spans, "en", (), kind)
    return [float(one) for one in suits(take_apart(question, "en", {}), passage).sentences]


def test_a_definition_gains_and_code_loses_where_one_is_asked_for() -> None:
    parts = ("lease = {30};", "Leases end at night.", "A lease is a promise.")
    code, other, definition = _sentence_scores("What is a lease?", *parts, kind="code")
    assert code < other < definition
    assert len(set(_sentence_scores("When does the lease of it end?", *parts, kind="code"))) == 1


def test_code_is_no_yes_and_no_no() -> None:
    parts = ("lease = {30};", "Leases end at night.")
    code, other = _sentence_scores("Can the lease be ended?", *parts, kind="code")
    assert code < other


def test_what_to_do_gains_where_that_is_asked_for() -> None:
    parts = ("The lease was ended in May.", "Click on the lease to end it now.")
    other, step = _sentence_scores("How do I end something?", *parts)
    assert other < step
    assert len(set(_sentence_scores("Why do I end something?", *parts))) == 1


def test_who_asks_how_is_told_it_where_it_is_not_taken_as_done() -> None:
    question = "How do I hang up brass lamps?"
    how = _passage_score_of(question, "To hang up brass lamps, you have to drive in a nail.")
    other = _passage_score_of(question, "Brass lamps were hung up in May.")
    done = _passage_score_of(question, "If you hang up two brass lamps, the notes come in handy.")
    assert how > other > done
    assert other == _passage_score_of(
        question, "Lamps of brass hang up. If you hang one, it burns."
    )
    asked_why = "Why do I hang up brass lamps?"
    assert _passage_score_of(asked_why, "If you hang up brass lamps, they burn.") == 0


def _passage_score_of(question: str, text: str) -> float:
    passage = take_passage_apart(text, tuple(sentences(text)), "en")
    return suits(take_apart(question, "en", {}), passage).passage


def test_a_remark_loses() -> None:
    plain, remark = _sentence_scores(
        "When does it end?", "The lease ends in May.", "Note that the lease ends in May."
    )
    assert remark < plain
