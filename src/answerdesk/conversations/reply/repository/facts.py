"""Reads all facts that decide about a visitor's message, in one statement."""

# ruff: noqa: S608 - the statement is composed of constants.

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from answerdesk.agents.actions.service import OFFERED, read_offered
from answerdesk.agents.actions.types import OfferedActions, PlannedAction, read_planned
from answerdesk.conversations.types import (
    ConversationState,
    ConversationVisitor,
    IncomingMessage,
    VisitorId,
)
from answerdesk.core.database import IS_SET, TENANT, Executor
from answerdesk.core.ratelimit import COUNT_IN, Window, require_counted, window_parameters
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId
from answerdesk.kit.redaction import without_cards
from answerdesk.projects.types import Project, ProjectSettings

HISTORY: Final = 12
"""Number of the conversation's latest messages that answering gets."""


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """The conversation that a message continues, as it was at `updated_at`.

    `last_said` is the visitor's latest message if it has the same text; `last_age` is the age of
    the visitor's latest message in seconds, `last_turn` the state of its turn, `last_read` whether
    its answer was read to the end. `history` has author and text of the latest messages, oldest
    first. `was_passed_on`: it has waited for a person, now or before. `last_action` is what the
    visitor's latest message was answered with, if that was an action.
    """

    id: ConversationId
    project_id: ProjectId
    state: ConversationState
    visitor: ConversationVisitor | None
    opens_by_id: bool
    updated_at: datetime
    last_said: MessageId | None
    last_age: float
    last_turn: str | None
    last_read: bool
    history: Sequence[tuple[str, str]]
    page_url: str | None
    was_passed_on: bool
    last_action: PlannedAction | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that decide about a message; None for parts that don't exist or weren't named.

    `met_in` is the latest conversation under the message's outside id, or the latest that the known
    visitor has begun; it may be erased. `names_models`: an agent of the project names a model.
    """

    suspended: bool
    plan: str
    project: Project | None
    actions: OfferedActions
    names_models: bool
    visitor: ConversationVisitor | None
    conversation: FoundConversation | None
    met_in: ConversationId | None


# Only messages of visitors without an identity are counted by address.
_FACTS: Final = text(
    f"with {TENANT}, known as materialized ("
    "  select v.id, v.identity, v.conversation_id from visitor v"
    "  where v.account_id = :account_id and v.project_id = :project_id and v.id = :visitor_id"
    f"   and {IS_SET}"
    "), named as materialized ("
    "  select case when cast(:conversation_id as uuid) is not null"
    "   then cast(:conversation_id as uuid)"
    "   when cast(:outside_id as text) is null then ("
    "   select o.id from known k join conversation o"
    "    on o.account_id = :account_id and o.visitor_id = k.id"
    "   where o.project_id = :project_id and o.domain_id is not distinct from"
    "     cast(:domain_id as uuid)"
    "    and o.created_at > clock_timestamp() - make_interval(secs => :repeat_seconds)"
    "    and (select bool_and(m.content in (:content, :masked)) from message m"
    "     where m.account_id = :account_id and m.conversation_id = o.id"
    f"      and m.author = 'visitor' and {IS_SET}) and {IS_SET}"
    "   order by o.created_at desc, o.id limit 1)"
    "   else ("
    "   select v.conversation_id from visitor v where v.account_id = :account_id"
    "    and v.project_id = :project_id and v.dialect = cast(:dialect as text)"
    f"    and v.outside_id = cast(:outside_id as text) and {IS_SET}) end as id"
    f"  where {IS_SET}"
    "), anonymous as materialized ("
    "  select where not exists (select from known where identity is not null)"
    f"), {COUNT_IN.format(source='anonymous')} "
    "select a.plan, a.suspended_at is not null as suspended, k.id as known_id,"
    " k.identity as known_identity, k.conversation_id as known_begun,"
    " w.count, w.ends_at, w.seconds_left,"
    " p.version, p.name, p.settings, p.demo, p.created_at, p.changed_at, p.actions_version,"
    " p.actions, p.names_models,"
    " n.id as named_id,"
    " c.id, c.project_id, c.state, c.visitor_id, c.identity, c.opens_by_id, c.updated_at,"
    " c.page_url, c.was_passed_on,"
    " l.id as last_id, l.age as last_age, l.same as last_same, l.state as last_turn,"
    " l.read as last_read, l.action as last_action, h.said as history"
    " from tenant"
    " left join lateral (select plan, suspended_at from account"
    f"  where account_id = :account_id and {IS_SET}) a on true"
    " left join known k on true"
    " left join named n on true"
    " left join window_state w on true"
    " left join lateral ("
    "  select version, name, demo, created_at, updated_at as changed_at,"
    "   case when version is distinct from cast(:known_version as bigint)"
    "    then settings || newer_settings end as settings, actions_version,"
    "   case when actions_version > 0"
    "    and actions_version is distinct from cast(:known_actions as bigint)"
    f"    then {OFFERED} end as actions,"
    "   exists (select from agent g where g.account_id = :account_id"
    f"    and g.project_id = project.id and g.settings ->> 'model' is not null and {IS_SET})"
    "    as names_models from project"
    f"  where account_id = :account_id and id = :project_id and deleted_at is null and {IS_SET}"
    " ) p on true"
    " left join lateral ("
    "  select o.id, o.project_id, o.state, o.visitor_id, o.updated_at, v.identity, o.page_url,"
    "   o.escalated_at is not null as was_passed_on,"
    # As in `require_access`: for conversations of earlier versions the visitor's columns decide.
    "   coalesce(o.opens_by_id, v.id is null or v.external_id is not null"
    "    or v.identity is not null) as opens_by_id"
    "  from conversation o left join visitor v"
    "   on v.account_id = o.account_id and v.id = o.visitor_id"
    f"  where o.account_id = :account_id and o.id = n.id and {IS_SET}"
    " ) c on true"
    " left join lateral ("
    "  select m.id, m.content in (:content, :masked) as same, t.state, t.read, t.action,"
    "   extract(epoch from clock_timestamp() - m.created_at)::float8 as age from message m"
    "  left join turn t on t.account_id = :account_id and t.question_id = m.id"
    "  where m.account_id = :account_id and m.conversation_id = n.id"
    f"   and m.author = 'visitor' and {IS_SET}"
    "  order by m.created_at desc, m.id desc limit 1"
    " ) l on true"
    " left join lateral ("
    "  select json_agg(json_build_array(m.author, m.content) order by m.created_at, m.id) as said"
    "  from (select author, content, created_at, id from message"
    f"   where account_id = :account_id and conversation_id = n.id and {IS_SET}"
    # What the assistant said about who has the conversation answers nothing.
    "    and (author <> 'assistant' or question_id is not null)"
    "   order by created_at desc, id desc limit :history) m"
    " ) h on true"
)


async def facts_of(
    executor: Executor,
    incoming: IncomingMessage,
    window: Window | None,
    known: Project | None,
    offered: OfferedActions | None,
    repeat_within: timedelta,
) -> Facts:
    """Read the facts that decide about a message, and count it in `window` in any case.

    For a known visitor who names no conversation, the conversation is the one that they have begun
    with the same message, not longer ago than `repeat_within`.

    `known` is the project as last read, `offered` are its actions; each is read again if it has
    changed. Raises RateLimited if the window is full.
    """
    outside = incoming.outside
    rows = await executor.rows(
        _FACTS,
        {
            "project_id": incoming.project_id,
            "conversation_id": incoming.conversation_id,
            "dialect": None if outside is None else outside.dialect,
            "outside_id": None if outside is None else outside.id,
            "visitor_id": incoming.visitor_id,
            "domain_id": None if incoming.domain is None else incoming.domain.id,
            "repeat_seconds": repeat_within.total_seconds(),
            "content": incoming.text,
            "masked": without_cards(incoming.text),
            "known_version": None if known is None else known.version,
            "known_actions": None if offered is None else offered.version,
            "history": HISTORY,
            **window_parameters(window),
        },
    )
    (row,) = rows
    if window is not None and row.known_identity is None:
        require_counted(window, row)
    return Facts(
        suspended=bool(row.suspended),
        plan=row.plan,
        project=_project(row, incoming, known),
        actions=_actions(row, offered),
        names_models=bool(row.names_models),
        visitor=_visitor(row.known_id, row.known_identity),
        conversation=None if row.id is None else _conversation(row),
        met_in=row.known_begun if outside is None else row.named_id,
    )


def _project(row: Any, incoming: IncomingMessage, known: Project | None) -> Project | None:  # noqa: ANN401  # A named tuple.
    if row.version is None:
        return None
    if row.settings is None:
        return known
    return Project(
        account_id=incoming.account_id,
        id=incoming.project_id,
        name=row.name,
        settings=ProjectSettings.model_validate(row.settings),
        demo=row.demo,
        created_at=row.created_at,
        version=row.version,
        updated_at=row.changed_at,
    )


def _actions(row: Any, offered: OfferedActions | None) -> OfferedActions:  # noqa: ANN401
    if not row.actions_version:
        return OfferedActions()
    if offered is not None and offered.version == row.actions_version:
        return offered
    return read_offered(row.actions_version, row.actions)


def _conversation(row: Any) -> FoundConversation:  # noqa: ANN401
    return FoundConversation(
        id=ConversationId(row.id),
        project_id=ProjectId(row.project_id),
        state=row.state,
        visitor=_visitor(row.visitor_id, row.identity),
        opens_by_id=row.opens_by_id,
        updated_at=row.updated_at,
        last_said=MessageId(row.last_id) if row.last_same else None,
        last_age=row.last_age or 0.0,
        last_turn=row.last_turn,
        last_read=bool(row.last_read),
        history=[(author, content) for author, content in row.history or ()],
        page_url=row.page_url,
        was_passed_on=bool(row.was_passed_on),
        last_action=read_planned(row.last_action) if row.last_turn == "answered" else None,
    )


def _visitor(visitor_id: UUID | None, identity: str | None) -> ConversationVisitor | None:
    return None if visitor_id is None else ConversationVisitor(VisitorId(visitor_id), identity)
