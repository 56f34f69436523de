"""The reference pages that the code tells are as the code is."""

from functools import cache

import pytest

from scripts.reference import PAGES, pages

_written = cache(pages)


@pytest.mark.parametrize(
    "name",
    ["errors.md", "scopes.md", "operations.md", "events.md", "widget-texts.md", "openapi.json"],
)
def test_the_page_is_what_the_code_tells(name: str) -> None:
    there = (PAGES / name).read_text(encoding="utf-8")
    assert there == _written()[name], (
        f"docs/reference/{name} is behind the code: run `make reference`"
    )
