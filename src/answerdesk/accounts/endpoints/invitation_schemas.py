"""Bodies of the native API for invitations."""

from datetime import datetime

from pydantic import BaseModel, Field

from answerdesk.accounts.endpoints.schemas import Address, RequestBody
from answerdesk.accounts.invitations.types import INVITATION_PREFIX, Invitation
from answerdesk.accounts.letters import LetterState
from answerdesk.accounts.principal import Role
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing


class InvitationIn(RequestBody):
    """Whom to invite, as what."""

    email: Address
    role: Role


class LetterOut(BaseModel):
    """What became of the mail with an invitation."""

    state: LetterState = Field(
        description="`mailed`; `written`: to a file of the server, for want of a mail server; "
        "`failing`: it is tried again; `failed`."
    )
    at: datetime
    error: str | None = Field(description="Why it did not leave.")


class InvitationOut(BaseModel):
    """An invitation that waits to be accepted."""

    id: str
    email: str
    role: Role
    invited_by: str = Field(description="A user's id, `owner_key` or `operator`.")
    expires_at: datetime
    created_at: datetime
    letter: LetterOut | None = Field(description="Null until the mail was tried.")

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationOut":
        """Write an invitation as the native API shows it."""
        return cls(
            id=public_id(INVITATION_PREFIX, invitation.id),
            email=invitation.email,
            role=invitation.role,
            invited_by=invitation.invited_by,
            expires_at=invitation.expires_at,
            created_at=invitation.created_at,
            letter=_letter(invitation),
        )


def _letter(invitation: Invitation) -> LetterOut | None:
    if invitation.letter is None or invitation.letter_at is None:
        return None
    return LetterOut(
        state=invitation.letter, at=invitation.letter_at, error=invitation.letter_error
    )


class InvitationMade(InvitationOut):
    """A new invitation, with the link that is mailed: to hand over, and shown this once."""

    link: str
    mailed: bool = Field(description="Whether this installation can send mail.")
    message: str = Field(description="How the invitation gets to whom it is for.")


class InvitationList(Listing[InvitationOut]):
    """Open invitations, newest first."""


class InvitationSeen(BaseModel):
    """What an invitation says to whoever holds its link."""

    account_name: str
    email: str
    role: Role
    expires_at: datetime
