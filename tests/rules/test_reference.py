"""The reference pages that the code tells are as the code is."""

import pytest

from scripts.reference import PAGES, pages


@pytest.mark.parametrize("name", ["errors.md", "scopes.md", "operations.md", "openapi.json"])
def test_the_page_is_what_the_code_tells(name: str) -> None:
    there = (PAGES / name).read_text(encoding="utf-8")
    assert there == pages()[name], f"docs/reference/{name} is behind the code: run `make reference`"
