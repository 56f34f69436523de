"""The types of contacts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from answerdesk.conversations.types import VisitorId
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import ProjectId

NAME_LENGTH: Final = 200
EMAIL_LENGTH: Final = 320
KEY_LENGTH: Final = 100
VALUE_LENGTH: Final = 1000

AttributeValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class InboxContact:
    """A visitor as people of the account see them.

    `identity` is what their site has signed, and so verified. `external_id` is what a client or a
    program in `dialect` calls them, which proves nothing.
    """

    id: VisitorId
    project_id: ProjectId
    identity: str | None
    external_id: str | None
    dialect: Dialect | None
    name: str | None
    email: str | None
    attributes: Mapping[str, AttributeValue]
    created_at: datetime
    seen_at: datetime
    conversation_count: int
    lead_count: int


class Changes(TypedDict, total=False):
    """What people may change; None takes a name or an address away."""

    name: str | None
    email: str | None
    attributes: Mapping[str, AttributeValue]
