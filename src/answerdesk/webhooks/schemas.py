"""Bodies of the routes of endpoints and of events."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.events import Event
from answerdesk.core.tenancy import ProjectId, parse_public_id, public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.webhooks.types import (
    DESCRIPTION_LENGTH,
    MOST_EVENTS,
    MOST_OVERLAP_HOURS,
    OVERLAP_HOURS,
    URL_LENGTH,
    WEBHOOK_PREFIX,
    DisabledReason,
    Endpoint,
    EndpointDraft,
    Format,
)

_Url = Annotated[
    FilledText,
    Field(
        max_length=URL_LENGTH, description="Where events are sent, by `POST`. `https` or `http`."
    ),
]
_Description = Annotated[
    CleanText, Field(max_length=DESCRIPTION_LENGTH, description="For people, such as its purpose.")
]
_Events = Annotated[
    list[Annotated[CleanText, Field(max_length=100)]] | None,
    Field(
        min_length=1,
        max_length=MOST_EVENTS,
        description="Names of types of events; null for all that the format can tell, also those "
        "of later releases.",
    ),
]
_Secret = Annotated[
    CleanText | None,
    Field(
        max_length=200,
        description="A secret of your own: `whsec_` and 24 to 64 random bytes in base64. Left out, "
        "you get a new one.",
    ),
]


class WebhookIn(BaseModel):
    """A webhook to create."""

    model_config = ConfigDict(extra="forbid")

    url: _Url
    project_id: CleanText | None = Field(
        default=None, max_length=100, description="The only project; null for all of the account."
    )
    format: Format = Field(
        default="standard",
        description="How events are written: as Answerdesk does (`standard`), or as another "
        "service does, for receivers that were written for it. It can't be changed later.",
    )
    events: _Events = None
    description: _Description = ""
    secret: _Secret = None

    def draft(self) -> EndpointDraft:
        """Convert for the service; raises NotFound for an id that names no project."""
        return EndpointDraft(
            url=self.url,
            format=self.format,
            events=self.events,
            project_id=project_id_of(self.project_id),
            description=self.description,
            secret=self.secret,
        )


class WebhookPatch(BaseModel):
    """Changes to a webhook; omitted fields stay unchanged."""

    model_config = ConfigDict(extra="forbid")

    url: _Url = ""
    events: _Events = None
    description: _Description = ""
    enabled: bool = Field(default=True, description="While false, nothing is sent.")


class WebhookOut(BaseModel):
    """A webhook without its secret."""

    id: str
    project_id: str | None = Field(description="Null: it gets the events of all projects.")
    url: str
    description: str
    format: Format
    events: list[str] | None = Field(description="Null: all that the format can tell.")
    enabled: bool
    disabled_reason: DisabledReason | None = Field(
        description="`owner`: somebody disabled it; `gone`: the receiver answered 410; `failing`: "
        "it failed for days."
    )
    failing_since: datetime | None = Field(
        description="When the first of the attempts was made that have all failed since."
    )
    old_secret_until: datetime | None = Field(
        description="Until then, deliveries are signed with the secret before this one as well."
    )
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, endpoint: Endpoint) -> Self:
        return cls(
            id=public_id(WEBHOOK_PREFIX, endpoint.id),
            project_id=None
            if endpoint.project_id is None
            else public_id(PROJECT_PREFIX, endpoint.project_id),
            url=endpoint.url,
            description=endpoint.description,
            format=endpoint.format,
            events=None if endpoint.events is None else list(endpoint.events),
            enabled=endpoint.enabled,
            disabled_reason=endpoint.disabled_reason,
            failing_since=endpoint.failing_since,
            old_secret_until=endpoint.old_secret_until,
            created_at=endpoint.created_at,
            updated_at=endpoint.updated_at,
        )


class WebhookMade(WebhookOut):
    """A webhook with a new secret. This is the only time that the secret is shown."""

    secret: str

    @classmethod
    def made(cls, endpoint: Endpoint, secret: str) -> Self:
        return cls(**WebhookOut.of(endpoint).model_dump(), secret=secret)


class WebhookList(Listing[WebhookOut]):
    """Webhooks, oldest first."""


class RotationIn(BaseModel):
    """How a webhook's secret is replaced."""

    model_config = ConfigDict(extra="forbid")

    secret: _Secret = None
    overlap_hours: int = Field(
        default=OVERLAP_HOURS,
        ge=0,
        le=MOST_OVERLAP_HOURS,
        description="Hours during which deliveries are signed with both secrets. 0 if the old one "
        "is no longer secret.",
    )


class PasswordAgain(BaseModel):
    """The caller's own password."""

    model_config = ConfigDict(extra="forbid")

    password: CleanText = Field(min_length=1, max_length=1024)


class WebhookSecret(BaseModel):
    secret: str


class EventOut(BaseModel):
    """Something that happened. Ids rise; `data` depends on the type."""

    id: int
    type: str
    project_id: str
    created_at: datetime
    data: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(
            id=event.id,
            type=event.type,
            project_id=public_id(PROJECT_PREFIX, event.project_id),
            created_at=event.created_at,
            data=dict(event.payload),
        )


class EventList(BaseModel):
    """Events in the order of their ids."""

    items: list[EventOut]
    after: int = Field(description="Send it as `after` to get what comes next, now or later.")


class EventTypeOut(BaseModel):
    """A type of events: when it is recorded, an example of its data, and its name by format."""

    name: str
    summary: str
    example: dict[str, Any]
    formats: dict[Format, str] = Field(
        description="The formats that can tell it, with their own names for it."
    )


class EventTypeList(BaseModel):
    """All types of events."""

    items: list[EventTypeOut]


def project_id_of(text: str | None) -> ProjectId | None:
    """Return the project that a body or a query names; raises NotFound if the text is no id."""
    if text is None:
        return None
    value = parse_public_id(PROJECT_PREFIX, text)
    if value is None:
        raise project_not_found()
    return ProjectId(value)
