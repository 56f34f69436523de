"""Text that comes from outside: what PostgreSQL and JSON can hold, and nothing else."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from answerdesk.core.errors import InvalidInput


def _storable(text: str) -> str:
    position = text.find("\0")
    if position >= 0:
        msg = f"contains a NUL character (position {position})"
        raise ValueError(msg)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        # JSON can write half of a pair (`"\ud800"`), and a command line can hold stray bytes.
        msg = f"contains half of a surrogate pair, which is no character (position {error.start})"
        raise ValueError(msg) from error
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        msg = "is empty"
        raise ValueError(msg)
    return text


CleanText = Annotated[str, AfterValidator(_storable)]
"""Text without NUL and lone surrogates, which Pydantic lets through in what Python has decoded."""

FilledText = Annotated[CleanText, AfterValidator(_not_blank)]
"""Text without NUL that says something."""

_FILE_NAME: Final = TypeAdapter(Annotated[CleanText, Field(max_length=500)])


def storable_file_name(name: str | None) -> str:
    """Return a file's name as given; raises InvalidInput for one that cannot be stored."""
    try:
        return _FILE_NAME.validate_python(name or "file")
    except ValidationError as error:
        fault = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise InvalidInput(f"The file's name {fault}", code="invalid_file_name") from error
