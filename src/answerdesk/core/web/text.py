"""Text from outside, restricted to what PostgreSQL and JSON can hold."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from answerdesk.core import faults
from answerdesk.core.errors import InvalidInput

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _storable(text: str) -> str:
    position = text.find("\0")
    if position >= 0:
        msg = f"contains a NUL character (position {position})"
        raise ValueError(msg)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        # JSON can contain half of a pair (`"\ud800"`), and a command line stray bytes.
        msg = f"contains half of a surrogate pair, not a character (position {error.start})"
        raise ValueError(msg) from error
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        msg = "is empty"
        raise ValueError(msg)
    return text


CleanText = Annotated[str, AfterValidator(_storable)]
"""Text without NUL and lone surrogates, which Pydantic accepts in strings Python has decoded."""

FilledText = Annotated[CleanText, AfterValidator(_not_blank)]
"""Clean text that is not blank."""


def _written_as_day(given: Any) -> Any:  # noqa: ANN401  # Unvalidated input.
    if isinstance(given, str) and _DAY.fullmatch(given) is None:
        # Worded as for other text that is no date.
        raise PydanticCustomError("date_parsing", "no date")
    return given


Day = Annotated[date, BeforeValidator(_written_as_day)]
"""A date as YYYY-MM-DD; Pydantic would also read a number as seconds."""


@dataclass(frozen=True, slots=True)
class Matching:
    """A pattern that text has to match, for `Annotated`; `says` is the message for other text.

    Programs read the pattern in the API's description; people read `says`: "has to be …".
    """

    pattern: str
    says: str

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401  # As Pydantic has it.
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Check the text after all other checks."""
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the pattern as if Pydantic checked it."""
        return {**handler(schema), "pattern": self.pattern}

    def _checked(self, text: str) -> str:
        # JSON's `$` is the end of the text; Python's also matches before a final line break.
        if re.search(self.pattern.replace("$", r"\Z"), text) is None:
            raise ValueError(self.says)
        return text


_FILE_NAME: Final = TypeAdapter(Annotated[CleanText, Field(max_length=500)])


def storable_file_name(name: str | None) -> str:
    """Return a file's name unchanged; raises InvalidInput if it cannot be stored."""
    try:
        return _FILE_NAME.validate_python(name or "file")
    except ValidationError as error:
        [fault, *_] = faults.faults(error.errors())
        raise InvalidInput(f"The file's name {fault.text}", code="invalid_file_name") from error
