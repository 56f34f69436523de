"""Questions as they come from outside: an argument, or a line of a batch."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)

from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core import faults
from answerdesk.core.errors import InvalidInput
from answerdesk.core.web.text import FilledText

QuestionText = Annotated[FilledText, Field(max_length=MESSAGE_LENGTH)]

_JSON_LINE: Final = re.compile(r"line \d+, ")
"""Of where the reader of a single line stopped: its line is not that of the file."""

_QUESTION: Final[TypeAdapter[str]] = TypeAdapter(QuestionText)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a batch: its question, or what is wrong with it."""

    id: str | int | None
    question: str
    error: str | None = None


def _string_or_number(given: object) -> str | int:
    if isinstance(given, bool) or not isinstance(given, str | int):
        msg = "is neither text nor a whole number"
        raise ValueError(msg)  # noqa: TRY004  # Pydantic hands on this kind only.
    return given


class _Line(BaseModel):
    # Sets of questions carry more than is read here, such as the expected answers.
    model_config = ConfigDict(extra="ignore")

    id: Annotated[str | int, PlainValidator(_string_or_number)]
    q: QuestionText


def checked_question(text: str) -> str:
    """Return the question; raises InvalidInput when it is empty, too long or no text."""
    try:
        return _QUESTION.validate_python(text)
    except ValidationError as error:
        message = faults.describe(error.errors(), whole="The question")
        raise InvalidInput(message, code="invalid_question") from error


def read_line(number: int, line: bytes) -> Asked:
    """Read a line of a batch; `number` counts from 1 and names it in the error."""
    try:
        parsed = _Line.model_validate_json(line)
    except ValidationError as error:
        return Asked(_id_of(line), "", _told(number, error))
    return Asked(parsed.id, parsed.q)


def _told(number: int, error: ValidationError) -> str:
    [first, *others] = faults.faults(error.errors())
    if not first.field:
        return f"line {number} {_JSON_LINE.sub('', first.text)}"
    return f"line {number}: {'; '.join(map(str, (first, *others)))}"


def _id_of(line: bytes) -> str | int | None:
    """Return the id of a line that is wrong otherwise, if it has one."""
    with suppress(ValueError, RecursionError):
        value = json.loads(line)
        if isinstance(value, dict):
            found = value.get("id")
            if isinstance(found, str | int) and not isinstance(found, bool):
                return found
    return None
