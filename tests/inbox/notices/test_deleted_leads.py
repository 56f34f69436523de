"""Who is told of a lead while it is deleted keeps no notice of it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

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


async def test_what_is_told_while_a_lead_is_deleted_goes_with_it() -> None:
    async with placed() as place, asyncio.timeout(PATIENCE):
        person = place.join()
        database, account_id = place.application.database, place.account_id
        async with database.transaction(account_id) as session:
            lead = await add_lead(session, place.project_id, Contact(email="ada@example.com"))

        async def delete() -> None:
            async with database.transaction(account_id) as session:
                await delete_lead(session, place.caller(person), place.project_id, lead.id)

        new = NewNotices("lead", 1, place.project_id, None, lead.id)
        told = Recipient(person, Channels(mail=False, browser=True), datetime.now(UTC))
        async with database.transaction(account_id) as session:
            assert len(await repository.add(session, [(new, [told])])) == 1
            deletion = asyncio.create_task(delete())
            await _ends_or_waits(place, deletion)
        await deletion
        assert place.count("lead") == 0
        assert place.count("notice") == 0


async def test_nobody_is_told_of_a_lead_that_is_being_deleted() -> None:
    async with placed() as place, asyncio.timeout(PATIENCE):
        person = place.join()
        database, account_id = place.application.database, place.account_id
        async with database.transaction(account_id) as session:
            lead = await add_lead(session, place.project_id, Contact(email="ada@example.com"))

        async def tell() -> int:
            new = NewNotices("lead", 1, place.project_id, None, lead.id)
            told = Recipient(person, Channels(mail=False, browser=True), datetime.now(UTC))
            async with database.transaction(account_id) as session:
                return len(await repository.add(session, [(new, [told])]))

        async with database.transaction(account_id) as session:
            await delete_lead(session, place.caller(person), place.project_id, lead.id)
            telling = asyncio.create_task(tell())
            await _ends_or_waits(place, telling)
        assert await telling == 0
        assert place.count("notice") == 0
