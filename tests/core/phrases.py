"""What validators say, and no answer of ours ever does."""

import re
from typing import Final

from pydantic_core._pydantic_core import list_all_errors


def _fixed_parts() -> set[str]:
    """Return what Pydantic's messages have between what is filled in: three words or more."""
    found = set()
    for error in list_all_errors():
        for form in (error["message_template_python"], error.get("message_template_json") or ""):
            for part in re.split(r"\{[^}]*\}", form):
                if len(part.split()) >= 3:
                    found.add(part.strip(" ,:'"))
    return found


PHRASES: Final = (
    *sorted(_fixed_parts()),
    *("Value error", "Assertion failed", "Field required", "after validation", "Input should"),
    *("valid dictionary", "valid string", "valid integer", "unable to parse", "not permitted"),
    *("JSON decode error", "Expecting value", "Expecting property", "Extra data", "Invalid JSON"),
    *(
        "error parsing the body",
        "Invalid multipart",
        "UploadFile",
        "<class",
        "Traceback",
        "pydantic",
    ),
    *("is not a valid email", "Invalid value for", "No such option", "Missing argument"),
)


def phrases_in(text: str) -> list[str]:
    """Return what of a validator's own words a text has."""
    return [phrase for phrase in PHRASES if phrase.casefold() in text.casefold()]
