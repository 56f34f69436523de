"""What can go wrong with reading documents again."""

from answerdesk.core.errors import Conflict


def nothing_to_read_again() -> Conflict:
    return Conflict(
        "All documents were read by the current version; there is nothing to read again",
        code="nothing_to_read_again",
    )


def already_reading_again() -> Conflict:
    return Conflict(
        "The project's documents are being read again already; wait for that or cancel it",
        code="already_reading_again",
    )


def not_reading_again() -> Conflict:
    return Conflict("No documents are being read again", code="not_reading_again")
