"""What visitors are told, in their language or the owner's words."""

from datetime import UTC, datetime
from string import Formatter
from typing import get_args

import pytest

from answerdesk.conversations.texts import TRANSLATED, language_of, passed_on, visitor_text
from answerdesk.kit.language import detect_language
from answerdesk.projects.types import (
    Handoff,
    HandoffText,
    Languages,
    OfficeHours,
    ProjectSettings,
)

NAMES: tuple[HandoffText, ...] = get_args(HandoffText)
HOURS = OfficeHours.model_validate(
    {"timezone": "Europe/Berlin", "days": {"mon": [{"start": "09:00", "end": "17:00"}]}}
)
SUNDAY = datetime(2026, 8, 2, 10, tzinfo=UTC)


def test_ten_languages() -> None:
    assert {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "ar"} == TRANSLATED


@pytest.mark.parametrize("language", sorted(TRANSLATED))
@pytest.mark.parametrize("name", NAMES)
def test_each_text_is_in_its_language(language: str, name: HandoffText) -> None:
    text = visitor_text(name, language, Handoff())
    assert detect_language(text) == language
    fields = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    assert fields == ({"when"} if name == "nobody_there_until" else set())


@pytest.mark.parametrize(
    ("language", "when"),
    [
        ("en", "Monday, 03 August, 09:00 (Europe/Berlin)"),
        ("de", "Montag, 03.08., 09:00 Uhr (Europe/Berlin)"),
        ("fr", "lundi 03/08 à 09:00 (Europe/Berlin)"),
        ("es", "lunes 03/08 a las 09:00 (Europe/Berlin)"),
        ("it", "lunedì 03/08 alle 09:00 (Europe/Berlin)"),
        ("pt", "segunda-feira, 03/08, às 09:00 (Europe/Berlin)"),
        ("nl", "maandag 03-08 om 09:00 (Europe/Berlin)"),
        ("pl", "poniedziałek, 03.08, godz. 09:00 (Europe/Berlin)"),
        ("ja", "8月3日（月）09:00 (Europe/Berlin)"),
        ("ar", "يوم الاثنين 03/08 الساعة 09:00 (Europe/Berlin)"),
        ("sv", "Monday, 03 August, 09:00 (Europe/Berlin)"),
    ],
)
def test_the_next_opening_is_told_as_the_language_does(language: str, when: str) -> None:
    told = passed_on(ProjectSettings(), HOURS, language, SUNDAY)
    assert when in told
    assert "{" not in told


def test_three_texts_tell_that_it_was_passed_on() -> None:
    never = OfficeHours.model_validate({"days": {"mon": []}})
    always = OfficeHours()
    told = [passed_on(ProjectSettings(), one, "en", SUNDAY) for one in (always, never, HOURS)]
    assert "as soon as they are free" in told[0]
    assert "Nobody is there at the moment. " in told[1]
    assert "they are back on Monday" in told[2]


def test_the_owners_words_come_first() -> None:
    handoff = Handoff.model_validate(
        {
            "texts": {
                "en": {"with_person": "Ana has it.", "nobody_there_until": "Back {when}; {x}!"},
                "pt-BR": {"with_person": "A Ana cuida disso."},
            }
        }
    )
    told = {
        one: visitor_text("with_person", one, handoff) for one in ("en", "en-GB", "pt-BR", "sv")
    }
    assert told == {
        "en": "Ana has it.",
        "en-GB": "Ana has it.",
        "pt-BR": "A Ana cuida disso.",
        "sv": "Ana has it.",
    }
    assert "Team" in visitor_text("with_person", "de", handoff)
    own = ProjectSettings(handoff=handoff)
    assert passed_on(own, HOURS, "en", SUNDAY).startswith("Back Monday, 03 August, 09:00")


@pytest.mark.parametrize(
    ("said", "default", "language"),
    [
        (["Wann öffnen Sie morgen?"], None, "de"),
        (["Wann öffnen Sie morgen?", "ok"], None, "de"),
        (["Wann öffnen Sie morgen?", "What does the plan cost?"], None, "en"),
        (["ok"], "fr", "fr"),
        (["ok"], None, "en"),
        ([], None, "en"),
    ],
)
def test_the_visitors_language(said: list[str], default: str | None, language: str) -> None:
    languages = Languages(offered=() if default is None else (default,), default=default)
    assert language_of(said, languages) == language
