"""What an overview consists of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from answerdesk.insights.types import Period

USUAL_DAYS: Final = 28
"""Up to today, if nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day of the project's time zone."""

    date: date
    conversations: int = 0
    answered: int = 0
    abstained: int = 0
    handed_over: int = 0
    leads: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """How soon people replied in a time, and how its answers and replies were rated.

    The times are in seconds; None if nobody has replied.
    """

    median: float | None
    p90: float | None
    ratings: int
    positive: int


@dataclass(frozen=True, slots=True)
class Now:
    """What waits for people at present."""

    waiting: int
    open_questions: int


@dataclass(frozen=True, slots=True)
class Part:
    """A period with its days, and what was measured in it."""

    period: Period
    days: Sequence[Day]
    measured: Measured


@dataclass(frozen=True, slots=True)
class Overview:
    """A period, as many days before it, and what waits for people now."""

    current: Part
    previous: Part
    now: Now
