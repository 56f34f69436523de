"""Dependencies of Novaro's endpoints: who calls, and what a request names."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.agents.contexts.service import context_not_found
from answerdesk.agents.contexts.types import CONTEXT_PREFIX
from answerdesk.agents.errors import agent_not_found
from answerdesk.agents.types import AGENT_PREFIX
from answerdesk.answering.service import Answering
from answerdesk.conversations.reply.writers import Writers
from answerdesk.core.tenancy import parse_public_id
from answerdesk.webhooks.errors import webhook_not_found
from answerdesk.webhooks.types import WEBHOOK_PREFIX

Reader = Annotated[Principal, needs("agents:read")]
Writer = Annotated[Principal, needs("agents:write")]


async def _answering(request: Request) -> Answering:
    answering: Answering = request.app.state.application.answering
    return answering


AnsweringOf = Annotated[Answering, Depends(_answering)]


async def _writers(request: Request) -> Writers:
    writers: Writers = request.app.state.application.writers
    return writers


WritersOf = Annotated[Writers, Depends(_writers)]


async def _wants_stream(request: Request) -> bool:
    # Not declared as a header: OpenAPI tells of it by the responses' media types.
    ranges = request.headers.get("accept", "").lower().split(",")
    return any(one.partition(";")[0].strip() == "text/event-stream" for one in ranges)


WantsStream = Annotated[bool, Depends(_wants_stream)]


def parse_agent_id(text: str) -> UUID:
    """Parse an agent's id, which may be anybody's; raises NotFound for any other text."""
    value = parse_public_id(AGENT_PREFIX, text)
    if value is None:
        raise agent_not_found()
    return value


def parse_context_id(text: str) -> UUID:
    """Parse a context's id, which may be anybody's; raises NotFound for any other text."""
    value = parse_public_id(CONTEXT_PREFIX, text)
    if value is None:
        raise context_not_found()
    return value


def parse_webhook_id(text: str) -> UUID:
    """Parse a webhook's id, which may be anybody's; raises NotFound for any other text."""
    value = parse_public_id(WEBHOOK_PREFIX, text)
    if value is None:
        raise webhook_not_found()
    return value


async def _agent_id(agent_id: str) -> UUID:
    return parse_agent_id(agent_id)


async def _context_id(context_id: str) -> UUID:
    return parse_context_id(context_id)


AgentIdOf = Annotated[UUID, Depends(_agent_id)]
ContextIdOf = Annotated[UUID, Depends(_context_id)]
