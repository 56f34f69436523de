"""Novaro's webhooks: nothing is sent to them but responses to asynchronous requests."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from answerdesk.agents.service import named_project
from answerdesk.answering.stateless import Said
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import PagingOf
from answerdesk.delayed_replies.types import AnsweredRequest
from answerdesk.dialects.novaro.schemas import WebhookBody, WebhookList, WebhookMade, WebhookOut
from answerdesk.webhooks.dependencies import EndpointsOf, Reader, Writer
from answerdesk.webhooks.service import list_endpoints
from answerdesk.webhooks.types import WEBHOOK_PREFIX, EndpointDraft

_LIST: Final = "novaro-webhooks"


async def list_webhooks(caller: Reader, page: PagingOf, database: DatabaseOf) -> WebhookList:
    """List the webhooks, oldest first."""
    place = page.after(_LIST, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        found = await list_endpoints(
            session, caller, formats=("novaro",), after=place, limit=page.fetch
        )
    shown, cursor = page.cut(_LIST, found, lambda one: (one.created_at, one.id))
    listed = [WebhookOut(id=public_id(WEBHOOK_PREFIX, one.id), url=one.url) for one in shown]
    return WebhookList(webhooks=listed, next_cursor=cursor)


async def create_webhook(
    body: WebhookBody, caller: Writer, database: DatabaseOf, endpoints: EndpointsOf
) -> WebhookMade:
    """Create a webhook. Its secret is shown only now."""
    await endpoints.require_url(body.url)
    async with database.transaction(caller.account_id) as session:
        project_id = None
        if body.project_id is not None or caller.projects is not None:
            project_id = await named_project(session, caller, body.project_id)
        draft = EndpointDraft(url=body.url, format="novaro", project_id=project_id)
        made, secret = await endpoints.create(session, caller, draft)
    return WebhookMade(id=public_id(WEBHOOK_PREFIX, made.id), url=made.url, secret=secret)


def response_body(answered: AnsweredRequest, secret: str) -> Mapping[str, Any]:
    """Write a response as Novaro does: after the request's messages, with the secret's hash."""
    received = int(answered.reply.created_at.timestamp())
    now = int(answered.answered_at.timestamp())
    said = [*answered.asked.messages, Said("assistant", answered.content, now)]
    return {
        "messages": [
            {"role": one.role, "createdAt": _seconds(one, received), "content": one.content}
            for one in said
        ],
        "reference": answered.asked.reference or "",
        "secret": hashlib.sha256(secret.encode()).hexdigest(),
    }


def _seconds(said: Said, received: int) -> float:
    """Return a message's time as it was given, or else when the request came."""
    given = said.created_at
    if given is None:
        return received
    return int(given) if given == int(given) else given
