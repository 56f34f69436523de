"""The types of saved views."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict
from uuid import UUID

from answerdesk.core.tenancy import UserId

SAVED_VIEW_PREFIX: Final = "view"

NAME_LENGTH: Final = 100
MOST_VIEWS: Final = 50
"""Of one person, and of all people together."""
LAST_POSITION: Final = 10_000

Query = Mapping[str, Any]
"""The query of the inbox's list, as programs write it: ids are public, `me` is whoever looks."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A query under a name; `owner_id` None is for all, `maker_id` None made by who has left."""

    id: UUID
    owner_id: UserId | None
    maker_id: UserId | None
    name: str
    query: Query
    position: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SavedViewDraft:
    """One to add; without a `position` it is the last."""

    name: str
    query: Query
    shared: bool
    position: int | None


class Changes(TypedDict, total=False):
    """What can be changed."""

    name: str
    query: Query
    shared: bool
    position: int
