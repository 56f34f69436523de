"""Questions with answers in a file: common names of their columns, and their blocks."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from answerdesk.knowledge.ingestion.parse.outline import Outline

_LONGEST_REPEATED: Final = 300
"""A longer question is not repeated if its answer takes several chunks."""


def add_question(outline: Outline, question: str, answer: str, category: str = "") -> None:
    """Add a question and its answer, which are found and cited together.

    If one of them is empty, the other becomes a paragraph, so that nothing is lost.
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


Field = Literal["question", "answer", "category", "tags"]
FIELDS: Final[tuple[Field, ...]] = ("question", "answer", "category", "tags")

_NAMES: Final[dict[Field, frozenset[str]]] = {
    "question": frozenset(
        {"question", "questions", "q", "prompt", "faq question", "frage", "fragen", "pregunta"}
        | {"preguntas", "domanda", "pergunta", "vraag", "pytanie", "fråga", "spørgsmål", "spørsmål"}
        | {"soru", "вопрос", "質問", "问题", "問題", "질문", "سؤال", "user question"}
    ),
    "answer": frozenset(
        {"answer", "answers", "a", "response", "reply", "faq answer", "antwort", "antworten"}
        | {"respuesta", "respuestas", "réponse", "reponse", "risposta", "resposta", "antwoord"}
        | {"odpowiedź", "svar", "cevap", "yanıt", "ответ", "回答", "答案", "答え", "답변", "إجابة"}
    ),
    "category": frozenset(
        {"category", "categories", "kategorie", "categoría", "catégorie", "categoria"}
        | {"categorie", "kategoria", "kategori", "категория", "topic", "section", "group"}
    ),
    "tags": frozenset(
        {"tags", "tag", "labels", "label", "keywords", "schlagwörter", "schlagworte"}
    ),
}
_ONLY_BESIDE_NOTHING_ELSE: Final[dict[str, Field]] = {
    "title": "question",
    "content": "answer",
    "titel": "question",
    "inhalt": "answer",
    "text": "answer",
    "question text": "question",
    "answer text": "answer",
}
"""Names that other tables use as well."""
_BY_NAME: Final[dict[str, Field]] = {
    name: field for field, names in _NAMES.items() for name in names
}
_SEPARATORS = re.compile(r"[,;\n]")
_SPACES = re.compile(r"[\s_-]+")


def field_of(column: str) -> Field | None:
    """Return which field of an item a column holds, None if none."""
    name = _plain(column)
    return _BY_NAME.get(name) or _ONLY_BESIDE_NOTHING_ELSE.get(name)


def question_columns(header: Sequence[str]) -> dict[Field, int] | None:
    """Return the column of each field; None if the table has no questions and answers.

    "Title" and "content" mean a question and its answer only if the table has no other columns.
    """
    found: dict[Field, int] = {}
    sure = all_known = True
    for index, column in enumerate(header):
        name = _plain(column)
        field = field_of(column)
        if field is None or field in found:
            all_known = all_known and (not name or name == "id")
            continue
        found[field] = index
        sure = sure and name not in _ONLY_BESIDE_NOTHING_ELSE
    if "question" not in found or "answer" not in found or not (sure or all_known):
        return None
    return found


def tags_of(value: object) -> tuple[str, ...]:
    """Return the distinct tags of a list, or of a text with commas or semicolons."""
    parts = _SEPARATORS.split(value) if isinstance(value, str) else value or ()
    if not isinstance(parts, list | tuple):
        return ()
    return tuple(dict.fromkeys(tag for one in parts if (tag := " ".join(str(one).split()))))


def _plain(column: str) -> str:
    return _SPACES.sub(" ", column.strip().strip(":").casefold()).strip()
