"""Questions with their answers, read from a file."""

from typing import Final

from answerdesk.knowledge.ingestion.parse.outline import Outline

_LONGEST_REPEATED: Final = 300
"""A question with more characters is not repeated where its answer takes several chunks."""


def add_question(outline: Outline, question: str, answer: str, category: str = "") -> None:
    """Add a question and its answer, which are found and cited as one.

    Where one of them is empty the other is a paragraph: nothing is lost, and nothing is asked.
    """
    question = " ".join(question.split())
    answer = answer.strip()
    outline.leave(3)
    if category.strip():
        outline.heading(3, category, None)
    if question and answer:
        outline.add("qa", f"{question}\n{answer}", has_caption=len(question) <= _LONGEST_REPEATED)
    else:
        outline.add("paragraph", question or answer)
