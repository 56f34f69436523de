"""JSON and JSON lines: their values and the lists of records in them."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from answerdesk.knowledge.ingestion.parse.decoding import decode
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import JSON_LINES

_LINES = re.compile(r"\s*\{[^\n]*\}[ \t]*\n\s*\{")
"""One object per line, as databases export it, whatever the file's extension."""
MOST_VALUES: Final = 500_000
"""Maximum lines of a JSON lines file."""


def read_json(content: bytes, kind: str, name: str) -> object:
    """Return the value in a file; for JSON lines, the list of values.

    Raises UnreadableDocument saying where the JSON is invalid.
    """
    text = decode(content, kind, name)
    if kind != JSON_LINES and not _LINES.match(text):
        return _value(text, name, line=1)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > MOST_VALUES:
        raise UnreadableDocument(
            f"{name}: the file has more than {MOST_VALUES:,} lines; split it into smaller files",
            reason="too_large",
        )
    return [_value(line, name, line=number) for number, line in lines]


def records_of(content: bytes, kind: str, name: str) -> Sequence[Mapping[str, object]]:
    """Return the objects in the file's list, or in the only list of its object.

    Raises UnreadableDocument if there is no such list.
    """
    found = records_in(read_json(content, kind, name))
    if found is None:
        raise UnreadableDocument(
            f'{name}: expected a list of objects, such as [{{"question": "…", "answer": "…"}}]',
            reason="columns",
        )
    return found


def records_in(value: object) -> Sequence[Mapping[str, object]] | None:
    """Return the objects of a list, or of the only list in an object; None for anything else."""
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list)]
        others = [one for one in value.values() if isinstance(one, dict | list)]
        if len(lists) != 1 or len(others) != 1:
            return [value] if "question" in value and "answer" in value else None
        value = lists[0]
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return None
    return value


def _value(text: str, name: str, line: int) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {line + error.lineno - 1}, column {error.colno}"
        raise UnreadableDocument(
            f"{name}: the file is not valid JSON; see {place}", reason="broken"
        ) from error
    except RecursionError as error:
        raise too_deep(name) from error
    except ValueError as error:
        raise UnreadableDocument(
            f"{name}: a number in the JSON has too many digits; write it as a string",
            reason="broken",
        ) from error


def too_deep(name: str) -> UnreadableDocument:
    """For values nested deeper than the parser reads."""
    return UnreadableDocument(
        f"{name}: the JSON's lists and objects are nested too deeply; flatten them",
        reason="broken",
    )
