"""Delayed replies: request, look, cancel; answer when the time has come, and hand over once.

A reply is `scheduled` for a time on the database's clock. The job of that time answers statelessly
and, in one transaction, hands the finished body to the webhook's deliveries, notes the delivery and
deletes what was sealed of the request. A crash before that commit answers again; after it nobody
does, so there is one text and one `webhook-id`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Principal, owner_principal
from answerdesk.accounts.secrets import delete_secret, get_secret, put_secret
from answerdesk.accounts.service import get_account
from answerdesk.agents.contexts.service import find_contexts
from answerdesk.agents.service import get_agent
from answerdesk.agents.types import AGENT_PREFIX, Agent
from answerdesk.answering.markdown import markdown
from answerdesk.answering.service import Answering
from answerdesk.answering.stateless import Said, answer_stateless_whole, stateless_request_to
from answerdesk.answering.types import AnswerRequest
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.handoff import SILENT_STATES
from answerdesk.conversations.reply.writers import Writers
from answerdesk.conversations.service import get_conversation
from answerdesk.conversations.types import CONVERSATION_PREFIX, OfTheAccount
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database
from answerdesk.core.due import cancel, schedule
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, new_id, public_id
from answerdesk.delayed_replies import errors, repository
from answerdesk.delayed_replies.timing import Delays, due_time
from answerdesk.delayed_replies.types import (
    DELAYED_REPLY_PREFIX,
    MOST_BYTES,
    MOST_PENDING,
    MOST_PENDING_BYTES,
    AnsweredRequest,
    AskedRequest,
    DelayedReply,
    Reason,
    ReplyDraft,
    ReplyEncoders,
)
from answerdesk.kit.instants import instant
from answerdesk.projects.service import get_project
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.webhooks.deliveries import service as deliveries
from answerdesk.webhooks.deliveries.types import DeliveryState
from answerdesk.webhooks.encoding import written
from answerdesk.webhooks.secrets import secret_of
from answerdesk.webhooks.service import get_endpoint
from answerdesk.webhooks.types import Endpoint

ANSWER: Final = "delayed_replies.answer"
ANSWERED: Final = "delayed_reply.answered"
"""The type of what is sent: no event, since nothing of it may be kept."""

_SEALED: Final = "delayed_reply"
_ERASED_AT_ONCE: Final = 500
_CANCELLED: Final = frozenset[Reason](
    {"cancelled", "conversation_with_person", "conversation_closed", "conversation_deleted"}
)
"""Reasons of somebody's; the others are failures."""


def _key(reply_id: UUID) -> str:
    return f"{ANSWER}:{reply_id}"


