"""Encodes our accounts, domains, agents, keys, items and conversations as Nova Chat does."""

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.accounts.api_keys.types import ApiKey
from answerdesk.accounts.types import Member
from answerdesk.agents.types import Agent
from answerdesk.answering.blocks import markdown
from answerdesk.conversations.history.types import ConversationSummary
from answerdesk.conversations.types import Author, ConversationState, Message
from answerdesk.dialects.novachat.schemas import (
    AgentOut,
    ContactOut,
    ConversationOut,
    DomainOut,
    ItemOut,
    KeyOut,
    Limits,
    MessageOut,
    SenderType,
    Status,
)
from answerdesk.kit.instants import instant
from answerdesk.knowledge.items.types import Item
from answerdesk.projects.domains.types import Domain

UNLIMITED: Final = 2_147_483_647

_STATUSES: Final[Mapping[ConversationState, Status]] = {
    "ai": "open",
    "human": "open",
    "waiting": "pending",
    "closed": "resolved",
}
_SENDERS: Final[Mapping[Author, SenderType]] = {
    "visitor": "contact",
    "assistant": "agent_bot",
    "human": "user",
}


def encode_limits(domains: int | None, agents: int | None, items: int | None) -> Limits:
    """Encode a plan's limits; None means no limit."""

    def told(limit: int | None) -> int:
        return UNLIMITED if limit is None else min(limit, UNLIMITED)

    return Limits(domains=told(domains), agents=told(agents), kb_items=told(items))


def encode_domain(domain: Domain, number: int, agent: int | None) -> DomainOut:
    """Encode a domain; an inbox is what it is to clients of Chatwoot."""
    return DomainOut(
        id=number,
        website_url=domain.website_url,
        label=domain.label,
        website_token=domain.website_token,
        chatwoot_inbox_id=number,
        novachat_inbox_id=number,
        ai_bot_config_id=agent,
        is_active=domain.is_active,
        created_at=instant(domain.created_at),
    )


def widget_code(base_url: str, domain: Domain) -> str:
    """Return the snippet for a website's pages."""
    return (
        f'<script src="{html.escape(base_url)}/nova-widget-sdk-v2.js"'
        f' data-token="{domain.website_token}"></script>'
    )


def encode_agent(agent: Agent, number: int) -> AgentOut:
    """Encode an AI agent."""
    return AgentOut(
        id=number,
        type="ai",
        bot_name=agent.name,
        greeting_message=agent.settings.greeting or "",
        system_prompt=agent.settings.instructions,
    )


def encode_member(member: Member, number: int, *, whole: bool) -> AgentOut:
    """Encode a person of the account: id and name, or the `whole`."""
    return AgentOut(
        id=number,
        type="human",
        name=member.name,
        email=member.email if whole else None,
        role=member.role if whole else None,
    )


def encode_key(key: ApiKey, number: int) -> KeyOut:
    """Encode a key; its permissions are what its scopes let it do, if only with some things."""
    permissions = sorted({scope.rpartition(":")[2] for scope in key.scopes})
    return KeyOut(
        id=number, name=key.name, permissions=permissions, created_at=instant(key.created_at)
    )


def encode_item(item: Item, number: int) -> ItemOut:
    """Encode a Q&A item."""
    return ItemOut(
        id=number,
        title=item.question,
        content=item.answer,
        category=item.category,
        tags=list(item.tags),
        created_at=instant(item.created_at),
        updated_at=instant(item.updated_at),
    )


def encode_items(items: Iterable[Item], numbers: Mapping[UUID, int]) -> list[ItemOut]:
    """Encode items in their order."""
    return [encode_item(one, numbers[one.id]) for one in items]


def encode_conversation(
    number: int,
    state: ConversationState,
    contact: tuple[str | None, str | None],
    times: tuple[datetime, datetime],
) -> ConversationOut:
    """Encode a conversation; `contact` is name and e-mail, `times` when it began and changed."""
    name, email = contact
    return ConversationOut(
        id=number,
        status=_STATUSES[state],
        contact=ContactOut(name=name or "", email=email or ""),
        created_at=instant(times[0]),
        updated_at=instant(times[1]),
    )


def encode_summary(one: ConversationSummary, number: int) -> ConversationOut:
    """Encode a conversation as the account's programs see it."""
    contact = (None, None) if one.visitor is None else (one.visitor.name, one.visitor.email)
    return encode_conversation(number, one.state, contact, (one.created_at, one.updated_at))


def encode_messages(
    messages: Sequence[Message], conversation: int, numbers: Mapping[UUID, int]
) -> list[MessageOut]:
    """Encode a conversation's messages in their order."""
    return [
        MessageOut(
            id=numbers[one.id],
            conversation_id=conversation,
            content=markdown(one.blocks) if one.author == "assistant" else one.content,
            sender_type=_SENDERS[one.author],
            created_at=instant(one.created_at),
        )
        for one in messages
    ]
