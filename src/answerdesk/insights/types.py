"""What is counted, over which days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from answerdesk.core.tenancy import ProjectId

MOST_DAYS: Final = 366
"""Maximum number of days that are counted together."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, each in the time zone of its project."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Span:
    """A project and the time that is counted in it: from `begins` to before `ends`."""

    project_id: ProjectId
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in a period.

    `avg_response_time` is in seconds, from a question to its answer; 0 if none was answered.
    `satisfaction_rate` is the percentage of rated answers whose rating is positive; 0 if none is
    rated.
    """

    total_conversations: int = 0
    total_messages: int = 0
    unique_visitors: int = 0
    avg_response_time: float = 0.0
    satisfaction_rate: float = 0.0
