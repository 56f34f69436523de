"""While people are told something, whoever replies does not wait for that."""

import asyncio

from answerdesk.conversations import replying
from answerdesk.inbox.notices import repository
from tests.inbox.place import placed
from tests.waiting import PATIENCE


async def test_telling_people_holds_up_none_of_their_replies() -> None:
    async with placed() as place, asyncio.timeout(PATIENCE):
        person, conversation_id = place.join(), place.converse()
        database, account_id = place.application.database, place.account_id
        async with database.transaction(account_id) as session:
            told = await repository.lock_people(session, [person])
            assert [one.user_id for one in told] == [person]
            before = await replying.standing(database, account_id, conversation_id)
            await replying.send(
                database, account_id, before, "Hi", by=person, seen=None, go_ahead=False
            )


async def test_one_at_a_time_tells_a_person() -> None:
    async with placed() as place:
        person = place.join()
        database, account_id = place.application.database, place.account_id

        async def tell() -> None:
            async with database.transaction(account_id) as session:
                await repository.lock_people(session, [person])

        async with database.transaction(account_id) as session:
            await repository.lock_people(session, [person])
            second = asyncio.create_task(tell())
            waits = "select 1 from pg_locks where locktype = 'advisory' and not granted"
            async with asyncio.timeout(PATIENCE):
                while not place.rows(waits):  # noqa: ASYNC110  # PostgreSQL tells of no wait.
                    await asyncio.sleep(0.02)
            assert not second.done()
        await second
