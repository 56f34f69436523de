"""What an endpoint is, for all higher modules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID

from answerdesk.core.tenancy import AccountId, ProjectId

WEBHOOK_PREFIX: Final = "webhook"

MOST_ENDPOINTS: Final = 100
"""Maximum endpoints of an account."""
URL_LENGTH: Final = 2000
DESCRIPTION_LENGTH: Final = 200
MOST_EVENTS: Final = 100
"""Maximum types of events that an endpoint names."""

OVERLAP_HOURS: Final = 24
"""How long deliveries are also signed with the old secret, unless somebody says otherwise."""
MOST_OVERLAP_HOURS: Final = 7 * 24

Format = Literal["standard", "noras", "novaro", "novachat", "orac"]
"""How an endpoint's receiver expects events: as ours, or as another service sends them."""

FORMATS: Final[tuple[Format, ...]] = get_args(Format)

DisabledReason = Literal["owner", "gone", "failing"]
"""Why nothing is sent: the owner wants so; the receiver said that it is gone (410); it failed for
days."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to send events: a receiver of the owner's.

    Without a `project_id` it is sent those of all projects of the account. `events` are the names
    of our types of events; None means all that the format can tell.
    """

    account_id: AccountId
    id: UUID
    project_id: ProjectId | None
    url: str
    description: str
    format: Format
    events: tuple[str, ...] | None
    enabled: bool
    disabled_reason: DisabledReason | None
    failing_since: datetime | None
    old_secret_until: datetime | None
    created_at: datetime
    updated_at: datetime


Place = tuple[datetime, UUID] | None
"""The endpoint behind which a part of a list begins: its creation time and id."""


@dataclass(frozen=True, slots=True)
class EndpointDraft:
    """An endpoint to create; its fields are those of `Endpoint`.

    `secret` is the owner's own, as `whsec_<base64>`; None for a new one.
    """

    url: str
    format: Format = "standard"
    events: Sequence[str] | None = None
    project_id: ProjectId | None = None
    description: str = ""
    secret: str | None = field(default=None, repr=False)


Changes = Mapping[str, Any]
"""New values of an endpoint's `url`, `description`, `events` and `enabled`; the rest stays."""
