"""Normal forms are Unicode's, and take no longer for letters with many marks."""

import unicodedata

import pytest

from answerdesk.kit.normalisation import normalised
from tests.bounds.work import within


@pytest.mark.parametrize(
    "text",
    [
        *("", "plain", "Müller", "Mu\u0308ller", "ﬁ ﷺ Ａ", "가격", "\u1100\u1161\u11a8", "ﾊﾞｽ"),
        *("👩\u200d👩\u200d👧\u200d👦" * 20, "។" * 40, "e" + "\u0301" * 30, "\u0f73" * 10),
        *("ệ" * 500, "a\u0323\u0302b\u0301" * 100),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_text_that_people_write_has_its_normal_form(text: str, form: str) -> None:
    assert normalised(text, form) == unicodedata.normalize(form, text)  # type: ignore[arg-type]


def test_marks_beyond_the_thirtieth_are_left_out() -> None:
    assert normalised("xe" + "\u0301" * 31 + "y", "NFD") == "xe" + "\u0301" * 30 + "y"


@pytest.mark.parametrize(
    "marks",
    [
        "\u0301\u0327\u0323\u0345\u05b0",
        "\u0f73",
        "\u0301\uff9e",
        "\U0001e947\u0301",
        "\u302a\u0301",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFKC"])
def test_marks_are_sorted_in_no_time(marks: str, form: str) -> None:
    with within(2.0, "normalising"):
        normalised("a" + marks * (200_000 // len(marks)), form)  # type: ignore[arg-type]
