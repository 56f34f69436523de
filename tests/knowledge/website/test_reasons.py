"""Every reason says what to do, and the documentation has it."""

from pathlib import Path
from typing import get_args

import pytest

from answerdesk.knowledge.website.outcomes import ReasonCode, sentence

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "crawling.md"


@pytest.mark.parametrize("code", get_args(ReasonCode))
def test_every_reason_has_a_sentence_and_a_row(code: ReasonCode) -> None:
    assert sentence(code).endswith(".")
    assert sentence(code, "Seen.") == f"Seen. {sentence(code)}"
    rows = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert any(f"`{code}`" in row.split("|")[1] for row in rows), f"{DOCUMENT.name} lacks {code}"
