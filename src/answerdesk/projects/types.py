"""What a project is, for all higher modules."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, Self, TypeVar
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from answerdesk.accounts.limits.spending.types import ProjectSpendingCaps
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.core.web.text import CleanText, FilledText, Matching
from answerdesk.kit.origins import normalise_origin
from answerdesk.projects.widget.texts import FALLBACK, WELCOME, built_in, checked_text

PROJECT_PREFIX: Final = "proj"
WIDGET_KEY_PREFIX: Final = "wk"

DEFAULT_WELCOME: Final = built_in(FALLBACK)[WELCOME]
"""The welcome for visitors if neither the look nor the active agent sets one."""

_T = TypeVar("_T")

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT: Final = time(0)
_CLOCK: Final = r"([01][0-9]|2[0-3]):[0-5][0-9](:00)?"
# Language, script and region of BCP 47: the parts that matter for texts.
_LANGUAGE: Final = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE
)


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"{name!r} is not a time zone of the IANA database, such as Europe/Berlin"
        raise ValueError(msg) from error
    return name


def _language_tag(text: str) -> str:
    found = _LANGUAGE.fullmatch(text)
    if found is None:
        msg = f"{text!r} is not a language tag, such as en, pt-BR or zh-Hant"
        raise ValueError(msg)
    language, script, region = found.groups()
    parts = (language.lower(), script and script.title(), region and region.upper())
    return "-".join(part for part in parts if part)


def _web_address(text: str) -> str:
    try:
        split = urlsplit(text)
        fits = split.scheme in ("https", "http") and bool(split.hostname)
    except ValueError:
        fits = False
    if not fits:
        msg = "is not a web address, such as https://example.com/avatar.png"
        raise ValueError(msg)
    return text


def _once_each(listed: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(listed))


def _minute(moment: time) -> time:
    if moment.tzinfo is not None:
        msg = "opening hours have no time zone of their own; set `timezone` for all of them"
        raise ValueError(msg)
    if moment.second or moment.microsecond:
        msg = "opening hours are in whole minutes, such as 09:30"
        raise ValueError(msg)
    return moment


def _end_of_day(given: Any) -> Any:  # noqa: ANN401  # Unvalidated input.
    return "00:00" if given in ("24:00", "24:00:00") else given


def _holiday(given: Any) -> Any:  # noqa: ANN401
    return {"date": given} if isinstance(given, str | date) else given


TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
Language = Annotated[str, AfterValidator(_language_tag)]
Origin = Annotated[CleanText, Field(max_length=300), AfterValidator(normalise_origin)]
Color = Annotated[
    str, Matching(r"^#[0-9a-fA-F]{6}$", "has to be a colour with six hex digits, such as #2F5BEA")
]
# `format: time` would ask for an offset (RFC 3339).
_Minute = Annotated[
    time,
    AfterValidator(_minute),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK}$", "examples": ["09:30"]}),
]
_EndMinute = Annotated[
    _Minute,
    BeforeValidator(_end_of_day),
    WithJsonSchema(
        {"type": "string", "pattern": f"^({_CLOCK}|24:00(:00)?)$", "examples": ["17:00"]}
    ),
]
Cap = Annotated[int, Field(ge=0, le=1_000_000_000)]
LeadField = Literal["name", "email", "phone"]


class Strict(BaseModel):
    """Immutable settings; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GradientStop(Strict):
    """A colour of the header's gradient and its position in per cent."""

    color: Color
    at: float = Field(ge=0, le=100)


class Interval(Strict):
    """Opening hours within one day; `end` may be 24:00, which is stored as 00:00."""

    start: _Minute
    end: _EndMinute

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end != _MIDNIGHT and self.end <= self.start:
            msg = (
                f"opening hours end ({self.end:%H:%M}) before they begin ({self.start:%H:%M}); "
                "for hours past midnight, use two intervals, one on each day"
            )
            raise ValueError(msg)
        return self


class Holiday(Strict):
    """A day on which nobody is available, in the hours' own time zone."""

    date: date
    name: Annotated[CleanText, Field(max_length=100)] | None = None


