"""The types of notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Final, Literal, Self, get_args
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from answerdesk.accounts.principal import ROLE_SCOPES, Role
from answerdesk.core.faults import describe
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId
from answerdesk.projects.office_hours import next_closing
from answerdesk.projects.types import WEEKDAYS, OfficeHours, Strict, TimeZone, Weekday

NOTICE_PREFIX: Final = "notice"

GATHER: Final = "notices.gather"
"""The job that is scheduled with the ids of events that somebody may be told of."""
TELL: Final = "notices.tell"
"""The job that tells an account's people what is due later than at once; one for each account."""
MAIL: Final = "notices.mail"
"""The job that mails one person what is due; one at a time for each."""
FORGET: Final = "notices.forget"
GATHERED: Final = (
    *("conversation.escalated", "conversation.updated", "lead.created"),
    *("message.received/human", "sla.breached"),
)
"""What GATHER is scheduled for; migration 0019 says so for every account."""

KEPT_DAYS: Final = 30
MOST_SHOWN: Final = 100
MOST_LINES: Final = 20
"""Of one mail."""

Kind = Literal["waiting", "lead", "assigned", "reply", "sla"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

TEXTS: Final[Mapping[Kind, str]] = {
    "waiting": "A visitor waits for a person.",
    "lead": "A visitor left a contact.",
    "assigned": "A colleague gave you a conversation.",
    "reply": "A visitor wrote in a conversation that you have.",
    "sla": "A target of your service levels was missed.",
}
"""What a browser's notice says: words of ours only."""


class Channels(Strict):
    """How you are told of something."""

    mail: bool
    browser: bool


def _whole_minute(moment: time) -> time:
    if moment.tzinfo is not None or moment.second or moment.microsecond:
        msg = "quiet hours are in whole minutes, such as 18:30, without a time zone of their own"
        raise ValueError(msg)
    return moment


def _end_of_day(given: Any) -> Any:  # noqa: ANN401  # Unvalidated input.
    return "00:00" if given in ("24:00", "24:00:00") else given


_CLOCK: Final = r"([01][0-9]|2[0-3]):[0-5][0-9](:00)?"
# `format: time` would ask for an offset (RFC 3339).
Minute = Annotated[
    time,
    AfterValidator(_whole_minute),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK}$", "examples": ["18:30"]}),
]
EndMinute = Annotated[
    Minute,
    BeforeValidator(_end_of_day),
    WithJsonSchema(
        {"type": "string", "pattern": f"^({_CLOCK}|24:00(:00)?)$", "examples": ["08:00"]}
    ),
]


class QuietInterval(Strict):
    """A quiet time that begins on its day; if it ends at or before `start`, on the next day."""

    start: Minute
    end: EndMinute


class QuietHours(Strict):
    """When you are told nothing."""

    timezone: TimeZone = "UTC"
    days: dict[Weekday, Annotated[tuple[QuietInterval, ...], Field(max_length=12)]] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        self.as_hours()
        return self

    def as_hours(self) -> OfficeHours:
        """Return them as hours that are open while it is quiet."""
        days: dict[Weekday, list[dict[str, time]]] = {one: [] for one in WEEKDAYS}
        for day, intervals in self.days.items():
            following = WEEKDAYS[(WEEKDAYS.index(day) + 1) % len(WEEKDAYS)]
            for one in intervals:
                if one.start < one.end:
                    days[day].append({"start": one.start, "end": one.end})
                    continue
                days[day].append({"start": one.start, "end": time(0)})
                if one.end != time(0):
                    days[following].append({"start": time(0), "end": one.end})
        try:
            return OfficeHours.model_validate({"timezone": self.timezone, "days": days})
        except ValidationError as error:
            msg = f"quiet hours: {describe(error.errors())}"
            raise ValueError(msg) from error

    def end(self, moment: datetime) -> datetime | None:
        """Return when it will no longer be quiet; `moment` if it isn't, None if it always is."""
        return next_closing(self.as_hours(), moment)


class Preference(Strict):
    """What a person wants to be told of, and how."""

    waiting: Channels
    lead: Channels
    assigned: Channels
    reply: Channels
    sla: Channels
    projects: tuple[UUID, ...] | None = None
    quiet_hours: QuietHours | None = None

    def channels(self, kind: Kind) -> Channels:
        channels: Channels = getattr(self, kind)
        return channels

    def wants(self, project_id: ProjectId) -> bool:
        return self.projects is None or project_id in self.projects

    def quiet_until(self, now: datetime) -> datetime | None:
        """Return when they may be told; `now` if at once, None if never."""
        return now if self.quiet_hours is None else self.quiet_hours.end(now)


_NOTHING: Final = Channels(mail=False, browser=False)
_USUAL: Final = Preference(
    waiting=Channels(mail=True, browser=True),
    lead=Channels(mail=True, browser=False),
    assigned=Channels(mail=False, browser=True),
    reply=Channels(mail=False, browser=True),
    sla=Channels(mail=True, browser=True),
)
_OF_VIEWERS: Final = Preference(
    waiting=_NOTHING, lead=_NOTHING, assigned=_NOTHING, reply=_NOTHING, sla=_NOTHING
)


def usual_preference(role: Role) -> Preference:
    """Return what holds for whoever has not chosen."""
    return _OF_VIEWERS if role == "viewer" else _USUAL


def may_know(role: Role, kind: Kind) -> bool:
    """Tell whether a role may read what a notice is about."""
    resource = "leads" if kind == "lead" else "conversations"
    return not ROLE_SCOPES[role].isdisjoint({f"{resource}:read", f"{resource}:write"})


@dataclass(frozen=True, slots=True)
class Pace:
    """How often mails are sent to one person.

    A mail waits for `grace`, in which somebody may take the conversation. A mail server that
    doesn't accept mail is tried again after `between`, later after up to `longest`, and at most
    `tries` times.
    """

    grace: timedelta = timedelta(seconds=10)
    between: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(hours=1)
    tries: int = 20

    def after_failures(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures in a row; after none, `between`."""
        grown: timedelta = self.between * 2 ** min(max(failures - 1, 0), 16)
        return min(grown, max(self.longest, self.between))


@dataclass(frozen=True, slots=True)
class NewNotices:
    """Something to tell people: `event_id` tells which of two is newer.

    `only` is the one person whom it concerns.
    """

    kind: Kind
    event_id: int
    project_id: ProjectId
    conversation_id: ConversationId | None
    lead_id: UUID | None
    only: UserId | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to tell of something, how, and from when on."""

    user_id: UserId
    channels: Channels
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Addressee:
    """A member who may be told something."""

    user_id: UserId
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told."""

    id: UUID
    user_id: UserId
    kind: Kind
    project_id: ProjectId
    conversation_id: ConversationId | None
    lead_id: UUID | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Added:
    """A new notice: whether a mail is wanted; whether the browser is told now, or later."""

    notice: Notice
    mail: bool
    told: bool
    later: bool


@dataclass(frozen=True, slots=True)
class MailLine:
    """What a mail says of a notice; `said` is what a visitor wrote, and not to be trusted."""

    id: UUID
    kind: Kind
    project: str
    conversation_id: ConversationId | None
    said: str | None