@dataclass(frozen=True, slots=True)
class DelayedReplies:
    """Takes requests and answers them when it is time.

    `encoders` write the body of each format that replies can be sent in. `random` draws the delays.
    """

    database: Database
    sealer: Sealer
    answering: Answering
    writers: Writers
    encoders: ReplyEncoders
    delays: Delays
    random: Random

    async def request(self, session: AsyncSession, draft: ReplyDraft) -> DelayedReply:
        """Have the agent answer later. Its caller must reach the agent and the endpoint.

        Raises NotFound for a context or conversation of another project, InvalidInput, Conflict for
        a disabled endpoint, and RateLimited if too many wait already.
        """
        asked = AskedRequest(draft.messages, draft.reference, draft.context_ids)
        plain = _plain(asked)
        await self._require_fit(session, draft, len(plain))
        standing = await repository.standing(session)
        if standing.pending >= MOST_PENDING or standing.bytes + len(plain) > MOST_PENDING_BYTES:
            raise errors.too_many_pending()
        reply = await repository.add(
            session,
            new_id(),
            draft,
            size=len(plain),
            created_at=standing.now,
            scheduled_for=due_time(standing.now, draft.agent.profile, self.delays, self.random),
        )
        await put_secret(session, self.sealer, reply.id, _SEALED, plain)
        await schedule(
            session,
            ANSWER,
            account_id=reply.account_id,
            payload={"reply_id": str(reply.id)},
            run_at=reply.scheduled_for,
            key=_key(reply.id),
        )
        return reply

    async def _require_fit(self, session: AsyncSession, draft: ReplyDraft, size: int) -> None:
        contexts = await find_contexts(session, draft.agent.project_id, draft.context_ids)
        stateless_request_to(draft.agent, draft.messages, contexts)
        if size > MOST_BYTES:
            raise errors.request_too_large(size)
        if draft.endpoint.format not in self.encoders:
            raise errors.format_has_no_replies(draft.endpoint.format, self.encoders)
        if not draft.endpoint.enabled:
            raise errors.webhook_disabled()
        if draft.conversation_id is not None:
            found = await get_conversation(session, draft.conversation_id, OfTheAccount())
            if found.project_id != draft.agent.project_id:
                raise conversation_not_found()

    async def reference_of(self, session: AsyncSession, reply: DelayedReply) -> str | None:
        """Return a reply's reference; None once it is no longer kept."""
        asked = await self._asked(session, reply.id) if reply.state == "scheduled" else None
        return None if asked is None else asked.reference

    async def _asked(self, session: AsyncSession, reply_id: UUID) -> AskedRequest | None:
        plain = await get_secret(session, self.sealer, reply_id, _SEALED)
        return None if plain is None else _opened(plain)

    async def answer(self, account_id: AccountId, reply_id: UUID) -> None:
        """Answer a request whose time has come, and have the answer delivered.

        Nothing happens to one that has been answered or cancelled.
        """
        async with self.database.transaction(account_id) as session:
            found = await self._wanted(session, reply_id)
            asked = None if found is None else await self._asked(session, reply_id)
            if found is None or asked is None:
                return
            agent = found[1]
            request = await _request_of(session, agent, asked)
        request = (await self.writers.of_agent(agent, numbered=False)).asked(request)
        decision = await answer_stateless_whole(self.answering, request)
        async with self.database.transaction(account_id) as session:
            found = await self._wanted(session, reply_id)
            if found is None:
                return
            reply, _, endpoint = found
            answered = AnsweredRequest(
                reply, asked, markdown(decision.blocks), await repository.now(session)
            )
            await self._hand_over(session, endpoint, answered)

    async def _hand_over(
        self, session: AsyncSession, endpoint: Endpoint, answered: AnsweredRequest
    ) -> None:
        reply = answered.reply
        secret = await secret_of(session, self.sealer, endpoint.id)
        body = written(self.encoders[endpoint.format](answered, secret))
        about = [one for one in (reply.project_id, reply.conversation_id) if one is not None]
        await delete_secret(session, reply.id, _SEALED)
        delivery_id = await deliveries.send(
            session, self.sealer, endpoint, type=ANSWERED, body=body, private=True, about=about
        )
        await repository.note_delivery(session, reply.id, delivery_id)

    async def _wanted(
        self, session: AsyncSession, reply_id: UUID
    ) -> tuple[DelayedReply, Agent, Endpoint] | None:
        """Lock a reply that is still to be answered; end it if that is no longer possible."""
        reply = await repository.lock_scheduled(session, reply_id)
        if reply is None:
            return None
        reason = await _told_to_stop(session, reply)
        if reason is not None:
            await _end(session, reply_id, reason)
            return None
        try:
            await get_project(session, reply.project_id)
            agent = await get_agent(session, reply.project_id, reply.agent_id)
        except NotFound:
            await _end(session, reply_id, "agent_deleted")
            return None
        try:
            endpoint = await get_endpoint(
                session, owner_principal(reply.account_id), reply.endpoint_id
            )
        except NotFound:
            await _end(session, reply_id, "webhook_deleted")
            return None
        if not endpoint.enabled:
            await _end(session, reply_id, "webhook_disabled")
            return None
        return reply, agent, endpoint

    async def give_up(self, account_id: AccountId, reply_id: UUID) -> None:
        """End a reply that could not be answered, however often that was tried."""
        async with self.database.transaction(account_id) as session:
            await _end(session, reply_id, "answer_failed")


async def get_delayed_reply(
    session: AsyncSession, caller: Principal, reply_id: UUID
) -> DelayedReply:
    """Return a reply to an agent that the caller reaches; raises NotFound for any other id."""
    reply = await repository.get(session, reply_id)
    if reply is None:
        raise errors.delayed_reply_not_found()
    if caller.projects is not None and reply.project_id not in caller.projects:
        raise errors.delayed_reply_not_found()
    if reply.delivery_id is None:
        return reply
    states = await deliveries.states_of(session, [reply.delivery_id])
    state = states.get(reply.delivery_id)
    if state is None:
        # The webhook was deleted meanwhile; the row goes with its delivery.
        raise errors.delayed_reply_not_found()
    return _following(reply, state)


