"""The native API of invitations."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.endpoints.dependencies import PostOf, SignUpOf
from answerdesk.accounts.endpoints.schemas import (
    Address,
    LetterOut,
    LogsIn,
    NewPassword,
    PersonName,
    RequestBody,
    Token,
)
from answerdesk.accounts.errors import InvitationNotFound
from answerdesk.accounts.invitations import service
from answerdesk.accounts.letters import invitation_link
from answerdesk.accounts.principal import Principal, Role
from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.accounts.types import INVITATION_PREFIX, USER_PREFIX, Invitation
from answerdesk.accounts.users.email import parse_email
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf


class AcceptIn(LogsIn):
    """Somebody who accepts an invitation, with a new password or the existing one."""

    invitation: Token
    password: NewPassword
    name: PersonName = ""


class InvitationTokenIn(RequestBody):
    """An invitation to look at."""

    invitation: Token


class InvitationSeen(BaseModel):
    """What an invitation tells the holder of its link."""

    account_name: str
    email: str
    role: Role
    expires_at: datetime


class InvitationIn(RequestBody):
    """Whom to invite, and in which role."""

    email: Address
    role: Role


class InvitationOut(BaseModel):
    """An invitation that has not been accepted yet."""

    id: str
    email: str
    role: Role
    invited_by: str = Field(description="A user's id, `owner_key` or `operator`.")
    expires_at: datetime
    created_at: datetime
    letter: LetterOut | None = Field(description="Null until the mail has been tried.")

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationOut":
        return cls(
            id=public_id(INVITATION_PREFIX, invitation.id),
            email=invitation.email,
            role=invitation.role,
            invited_by=invitation.invited_by,
            expires_at=invitation.expires_at,
            created_at=invitation.created_at,
            letter=LetterOut.of(invitation.letter, invitation.letter_at, invitation.letter_error),
        )


class InvitationMade(InvitationOut):
    """A new invitation with the mailed link, which you can pass on. It is shown only once."""

    link: str
    mailed: bool = Field(description="Whether this installation can send mail.")
    message: str = Field(description="How the invitation reaches the invited person.")


class InvitationList(Listing[InvitationOut]):
    """Open invitations, newest first."""


_LIST: Final = "invitations"

Reader = Annotated[Principal, needs("members:read")]
Writer = Annotated[Principal, needs("members:write")]


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(
        prefix="/v1/invitations",
        tags=["invitations"],
        route_class=bounded_route(settings.max_json_bytes),
    )
    one = "/{invitation_id}"
    router.add_api_route("", list_invitations)
    router.add_api_route(
        "", create_invitation, methods=["POST"], status_code=status.HTTP_201_CREATED
    )
    router.add_api_route(one, get_invitation)
    router.add_api_route(
        one, withdraw_invitation, methods=["DELETE"], status_code=status.HTTP_204_NO_CONTENT
    )
    return router


async def list_invitations(caller: Reader, database: DatabaseOf, page: PagingOf) -> InvitationList:
    """List the invitations that have not been accepted yet, newest first."""
    after = page.after(_LIST, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_invitations(session, limit=page.fetch, after=after)
    shown, next_cursor = page.cut(_LIST, found, lambda one: (one.created_at, one.id))
    return InvitationList(items=[InvitationOut.of(one) for one in shown], next_cursor=next_cursor)


async def create_invitation(
    body: InvitationIn,
    caller: Writer,
    database: DatabaseOf,
    rules: SignUpOf,
    post: PostOf,
    base_url: BaseUrl,
) -> InvitationMade:
    """Invite somebody by mail for seven days. The person's earlier invitation ends.

    Without a mail server, whoever invites has to pass on the link.
    """
    rules.require_invitations()
    by = public_id(USER_PREFIX, caller.subject) if caller.kind == "user" else caller.kind
    invited = service.Invited(parse_email(body.email), body.role, by)
    async with database.transaction(caller.account_id) as session:
        made, token = await service.invite(session, caller, token_keys(database), invited)
    link = invitation_link(base_url, token)
    return InvitationMade(
        **InvitationOut.of(made).model_dump(),
        link=link,
        mailed=post.kept_in is None,
        message=post.invitation_note(to_operator=rules.is_operator(caller)),
    )


async def get_invitation(invitation_id: str, caller: Reader, database: DatabaseOf) -> InvitationOut:
    """Show an invitation that has not been accepted yet."""
    value = _parsed(invitation_id)
    async with database.transaction(caller.account_id) as session:
        return InvitationOut.of(await service.get_invitation(session, value))


async def withdraw_invitation(invitation_id: str, caller: Writer, database: DatabaseOf) -> None:
    """Withdraw an invitation: its link no longer works."""
    value = _parsed(invitation_id)
    async with database.transaction(caller.account_id) as session:
        await service.withdraw(session, caller, value)


def _parsed(invitation_id: str) -> UUID:
    value = parse_public_id(INVITATION_PREFIX, invitation_id)
    if value is None:
        raise InvitationNotFound
    return value
