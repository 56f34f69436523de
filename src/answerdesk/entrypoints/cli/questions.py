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
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
)

from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core.errors import InvalidInput
from answerdesk.core.web.text import FilledText

QuestionText = Annotated[FilledText, Field(max_length=MESSAGE_LENGTH)]

_JSON_PLACE: Final = re.compile(r" at line 1 column \d+$")
"""Where the reader of a single line stopped; its line is not that of the file."""

_QUESTION: Final[TypeAdapter[str]] = TypeAdapter(QuestionText)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a batch: its question, or what is wrong with it."""

    id: str | int | None
    question: str
    error: str | None = None


class _Line(BaseModel):
    # Sets of questions carry more than is read here, such as the expected answers.
    model_config = ConfigDict(extra="ignore")

    id: StrictStr | StrictInt
    q: QuestionText


def checked_question(text: str) -> str:
    """Return the question; raises InvalidInput when it is empty, too long or no text."""
    try:
        return _QUESTION.validate_python(text)
    except ValidationError as error:
        raise InvalidInput(f"The question: {_faults(error)}", code="invalid_question") from error


def read_line(number: int, line: bytes) -> Asked:
    """Read a line of a batch; `number` counts from 1 and names it in the error."""
    try:
        parsed = _Line.model_validate_json(line)
    except ValidationError as error:
        return Asked(_id_of(line), "", f"line {number}: {_faults(error)}")
    return Asked(parsed.id, parsed.q)


def _faults(error: ValidationError) -> str:
    faults = []
    for fault in error.errors():
        text = _JSON_PLACE.sub("", str(fault["msg"]).removeprefix("Value error, "))
        # The place within `id` names which of its two types did not fit; nobody needs that.
        place = str(fault["loc"][0]) if fault["loc"] else ""
        if place == "id" and fault["type"] != "missing":
            text = "is neither a string nor a whole number"
        faults.append(f"{place}: {text}" if place else text)
    return "; ".join(dict.fromkeys(faults))


def _id_of(line: bytes) -> str | int | None:
    """Return the id of a line that is wrong otherwise, if it has one."""
    with suppress(ValueError, RecursionError):
        value = json.loads(line)
        if isinstance(value, dict):
            found = value.get("id")
            if isinstance(found, str | int) and not isinstance(found, bool):
                return found
    return None
