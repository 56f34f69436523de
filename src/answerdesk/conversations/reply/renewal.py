"""Renews the leases of the turns that this process is answering."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import timedelta
from typing import Final

import structlog

from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.types import Question
from answerdesk.core.database import Database, hurried
from answerdesk.core.tenancy import AccountId

_RENEWALS: Final = 3
"""Renewals per length of a lease, so that one missed renewal does no harm."""

_log = structlog.get_logger(__name__)


class Renewal:
    """Keeps other processes from taking over turns while their answers are in progress."""

    def __init__(self, database: Database, lease: timedelta) -> None:
        self._database = database
        self._lease = lease
        self._held: set[turns.Held] = set()
        self._renewing: asyncio.Task[None] | None = None

    @contextmanager
    def of(self, question: Question) -> Iterator[None]:
        """Renew the lease of the question's turn until the block ends."""
        held = turns.Held(question.account_id, question.message_id, question.holder)
        self._held.add(held)
        if self._renewing is None:
            # Use an empty context, since the task belongs to no request.
            self._renewing = asyncio.create_task(self._keep_renewing(), context=Context())
        try:
            yield
        finally:
            self._held.discard(held)
            if not self._held and self._renewing is not None:
                self._renewing.cancel()
                self._renewing = None

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / _RENEWALS)
            by_account: defaultdict[AccountId, list[turns.Held]] = defaultdict(list)
            for one in self._held:
                by_account[one.account_id].append(one)
            for account_id, held in by_account.items():
                await self._renew(account_id, held)

    async def _renew(self, account_id: AccountId, held: list[turns.Held]) -> None:
        try:
            with hurried():
                async with self._database.transaction(account_id) as session:
                    await turns.renew(session, held, self._lease)
        except Exception:  # noqa: BLE001  # The next renewal may succeed; else the leases run out.
            _log.exception("leases_not_renewed", account_id=str(account_id), turns=len(held))
