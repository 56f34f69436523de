"""Every setting is described for people, and nothing is described that is no setting."""

import re
from pathlib import Path

from answerdesk.core.settings import Settings

_PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


def _names() -> set[str]:
    own = {
        "database_url": "DATABASE_URL",
        "database_admin_url": "DATABASE_ADMIN_URL",
        "port": "PORT",
    }
    return {own.get(name, f"ANSWERDESK_{name.upper()}") for name in Settings.model_fields}


def test_every_setting_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", _PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(rows) == _names()


def test_the_defaults_are_the_documented_ones() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, bool) or not isinstance(field.default, int | float | str):
            continue
        (row,) = re.findall(
            rf"^\| `(?:ANSWERDESK_)?{name.upper()}` \| `([^`]*)` \|", page, re.MULTILINE
        )
        assert row == str(field.default), name
