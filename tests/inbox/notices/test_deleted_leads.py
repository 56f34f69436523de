"""Who is told of a lead while it is deleted keeps no notice of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import UserId
from answerdesk.inbox.notices import repository
from answerdesk.inbox.notices.types import Channels, NewNotices, Recipient
from answerdesk.leads.service import add_lead
from answerdesk.leads.types import Contact
from answerdesk.privacy.service import delete_lead
from tests.inbox.place import Place, placed
from tests.waiting import PATIENCE

_WAITS = "select 1 from pg_locks where locktype in ('transactionid', 'tuple') and not granted"


async def _ends_or_waits(place: Place, task: asyncio.Task[Any]) -> None:
    while not (task.done() or place.rows(_WAITS)):  # noqa: ASYNC110  # PostgreSQL tells of no wait.
        await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Told:
    """Somebody who is told of a lead, and who may delete it."""

    place: Place
    person: UserId
    lead_id: UUID

    async def tell(self, session: AsyncSession) -> int:
        """Store the notice of the lead; return how many there are to tell."""
        new = NewNotices("lead", 1, self.place.project_id, None, self.lead_id)
        told = Recipient(self.person, Channels(mail=False, browser=True), datetime.now(UTC))
        return len(await repository.add(session, [(new, [told])]))

    async def delete(self, session: AsyncSession) -> None:
        caller = self.place.caller(self.person)
        await delete_lead(session, caller, self.place.project_id, self.lead_id)

    async def in_turn(
        self,
        first: Callable[[AsyncSession], Awaitable[Any]],
        second: Callable[[AsyncSession], Awaitable[Any]],
    ) -> tuple[Any, Any]:
        """Let the second run into the first before that one commits; return what came of both."""
        database, account_id = self.place.application.database, self.place.account_id

        async def follow() -> Any:
            async with database.transaction(account_id) as session:
                return await second(session)

        async with database.transaction(account_id) as session:
            before = await first(session)
            following = asyncio.create_task(follow())
            await _ends_or_waits(self.place, following)
        return before, await following


@pytest.fixture
async def told() -> AsyncIterator[Told]:
    async with placed() as place, asyncio.timeout(PATIENCE):
        database, account_id = place.application.database, place.account_id
        async with database.transaction(account_id) as session:
            lead = await add_lead(session, place.project_id, Contact(email="ada@example.com"))
        yield Told(place, place.join(), lead.id)


async def test_what_is_told_while_a_lead_is_deleted_goes_with_it(told: Told) -> None:
    added, _ = await told.in_turn(told.tell, told.delete)
    assert added == 1
    assert told.place.count("lead") == 0
    assert told.place.count("notice") == 0


async def test_nobody_is_told_of_a_lead_that_is_being_deleted(told: Told) -> None:
    _, added = await told.in_turn(told.delete, told.tell)
    assert added == 0
    assert told.place.count("notice") == 0
