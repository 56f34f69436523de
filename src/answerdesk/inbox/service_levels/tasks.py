"""The jobs of service levels: follow what happens, and look when a target is due."""

import asyncio
from typing import Final, cast
from uuid import UUID

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Database, Executor
from answerdesk.core.due import Job, Registration, take_along
from answerdesk.core.events import events_by_id
from answerdesk.core.tenancy import AccountId, ConversationId, parse_public_id
from answerdesk.inbox.service_levels.clocks import happening_of
from answerdesk.inbox.service_levels.service import are_in_use, settle
from answerdesk.inbox.service_levels.types import CHECK, FOLLOW

_TOGETHER: Final = 0.1
"""Seconds in which an account without service levels gathers what there is nothing to do for."""

_PASSED_OVER: Final = 200


class _InUse(Exception):
    """Service levels have come into use meanwhile."""


async def _require_unused(executor: Executor) -> None:
    if await are_in_use(executor):
        raise _InUse


async def _passed_over(database: Database, account_id: AccountId, job: Job) -> bool:
    """Drop the jobs like this one of an account without service levels; tell whether it has none.

    It is asked once more after they are taken: what they tell of was before that.
    """
    try:
        async with database.transaction(account_id) as session:
            await take_along(session, job, _PASSED_OVER)
            await _require_unused(session)
    except _InUse:
        return False
    return True


def registrations(database: Database) -> dict[str, Registration]:
    """Return the handlers that a worker needs for service levels."""

    async def follow(job: Job) -> None:
        account_id = AccountId(job.account_id)
        if not await are_in_use(database.single(account_id)):
            await asyncio.sleep(_TOGETHER)
            if await _passed_over(database, account_id, job):
                return
        async with database.transaction(account_id) as session:
            events = await events_by_id(session, cast("list[int]", job.payload["events"]))
        begun: dict[ConversationId, list[int]] = {}
        for event in events:
            named = parse_public_id(CONVERSATION_PREFIX, str(event.payload.get("conversation_id")))
            happening = happening_of(event)
            if named is not None and happening is not None:
                waits = begun.setdefault(ConversationId(named), [])
                waits += [event.id] if happening == "waits" else []
        for conversation_id, waits in begun.items():
            async with database.transaction(account_id) as session:
                await settle(session, conversation_id, waits)

    async def check(job: Job) -> None:
        conversation_id = ConversationId(UUID(str(job.payload["conversation_id"])))
        async with database.transaction(AccountId(job.account_id)) as session:
            await settle(session, conversation_id)

    return {
        # One at a time for each account, which drops along what has come meanwhile.
        FOLLOW: Registration(follow, concurrency=1, guests=31, max_attempts=None),
        CHECK: Registration(check, concurrency=4, guests=4, max_attempts=None),
    }
