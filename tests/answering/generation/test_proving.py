"""An answer's sentences and their numbers, however its text is cut."""

import pytest

from answerdesk.agents.types import Verification
from answerdesk.answering.blocks import Paragraph, Table
from answerdesk.answering.generation.proving import Proving, sourced
from answerdesk.answering.verification import Evidence

PASSAGES = (
    "The small plan costs nine euros a month.",
    "Delivery takes three days within Germany.",
)
WRONG = "The small plan costs twelve euros a month."
LAST = "- The small plan costs nine euros [2]"
NO_CLAIMS = (
    "# Prices\n\n**Plans**\n\n| Plan | Costs |\n|---|---|\n| small | nine euros |\n\n"
    f"```\n{WRONG} [1]\n```\n"
)


def prove(
    text: str, verification: Verification = "mark", cut: int = 3
) -> tuple[str, list[int], list[str]]:
    """Return what is shown of a text, the places of its sources, and what is not supported."""
    proving = Proving(Evidence.of(PASSAGES), verification, question="", language="en")
    pieces, place = [], 0
    while place < len(text):
        end = min(len(text), place + cut)
        if "[" in text[place:end]:
            end = max(end, text.find("]", place) + 1)  # Numbers come whole.
        pieces.append(proving.feed(text[place:end]))
        place = end
    shown = "".join(pieces) + proving.end()
    unsupported = [one.sentence for one in proving.checked if one.verdict.supported is False]
    return shown, proving.sources, unsupported


@pytest.mark.parametrize("cut", [1, 3, 8, 500])
@pytest.mark.parametrize(
    ("written", "marked", "removed"),
    [
        (
            "Delivery takes three days. The small plan costs nine euros [9].",
            "Delivery takes three days. [1] The small plan costs nine euros. [2]",
            "Delivery takes three days. [1] The small plan costs nine euros. [2]",
        ),
        (
            f"{WRONG} Delivery takes three days [1].",
            f"{WRONG} Delivery takes three days. [1]",
            " Delivery takes three days. [1]",
        ),
        (
            f"Hello! I can help.\n\n{WRONG}\n\nDelivery takes three days.",
            f"Hello! I can help.\n\n{WRONG}\n\nDelivery takes three days. [1]",
            "Hello! I can help.\n\n\nDelivery takes three days. [1]",
        ),
        (
            f"- {WRONG} Delivery takes three days.\n- {WRONG}\n- The small plan costs nine euros",
            f"- {WRONG} Delivery takes three days. [1]\n- {WRONG}\n{LAST}",
            f"- Delivery takes three days. [1]\n{LAST}",
        ),
        (NO_CLAIMS, NO_CLAIMS, NO_CLAIMS),
        ("", "", ""),
    ],
)
def test_what_is_shown(written: str, marked: str, removed: str, cut: int) -> None:
    assert prove(written, "mark", cut)[0] == marked
    assert prove(written, "remove", cut)[0] == removed


def test_sources_are_numbered_as_they_are_needed() -> None:
    shown, sources, unsupported = prove(
        f"Delivery takes three days. {WRONG} The small plan costs nine euros. Three days it takes."
    )
    assert sources[:2] == [1, 0]
    assert unsupported == [WRONG]
    assert shown.index("[1]") < shown.index("[2]")


def test_without_numbers_the_sources_are_known_all_the_same() -> None:
    proving = Proving(Evidence.of(PASSAGES), "mark", question="", language="en", numbered=False)
    text = f"Delivery takes three days [1]. {WRONG}"
    assert proving.feed(text) + proving.end() == f"Delivery takes three days. {WRONG}"
    assert proving.sources == [1]
    assert [one.verdict.supported for one in proving.checked] == [True, False]


def test_without_verification_the_models_own_numbers_count() -> None:
    shown, sources, unsupported = prove(f"{WRONG[:-1]} [2]. Who knows [7].", "off")
    assert shown == f"{WRONG} [1] Who knows."
    assert sources == [1]
    assert unsupported == []


def test_a_sentence_is_sent_as_it_is_written_unless_it_might_be_removed() -> None:
    for verification, first in (("mark", "Delivery takes"), ("remove", "")):
        proving = Proving(
            Evidence.of(PASSAGES),
            verification,  # type: ignore[arg-type]
            question="",
            language="en",
        )
        assert proving.feed("Delivery takes ") == first


def test_blocks_have_their_source_and_what_nobody_says() -> None:
    text = f"It takes three days. [2]\n\n**{WRONG}** Indeed.\n\n| a |\n|---|\n| b |"
    first, second, table = sourced(text, [f"**{WRONG}**"])
    assert first == Paragraph("It takes three days. [2]", 1)
    assert second == Paragraph(f"{WRONG} Indeed.", None, (), (WRONG,))
    assert table == Table(("a",), (("b",),))


def test_a_long_answer_is_little_work() -> None:
    for written in ("word " * 5_000, "a. " * 5_000, "- x\n" * 5_000, "[1] " * 2_000, "." * 9_000):
        prove(written, cut=11)
