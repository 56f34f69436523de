"""The types of canned replies."""

from dataclasses import dataclass
from typing import Final, TypedDict

from answerdesk.core.tenancy import ProjectId, UserId

SHORTCUT_LENGTH: Final = 50
TITLE_LENGTH: Final = 200
QUERY_LENGTH: Final = 200
MOST_CANNED_REPLIES: Final = 5000
"""Of an account, its members' own ones included."""


@dataclass(frozen=True, slots=True)
class CannedReplyDraft:
    """One to add; `project_id` None is for all projects, `owner_id` None for all people."""

    project_id: ProjectId | None
    owner_id: UserId | None
    shortcut: str
    title: str
    content: str


class Changes(TypedDict, total=False):
    """What can be changed."""

    shortcut: str
    title: str
    content: str


@dataclass(frozen=True, slots=True)
class Search:
    """Which ones are wanted: those that can be used in a project, and match a query.

    It matches the beginning of a shortcut, or of a word of a title.
    """

    project_id: ProjectId | None = None
    query: str | None = None
