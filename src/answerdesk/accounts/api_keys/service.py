"""Creates, lists and revokes API keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.api_keys import repository
from answerdesk.accounts.api_keys.types import (
    API_KEY_PREFIX,
    ApiKey,
    KeyFilter,
    KeyPrefix,
    KeysLeft,
    KnownKey,
    hint_of,
    key_hash,
    new_key,
)
from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.errors import (
    SessionEnded,
    account_suspended,
    key_expired,
    key_not_found,
    key_revoked,
    key_unknown,
    scope_exceeds,
    scope_unknown,
)
from answerdesk.accounts.principal import PEOPLE_ONLY, Principal, Resource
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.ratelimit import Taken, require_taken
from answerdesk.core.tenancy import AccountId, ProjectId, UserId, new_id, public_id

REACHABLE: Final[tuple[Resource, ...]] = tuple(
    one for one in get_args(Resource) if one not in PEOPLE_ONLY
)
"""Resources that a key can be given access to."""

KEY_SCOPES: Final[tuple[str, ...]] = (
    "read",
    "write",
    *(f"{resource}:{action}" for resource in REACHABLE for action in ("read", "write")),
)
"""Every scope that a key can have. `read` and `write` mean all resources that a key can reach."""


WRITE: Final = "keys:write"

_MOST_TOLD: Final = 100
_EVERY: Final = KeyFilter()


@dataclass(frozen=True, slots=True)
class KeyWish:
    """A key to create; `project_ids` None means every project of the account."""

    name: str
    scopes: Sequence[str]
    prefix: KeyPrefix = "ad_live_"
    project_ids: Sequence[ProjectId] | None = None
    expires_at: datetime | None = None


async def create_key(session: AsyncSession, caller: Principal, wish: KeyWish) -> tuple[ApiKey, str]:
    """Create a key for the caller's account; return it with its text, which is not stored.

    Raises InvalidInput for an unknown scope or a past expiry, NotPermitted for scopes that the
    caller does not have, NotFound for a project that is not the account's, and SessionEnded for a
    member who has just been removed.
    """
    _require_scopes(caller, wish.scopes)
    if wish.expires_at is not None and wish.expires_at <= datetime.now(UTC):
        raise InvalidInput("expires_at is in the past", code="expiry_past")
    project_ids = await _own_projects(session, caller, wish.project_ids)
    maker = await _held_maker(session, caller)
    key = new_key(wish.prefix)
    made = ApiKey(
        id=new_id(),
        name=wish.name,
        prefix=wish.prefix,
        hint=hint_of(key, wish.prefix),
        scopes=tuple(dict.fromkeys(wish.scopes)),
        project_ids=project_ids,
        created_by=caller.name,
        created_by_id=maker,
        created_at=datetime.now(UTC),
        expires_at=wish.expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    made = replace(made, created_at=await repository.add(session, made, key_hash(key)))
    await record_audit(
        session,
        caller,
        "api_key.created",
        "api_key",
        public_id(API_KEY_PREFIX, made.id),
        {"name": made.name, "hint": made.hint, "scopes": list(made.scopes)},
    )
    return made, key


_NO_RATES: Final = "{}"


async def find_key(database: Database, hashed: bytes) -> KnownKey | None:
    """Return the key with this hash, of any account and in any state; None if there is none."""
    found = await repository.known_key(database.single(None), hashed, "", _NO_RATES)
    return None if found is None else found[0]


async def admit_key(
    database: Database, hashed: bytes, windows: str, rates: str
) -> tuple[KnownKey, Taken | None]:
    """Return the caller with the key of this hash, and the tighter window counting the request.

    It takes one round trip, and refuses revoked keys and suspended accounts immediately.
    `windows` comes from `windows_prefix`, `rates` from `rates_by_plan` or `rates_of_dialect`.
    Raises NotAuthenticated, NotPermitted, WindowFull.
    """
    found = await repository.known_key(database.single(None), hashed, windows, rates)
    if found is None:
        raise key_unknown()
    known, row = found
    if known.state == "revoked":
        raise key_revoked()
    if known.state == "expired":
        raise key_expired()
    if known.suspended:
        raise account_suspended()
    return known, require_taken(row)


async def note_use(database: Database, account_id: AccountId, key_id: UUID) -> None:
    """Note that a key was used just now, to the minute."""
    async with database.transaction(account_id) as session:
        await repository.note_use(session, key_id)


async def list_keys(
    session: AsyncSession,
    *,
    limit: int,
    only: KeyFilter = _EVERY,
    after: tuple[datetime, UUID] | None = None,
) -> Sequence[ApiKey]:
    """Return the tenant's keys, newest first: all, or those that `only` selects."""
    return await repository.list_keys(session, only, limit=limit, after=after)


async def revoke_key(session: AsyncSession, caller: Principal, key_id: UUID) -> None:
    """Revoke a key: from this commit on no node accepts it. Repeating this changes nothing.

    Raises NotFound for a key that is not the caller's account's.
    """
    revoked = await repository.revoke(session, key_id)
    if revoked is not None:
        await _record_revoked(session, caller, revoked)
    elif await repository.get(session, key_id) is None:
        raise key_not_found()


async def settle_keys_of(
    session: AsyncSession, caller: Principal, user_id: UserId, *, revoke: bool
) -> KeysLeft:
    """Revoke the keys that a person created in the caller's account; return which still work.

    Without `revoke`, or if the caller may not revoke keys, all keep working.
    """
    revoked: Sequence[ApiKey] = ()
    if revoke and caller.may(WRITE):
        revoked = await repository.revoke_of_person(session, user_id)
        for key in revoked:
            await _record_revoked(session, caller, key)
    theirs = KeyFilter(user_id, working=True)
    return KeysLeft(
        revoked=len(revoked),
        working=await repository.count_of_person(session, user_id),
        keys=await repository.list_keys(session, theirs, limit=_MOST_TOLD, after=None),
    )


async def _record_revoked(session: AsyncSession, caller: Principal, key: ApiKey) -> None:
    target = public_id(API_KEY_PREFIX, key.id)
    detail = {"name": key.name, "hint": key.hint}
    await record_audit(session, caller, "api_key.revoked", "api_key", target, {**detail})


async def _held_maker(session: AsyncSession, caller: Principal) -> UserId | None:
    """Return the key's creator, locked as a member: a removal waits, and then revokes the key."""
    if caller.kind != "user":
        return None
    user_id = caller.require_person()
    if not await repository.hold_member(session, user_id):
        raise SessionEnded
    return user_id


def _require_scopes(caller: Principal, scopes: Iterable[str]) -> None:
    for scope in scopes:
        if scope not in KEY_SCOPES:
            raise scope_unknown(scope, ", ".join(KEY_SCOPES))
        if not all(caller.may(one) for one in _meant(scope)):
            raise scope_exceeds(scope)


def _meant(scope: str) -> Sequence[str]:
    return [scope] if ":" in scope else [f"{resource}:{scope}" for resource in REACHABLE]


async def _own_projects(
    session: AsyncSession, caller: Principal, wished: Sequence[ProjectId] | None
) -> Sequence[ProjectId] | None:
    if wished is None:
        return None if caller.projects is None else tuple(caller.projects)
    ids = tuple(dict.fromkeys(wished))
    for project_id in ids:
        caller.require_project(project_id)
    if await repository.count_projects(session, ids) != len(ids):
        raise NotFound("Project not found", code="project_not_found")
    return ids
