"""What an endpoint is, for all higher modules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args
from uuid import UUID

from answerdesk.core.tenancy import AccountId, ProjectId

WEBHOOK_PREFIX: Final = "webhook"

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