def _following(reply: DelayedReply, delivery: DeliveryState) -> DelayedReply:
    match delivery:
        case "pending":
            return reply
        case "delivered":
            return replace(reply, state="delivered")
        case "failed":
            return replace(reply, state="failed", reason="delivery_failed")
        case "cancelled":
            return replace(reply, state="cancelled", reason="cancelled")


async def cancel_delayed_reply(session: AsyncSession, caller: Principal, reply_id: UUID) -> None:
    """Cancel a reply that is not delivered yet, and forget what was asked.

    An attempt to deliver that is under way may still arrive. Raises NotFound, and Conflict if it is
    delivered or has failed.
    """
    reply = await get_delayed_reply(session, caller, reply_id)
    if reply.state == "scheduled":
        if await _end(session, reply_id, "cancelled"):
            return
        reply = await get_delayed_reply(session, caller, reply_id)
    if (
        reply.state == "delivering"
        and reply.delivery_id is not None
        and not await deliveries.cancel(session, reply.delivery_id)
    ):
        reply = await get_delayed_reply(session, caller, reply_id)
    if reply.state in ("delivered", "failed"):
        raise errors.already_ended(reply.state)


async def cancel_about(session: AsyncSession, conversation_id: ConversationId) -> int:
    """Cancel what waits about a conversation that is erased; return how many replies."""
    ended = 0
    for reply_id in await repository.scheduled_of(session, conversation_id):
        ended += await _end(session, reply_id, "conversation_deleted")
    return ended


async def erase_delayed_replies(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some of the project's replies; return how many, 0 if none is left."""
    await deliveries.cancel_about(session, project_id)
    return await repository.erase_some(session, project_id, _ERASED_AT_ONCE)


async def _told_to_stop(session: AsyncSession, reply: DelayedReply) -> Reason | None:
    """Return why nobody wants the reply any more, if so."""
    if (await get_account(session)).suspended:
        return "account_suspended"
    if reply.conversation_id is None:
        return None
    try:
        found = await get_conversation(session, reply.conversation_id, OfTheAccount())
    except NotFound:
        return "conversation_deleted"
    if found.state in SILENT_STATES:
        return "conversation_with_person"
    return "conversation_closed" if found.state == "closed" else None


async def _end(session: AsyncSession, reply_id: UUID, reason: Reason) -> bool:
    """End a reply that still waits for its time; tell whether it did."""
    state: Literal["cancelled", "failed"] = "cancelled" if reason in _CANCELLED else "failed"
    if not await repository.end(session, reply_id, state, reason):
        return False
    await delete_secret(session, reply_id, _SEALED)
    await cancel(session, key=_key(reply_id))
    return True


async def _request_of(session: AsyncSession, agent: Agent, asked: AskedRequest) -> AnswerRequest:
    # What a context said before it was deleted is gone.
    contexts = await find_contexts(session, agent.project_id, asked.context_ids, missing_ok=True)
    return stateless_request_to(agent, asked.messages, contexts)


def _plain(asked: AskedRequest) -> bytes:
    return written(
        {
            "messages": [[one.role, one.content, one.created_at] for one in asked.messages],
            "reference": asked.reference,
            "context_ids": [one.hex for one in asked.context_ids],
        }
    )


def _opened(plain: bytes) -> AskedRequest:
    asked = json.loads(plain)
    return AskedRequest(
        [Said(*one) for one in asked["messages"]],
        asked["reference"],
        [UUID(one) for one in asked["context_ids"]],
    )


def standard_body(answered: AnsweredRequest, _: str) -> Mapping[str, Any]:
    """Write a reply in our own format. It has no message of the request: whoever sent it has it."""
    reply = answered.reply
    conversation_id = reply.conversation_id
    return {
        "id": public_id(DELAYED_REPLY_PREFIX, reply.id),
        "type": ANSWERED,
        "timestamp": instant(answered.answered_at),
        "project_id": public_id(PROJECT_PREFIX, reply.project_id),
        "data": {
            "reference": answered.asked.reference,
            "agent_id": public_id(AGENT_PREFIX, reply.agent_id),
            "conversation_id": (
                None if conversation_id is None else public_id(CONVERSATION_PREFIX, conversation_id)
            ),
            "content": answered.content,
        },
    }
