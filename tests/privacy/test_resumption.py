"""An erasure goes on where a crash has left it, and counts everything once."""

from dataclasses import replace
from uuid import UUID

import pytest

from answerdesk.accounts.principal import owner_principal
from answerdesk.conversations.types import VISITOR_PREFIX
from answerdesk.core.tenancy import new_id, public_id
from answerdesk.privacy import service
from answerdesk.privacy.types import Counts, Erasure, Subject
from tests.inbox.place import Place, placed


class Crash(Exception):
    """Stands for the end of the process."""


async def test_a_crash_in_the_middle_loses_and_repeats_nothing() -> None:
    async with placed() as place:
        database, sealer = place.application.database, place.application.sealer
        visitor = _visitor_with(place, 120)
        erasure = await _request(place, public_id(VISITOR_PREFIX, visitor))
        assert await _request(place, public_id(VISITOR_PREFIX, visitor)) == erasure
        for _ in range(2):
            # It crashes after a step has been taken and before its commit, and then after it.
            with pytest.raises(Crash):
                await _step_and_crash(place, erasure)
            async with database.transaction(place.account_id) as session:
                await service.step(session, sealer, erasure.id)
        half = await _shown(place, erasure)
        assert half.state == "pending"
        assert half.counts.conversations == 120 - place.count("conversation") == 100
        await service.erase(database, sealer, place.account_id, erasure.id)
        await service.erase(database, sealer, place.account_id, erasure.id)
        done = await _shown(place, erasure)
        assert done.state == "done"
        assert done.counts == Counts(conversations=120, messages=120, visitors=1)
        assert place.count("conversation") == place.count("visitor") == place.count("message") == 0
        assert len(place.events("conversation.erased")) == 120
        assert len(place.events("person.erased")) == 1
        # Whom it was about is forgotten with it.
        assert place.count("stored_secret", "name = 'privacy.person'") == 0


async def test_a_project_takes_its_receipts_along() -> None:
    async with placed() as place:
        visitor = _visitor_with(place, 1)
        await _request(place, public_id(VISITOR_PREFIX, visitor))
        place.rows("delete from project where id = %s returning 1", place.project_id)
        assert place.count("erasure") == 0
        assert place.count("stored_secret", "name = 'privacy.person'") == 0


async def _step_and_crash(place: Place, erasure: Erasure) -> None:
    async with place.application.database.transaction(place.account_id) as session:
        assert not await service.step(session, place.application.sealer, erasure.id)
        raise Crash


def _visitor_with(place: Place, conversations: int) -> UUID:
    visitor = new_id()
    place.rows(
        "insert into visitor (account_id, id, project_id) values (%s, %s, %s) returning 1",
        *(place.account_id, visitor, place.project_id),
    )
    for _ in range(conversations):
        conversation = place.converse()
        place.rows(
            "update conversation set visitor_id = %s where id = %s returning 1",
            *(visitor, conversation),
        )
    return visitor


async def _request(place: Place, visitor_id: str) -> Erasure:
    caller = replace(owner_principal(place.account_id), name="The owner")
    async with place.application.database.transaction(place.account_id) as session:
        return await service.request_erasure(
            session,
            place.application.sealer,
            caller,
            place.project_id,
            Subject("visitor_id", visitor_id),
        )


async def _shown(place: Place, erasure: Erasure) -> Erasure:
    async with place.application.database.transaction(place.account_id) as session:
        return await service.get_erasure(session, place.project_id, erasure.id)
