"""Encodes our accounts, domains, agents, keys, items and conversations as Nova Chat does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.accounts.api_keys.types import ApiKey
from answerdesk.accounts.types import Member
from answerdesk.agents.types import Agent
from answerdesk.answering.blocks import plain_text
from answerdesk.conversations.history.types import ConversationSummary, VisitorOfConversation
from answerdesk.conversations.types import Author, ConversationState, Message
from answerdesk.dialects.novachat.schemas import (
    AgentOut,
    ContactOut,
    ConversationOut,
    DomainOut,
    DraftOut,
    ItemOut,
    KeyOut,
    Limits,
    ManagedConversation,
    MessageOut,
    SenderType,
    Status,
    TargetStatus,
)
from answerdesk.inbox.service_levels.types import Tally
from answerdesk.insights.drafts.types import Draft
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


def encode_draft(draft: Draft, number: int) -> DraftOut:
    """Encode a draft of an item."""
    return DraftOut(
        id=number,
        title=draft.question,
        content=draft.answer,
        category=draft.category,
        tags=list(draft.tags),
    )


def encode_items(items: Iterable[Item], numbers: Mapping[UUID, int]) -> list[ItemOut]:
    """Encode items in their order."""
    return [encode_item(one, numbers[one.id]) for one in items]


def encode_conversation(
    number: int,
    state: ConversationState,
    contact: ContactOut,
    times: tuple[datetime, datetime],
) -> ConversationOut:
    """Encode a conversation; `times` are when it began and changed."""
    return ConversationOut(
        id=number,
        status=_STATUSES[state],
        contact=contact,
        created_at=instant(times[0]),
        updated_at=instant(times[1]),
    )


def encode_contact(visitor: VisitorOfConversation | None) -> ContactOut:
    """Encode a conversation's visitor; unknown parts are empty."""
    if visitor is None:
        return ContactOut(name="", email="")
    return ContactOut(name=visitor.name or "", email=visitor.email or "")


def encode_summary(
    one: ConversationSummary, number: int, people: Mapping[UUID, int]
) -> ManagedConversation:
    """Encode a conversation as the account's programs see it; `people` are numbers of users."""
    times = (one.created_at, one.updated_at)
    assignee = None if one.assignee_id is None else people[one.assignee_id]
    shown = encode_conversation(number, one.state, encode_contact(one.visitor), times)
    return ManagedConversation(**shown.model_dump(), assignee_id=assignee)


def encode_target(tallies: Sequence[Tally]) -> TargetStatus:
    """Encode how the clocks of one target have gone, counted together."""
    return TargetStatus(
        met=sum(one.met for one in tallies),
        breached=sum(one.breached for one in tallies),
        running=sum(one.running for one in tallies),
        cancelled=sum(one.cancelled for one in tallies),
    )


def encode_messages(
    messages: Sequence[Message], conversation: int, numbers: Mapping[UUID, int]
) -> list[MessageOut]:
    """Encode a conversation's messages in their order."""
    return [
        MessageOut(
            id=numbers[one.id],
            conversation_id=conversation,
            content=plain_text(one.blocks) if one.author == "assistant" else one.content,
            sender_type=_SENDERS[one.author],
            created_at=instant(one.created_at),
        )
        for one in messages
    ]
