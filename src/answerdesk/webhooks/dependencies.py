"""The endpoint named in a path, and what the caller may do with endpoints."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.tenancy import parse_public_id
from answerdesk.webhooks.errors import webhook_not_found
from answerdesk.webhooks.service import Endpoints
from answerdesk.webhooks.types import WEBHOOK_PREFIX

Reader = Annotated[Principal, needs("webhooks:read")]
Writer = Annotated[Principal, needs("webhooks:write")]


async def _endpoints(request: Request) -> Endpoints:
    endpoints: Endpoints = request.app.state.application.webhooks
    return endpoints


EndpointsOf = Annotated[Endpoints, Depends(_endpoints)]


async def _webhook_id(webhook_id: str) -> UUID:
    value = parse_public_id(WEBHOOK_PREFIX, webhook_id)
    if value is None:
        raise webhook_not_found()
    return value


WebhookIdOf = Annotated[UUID, Depends(_webhook_id)]
"""The endpoint's id in a path, which may be anybody's."""
