"""The native API of replies: an agent answers what a request brings along, now or later."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Principal
from answerdesk.agents.contexts.service import context_not_found, find_contexts
from answerdesk.agents.contexts.types import CONTEXT_PREFIX
from answerdesk.agents.dependencies import AgentIdOf, ProjectWrite, Reader, Writer
from answerdesk.agents.service import get_agent
from answerdesk.agents.types import AGENT_PREFIX, Agent
from answerdesk.answering.markdown import markdown
from answerdesk.answering.stateless import (
    MOST_CONTEXTS,
    MOST_MESSAGES,
    Role,
    Said,
    answer_stateless_whole,
    stateless_request_to,
)
from answerdesk.answering.types import Abstain, Answer, SmallTalk
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.schemas import CitedSource
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.errors import NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import ConversationId, ProjectId, parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.text import CleanText
from answerdesk.delayed_replies import service
from answerdesk.delayed_replies.dependencies import DelayedRepliesOf, ReplyIdOf
from answerdesk.delayed_replies.types import (
    DELAYED_REPLY_PREFIX,
    REFERENCE_LENGTH,
    DelayedReply,
    Reason,
    ReplyDraft,
    ReplyState,
)
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.webhooks.errors import webhook_not_found
from answerdesk.webhooks.service import get_endpoint
from answerdesk.webhooks.types import WEBHOOK_PREFIX

CONTENT_LENGTH: Final = 20_000

Id = Annotated[CleanText, Field(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChatMessageIn(_Strict):
    """One message of a chat."""

    role: Role
    content: CleanText = Field(max_length=CONTENT_LENGTH)


class ReplyRequest(_Strict):
    """A chat so far, oldest message first; the last one is the user's, which is answered."""

    deliver: Literal["now", "later"] = Field(
        default="now",
        description="`now`: the response is the answer. `later`: the answer is sent to "
        "`webhook_id` when the agent would have found the time.",
    )
    messages: tuple[ChatMessageIn, ...] = Field(min_length=1, max_length=MOST_MESSAGES)
    context_ids: tuple[Id, ...] = Field(
        default=(), max_length=MOST_CONTEXTS, description="Contexts of the agent's project."
    )
    webhook_id: Id | None = Field(
        default=None,
        description="With `later`: a webhook with the format `standard` or `novaro`.",
    )
    reference: Annotated[CleanText, Field(max_length=REFERENCE_LENGTH)] | None = Field(
        default=None, description="With `later`: sent back with the answer."
    )
    conversation_id: Id | None = Field(
        default=None,
        description="With `later`: nothing is sent if by then a person has this conversation, or "
        "it is closed.",
    )

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.deliver == "later":
            if self.webhook_id is None:
                msg = "webhook_id is missing: name the webhook that gets the answer later"
                raise ValueError(msg)
            return self
        for name in ("webhook_id", "reference", "conversation_id"):
            if getattr(self, name) is not None:
                msg = f'{name} is only for replies with "deliver": "later"'
                raise ValueError(msg)
        return self

    def said(self) -> list[Said]:
        return [Said(one.role, one.content) for one in self.messages]


class ReplyOut(BaseModel):
    """An agent's answer, as Markdown. Neither it nor the chat is stored.

    `confidence` is the probability that it is right, 0 to 1.
    """

    content: str
    sources: list[CitedSource]
    confidence: float
    abstained: bool = Field(description="It says that the knowledge holds no answer.")

    @classmethod
    def of(
        cls, decision: Answer | Abstain | SmallTalk, project_id: ProjectId, base_url: str
    ) -> "ReplyOut":
        return cls(
            content=markdown(decision.blocks),
            sources=CitedSource.all_of(decision.citations, project_id, base_url),
            confidence=1.0 if decision.confidence is None else decision.confidence,
            abstained=isinstance(decision, Abstain),
        )


