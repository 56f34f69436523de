"""What a project is, for everybody above."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from answerdesk.core.tenancy import AccountId, ProjectId

PROJECT_PREFIX: Final = "proj"

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"{name!r} is no time zone of the IANA database, such as Europe/Berlin"
        raise ValueError(msg) from error
    return name


TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GradientStop(_Strict):
    """A colour of the header's gradient and where it stands, in per cent."""

    color: Color
    at: float = Field(ge=0, le=100)


class Interval(_Strict):
    """Opening hours within one day; `end` may be 24:00 written as 00:00."""

    start: time
    end: time

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end != time(0) and self.end <= self.start:
            msg = f"opening hours end ({self.end}) before they begin ({self.start})"
            raise ValueError(msg)
        return self


class OfficeHours(_Strict):
    """When people are there. Without any day they are always there."""

    timezone: TimeZone = "UTC"
    days: dict[Weekday, tuple[Interval, ...]] = Field(default_factory=dict)
    holidays: tuple[date, ...] = ()


class Look(_Strict):
    """How the widget looks and greets; every dialect spells these fields its own way."""

    color: Color = "#2F5BEA"
    gradient_stops: tuple[GradientStop, ...] = ()
    position: Literal["bottom-right", "bottom-left"] = "bottom-right"
    welcome: str = Field(default="Hi! Ask me anything about our docs.", max_length=500)
    avatar: str | None = Field(default=None, max_length=2000)
    show_branding: bool = True
    custom_css: str = Field(default="", max_length=20_000)


class ProjectSettings(_Strict):
    """Everything about a project that its owner sets."""

    look: Look = Look()
    office_hours: OfficeHours = OfficeHours()


@dataclass(frozen=True, slots=True)
class Project:
    """A website or an app with its own knowledge, look and conversations."""

    account_id: AccountId
    id: ProjectId
    name: str
    settings: ProjectSettings
    demo: bool
    created_at: datetime
