"""The settings of lead capture, and where they are stored for a version that doesn't know them."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.conftest import Desk, Rows
from tests.projects.problems import refusal

DEFAULT = {"enabled": False, "fields": ["email"], "message": "", "consent_text": None}


def patch(desk: Desk, capture: Any) -> Any:
    return desk.owner.patch(desk.path, json={"settings": {"lead_capture": capture}})


@pytest.mark.parametrize(
    ("capture", "fault"),
    [
        ({"enabled": "perhaps"}, "settings.lead_capture.enabled"),
        ({"fields": ["email", "address"]}, "settings.lead_capture.fields"),
        ({"fields": ["email"] * 11}, "settings.lead_capture.fields"),
        ({"fields": "email"}, "settings.lead_capture.fields"),
        ({"message": "x" * 501}, "settings.lead_capture.message"),
        ({"message": "\0"}, "settings.lead_capture.message"),
        ({"consent_text": " "}, "settings.lead_capture.consent_text"),
        ({"consent_text": "x" * 2001}, "settings.lead_capture.consent_text"),
        ({"colour": "red"}, "colour"),
        ([], "settings.lead_capture"),
    ],
)
def test_a_setting_that_does_not_hold_is_refused(desk: Desk, capture: Any, fault: str) -> None:
    assert fault in refusal(patch(desk, capture), 422, "invalid_input")
    assert desk.owner.get(desk.path).json()["settings"]["lead_capture"] == DEFAULT


def test_it_is_changed_field_by_field(desk: Desk) -> None:
    given = {
        "enabled": True,
        "fields": ["name", "email", "name"],
        "message": "Who are you?",
        "consent_text": "You may write to me.",
    }
    assert patch(desk, given).status_code == 200
    changed = patch(desk, {"message": None})
    expected = given | {"fields": ["name", "email"], "message": ""}
    assert changed.json()["settings"]["lead_capture"] == expected
    assert changed.json()["version"] == 3
    assert patch(desk, None).json()["settings"]["lead_capture"] == DEFAULT


def test_the_version_before_finds_what_it_knows_and_loses_nothing(desk: Desk, rows: Rows) -> None:
    project_id = UUID(desk.project_id.removeprefix("proj_"))
    assert patch(desk, {"enabled": True}).status_code == 200
    ((settings,),) = rows("select settings from project where id = %s", project_id)
    assert "lead_capture" not in settings
    assert "look" in settings
    # It changes settings without this column, and creates projects without it.
    settings["look"]["color"] = "#000000"
    rows(
        "update project set settings = %s::text::jsonb where id = %s returning 1",
        *(json.dumps(settings), project_id),
    )
    shown = desk.owner.get(desk.path).json()["settings"]
    assert (shown["look"]["color"], shown["lead_capture"]["enabled"]) == ("#000000", True)
    rows("update project set newer_settings = default where id = %s returning 1", project_id)
    assert desk.owner.get(desk.path).json()["settings"]["lead_capture"] == DEFAULT
