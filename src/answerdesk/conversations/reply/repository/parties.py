"""Reads who speaks in a conversation, and with whom, in one statement."""

# ruff: noqa: S608 - the statement is composed of constants.

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from answerdesk.agents.service import AGENT_COLUMNS, read_agent
from answerdesk.agents.types import Agent
from answerdesk.conversations.types import VisitorId
from answerdesk.core.database import IS_SET, TENANT, Executor
from answerdesk.core.tenancy import ConversationId, ProjectId


@dataclass(frozen=True, slots=True)
class Parties:
    """The agent that answers a conversation's questions, and its visitor, if they are known."""

    agent: Agent | None
    visitor: VisitorId | None


# The agent that the conversation keeps, if it still exists, else the active one.
_PARTIES: Final = text(
    f"with {TENANT}, asked as materialized ("
    "  select agent_id, visitor_id from conversation"
    f"  where account_id = :account_id and id = :conversation_id and {IS_SET}"
    ") select q.visitor_id, a.* from tenant"
    " left join asked q on true"
    f" left join lateral (select {AGENT_COLUMNS} from agent"
    "  where account_id = :account_id and project_id = :project_id"
    f"   and (active or id = q.agent_id) and {IS_SET}"
    "  order by id = q.agent_id desc nulls last limit 1) a on true"
)


async def parties_of(
    executor: Executor, project_id: ProjectId, conversation_id: ConversationId
) -> Parties:
    """Return who speaks in a conversation of a project."""
    parameters = {"project_id": project_id, "conversation_id": conversation_id}
    [row] = await executor.rows(_PARTIES, parameters)
    return Parties(
        None if row.id is None else read_agent(row),
        None if row.visitor_id is None else VisitorId(row.visitor_id),
    )
