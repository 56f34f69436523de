"""Dependencies of endpoints for visitors: services, the request's origin, the caller."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from answerdesk.conversations.errors import visitor_token_missing
from answerdesk.conversations.playground import Playground
from answerdesk.conversations.reply.service import Reply
from answerdesk.conversations.suggesting import Suggestions
from answerdesk.conversations.types import RequestOrigin, Visitor
from answerdesk.conversations.visitors.address_limits import AddressLimits
from answerdesk.conversations.visitors.service import Visitors
from answerdesk.conversations.visitors.tokens import VisitorClaims
from answerdesk.core.web.client_address import client_address
from answerdesk.core.web.dependencies import BaseUrl

_LONGEST_ORIGIN = 300

_bearer = HTTPBearer(
    scheme_name="visitor",
    auto_error=False,
    bearerFormat="JWT",
    description="A visitor token, as returned by `POST /v1/visitor/session`.",
)


async def _reply(request: Request) -> Reply:
    reply: Reply = request.app.state.application.reply
    return reply


async def _playground(request: Request) -> Playground:
    playground: Playground = request.app.state.application.playground
    return playground


async def _suggestions(request: Request) -> Suggestions:
    suggestions: Suggestions = request.app.state.application.suggestions
    return suggestions


async def _visitors(request: Request) -> Visitors:
    visitors: Visitors = request.app.state.application.visitors
    return visitors


async def _address_limits(request: Request) -> AddressLimits:
    limits: AddressLimits = request.app.state.application.address_limits
    return limits


async def _origin(request: Request, base_url: BaseUrl) -> RequestOrigin:
    said = request.headers.get("origin")
    # No real page has a longer origin; cut off, it matches no allowed origin.
    return RequestOrigin(None if said is None else said[:_LONGEST_ORIGIN], base_url)


async def _client_address(request: Request) -> str:
    return client_address(request)


ReplyOf = Annotated[Reply, Depends(_reply)]
PlaygroundOf = Annotated[Playground, Depends(_playground)]
SuggestionsOf = Annotated[Suggestions, Depends(_suggestions)]
VisitorsOf = Annotated[Visitors, Depends(_visitors)]
AddressLimitsOf = Annotated[AddressLimits, Depends(_address_limits)]
OriginOf = Annotated[RequestOrigin, Depends(_origin)]
ClientAddress = Annotated[str, Depends(_client_address)]


_Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def _claims(credentials: _Bearer, visitors: VisitorsOf) -> VisitorClaims:
    if credentials is None:
        raise visitor_token_missing()
    return visitors.read(credentials.credentials)


async def _visitor(credentials: _Bearer, visitors: VisitorsOf, origin: OriginOf) -> Visitor:
    if credentials is None:
        raise visitor_token_missing()
    return await visitors.recognise(credentials.credentials, origin)


ClaimsOf = Annotated[VisitorClaims, Depends(_claims)]
"""The claims of the request's visitor token. Whether the visitor still exists isn't checked yet."""


VisitorOf = Annotated[Visitor, Depends(_visitor)]
"""The visitor whose token the request carries."""
