"""Who may see a conversation, and add to it: the rules that hold on every tier."""

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
    """Raise NotPermitted while the session's account is suspended: its visitors are let in nowhere.

    What was said before stays, and goes on when the account does.
    """
    if (await get_account(session)).suspended:
        raise desk_suspended()


class Guarded(Protocol):
    """What decides about access to a conversation.

    `opens_by_id` tells whether its id is enough to open it: it was begun on a tier where the id is
    the permission, and not with a visitor token. None where an earlier version began it, which did
    not say.
    """

    @property
    def project_id(self) -> ProjectId:
        """The project that it is of."""
        ...

    @property
    def visitor_id(self) -> VisitorId | None:
        """Whose it is, if that is known."""
        ...

    @property
    def opens_by_id(self) -> bool | None:
        """Whether its id is enough."""
        ...


def reaches(
    access: Access, visitor: ConversationVisitor | None, *, opens_by_id: bool, enforced: bool
) -> bool:
    """Tell whether `access` reaches a conversation of `visitor`, None where it is nobody's known.

    `opens_by_id`: it was begun where an id is the permission, and not with a visitor token.
    `enforced`: the project lets nobody in to an identity's conversation by the id alone.
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

    What is not reached is not told from what is not there.
    """
    visitor, enforced, claim = None, False, None
    if conversation.visitor_id is not None:
        claim, identity = await repository.marks_of(session, conversation.visitor_id)
        visitor = ConversationVisitor(conversation.visitor_id, identity)
        if identity is not None and isinstance(access, ByItsId):
            project = await get_project(session, conversation.project_id)
            enforced = project.settings.identity.enforce
    opens_by_id = conversation.opens_by_id
    if opens_by_id is None:
        # Only a session makes a visitor without either mark.
        opens_by_id = visitor is None or claim is not None or visitor.identity is not None
    if not reaches(access, visitor, opens_by_id=opens_by_id, enforced=enforced):
        raise conversation_not_found()
