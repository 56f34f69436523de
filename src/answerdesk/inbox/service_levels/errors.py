"""Errors of service levels."""

from answerdesk.core.errors import InvalidInput


def service_levels_range(most: int) -> InvalidInput:
    return InvalidInput(
        f"`from` must not be after `to`, and they may span at most {most} days",
        code="service_levels_range",
    )
