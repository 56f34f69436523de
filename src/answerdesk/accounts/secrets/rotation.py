"""Sealing all stored secrets anew with the newest key; begun again, it goes on where it ended."""

from collections.abc import Callable
from typing import Final

from answerdesk.accounts.secrets import repository
from answerdesk.accounts.secrets.service import binding
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database

_BATCH: Final = 100

Progress = Callable[[int, int], None]
"""Told how many secrets are done and how many there were to do."""


async def reseal_all(database: Database, sealer: Sealer, progress: Progress) -> int:
    """Seal what older keys have sealed with the newest; return how many secrets that were.

    `database` connects as the tables' owner. Each batch commits by itself, and a secret that is
    changed meanwhile waits for its batch. Raises Unavailable for one whose key is not among ours;
    what was done before stays done.
    """
    total = await left_to_reseal(database, sealer)
    done = 0
    progress(done, total)
    while True:
        async with database.transaction(None) as session:
            account_id = await repository.next_account(session, sealer.key_id)
        if account_id is None:
            return done
        async with database.transaction(account_id) as session:
            found = await repository.lock_others(session, sealer.key_id, _BATCH)
            for subject_id, name, sealed in found:
                bound_to = binding(account_id, subject_id, name)
                plain = sealer.open(sealed, bound_to=bound_to)
                renewed = sealer.seal(plain, bound_to=bound_to)
                await repository.reseal(session, subject_id, name, renewed)
        done += len(found)
        progress(done, max(total, done))


async def left_to_reseal(database: Database, sealer: Sealer) -> int:
    """Return how many secrets an older key than the newest has sealed."""
    async with database.transaction(None) as session:
        return await repository.count_others(session, sealer.key_id)
