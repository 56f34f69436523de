"""Invitations: make, list, withdraw and show them. Tokens are recomputed, not stored."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.errors import InvitationNotFound
from answerdesk.accounts.invitations import repository
from answerdesk.accounts.members import repository as members
from answerdesk.accounts.principal import Principal, Role
from answerdesk.accounts.service import account_of, register_public_id
from answerdesk.accounts.sessions.tokens import TokenKeys
from answerdesk.accounts.types import INVITATION_PREFIX, Invitation
from answerdesk.accounts.users.email import Email, parse_email
from answerdesk.core.database import Database
from answerdesk.core.due import schedule
from answerdesk.core.errors import Conflict, NotPermitted
from answerdesk.core.tenancy import AccountId, new_id, parse_public_id, public_id

INVITATION_LETTER: Final = "accounts.invitation_letter"


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom to invite, in which role; `by` is the inviter's public id, or OPERATOR."""

    email: Email
    role: Role
    by: str


async def invite(
    session: AsyncSession, caller: Principal, keys: TokenKeys, invited: Invited
) -> tuple[Invitation, str]:
    """Invite somebody to the caller's account; return the invitation and its token.

    The mail is sent after the transaction has committed. The person's earlier invitations end,
    however the address was typed then.
    Raises NotPermitted if anybody but an owner invites an owner, and Conflict if the address
    belongs to a member.
    """
    if invited.role == "owner" and caller.role != "owner":
        raise NotPermitted("Only an owner can make or remove owners", code="owner_needed")
    if await members.with_email(session, invited.email.key) is not None:
        raise Conflict(
            "The person with this e-mail address is already a member", code="already_member"
        )
    invitation_id = new_id()
    token = make_token(keys.invitation[0], invitation_id)
    new = repository.NewInvitation(
        id=invitation_id,
        email=invited.email.address,
        role=invited.role,
        token_hash=token_hash(token),
        invited_by=invited.by,
    )
    await repository.lock_all(session)
    await _end_others(session, invited.email, invitation_id)
    await register_public_id(session, caller.account_id, invitation_id)
    made = await repository.add(session, new)
    detail = {"email": made.email, "role": made.role}
    await _record(session, caller, "invitation.created", invitation_id, detail)
    await _schedule_letter(session, caller.account_id, invitation_id)
    return made, token


async def list_invitations(
    session: AsyncSession, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Invitation]:
    """Return the open invitations of the session's account, newest first."""
    return await repository.list_after(session, limit=limit, after=after)


async def get_invitation(session: AsyncSession, invitation_id: UUID) -> Invitation:
    """Return an open invitation of the session's account; raises InvitationNotFound."""
    found = await repository.get(session, invitation_id)
    if found is None or not found.open:
        raise InvitationNotFound
    return found


async def withdraw(session: AsyncSession, caller: Principal, invitation_id: UUID) -> None:
    """Withdraw an invitation: its link no longer works. Raises InvitationNotFound."""
    email = await repository.withdraw(session, invitation_id)
    if email is None:
        raise InvitationNotFound
    await _record(session, caller, "invitation.withdrawn", invitation_id, {"email": email})


async def find(database: Database, token: str) -> tuple[AccountId, Invitation]:
    """Return the token's account and open invitation; raises InvitationNotFound."""
    invitation_id = id_of_token(token)
    account_id = None if invitation_id is None else await account_of(database, invitation_id)
    if invitation_id is None or account_id is None:
        raise InvitationNotFound
    async with database.transaction(account_id) as session:
        found = await repository.get(session, invitation_id)
    return account_id, _opened_by(token, found)


async def accept(session: AsyncSession, invitation_id: UUID, token: str) -> Invitation:
    """Use up an invitation and the person's others, only once however many try.

    Raises InvitationNotFound.
    """
    # Before the row, or two invitations of one person would wait for each other.
    await repository.lock_all(session)
    found = _opened_by(token, await repository.get(session, invitation_id, lock=True))
    await repository.accept(session, invitation_id)
    await _end_others(session, parse_email(found.email), invitation_id)
    return found


async def _end_others(session: AsyncSession, email: Email, but: UUID) -> None:
    """End the person's invitations other than `but`, in whatever spelling of their address.

    The caller holds `lock_all`.
    """
    known = await repository.not_accepted(session)
    ended = [one for one, address in known if one != but and parse_email(address).key == email.key]
    if ended:
        await repository.end(session, ended)


def _opened_by(token: str, invitation: Invitation | None) -> Invitation:
    if (
        invitation is None
        or not invitation.open
        or not hmac.compare_digest(token_hash(token), invitation.token_hash)
    ):
        raise InvitationNotFound
    return invitation


async def _record(
    session: AsyncSession,
    caller: Principal,
    action: str,
    invitation_id: UUID,
    detail: dict[str, str],
) -> None:
    target = public_id(INVITATION_PREFIX, invitation_id)
    await record_audit(session, caller, action, "invitation", target, {**detail})


async def _schedule_letter(
    session: AsyncSession, account_id: AccountId, invitation_id: UUID
) -> None:
    """Schedule the invitation's mail for after the transaction's commit."""
    payload = {"invitation_id": str(invitation_id)}
    await schedule(session, INVITATION_LETTER, account_id=account_id, payload={**payload})


def make_token(key: bytes, invitation_id: UUID) -> str:
    """Return an invitation's token. It is the same each time, so it need not be stored."""
    secret = base64.urlsafe_b64encode(hmac.digest(key, invitation_id.bytes, "sha256"))
    return f"{INVITATION_PREFIX}_{invitation_id.hex}_{secret.decode().rstrip('=')}"


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def token_of(keys: Sequence[bytes], invitation: Invitation) -> str | None:
    """Return an invitation's token; None if its key is gone."""
    tokens = [make_token(key, invitation.id) for key in keys]
    return next((one for one in tokens if token_hash(one) == invitation.token_hash), None)


def id_of_token(token: str) -> UUID | None:
    """Return the invitation that a token is for; None if the text is not a token."""
    prefix, _, rest = token.partition("_")
    identifier, _, secret = rest.partition("_")
    if prefix != INVITATION_PREFIX or not secret or not secret.isascii():
        return None
    return parse_public_id(INVITATION_PREFIX, identifier)