class OfficeHours(Strict):
    """When people are available. If no day is set, they always are, except on holidays."""

    timezone: TimeZone = "UTC"
    days: dict[Weekday, Annotated[tuple[Interval, ...], Field(max_length=24)]] = Field(
        default_factory=dict
    )
    holidays: tuple[Annotated[Holiday, BeforeValidator(_holiday)], ...] = Field(
        default=(), max_length=1000
    )

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        for day, intervals in self.days.items():
            ordered = sorted(intervals, key=lambda one: one.start)
            for earlier, later in pairwise(ordered):
                if earlier.end == _MIDNIGHT or later.start < earlier.end:
                    msg = (
                        f"{day}: {earlier.start:%H:%M}–{earlier.end:%H:%M} and "
                        f"{later.start:%H:%M}–{later.end:%H:%M} overlap"
                    )
                    raise ValueError(msg)
        dates = [holiday.date for holiday in self.holidays]
        if len(set(dates)) < len(dates):
            msg = "a holiday is listed twice"
            raise ValueError(msg)
        return self


class Look(Strict):
    """How the widget looks and greets; every dialect has its own names for these fields."""

    color: Color = "#2F5BEA"
    gradient_stops: tuple[GradientStop, ...] = Field(default=(), max_length=20)
    position: Literal["bottom-right", "bottom-left"] = "bottom-right"
    welcome: Annotated[CleanText, Field(max_length=500)] | None = Field(
        default=None, description="Overrides the active agent's greeting; null uses the agent's."
    )
    quick_prompts: tuple[Annotated[FilledText, Field(max_length=200)], ...] = Field(
        default=(), max_length=10, description="Questions offered for starting a conversation."
    )
    avatar: Annotated[CleanText, Field(max_length=2000), AfterValidator(_web_address)] | None = None
    show_branding: bool = True
    custom_css: CleanText = Field(default="", max_length=20_000)


class Widget(Strict):
    """How the widget behaves on websites, and what it says."""

    theme: Literal["auto", "light", "dark"] = Field(
        default="auto", description="Light, dark, or what the visitor's device prefers."
    )
    offers_person: bool = Field(
        default=True, description="Show “Talk to a person”; visitors can ask in words anyway."
    )
    shares_subdomains: bool = Field(
        default=False,
        description="Continue a conversation on other subdomains of the website, by a first-party "
        "cookie that the page sets after the first message.",
    )
    texts: dict[Language, dict[str, Annotated[FilledText, Field(max_length=1000)]]] = Field(
        default_factory=dict,
        max_length=50,
        description="Texts that replace the widget's own, by language and key; see the reference "
        "of its texts. A language that we have no texts in is offered as well, with the missing "
        "ones in English.",
    )

    @field_validator("texts")
    @classmethod
    def _are_known(cls, texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for language, said in texts.items():
            for key, text in said.items():
                try:
                    checked_text(key, text)
                except ValueError as error:
                    msg = f"{language}: {key[:100]} {error}"
                    raise ValueError(msg) from error
        return texts


class Languages(Strict):
    """The languages of answers; none means the visitor's own."""

    offered: tuple[Language, ...] = Field(default=(), max_length=100)
    default: Language | None = Field(
        default=None, description="Used if the visitor's is not offered; must be in `offered`."
    )

    @model_validator(mode="after")
    def _default_is_offered(self) -> Self:
        if len(set(self.offered)) < len(self.offered):
            msg = "a language is offered twice"
            raise ValueError(msg)
        if self.default is not None and self.offered and self.default not in self.offered:
            msg = f"the default language {self.default} is not among the offered languages"
            raise ValueError(msg)
        return self


class IdentityVerification(Strict):
    """Whether visitors need a token signed by the site's own backend."""

    enforce: bool = False


class MessageCaps(Strict):
    """Maximum visitor messages per day (UTC); null means only the plan's cap."""

    per_day: Cap | None = None
    per_visitor_per_day: Cap | None = None


class LeadCapture(Strict):
    """Whether visitors are asked for a contact, and whether addresses that they type are kept."""

    enabled: bool = Field(
        default=False,
        description="Ask visitors for `fields`, and make a lead of an e-mail address that a "
        "visitor types in a chat.",
    )
    fields: Annotated[tuple[LeadField, ...], Field(max_length=10), AfterValidator(_once_each)] = (
        Field(default=("email",), description="What visitors are asked for, in this order.")
    )
    message: CleanText = Field(
        default="", max_length=500, description="The sentence above the fields."
    )
    consent_text: Annotated[FilledText, Field(max_length=2000)] | None = Field(
        default=None,
        description="The sentence that visitors agree to before they send contact details; without "
        "their consent these are refused. Null asks for none.",
    )


class HandoffRule(Strict):
    """When a message is for a person, whatever it asks; all conditions that are given must hold."""

    keywords: tuple[Annotated[FilledText, Field(max_length=100)], ...] = Field(
        default=(), max_length=50, description="Words, one of which the message contains."
    )
    pages: tuple[Annotated[FilledText, Field(max_length=300)], ...] = Field(
        default=(),
        max_length=50,
        description="Paths of pages, one of which the visitor is on; `*` at the end stands for any "
        "rest, such as /pricing*.",
    )
    during: Literal["office_hours", "closed"] | None = Field(
        default=None, description="Only within or outside the office hours; null means always."
    )

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if not self.keywords and not self.pages and self.during is None:
            msg = "a rule needs keywords, pages or during; without any, every message would match"
            raise ValueError(msg)
        return self


HandoffText = Literal[
    "passed_on", "nobody_there", "nobody_there_until", "with_person", "unclaimed", "handed_back"
]
"""What visitors are told: that the conversation was passed on to the team (in office hours, outside
them, outside them with the next opening), that a person has it, that nobody has taken it yet, that
the assistant has it again."""


class Handoff(Strict):
    """When conversations are passed on to people, and what visitors are told."""

    rules: tuple[HandoffRule, ...] = Field(default=(), max_length=20)
    # Not null: a merge patch can't set that, as it stands for the default.
    after_failures: Annotated[int, Field(ge=0, le=20)] = Field(
        default=3,
        description="Pass a conversation on after so many questions in a row without an answer; "
        "0 means never.",
    )
    below_confidence: Annotated[float, Field(gt=0, lt=1)] | None = Field(
        default=None,
        description="Pass a conversation on after an answer whose confidence is lower; null means "
        "never.",
    )
    unclaimed_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        default=5,
        description="If nobody has taken a conversation after so many minutes in office hours, "
        "its visitor is told, and offered e-mail or the assistant.",
    )
    texts: dict[Language, dict[HandoffText, Annotated[FilledText, Field(max_length=1000)]]] = Field(
        default_factory=dict,
        max_length=50,
        description="Texts for visitors, by language; what is missing is said in our own words. "
        "`{when}` in `nobody_there_until` stands for the next opening.",
    )


