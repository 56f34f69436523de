"""Asynchronous requests: an agent's response goes to a webhook later, as a person's would."""

from answerdesk.agents.service import find_agent
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.delayed_replies import service
from answerdesk.delayed_replies.dependencies import DelayedRepliesOf, ReplyIdOf
from answerdesk.delayed_replies.types import DELAYED_REPLY_PREFIX, DelayedReply, ReplyDraft
from answerdesk.dialects.novaro.dependencies import (
    Reader,
    Writer,
    parse_agent_id,
    parse_context_id,
    parse_webhook_id,
)
from answerdesk.dialects.novaro.schemas import AsyncBody, AsyncOut, AsyncScheduled
from answerdesk.webhooks.service import get_endpoint


async def request_later(
    body: AsyncBody, caller: Writer, database: DatabaseOf, replies: DelayedRepliesOf
) -> AsyncScheduled:
    """Request a response to be delivered to a webhook when the agent would have found the time.

    What you send is kept, sealed, until it is delivered, cancelled or has failed for good.
    """
    agent_id, webhook_id = parse_agent_id(body.agent_id), parse_webhook_id(body.webhook_id)
    context_ids = [parse_context_id(one) for one in body.contexts]
    async with database.transaction(caller.account_id) as session:
        draft = ReplyDraft(
            agent=await find_agent(session, caller, agent_id),
            endpoint=await get_endpoint(session, caller, webhook_id),
            messages=body.said(),
            reference=body.reference,
            context_ids=context_ids,
        )
        reply = await replies.request(session, draft)
    return AsyncScheduled(
        id=public_id(DELAYED_REPLY_PREFIX, reply.id),
        reference=body.reference,
        scheduled_for=_seconds(reply),
    )


async def get_request(
    reply_id: ReplyIdOf, caller: Reader, database: DatabaseOf, replies: DelayedRepliesOf
) -> AsyncOut:
    """Show an asynchronous request and whether its response has been delivered."""
    async with database.transaction(caller.account_id) as session:
        reply = await service.get_delayed_reply(session, caller, reply_id)
        reference = await replies.reference_of(session, reply)
    return AsyncOut(
        id=public_id(DELAYED_REPLY_PREFIX, reply.id),
        reference=reference,
        scheduled_for=_seconds(reply),
        state=reply.state,
        reason=reply.reason,
    )


async def cancel_request(reply_id: ReplyIdOf, caller: Writer, database: DatabaseOf) -> None:
    """Cancel a request whose response is not delivered yet; what was sent is forgotten at once."""
    async with database.transaction(caller.account_id) as session:
        await service.cancel_delayed_reply(session, caller, reply_id)


def _seconds(reply: DelayedReply) -> int:
    return int(reply.scheduled_for.timestamp())
