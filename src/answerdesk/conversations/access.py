"""Who may read a conversation and write in it: the rules of all tiers."""

from typing import Protocol, assert_never

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import get_account
from answerdesk.conversations import repository
from answerdesk.conversations.errors import conversation_not_found, desk_suspended
from answerdesk.conversations.types import (
    Access,
    ByItsId,
    ConversationVisitor,
    OfTheAccount,
    OwnConversations,
    VisitorId,
)
from answerdesk.core.tenancy import ProjectId
from answerdesk.projects.service import get_project


async def require_open(session: AsyncSession) -> None:
    """Raise NotPermitted while the session's account is suspended, which locks out its visitors.

    Their conversations are kept, and continue when the suspension ends.
    """
    if (await get_account(session)).suspended:
        raise desk_suspended()


class Guarded(Protocol):
    """The facts that decide about access to a conversation.

    `opens_by_id` tells whether its id is enough to open it: it was begun on a tier where the id is
    the permission, and not with a visitor token. None if an earlier version began it, which didn't
    record this.
    """

    @property
    def project_id(self) -> ProjectId: ...

    @property
    def visitor_id(self) -> VisitorId | None:
        """The conversation's visitor, if known."""
        ...

    @property
    def opens_by_id(self) -> bool | None:
        """Whether the id is enough."""
        ...


def reaches(
    access: Access, visitor: ConversationVisitor | None, *, opens_by_id: bool, enforced: bool
) -> bool:
    """Tell whether `access` reaches a conversation of `visitor`, who is None if unknown.

    `opens_by_id`: it was begun where an id is the permission, and not with a visitor token.
    `enforced`: in this project the id alone doesn't open an identified visitor's conversation.
    """
    match access:
        case OfTheAccount():
            return True
        case OwnConversations(own):
            return visitor is not None and visitor.id == own
        case ByItsId(proved):
            identity = None if visitor is None else visitor.identity
            if identity is not None and identity == proved:
                return True
            return opens_by_id and (identity is None or not enforced)
        case _:
            assert_never(access)


async def require_access(session: AsyncSession, conversation: Guarded, access: Access) -> None:
    """Raise NotFound unless `access` reaches the conversation.

    The error is the same as for a missing conversation.
    """
    if isinstance(access, OfTheAccount):
        return
    visitor, enforced, claim = None, False, None
    if conversation.visitor_id is not None:
        claim, identity = await repository.marks_of(session, conversation.visitor_id)
        visitor = ConversationVisitor(conversation.visitor_id, identity)
        if identity is not None and isinstance(access, ByItsId):
            project = await get_project(session, conversation.project_id)
            enforced = project.settings.identity.enforce
    opens_by_id = conversation.opens_by_id
    if opens_by_id is None:
        # Only a session creates visitors with neither `external_id` nor `identity`.
        opens_by_id = visitor is None or claim is not None or visitor.identity is not None
    if not reaches(access, visitor, opens_by_id=opens_by_id, enforced=enforced):
        raise conversation_not_found()
