"""Why reading a document was stopped."""

from typing import Literal

from answerdesk.core.errors import InvalidInput, Unavailable

StoppedCode = Literal[
    "parsing_timed_out",
    "parsing_out_of_memory",
    "parsing_crashed",
    "parsing_too_deep",
    "parsing_too_much",
]


class ParsingStopped(InvalidInput):
    """Reading took too much, or the reader died.

    The document is at fault: another attempt would end the same way.
    """

    def __init__(self, message: str, *, code: StoppedCode) -> None:
        super().__init__(message, code=code)


class ParsingUnavailable(Unavailable):
    """No process can read documents now; the document is not at fault."""

    code = "parsing_unavailable"


def machine_busy() -> ParsingUnavailable:
    """The document wasn't read in time because other processes kept the machine busy."""
    return ParsingUnavailable(
        "The machine was too busy to read the document in time; try again in a few minutes",
        code="parsing_busy",
    )


def timed_out(name: str, seconds: float) -> ParsingStopped:
    return ParsingStopped(
        f"{name}: reading it took more than {seconds:g} s of processor time and was stopped; "
        "split it into smaller files, or save it as text or HTML",
        code="parsing_timed_out",
    )


def out_of_memory(name: str, memory_mb: int) -> ParsingStopped:
    return ParsingStopped(
        f"{name}: reading it took more than {memory_mb} MiB of memory and was stopped; split it "
        "into smaller files, or save it as text or HTML",
        code="parsing_out_of_memory",
    )


def too_deep(name: str) -> ParsingStopped:
    return ParsingStopped(
        f"{name}: its parts are nested too deeply to be read; save it with a flatter structure",
        code="parsing_too_deep",
    )


def too_much(name: str, most_bytes: int) -> ParsingStopped:
    return ParsingStopped(
        f"{name}: it has more text than one document may have "
        f"({most_bytes / 1024 / 1024:.0f} MiB); split it into smaller files",
        code="parsing_too_much",
    )


def is_stopping() -> ParsingUnavailable:
    return ParsingUnavailable("Answerdesk is shutting down; try again", code="parsing_stopping")


def crashed(name: str, memory_mb: int) -> ParsingStopped:
    return ParsingStopped(
        f"{name}: reading it failed: the file is damaged, or reading it takes more than "
        f"{memory_mb} MiB of memory. Open it in the program that wrote it and save it again, split "
        "it into smaller files, or save it as text or HTML",
        code="parsing_crashed",
    )
