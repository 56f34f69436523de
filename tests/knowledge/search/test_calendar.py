"""Only a weekday or a month that is named has short names."""

import pytest

from answerdesk.knowledge.search.calendar import calendar_names


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("May I charge it in the sun?", "en"),
        ("They march to the shop", "sv"),
        ("Is the mon shown?", "en"),
        ("月曜は開いていますか", "ja"),
    ],
)
def test_what_names_no_day_or_month_has_no_short_name(text: str, language: str) -> None:
    assert calendar_names(text, language) == ()


@pytest.mark.parametrize(
    ("text", "language", "short"),
    [
        ("Are you open on Mondays?", "en", "Mon"),
        ("Habt ihr montags auf?", "de", "Mo"),
        ("Êtes-vous ouverts le jeudi ?", "fr", "Jeu"),
        ("¿Abren el miércoles?", "es", "Mié"),
        ("When does the sale in September begin?", "en", "Sep"),
    ],
)
def test_a_whole_name_has_its_short_ones(text: str, language: str, short: str) -> None:
    [named] = calendar_names(text, language)
    assert short in [one.text for one in named.others]
    assert named.as_written
