"""Reads all that is stored about a person, as JSON that the database writes."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId
from answerdesk.privacy.types import Person


def _public(prefix: str, column: str) -> str:
    return f"'{prefix}_' || replace(cast({column} as text), '-', '')"


def _list(value: str, rows: str, order: str) -> str:
    return f"(select coalesce(jsonb_agg({value} order by {order}), '[]') from {rows})"


_VISITORS: Final = _list(
    f"jsonb_build_object('id', {_public('visitor', 'v.id')}, 'identity', v.identity,"
    " 'external_id', coalesce(v.external_id, v.outside_id), 'dialect', v.dialect,"
    " 'name', v.name, 'email', v.email, 'attributes', v.attributes,"
    " 'first_seen_at', v.created_at, 'last_seen_at', v.seen_at)",
    "visitor v where v.account_id = :account_id and v.id = any(cast(:visitors as uuid[]))",
    "v.created_at, v.id",
)
_LEADS: Final = _list(
    f"jsonb_build_object('id', {_public('lead', 'l.id')},"
    f" 'conversation_id', case when l.conversation_id <> l.id then"
    f"  {_public('conv', 'l.conversation_id')} end,"
    " 'name', l.name, 'email', l.email, 'phone', l.phone, 'message', l.message,"
    " 'page_url', l.page_url, 'excerpt', l.excerpt,"
    " 'consent', case when l.consent_text is not null then jsonb_build_object('given', true,"
    "  'text', l.consent_text, 'at', l.consented_at, 'page_url', l.consent_page_url) end,"
    " 'created_at', l.created_at, 'updated_at', l.updated_at)",
    "lead l where l.account_id = :account_id and l.project_id = :project_id"
    " and (lower(l.email) = any(cast(:emails as text[])) or exists (select from conversation c"
    "  where c.account_id = l.account_id and c.id = l.conversation_id"
    "   and c.visitor_id = any(cast(:visitors as uuid[]))))",
    "l.created_at, l.id",
)
_PERSON: Final = text(
    f"select jsonb_build_object('exported_at', clock_timestamp(), 'visitors', {_VISITORS},"
    f" 'leads', {_LEADS})"
)

_OWN: Final = "account_id = c.account_id and {one}.conversation_id = c.id"
_MESSAGES: Final = _list(
    f"jsonb_build_object('id', {_public('msg', 'm.id')}, 'author', m.author,"
    " 'content', m.content, 'context', m.context, 'created_at', m.created_at,"
    " 'feedback', case when f.message_id is not null then"
    "  jsonb_build_object('rating', f.rating, 'reason', f.reason, 'created_at', f.created_at) end)",
    "message m left join feedback f on f.account_id = m.account_id and f.message_id = m.id"
    f" where m.{_OWN.format(one='m')}",
    "m.created_at, m.id",
)
_NOTES: Final = _list(
    "jsonb_build_object('content', n.content, 'created_at', n.created_at)",
    f"note n where n.{_OWN.format(one='n')}",
    "n.created_at, n.id",
)
_TAGS: Final = _list("t.tag", f"conversation_tag t where t.{_OWN.format(one='t')}", "t.tag")
_DRAFTS: Final = _list(
    "jsonb_build_object('kind', d.kind, 'content', d.content, 'updated_at', d.updated_at)",
    f"draft d where d.{_OWN.format(one='d')}",
    "d.updated_at",
)
_CALLS: Final = _list(
    "jsonb_build_object('parameters', a.parameters, 'response', a.response,"
    " 'begun_at', a.begun_at)",
    f"action_call a where a.{_OWN.format(one='a')}",
    "a.begun_at, a.id",
)
_CONVERSATIONS: Final = text(
    f"select jsonb_build_object('id', {_public('conv', 'c.id')}, 'state', c.state,"
    " 'page_url', c.page_url, 'created_at', c.created_at, 'updated_at', c.updated_at,"
    " 'rating', (select jsonb_build_object('score', s.score, 'comment', s.comment,"
    f"   'created_at', s.created_at) from satisfaction s where s.{_OWN.format(one='s')}),"
    f" 'messages', {_MESSAGES}, 'notes', {_NOTES}, 'tags', {_TAGS}, 'drafts', {_DRAFTS},"
    f" 'action_calls', {_CALLS}) as told"
    " from conversation c where c.account_id = :account_id and c.id = any(:ids) order by c.id"
)


async def visitors_and_leads(
    session: AsyncSession, project_id: ProjectId, person: Person
) -> dict[str, Any]:
    """Return a person's visitors and leads."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "visitors": [*person.visitors],
        "emails": [*person.emails],
    }
    found: dict[str, Any] = await session.scalar(_PERSON, parameters)
    return found


async def conversations(
    session: AsyncSession, ids: Sequence[ConversationId]
) -> Sequence[dict[str, Any]]:
    """Return conversations with messages, ratings, notes, tags, drafts and calls of actions."""
    parameters = {"account_id": tenant_of(session), "ids": [*ids]}
    return [row.told for row in await session.execute(_CONVERSATIONS, parameters)]
