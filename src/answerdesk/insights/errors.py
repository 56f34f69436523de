"""Errors of insights."""

from datetime import date

from answerdesk.core.errors import InvalidInput


def period_backwards(first: date, last: date) -> InvalidInput:
    return InvalidInput(
        f"from ({first}) is after to ({last}); swap the two dates", code="period_backwards"
    )


def period_too_long(days: int, most: int) -> InvalidInput:
    return InvalidInput(
        f"From and to span {days:,} days; at most {most} days are counted together",
        code="period_too_long",
    )


def period_out_of_range() -> InvalidInput:
    return InvalidInput("The dates are too early or too late to be counted", code="period_range")
