"""Text that comes from outside: what PostgreSQL and JSON can hold, and nothing else."""

from typing import Annotated

from pydantic import AfterValidator


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