class DelayedReplyOut(BaseModel):
    """An answer that is sent to a webhook later.

    `reference` is null once the request has been answered or cancelled, for then it is not kept.
    """

    id: str
    project_id: str
    agent_id: str
    webhook_id: str
    conversation_id: str | None
    reference: str | None
    state: ReplyState
    reason: Reason | None = Field(description="Why it was not delivered.")
    scheduled_for: datetime
    created_at: datetime

    @classmethod
    def of(cls, reply: DelayedReply, reference: str | None) -> "DelayedReplyOut":
        conversation_id = reply.conversation_id
        return cls(
            id=public_id(DELAYED_REPLY_PREFIX, reply.id),
            project_id=public_id(PROJECT_PREFIX, reply.project_id),
            agent_id=public_id(AGENT_PREFIX, reply.agent_id),
            webhook_id=public_id(WEBHOOK_PREFIX, reply.endpoint_id),
            conversation_id=(
                None if conversation_id is None else public_id(CONVERSATION_PREFIX, conversation_id)
            ),
            reference=reference,
            state=reply.state,
            reason=reply.reason,
            scheduled_for=reply.scheduled_for,
            created_at=reply.created_at,
        )


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["replies"], route_class=bounded_route(settings.max_json_bytes))
    router.add_api_route(
        "/v1/projects/{project_id}/agents/{agent_id}/replies",
        request_reply,
        methods=["POST"],
        response_model=None,  # It differs by status.
        responses={
            **problems(409),
            status.HTTP_200_OK: {"model": ReplyOut, "description": "With `now`: the answer."},
            status.HTTP_202_ACCEPTED: {
                "model": DelayedReplyOut,
                "description": "With `later`: when the answer will be sent.",
            },
        },
    )
    one = "/v1/delayed-replies/{reply_id}"
    router.add_api_route(one, get_delayed_reply)
    router.add_api_route(
        one,
        cancel_delayed_reply,
        methods=["DELETE"],
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(409),
    )
    return router


async def request_reply(
    body: ReplyRequest,
    agent_id: AgentIdOf,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    replies: DelayedRepliesOf,
    base_url: BaseUrl,
    response: Response,
) -> ReplyOut | DelayedReplyOut:
    """Have an agent answer a chat that the request brings along, now or later.

    Later is drawn at random within the agent's working hours, at most 24 hours from now, as a
    person would find the time. What you send is kept, sealed, until the answer is delivered.
    """
    async with database.transaction(caller.account_id) as session:
        agent = await get_agent(session, project.id, agent_id)
        if body.webhook_id is not None:
            draft = await _draft(session, caller, agent, body)
            reply = await replies.request(session, draft)
            response.status_code = status.HTTP_202_ACCEPTED
            return DelayedReplyOut.of(reply, body.reference)
        contexts = await find_contexts(session, agent.project_id, _context_ids(body))
    asked = stateless_request_to(agent, body.said(), contexts)
    asked = (await replies.writers.of_agent(agent, numbered=False)).asked(asked)
    decision = await answer_stateless_whole(replies.answering, asked)
    return ReplyOut.of(decision, project.id, base_url)


async def _draft(
    session: AsyncSession, caller: Principal, agent: Agent, body: ReplyRequest
) -> ReplyDraft:
    webhook_id = _parsed(WEBHOOK_PREFIX, body.webhook_id, webhook_not_found)
    conversation_id = _parsed(CONVERSATION_PREFIX, body.conversation_id, conversation_not_found)
    assert webhook_id is not None  # noqa: S101  # The body's own check.
    return ReplyDraft(
        agent=agent,
        endpoint=await get_endpoint(session, caller, webhook_id),
        messages=body.said(),
        reference=body.reference,
        context_ids=_context_ids(body),
        conversation_id=None if conversation_id is None else ConversationId(conversation_id),
    )


def _context_ids(body: ReplyRequest) -> list[UUID]:
    named = (_parsed(CONTEXT_PREFIX, one, context_not_found) for one in body.context_ids)
    return [one for one in named if one is not None]


def _parsed(prefix: str, text: str | None, missing: Callable[[], NotFound]) -> UUID | None:
    if text is None:
        return None
    value = parse_public_id(prefix, text)
    if value is None:
        raise missing()
    return value


async def get_delayed_reply(
    reply_id: ReplyIdOf, caller: Reader, database: DatabaseOf, replies: DelayedRepliesOf
) -> DelayedReplyOut:
    """Show a delayed reply and whether it has been delivered."""
    async with database.transaction(caller.account_id) as session:
        reply = await service.get_delayed_reply(session, caller, reply_id)
        reference = await replies.reference_of(session, reply)
    return DelayedReplyOut.of(reply, reference)


async def cancel_delayed_reply(reply_id: ReplyIdOf, caller: Writer, database: DatabaseOf) -> None:
    """Cancel a delayed reply that is not delivered yet; what was asked is forgotten at once.

    An attempt to deliver that is under way may still arrive.
    """
    async with database.transaction(caller.account_id) as session:
        await service.cancel_delayed_reply(session, caller, reply_id)
