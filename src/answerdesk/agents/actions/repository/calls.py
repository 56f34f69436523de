"""Reads and writes the log of calls."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.actions.repository.actions import Place
from answerdesk.agents.actions.types import Call, Errand, Outcome, Value
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId, new_id

_BEGIN: Final = text(
    "insert into action_call (account_id, id, project_id, action_id, conversation_id, question_id,"
    " parameters) values (:account_id, :id, :project_id, :action_id, :conversation_id,"
    " :question_id, cast(:parameters as jsonb))"
)
# Nothing is returned if the call was erased meanwhile, with its conversation or its action.
_END: Final = text(
    "update action_call set status = :status, milliseconds = :milliseconds, response = :response,"
    " error = :error where account_id = :account_id and id = :id returning 1"
)
_OF_ACTION: Final = (
    "select id, conversation_id, begun_at, parameters, status, milliseconds, response, error"
    " from action_call where account_id = :account_id and action_id = :action_id"
)
_IN_ORDER: Final = " order by begun_at desc, id desc limit :limit"
_FIRST: Final = text(f"{_OF_ACTION}{_IN_ORDER}")
_AFTER: Final = text(f"{_OF_ACTION} and (begun_at, id) < (:after_time, :after_id){_IN_ORDER}")
_ERASE: Final = text(
    "with gone as (delete from action_call where account_id = :account_id and id in ("
    " select id from action_call where account_id = :account_id and project_id = :project_id"
    " limit :limit) returning 1) select count(*) from gone"
)
_FORGET: Final = text("select forget_action_calls(:days, :limit)")


async def begin(session: AsyncSession, errand: Errand, parameters: Mapping[str, Value]) -> UUID:
    """Store a call that is made next, with `parameters` as the log may show them; return its id."""
    call_id = new_id()
    await session.execute(
        _BEGIN,
        {
            "account_id": tenant_of(session),
            "id": call_id,
            "project_id": errand.project_id,
            "action_id": errand.action_id,
            "conversation_id": errand.conversation_id,
            "question_id": errand.question_id,
            "parameters": json.dumps(parameters),
        },
    )
    return call_id


async def end(session: AsyncSession, call_id: UUID, outcome: Outcome) -> bool:
    """Store what a call came to; return False if it was erased meanwhile."""
    parameters = {
        "account_id": tenant_of(session),
        "id": call_id,
        "status": outcome.status,
        "milliseconds": outcome.milliseconds,
        "response": outcome.response,
        "error": outcome.error,
    }
    return (await session.execute(_END, parameters)).first() is not None


async def list_after(
    session: AsyncSession, action_id: UUID, after: Place, limit: int
) -> Sequence[Call]:
    """Return at most `limit` calls of an action behind `after`, newest first."""
    parameters = {"account_id": tenant_of(session), "action_id": action_id, "limit": limit}
    statement = _FIRST
    if after is not None:
        statement = _AFTER
        parameters |= {"after_time": after[0], "after_id": after[1]}
    return [_call(row) for row in await session.execute(statement, parameters)]


def _call(row: Row[Any]) -> Call:
    conversation_id = row.conversation_id
    return Call(
        id=row.id,
        conversation_id=None if conversation_id is None else ConversationId(conversation_id),
        begun_at=row.begun_at,
        parameters=row.parameters,
        status=row.status,
        milliseconds=row.milliseconds,
        response=row.response,
        error=row.error,
    )


async def erase_some(session: AsyncSession, project_id: ProjectId, limit: int) -> int:
    """Delete at most `limit` calls of a project; return how many."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": limit}
    return int(await session.scalar(_ERASE, parameters))


async def forget(session: AsyncSession, days: int, limit: int) -> int:
    """Delete old calls of all accounts, at most `limit`; return how many."""
    return int(await session.scalar(_FORGET, {"days": days, "limit": limit}))