class ServiceLevels(Strict):
    """Targets in minutes of office hours, from when a visitor begins to wait for a person."""

    first_response_minutes: Annotated[int, Field(ge=1, le=100_000)] | None = None
    resolution_minutes: Annotated[int, Field(ge=1, le=100_000)] | None = None


KeptDays = Annotated[int, Field(ge=1, le=3650)]


class Privacy(Strict):
    """How long what visitors leave is kept, and what of it is hidden."""

    retention_days: KeptDays | None = Field(
        default=None,
        description="Days after their last activity for which conversations are kept, with "
        "everything in them; null means for ever. One that waits for a person, or is with one, is "
        "kept until it ends.",
    )
    lead_retention_days: KeptDays | None = Field(
        default=None,
        description="Days after their last change for which leads are kept; null means for ever.",
    )
    redact: bool = Field(
        default=True,
        description="Leave e-mail addresses, phone and card numbers out of what a model is given.",
    )
    mask_cards: bool = Field(
        default=True,
        description="Store `[card]` for payment card numbers in visitors' messages.",
    )


class Learning(Strict):
    """Whether drafts of Q&A items are drawn from what people told visitors."""

    enabled: bool = Field(
        default=True,
        description="Draw drafts when a conversation that a person had is closed. Nothing of them "
        "is used before somebody approves it.",
    )


class ProjectSettings(Strict):
    """Everything about a project that its owner sets."""

    look: Look = Look()
    widget: Widget = Widget()
    office_hours: OfficeHours = OfficeHours()
    languages: Languages = Languages()
    allowed_origins: Annotated[
        tuple[Origin, ...], Field(max_length=100), AfterValidator(_once_each)
    ] = Field(default=(), description="Origins whose pages may use the widget; none means any.")
    identity: IdentityVerification = IdentityVerification()
    message_caps: MessageCaps = MessageCaps()
    spending_caps: ProjectSpendingCaps = ProjectSpendingCaps()
    lead_capture: LeadCapture = LeadCapture()
    handoff: Handoff = Handoff()
    service_levels: ServiceLevels = ServiceLevels()
    learning: Learning = Learning()
    privacy: Privacy = Privacy()


@dataclass(frozen=True, slots=True)
class Project:
    """A website or an app with its own knowledge, look and conversations.

    `version` rises with every change.
    """

    account_id: AccountId
    id: ProjectId
    name: str
    settings: ProjectSettings
    demo: bool
    created_at: datetime
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class WidgetKey:
    """A public key in web pages: it can only start visitor sessions in its project."""

    id: UUID
    project_id: ProjectId
    name: str
    created_at: datetime
    revoked_at: datetime | None
