"""Errors of privacy."""

from collections.abc import Collection

from answerdesk.core.errors import Conflict, InvalidInput, NotFound


def erasure_not_found() -> NotFound:
    return NotFound("Erasure not found", code="erasure_not_found")


def subject_unclear() -> InvalidInput:
    return InvalidInput(
        "Name the person by exactly one of visitor_id, email, identity and external_id; a dialect "
        "goes with an external_id only",
        code="subject_unclear",
    )


def subject_invalid(kind: str, reason: str) -> InvalidInput:
    return InvalidInput(f"{kind} {reason}; correct it", code="subject_invalid")


def subject_ambiguous(dialects: Collection[str]) -> Conflict:
    return Conflict(
        "Several visitors are called so, and need not be the same person; add the dialect: "
        f"{', '.join(sorted(dialects))}",
        code="subject_ambiguous",
    )
