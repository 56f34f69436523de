"""Who may see a conversation, and add to it: the rules that hold on every tier."""

from typing import assert_never

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
    """Raise NotPermitted while the session's account is suspended: its visitors are let in nowhere.

    What was said before stays, and goes on when the account does.
    """
    if (await get_account(session)).suspended:
        raise desk_suspended()


def reaches(access: Access, visitor: ConversationVisitor | None, *, enforced: bool) -> bool:
    """Tell whether `access` reaches a conversation of `visitor`, None where it is nobody's known.

    `enforced`: the project lets nobody in to an identity's conversation by the id alone.
    """
    match access:
        case OfTheAccount():
            return True
        case OwnConversations(own):
            return visitor is not None and visitor.id == own
        case ByItsId(identity):
            if visitor is None or visitor.identity is None:
                return True
            return visitor.identity == identity or not enforced
        case _:
            assert_never(access)


async def require_access(
    session: AsyncSession, project_id: ProjectId, visitor_id: VisitorId | None, access: Access
) -> None:
    """Raise NotFound unless `access` reaches a conversation of this project and visitor.

    What is not reached is not told from what is not there.
    """
    visitor, enforced = None, False
    if visitor_id is not None:
        visitor = ConversationVisitor(visitor_id, await repository.identity_of(session, visitor_id))
        if visitor.identity is not None and isinstance(access, ByItsId):
            enforced = (await get_project(session, project_id)).settings.identity.enforce
    if not reaches(access, visitor, enforced=enforced):
        raise conversation_not_found()
