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
    """A document whose reading was stopped: it took too much, or the reader died of it.

    The document is at fault, and another attempt ends the same.
    """

    def __init__(self, message: str, *, code: StoppedCode) -> None:
        super().__init__(message, code=code)


class ParsingUnavailable(Unavailable):
    """No process can read documents now; the document is not at fault."""

    code = "parsing_unavailable"


def machine_busy() -> ParsingUnavailable:
    """Return the error for a document that was not read in time because others had the machine."""
    return ParsingUnavailable(
        "The machine was too busy to read the document in time; try again in some minutes",
        code="parsing_busy",
    )


def timed_out(name: str, seconds: float) -> ParsingStopped:
    """Return the error for a document that took more processor time than may be."""
    return ParsingStopped(
        f"{name}: reading it took longer than {seconds:g} s of processor time and was stopped; "
        "split it into smaller files, or save it anew as text or HTML",
        code="parsing_timed_out",
    )


def out_of_memory(name: str, memory_mb: int) -> ParsingStopped:
    """Return the error for a document that needed more memory than may be."""
    return ParsingStopped(
        f"{name}: reading it took more than {memory_mb} MiB of memory and was stopped; split it "
        "into smaller files, or save it anew as text or HTML",
        code="parsing_out_of_memory",
    )


def too_deep(name: str) -> ParsingStopped:
    """Return the error for a document whose parts are nested too deeply."""
    return ParsingStopped(
        f"{name}: its parts are nested too deeply to be read; "
        "save it anew with a flatter structure",
        code="parsing_too_deep",
    )


def too_much(name: str, most_bytes: int) -> ParsingStopped:
    """Return the error for a document that holds more text than is taken."""
    return ParsingStopped(
        f"{name}: it holds more text than is taken from one document "
        f"({most_bytes / 1024 / 1024:.0f} MiB); split it into smaller files",
        code="parsing_too_much",
    )


def is_stopping() -> ParsingUnavailable:
    """Return the error for a document that is not read because Answerdesk is being stopped."""
    return ParsingUnavailable("Answerdesk is being stopped; try again", code="parsing_stopping")


def crashed(name: str, memory_mb: int) -> ParsingStopped:
    """Return the error for a document that the reader failed on, whatever way."""
    return ParsingStopped(
        f"{name}: the reader failed on it: the file is damaged, or reading it takes more than "
        f"{memory_mb} MiB of memory. Open it in the program that wrote it and save it anew, split "
        "it into smaller files, or save it as text or HTML",
        code="parsing_crashed",
    )
