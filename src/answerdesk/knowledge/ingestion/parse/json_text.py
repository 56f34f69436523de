"""JSON as text: objects as sections, lists of similar objects as tables, the rest as lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.json_records import read_json, records_in, too_deep
from answerdesk.knowledge.ingestion.parse.markup import has_markup, put_markup, without_markup
from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.questions import (
    Field,
    add_question,
    field_of,
    question_columns,
)
from answerdesk.knowledge.ingestion.parse.sheets import MOST_CELLS, MOST_COLUMNS
from answerdesk.knowledge.ingestion.parse.tables import row_text

_TITLES: Final = ("title", "name", "label", "heading", "headline", "question", "id")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|[_\-]+")
_LONG: Final = 300
_DEEPEST: Final = 30
"""Objects nested deeper than this are written on one line."""

Record = Mapping[str, object]


def parse_json(content: bytes, kind: str, name: str) -> Outline:
    """Return the outline of JSON or JSON lines; a list of questions and answers as `qa` blocks."""
    value = read_json(content, kind, name)
    outline = Outline()
    records = records_in(value)
    if records and _put_questions(outline, records):
        return outline
    if isinstance(value, dict):
        given = next((value[key] for key in ("title", "name") if _is_line(value.get(key))), None)
        outline.title = str(given).strip() if given else None
    try:
        _Writing(outline, name).put(value)
    except RecursionError as error:
        raise too_deep(name) from error
    return outline


def _put_questions(outline: Outline, records: Sequence[Record]) -> bool:
    """Add records that all have a question and an answer; otherwise return False."""
    keys = list(dict.fromkeys(key for record in records for key in record))
    columns = question_columns(keys)
    if columns is None:
        return False
    names: dict[Field, str] = {field: keys[index] for field, index in columns.items()}
    for record in records:
        if not all(isinstance(record.get(names[one], ""), str) for one in ("question", "answer")):
            return False
    for record in records:
        others = [
            f"{_words(key)}: {_line(value)}"
            for key, value in record.items()
            if field_of(key) is None and key != "id" and _line(value)
        ]
        answer = without_markup(str(record.get(names["answer"], "")))
        category = record.get(names["category"]) if "category" in names else ""
        add_question(
            outline,
            without_markup(str(record.get(names["question"], ""))),
            "\n".join([answer, *others]),
            category if isinstance(category, str) else "",
        )
    return True


class _Writing:
    """Writes values into an outline without recursion: JSON nests as deep as its reader allows."""

    def __init__(self, outline: Outline, name: str) -> None:
        self._outline = outline
        self._name = name
        self._values = 0

    def put(self, value: object) -> None:
        """Write a value and everything in it."""
        stack: list[tuple[int, str, object]] = [(1, "", value)]
        while stack:
            depth, name, one = stack.pop()
            if name:
                self._outline.heading(depth, name, None)
            elif depth > 1:
                self._outline.leave(depth)
            stack.extend(reversed(list(self._write(one, depth))))

    def _write(self, value: object, depth: int) -> Iterator[tuple[int, str, object]]:
        """Write what fits on lines; yield what needs its own section."""
        if depth > _DEEPEST or not isinstance(value, dict | list):
            self._count()
            self._text(_line(value) if depth > _DEEPEST else _scalar(value), depth)
        elif isinstance(value, dict):
            yield from self._object(value, depth)
        else:
            yield from self._list(value, depth)

    def _object(self, value: Record, depth: int) -> Iterator[tuple[int, str, object]]:
        lines: list[str] = []
        for key, one in value.items():
            self._count()
            if _needs_section(one):
                yield depth + 1, _words(key), one
            elif text := _line(one):
                lines.append(f"{_words(key)}: {text}")
        self._outline.add("paragraph", "\n".join(lines))

    def _list(self, value: Sequence[object], depth: int) -> Iterator[tuple[int, str, object]]:
        if all(not isinstance(one, dict | list) for one in value):
            self._count(len(value))
            self._outline.add(
                "list", "\n".join(f"- {text}" for one in value if (text := _line(one)))
            )
        elif _is_table(value):
            self._table(value)
        else:
            for number, one in enumerate(value, start=1):
                yield depth + 1, _name_of(one) or f"{number}", one

    def _table(self, records: Sequence[object]) -> None:
        lines = []
        for record in records:
            if isinstance(record, dict):
                self._count(len(record))
                keys = [_words(key) for key in record]
                lines.append(row_text(keys, [_line(one) for one in record.values()]))
        self._outline.add("table", "\n".join(filter(None, lines)))

    def _text(self, text: str, depth: int) -> None:
        if has_markup(text):
            put_markup(self._outline, text, depth + 1)
            return
        for paragraph in re.split(r"\n\s*\n", text):
            self._outline.add("paragraph", paragraph)

    def _count(self, more: int = 1) -> None:
        self._values += more
        if self._values > MOST_CELLS:
            raise UnreadableDocument(
                f"{self._name}: the JSON has more than {MOST_CELLS:,} values; split it into smaller"
                " files",
                reason="too_large",
            )


def _needs_section(value: object) -> bool:
    if isinstance(value, str):
        return len(value) > _LONG or has_markup(value)
    return isinstance(value, dict | list) and not _fits_line(value)


def _is_table(value: Sequence[object]) -> bool:
    """Say whether all items of a list are objects whose values fit on a line."""
    return all(
        isinstance(one, dict)
        and 0 < len(one) <= MOST_COLUMNS
        and all(_fits_line(cell) for cell in one.values())
        and sum(len(cell) for cell in one.values() if isinstance(cell, str)) <= 4 * _LONG
        for one in value
    )


def _fits_line(value: object) -> bool:
    if isinstance(value, list):
        return len(value) <= 20 and all(
            not isinstance(one, dict | list) and _fits_line(one) for one in value
        )
    if isinstance(value, str):
        return "\n" not in value.strip() and not has_markup(value)
    return not isinstance(value, dict) or not value


def _line(value: object) -> str:
    """Return a value on one line: lists with commas, objects with their keys."""
    if isinstance(value, dict):
        lines = ((key, _line(one)) for key, one in value.items())
        return "; ".join(f"{_words(key)}: {line}" for key, line in lines if line)
    if isinstance(value, list):
        return ", ".join(text for one in value if (text := _line(one)))
    return " ".join(without_markup(_scalar(value)).split())


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value}"


def _is_line(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 200 and "\n" not in value


def _name_of(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    found = next((value[key] for key in _TITLES if _is_line(value.get(key))), "")
    return str(found).strip()


def _words(key: str) -> str:
    """Return a key as words: "openingHours" and "opening_hours" → "opening hours"."""
    if " " in key.strip():
        return " ".join(key.split())  # Already written as words.
    words = " ".join(_WORDS.sub(" ", key).split())
    return words if words.isupper() else words[:1] + words[1:].lower() if " " in words else words
