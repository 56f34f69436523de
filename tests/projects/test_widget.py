"""The widget's settings, and its texts in every language."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from answerdesk.projects.widget import texts
from answerdesk.projects.widget.texts import built_in, languages, places
from tests.conftest import Desk, Rows
from tests.projects.problems import refusal

DEFAULT = {"theme": "auto", "offers_person": True, "shares_subdomains": False, "texts": {}}
FOLDER = Path(texts.__file__).parent / "texts"


def patch(desk: Desk, widget: Any) -> Any:
    return desk.owner.patch(desk.path, json={"settings": {"widget": widget}})


@pytest.mark.parametrize(
    ("widget", "fault"),
    [
        ({"theme": "black"}, "settings.widget.theme"),
        ({"shares_subdomains": "perhaps"}, "settings.widget.shares_subdomains"),
        ({"texts": {"klingon!": {}}}, "klingon!"),
        ({"texts": {"fr": {"composer.sned": "x"}}}, "fr: composer.sned is not a text"),
        ({"texts": {"fr": {"composer.send": " "}}}, 'settings.widget.texts.fr["composer.send"]'),
        ({"texts": {"fr": {"composer.send": "x" * 1001}}}, "composer.send"),
        ({"texts": {"fr": {"composer.send": "\0"}}}, "composer.send"),
        ({"texts": {"fr": {"composer.send": 1}}}, "composer.send"),
        ({"texts": {"fr": {"launcher.label": "Oh {nom}"}}}, "it can have {name}"),
        ({"texts": {"fr": {"composer.send": "{name}"}}}, "it can have nothing in braces"),
        ({"texts": {f"x{a}{b}": {} for a in "abcdefgh" for b in "abcdefgh"}}, "widget.texts"),
        ({"colour": "red"}, "colour"),
        ([], "settings.widget"),
    ],
)
def test_a_setting_that_does_not_hold_is_refused(desk: Desk, widget: Any, fault: str) -> None:
    assert fault in refusal(patch(desk, widget), 422, "invalid_input")
    assert desk.owner.get(desk.path).json()["settings"]["widget"] == DEFAULT


def test_texts_are_changed_one_by_one(desk: Desk) -> None:
    assert patch(desk, {"theme": "dark", "texts": {"FR": {"composer.send": "Ici"}}}).is_success
    changed = patch(desk, {"texts": {"fr": {"composer.stop": "Stop"}, "de": {"header.menu": "M"}}})
    assert changed.json()["settings"]["widget"] == DEFAULT | {
        "theme": "dark",
        "texts": {
            "fr": {"composer.send": "Ici", "composer.stop": "Stop"},
            "de": {"header.menu": "M"},
        },
    }
    left = patch(desk, {"texts": {"fr": {"composer.send": None}, "de": None}})
    assert left.json()["settings"]["widget"]["texts"] == {"fr": {"composer.stop": "Stop"}}


def test_the_version_before_finds_what_it_knows(desk: Desk, rows: Rows) -> None:
    project_id = UUID(desk.project_id.removeprefix("proj_"))
    assert patch(desk, {"theme": "dark"}).status_code == 200
    ((settings,),) = rows("select settings from project where id = %s", project_id)
    assert "widget" not in settings
    assert "look" in settings
    rows("update project set newer_settings = default where id = %s returning 1", project_id)
    assert desk.owner.get(desk.path).json()["settings"]["widget"] == DEFAULT


def test_there_are_the_languages_that_are_promised() -> None:
    assert set(languages()) >= {"en", "de", "fr", "es", "ja", "ar"}


@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    given = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    english = built_in("en")
    assert list(given) == list(english)
    for key, text in given.items():
        assert text == text.strip(), key
        assert text, key
        assert len(text) <= 300, key
        assert places(text) == places(english[key]), key


@pytest.mark.parametrize("language", sorted({*languages()} - {"en"}))
def test_a_language_says_it_in_its_own_words(language: str) -> None:
    english = built_in("en")
    same = {key for key, text in built_in(language).items() if text == english[key]}
    assert len(same) <= 6, same
