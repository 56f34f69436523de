"""What is older than its project keeps it is erased; what people still work on stays."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from answerdesk.conversations.types import ConversationState
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, new_id
from answerdesk.leads import service as leads
from answerdesk.leads.types import Contact
from answerdesk.privacy import repository
from answerdesk.privacy.retention import apply_retention
from answerdesk.projects.service import get_project
from answerdesk.projects.types import Privacy, ProjectSettings
from tests.inbox.place import Place, placed

DAYS = 30


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Place]:
    kept = ProjectSettings(privacy=Privacy(retention_days=DAYS, lead_retention_days=2 * DAYS))
    async with placed(kept) as found:
        yield found


def aged(
    place: Place, days: float, state: ConversationState = "closed", **columns: Any
) -> ConversationId:
    """Begin a conversation that is as many days old."""
    conversation_id = place.converse()
    set_columns = {"state": state, **columns}
    sets = ", ".join(f"{one} = %s" for one in set_columns)
    place.rows(
        f"update conversation set {sets}, updated_at = clock_timestamp() - %s"
        " where id = %s returning 1",
        *(*set_columns.values(), timedelta(days=days), conversation_id),
    )
    return conversation_id


def left(place: Place) -> set[ConversationId]:
    return {ConversationId(one) for (one,) in place.rows("select id from conversation")}


async def test_conversations_go_when_their_time_is_over(place: Place) -> None:
    old = {aged(place, DAYS + 1), aged(place, DAYS + 1, "ai"), aged(place, 10 * DAYS)}
    person = place.join()
    stays = {
        aged(place, DAYS - 1),
        aged(place, 10 * DAYS, "waiting"),
        aged(place, 10 * DAYS, "human", assignee_id=person),
        aged(place, 10 * DAYS, snoozed_until="2100-01-01"),
    }
    before = len(place.events("retention.applied"))
    await apply_retention(place.application.database)
    assert left(place) & (old | stays) == stays
    for one in old:
        held = place.rows("select 1 from message where conversation_id = %s", one)
        registered = place.rows("select 1 from public_id where id = %s", one)
        assert held == registered == []
    [told] = place.events("retention.applied")[before:]
    assert told["conversations"] == len(old)
    await apply_retention(place.application.database)
    assert left(place) & stays == stays


async def test_what_has_changed_since_it_was_found_stays(place: Place) -> None:
    person = place.join()
    old = aged(place, DAYS + 1)
    found = [
        *(old, aged(place, DAYS - 1), aged(place, 10 * DAYS, "waiting")),
        aged(place, 10 * DAYS, "human", assignee_id=person),
        aged(place, 10 * DAYS, snoozed_until="2100-01-01"),
    ]
    async with place.application.database.transaction(place.account_id) as session:
        assert await repository.lock_old(session, found) == [old]
    await apply_retention(place.application.database)


async def test_many_go_in_parts_and_each_is_told(place: Place) -> None:
    for _ in range(70):
        aged(place, DAYS + 1)
    before = len(place.events("retention.applied"))
    await apply_retention(place.application.database)
    counted = [one["conversations"] for one in place.events("retention.applied")[before:]]
    assert (sum(counted), len(counted)) == (70, 2)


async def test_visitors_go_with_their_last_conversation(place: Place) -> None:
    conversation = aged(place, DAYS + 1)
    gone, stays, fresh = new_id(), new_id(), new_id()
    for one, days in ((gone, DAYS + 1), (stays, DAYS + 1), (fresh, 1)):
        place.rows(
            "insert into visitor (account_id, id, project_id, name, seen_at)"
            " values (%s, %s, %s, 'Ann', clock_timestamp() - %s) returning 1",
            *(place.account_id, one, place.project_id, timedelta(days=days)),
        )
    place.rows(
        "update conversation set visitor_id = %s where id = %s returning 1", gone, conversation
    )
    kept = aged(place, 1)
    place.rows("update conversation set visitor_id = %s where id = %s returning 1", stays, kept)
    await apply_retention(place.application.database)
    found = {one for (one,) in place.rows("select id from visitor")}
    assert found & {gone, stays, fresh} == {stays, fresh}


async def test_leads_have_a_time_of_their_own(place: Place) -> None:
    database = place.application.database
    waiting = aged(place, 10 * DAYS, "waiting")
    added = {}
    for name, days, conversation in (
        ("old", 2 * DAYS + 1, None),
        ("fresh", 2 * DAYS - 1, None),
        ("waits", 10 * DAYS, waiting),
    ):
        contact = Contact(email=f"{name}@example.com")
        async with database.transaction(place.account_id) as session:
            if conversation is None:
                lead_id = (await leads.add_lead(session, place.project_id, contact)).id
            else:
                lead_id = await leads.capture(
                    session, place.account_id, place.project_id, conversation, contact
                )
        place.rows(
            "update lead set updated_at = clock_timestamp() - %s where id = %s returning 1",
            *(timedelta(days=days), lead_id),
        )
        added[name] = lead_id
    await apply_retention(database)
    found = {one for (one,) in place.rows("select id from lead")}
    assert {name for name, one in added.items() if one in found} == {"fresh", "waits"}


async def test_whoever_keeps_for_ever_loses_nothing(place: Place) -> None:
    database = place.application.database
    other = ProjectId(new_id())
    place.rows(
        "insert into project (account_id, id, name) values (%s, %s, 'Other') returning 1",
        *(place.account_id, other),
    )
    conversation = aged(place, 1000)
    place.rows(
        "update conversation set project_id = %s where id = %s returning 1", other, conversation
    )
    await apply_retention(database)
    assert conversation in left(place)


async def test_another_accounts_conversations_are_judged_by_its_own_projects(place: Place) -> None:
    account, project, conversation = AccountId(new_id()), new_id(), new_id()
    place.rows("insert into account (account_id, name) values (%s, 'Else') returning 1", account)
    place.rows(
        "insert into project (account_id, id, name, newer_settings)"
        " values (%s, %s, 'Else', '{\"privacy\": {\"retention_days\": 5}}') returning 1",
        *(account, project),
    )
    place.rows(
        "insert into conversation (account_id, id, project_id, state, updated_at)"
        " values (%s, %s, %s, 'closed', clock_timestamp() - interval '6 days') returning 1",
        *(account, conversation, project),
    )
    ours = aged(place, 6)
    await apply_retention(place.application.database)
    assert ours in left(place)
    assert conversation not in left(place)


async def test_kept_responses_go_after_a_day(place: Place) -> None:
    for age in ("23 hours", "25 hours"):
        place.rows(
            "insert into idempotent_request (account_id, subject, key, fingerprint, locked_until,"
            " created_at) values (%s, %s, %s, '', now(), now() - cast(%s as interval)) returning 1",
            *(place.account_id, new_id(), age, age),
        )
    await apply_retention(place.application.database)
    assert place.rows("select key from idempotent_request") == [("23 hours",)]


@pytest.mark.parametrize("days", [0, -1, 3651, "a week"])
async def test_days_have_bounds(days: object) -> None:
    with pytest.raises(ValueError, match="retention_days"):
        Privacy.model_validate({"retention_days": days})


async def test_a_project_shows_what_it_keeps(place: Place) -> None:
    async with place.application.database.transaction(place.account_id) as session:
        project = await get_project(session, place.project_id)
        assert project.settings.privacy.retention_days == DAYS
        with pytest.raises(NotFound):
            await get_project(session, ProjectId(new_id()))
