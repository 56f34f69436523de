"""The keys that all nodes of an installation share. The database holds only their fingerprints.

The first node that starts makes its keys the installation's. A node starts only if it has all of
them. It may have more: older ones, to open what they have sealed, and a newer one, which it adds
to the installation's. After a completed rotation, only the newest remains.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.errors import OwnerKeyDiffers, SecretKeysDiffer
from answerdesk.accounts.owner_key import owner_key_fingerprint
from answerdesk.accounts.secrets import repository
from answerdesk.accounts.secrets.repository import SharedKey
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database

_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where a node's keys come from, and advice on where to get the installation's."""

    place: str
    advice: str


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """The keys of this node. `owner_key` is None in a process that does not accept it."""

    sealer: Sealer
    secrets_from: KeySource
    owner_key: str | None
    owner_from: KeySource


async def require_shared(database: Database, node: NodeKeys) -> None:
    """Raise SecretKeysDiffer or OwnerKeyDiffers unless the node has the installation's keys.

    Before the first node has started there are none, and any keys are accepted.
    """
    async with database.transaction(None) as session:
        await _check(node, await repository.shared_keys(session))


async def join_installation(database: Database, node: NodeKeys) -> None:
    """Do the same as `require_shared`, and add keys that the installation lacks.

    If several nodes start together, the keys of one of them become the installation's.
    """
    async with database.transaction(None) as session:
        known = await repository.shared_keys(session)
    await _check(node, known)
    if not _lacks(node, known):
        return
    async with database.transaction(None) as session:
        await repository.lock_shared_keys(session)
        known = await repository.shared_keys(session)
        await _check(node, known)
        await _share(session, node, known)


async def adopt(database: Database, node: NodeKeys) -> int:
    """Replace the installation's keys with this node's.

    Returns how many stored secrets none of them opens. `database` connects as the tables' owner.
    """
    async with database.transaction(None) as session:
        await repository.lock_shared_keys(session)
        for one in await repository.shared_keys(session):
            if one.kind == "secret" or node.owner_key is not None:
                await repository.forget_shared_key(session, one)
        await _share(session, node, ())
        return await repository.count_closed(session, node.sealer.key_ids)


async def keep_newest(database: Database, sealer: Sealer) -> None:
    """Keep only the newest secret key as the installation's, once nothing needs an older one."""
    async with database.transaction(None) as session:
        await repository.lock_shared_keys(session)
        for one in await repository.shared_keys(session):
            if one.kind == "secret" and sealer.fingerprints(one.salt)[0] != one.fingerprint:
                await repository.forget_shared_key(session, one)


async def _check(node: NodeKeys, known: Sequence[SharedKey]) -> None:
    for one in known:
        since = f"{one.created_at:%Y-%m-%d %H:%M} UTC"
        if one.kind == "secret":
            if one.fingerprint not in node.sealer.fingerprints(one.salt):
                source = node.secrets_from
                raise SecretKeysDiffer(source.place, since, source.advice)
        elif node.owner_key is not None:
            found = await asyncio.to_thread(owner_key_fingerprint, node.owner_key, one.salt)
            if found != one.fingerprint:
                source = node.owner_from
                raise OwnerKeyDiffers(source.place, since, source.advice)


def _lacks(node: NodeKeys, known: Sequence[SharedKey]) -> bool:
    """Tell whether the installation lacks a key of a node that has all the installation's keys."""
    return _lacks_newest(node.sealer, known) or (
        node.owner_key is not None and not any(one.kind == "owner" for one in known)
    )


def _lacks_newest(sealer: Sealer, known: Sequence[SharedKey]) -> bool:
    return not any(
        one.kind == "secret" and sealer.fingerprints(one.salt)[0] == one.fingerprint
        for one in known
    )


async def _share(session: AsyncSession, node: NodeKeys, known: Sequence[SharedKey]) -> None:
    salt = secrets.token_bytes(_SALT_BYTES)
    fingerprints = node.sealer.fingerprints(salt)
    if any(one.kind == "secret" for one in known):
        # An older key neither signs nor seals, so a node without it lacks nothing.
        fingerprints = fingerprints[:1] if _lacks_newest(node.sealer, known) else ()
    for fingerprint in fingerprints:
        await repository.share_key(session, "secret", salt, fingerprint)
    if node.owner_key is not None and not any(one.kind == "owner" for one in known):
        found = await asyncio.to_thread(owner_key_fingerprint, node.owner_key, salt)
        await repository.share_key(session, "owner", salt, found)
