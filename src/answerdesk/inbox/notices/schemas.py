"""The bodies of notices and of what people prefer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.accounts.letters import Post
from answerdesk.accounts.types import LetterState
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.tenancy import ProjectId, parse_public_id, public_id
from answerdesk.core.web.text import CleanText
from answerdesk.inbox.notices.types import (
    KINDS,
    NOTICE_PREFIX,
    TEXTS,
    Channels,
    Kind,
    Notice,
    Preference,
    QuietHours,
)
from answerdesk.leads.types import LEAD_PREFIX
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.types import PROJECT_PREFIX

_NO_SERVER = (
    "No mail server is set up, so mails are written to a file on the server instead; nobody gets "
    "them."
)


class NoticePreferencesIn(BaseModel):
    """What you want to be told of, and how. A kind that is left out is as usual for your role."""

    model_config = ConfigDict(extra="forbid")

    waiting: Channels | None = Field(default=None, description="A visitor waits for a person.")
    lead: Channels | None = Field(default=None, description="A visitor left a contact.")
    assigned: Channels | None = Field(
        default=None, description="A colleague gave you a conversation."
    )
    reply: Channels | None = Field(
        default=None, description="A visitor wrote in a conversation that you have."
    )
    sla: Channels | None = Field(default=None, description="A service level was missed.")
    projects: (
        Annotated[tuple[Annotated[CleanText, Field(max_length=60)], ...], Field(max_length=200)]
        | None
    ) = Field(default=None, description="Only of these projects; null means of all.")
    quiet_hours: QuietHours | None = Field(
        default=None,
        description="When you are told nothing. What still matters when they end is told then.",
    )

    def project_ids(self) -> tuple[ProjectId, ...] | None:
        """Return the projects; raises NotFound for what can't be one."""
        if self.projects is None:
            return None
        return tuple(_project_id(one) for one in dict.fromkeys(self.projects))

    def preference(self, usual: Preference) -> Preference:
        """Return the whole preference; what is left out is as in `usual`."""
        chosen = {one: getattr(self, one) or usual.channels(one) for one in KINDS}
        return Preference(**chosen, projects=self.project_ids(), quiet_hours=self.quiet_hours)


def _project_id(text: str) -> ProjectId:
    value: UUID | None = parse_public_id(PROJECT_PREFIX, text)
    if value is None:
        raise project_not_found()
    return ProjectId(value)


class NoticePreferencesOut(BaseModel):
    """What you are told of, and how."""

    waiting: Channels
    lead: Channels
    assigned: Channels
    reply: Channels
    sla: Channels
    projects: list[str] | None
    quiet_hours: QuietHours | None
    is_default: bool = Field(description="You have not chosen; this is usual for your role.")
    mail: LetterState = Field(
        description="What becomes of mails: `mailed`; `written` to a file on the server, because "
        "no mail server is set up."
    )
    mail_note: str | None = Field(description="What to tell people about that.")

    @classmethod
    def of(cls, preference: Preference, post: Post, *, is_default: bool) -> "NoticePreferencesOut":
        only = preference.projects
        return cls(
            **{one: preference.channels(one) for one in KINDS},
            projects=None if only is None else [public_id(PROJECT_PREFIX, one) for one in only],
            quiet_hours=preference.quiet_hours,
            is_default=is_default,
            mail=post.handed_over,
            mail_note=None if post.kept_in is None else _NO_SERVER,
        )


class NoticeOut(BaseModel):
    """Something that you are told; `text` is for a browser's notification."""

    id: str
    kind: Kind
    project_id: str
    conversation_id: str | None
    lead_id: str | None
    text: str
    due_at: datetime

    @classmethod
    def of(cls, notice: Notice) -> "NoticeOut":
        conversation_id, lead_id = notice.conversation_id, notice.lead_id
        return cls(
            id=public_id(NOTICE_PREFIX, notice.id),
            kind=notice.kind,
            project_id=public_id(PROJECT_PREFIX, notice.project_id),
            conversation_id=(
                None if conversation_id is None else public_id(CONVERSATION_PREFIX, conversation_id)
            ),
            lead_id=None if lead_id is None else public_id(LEAD_PREFIX, lead_id),
            text=TEXTS[notice.kind],
            due_at=notice.due_at,
        )


class CurrentNotices(BaseModel):
    """What your browser may show now, the latest first.

    Ask again with `since=as_of`. Some may come twice: know them by their `id`.
    """

    items: list[NoticeOut]
    as_of: datetime
