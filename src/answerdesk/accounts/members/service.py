"""Members: list, change and remove them; who may do what to whom."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.api_keys import service as api_keys
from answerdesk.accounts.api_keys.types import KeysLeft
from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits import consume
from answerdesk.accounts.members import repository
from answerdesk.accounts.principal import Principal, Role
from answerdesk.accounts.sessions import service as sessions
from answerdesk.accounts.types import MEMBER_PREFIX, Member
from answerdesk.core.database import tenant_of
from answerdesk.core.due import schedule
from answerdesk.core.errors import Conflict, NotFound, NotPermitted
from answerdesk.core.tenancy import UserId, new_id, public_id

WRITE: Final = "members:write"
OWNER: Final[Role] = "owner"
MEMBER_LEFT: Final = "accounts.member_left"
"""A job with the `user_id` of a person who is no member any more; who keeps something of theirs
handles it."""


def member_not_found() -> NotFound:
    """For an id that names no member of the caller's account."""
    return NotFound("Member not found", code="member_not_found")


async def list_members(
    session: AsyncSession, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Member]:
    """Return members of the session's account, in the order of joining."""
    return await repository.list_after(session, limit=limit, after=after)


async def list_owners(session: AsyncSession, *, limit: int) -> Sequence[Member]:
    """Return the owners of the session's account, in the order of joining."""
    return await repository.owners(session, limit)


async def get_member(session: AsyncSession, member_id: UUID) -> Member:
    found = await repository.get(session, member_id)
    if found is None:
        raise member_not_found()
    return found


async def member_with(session: AsyncSession, email_key: str) -> Member:
    """Return the account's member with this address; raises NotFound."""
    found = await repository.with_email(session, email_key)
    if found is None:
        raise member_not_found()
    return found


async def member_of(session: AsyncSession, user_id: UserId, *, lock: bool = False) -> Member | None:
    """Return a person's membership; None if there is none.

    With `lock` it stays until the transaction ends.
    """
    return await repository.of_user(session, user_id, lock=lock)


async def members_of(session: AsyncSession, users: Collection[UserId]) -> Sequence[Member]:
    """Return those of these people who are members, in the order of joining."""
    return await repository.of_users(session, users)


async def person_of(session: AsyncSession, caller: Principal) -> Member:
    """Return the caller's own membership; raises NotFound if it has just ended."""
    found = await repository.of_user(session, UserId(caller.subject))
    if found is None:
        raise member_not_found()
    return found


async def add_member(session: AsyncSession, user_id: UserId, role: Role) -> Member:
    """Make a person a member of the session's account.

    The transaction must also be the person's. Raises LimitReached, or Conflict if they already are
    a member.
    """
    await consume(session, tenant_of(session), "members")
    if not await repository.add(session, new_id(), user_id, role):
        raise Conflict("You are already a member of this account", code="already_member")
    found = await repository.of_user(session, user_id)
    if found is None:
        raise member_not_found()
    return found


async def change_role(
    session: AsyncSession, caller: Principal, member_id: UUID, role: Role
) -> Member:
    """Change a member's role.

    Only an owner may make or unmake owners, and the last owner stays. Raises NotFound,
    NotPermitted, Conflict (`last_owner`).
    """
    owners = await repository.lock_owners(session)
    member = await get_member(session, member_id)
    if member.role == role:
        return member
    if OWNER in (member.role, role):
        _require_owner(caller, owners)
    if member.role == OWNER:
        _require_another_owner(owners)
    await repository.set_role(session, member_id, role)
    target = public_id(MEMBER_PREFIX, member_id)
    detail = {"email": member.email, "from": member.role, "to": role}
    await record_audit(session, caller, "member.role_changed", "member", target, {**detail})
    return await get_member(session, member_id)


async def remove_member(
    session: AsyncSession, caller: Principal, member_id: UUID, *, revoke_keys: bool = False
) -> KeysLeft:
    """Remove a member, which ends the member's log-ins to this account. Anybody may leave.

    The keys that the member created here keep working unless `revoke_keys`. Returns what became of
    them. Raises NotFound, NotPermitted, Conflict (`last_owner`).
    """
    owners = await repository.lock_owners(session)
    found = await repository.get(session, member_id)
    leaves = found is not None and caller.kind == "user" and found.user_id == caller.subject
    if not leaves:
        # Checked first, so that the response does not reveal whether there is such a member.
        caller.require(WRITE)
    if revoke_keys:
        caller.require(api_keys.WRITE)
    if found is None:
        raise member_not_found()
    if found.role == OWNER:
        if not leaves:
            _require_owner(caller, owners)
        _require_another_owner(owners)
    await sessions.end_all(session, found.user_id)
    # Record first: after the removal, the person's name can't be seen.
    target = public_id(MEMBER_PREFIX, member_id)
    action = "member.left" if leaves else "member.removed"
    detail = {"email": found.email, "role": found.role}
    await record_audit(session, caller, action, "member", target, {**detail})
    await repository.remove(session, member_id)
    await schedule(
        session,
        MEMBER_LEFT,
        account_id=tenant_of(session),
        payload={"user_id": str(found.user_id)},
    )
    # Last: deleting the membership has waited for any key that the member was creating.
    return await api_keys.settle_keys_of(session, caller, found.user_id, revoke=revoke_keys)


def _require_owner(caller: Principal, owners: set[UserId]) -> None:
    # A caller who was an owner when the request came may no longer be one after waiting.
    still = caller.kind == "owner_key" or caller.subject in owners
    if caller.role != OWNER or not still:
        raise NotPermitted("Only an owner can make or remove owners", code="owner_needed")


def _require_another_owner(owners: set[UserId]) -> None:
    if len(owners) < 2:
        raise Conflict(
            "This is the account's last owner; make somebody else an owner first",
            code="last_owner",
        )
