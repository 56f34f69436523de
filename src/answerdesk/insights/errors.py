"""Errors of insights."""

from answerdesk.core.errors import InvalidInput


def period_too_long(days: int, most: int) -> InvalidInput:
    return InvalidInput(
        f"From and to span {days:,} days; at most {most} days are counted together",
        code="period_too_long",
    )
