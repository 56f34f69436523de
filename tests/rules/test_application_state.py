"""Requests find the running parts in one place, `app.state.application`."""

import re
from pathlib import PurePosixPath

import pytest

from tests.rules.tree import PACKAGE, expect_none, python_files

_STATE = re.compile(r"\bapp\.state\.(?!application\b|does_due_work\b)\w+")


def problems(path: PurePosixPath, text: str) -> list[str]:
    """Parts that are handed on by themselves; a new one belongs into `Application`."""
    return [
        f"{path}: {found}: read `app.state.application.…`, and add to `Application` what lacks"
        for found in _STATE.findall(text)
    ]


def test_parts_are_taken_from_the_application() -> None:
    expect_none(
        problem for path, text in python_files(str(PACKAGE)) for problem in problems(path, text)
    )


@pytest.mark.parametrize("read", ["request.app.state.reply", "app.state.applications = parts"])
def test_a_part_by_itself_is_reported(read: str) -> None:
    assert len(problems(PACKAGE / "leads/endpoints.py", read)) == 1


def test_a_part_of_the_application_is_not_reported() -> None:
    good = "reply: Reply = request.app.state.application.reply"
    assert problems(PACKAGE / "leads/endpoints.py", good) == []
