"""Command output: JSON for programs, text for people. Progress and errors go to stderr."""

import json
import os
import sys
import unicodedata
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from answerdesk.core.errors import Conflict, InvalidInput


def printable(text: str) -> str:
    """Return `text` in a form that is safe to show on a terminal.

    Documents and file names come from anywhere: a control character in them could move the cursor
    or recolour the screen, and a lone surrogate can't be encoded.
    """
    return "".join(
        char
        if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def one_line(text: str) -> str:
    """Return `text` on one line, safe to show on a terminal."""
    return " ".join(printable(text).split())


def readable_name(location: str) -> str:
    r"""Return a path as text, with bytes that aren't UTF-8 escaped: `caf\xe9.md`."""
    return os.fsencode(location).decode("utf-8", "backslashreplace")


def json_line(value: object) -> bytes:
    """Encode one line of JSON in UTF-8; escape non-ASCII only if there is a lone surrogate."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False).encode() + b"\n"


def write_json(value: Mapping[str, Any]) -> None:
    """Write one line of JSON to standard output and flush it."""
    sys.stdout.flush()
    sys.stdout.buffer.write(json_line(value))
    sys.stdout.buffer.flush()


def write_json_error(code: str, message: str) -> None:
    """Write an error as one line of JSON to standard error."""
    sys.stderr.flush()
    sys.stderr.buffer.write(json_line({"error": {"code": code, "message": message}}))
    sys.stderr.buffer.flush()


def write_error(message: str) -> None:
    """Write a one-line error for people to standard error."""
    sys.stderr.write(f"answerdesk: {one_line(message)}\n")
    sys.stderr.flush()


def write_note(message: str) -> None:
    """Write a hint or progress for people to standard error."""
    sys.stderr.write(f"{printable(message)}\n")
    sys.stderr.flush()


def make_console(*, stderr: bool = False) -> Console:
    """Return a console that prints text verbatim, without interpreting markup or emoji codes."""
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    # Don't wrap lines in a file or pipe.
    console.soft_wrap = not console.is_terminal
    return console


def rounded(score: float) -> float:
    """Round a score or confidence to its significant digits."""
    return round(float(score), 4)


async def write_file(path: Path, parts: AsyncIterator[bytes], *, force: bool) -> None:
    """Write a new file, or with `force` over another. Raises Conflict and InvalidInput."""
    try:
        with path.open("wb" if force else "xb") as target:
            async for part in parts:
                target.write(part)
    except FileExistsError as error:
        raise Conflict(
            f"{path}: the file already exists; --force overwrites it", code="file_exists"
        ) from error
    except OSError as error:
        raise InvalidInput(
            f"{path}: cannot be written: {error.strerror}", code="unwritable"
        ) from error
