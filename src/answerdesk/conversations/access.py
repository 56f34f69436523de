"""Who may see a conversation, and add to it: the rules that hold on every tier."""

from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import get_account
from answerdesk.conversations import repository
from answerdesk.conversations.errors import conversation_not_found, desk_suspended
from answerdesk.conversations.types import (
    Access,
    ByItsId,
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


async def require_access(
    session: AsyncSession, project_id: ProjectId, visitor_id: VisitorId | None, access: Access
) -> None:
    """Raise NotFound unless `access` reaches a conversation of this project and visitor.

    What is not reached is not told from what is not there.
    """
    match access:
        case OfTheAccount():
            return
        case OwnConversations(own):
            allowed = visitor_id == own
        case ByItsId(identity):
            allowed = visitor_id is None or await _id_suffices(
                session, project_id, visitor_id, identity
            )
        case _:
            assert_never(access)
    if not allowed:
        raise conversation_not_found()


async def _id_suffices(
    session: AsyncSession, project_id: ProjectId, visitor_id: VisitorId, identity: str | None
) -> bool:
    """Tell whether the id is enough, with the `identity` that its caller has proved."""
    owner = await repository.identity_of(session, visitor_id)
    if owner is None or owner == identity:
        return True
    project = await get_project(session, project_id)
    return not project.settings.identity.enforce
