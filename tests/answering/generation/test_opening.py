"""What comes before an answer: thoughts, and that there is none."""

import pytest

from answerdesk.answering.generation.opening import Opening


def read(text: str, cut: int) -> tuple[str, bool]:
    opening = Opening()
    said = [opening.feed(text[place : place + cut]) for place in range(0, len(text), cut)]
    said.append(opening.end())
    return "".join(said), opening.has_no_answer


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 100])
@pytest.mark.parametrize(
    ("text", "said", "has_no_answer"),
    [
        ("NO_ANSWER", "", True),
        ("\n NO_ANSWER.\nSorry!", "", True),
        ("<think>Hm, NO_ANSWER?</think>\n\nIt is free.", "It is free.", False),
        ("<think>Hm.</think>NO_ANSWER", "", True),
        ("<think>never ends", "", False),
        ("  It is free. NO_ANSWER", "It is free. NO_ANSWER", False),
        ("NO", "NO", False),
        ("NO_ANSW ER", "NO_ANSW ER", False),
        ("<thin", "<thin", False),
        ("", "", False),
    ],
)
def test_an_answer_without_what_comes_before_it(
    text: str, said: str, has_no_answer: bool, cut: int
) -> None:
    assert read(text, cut) == (said, has_no_answer)


def test_long_thoughts_are_little_work() -> None:
    opening = Opening()
    opening.feed("<think>")
    for _ in range(200_000):
        assert opening.feed("so ") == ""
