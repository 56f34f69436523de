"""Who calls: resolved once a request, and asked for the scope that the endpoint needs."""

from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from answerdesk.accounts.owner_key import require_owner
from answerdesk.accounts.principal import Principal, Scope, owner_principal

_bearer = HTTPBearer(auto_error=False, description="An access token, an API key or the owner's key")


async def _principal(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Principal:
    given = None if credentials is None else credentials.credentials
    require_owner(given, request.app.state.owner_key)
    return owner_principal(request.app.state.account_id)


Caller = Annotated[Principal, Depends(_principal)]
"""Whoever calls, whatever it may do."""


async def _with_scopes(scopes: SecurityScopes, caller: Caller) -> Principal:
    for scope in scopes.scopes:
        caller.require(scope)
    return caller


def needs(scope: Scope) -> Any:  # noqa: ANN401  # What FastAPI's own markers return.
    """Annotate a parameter with this to get the caller, who must have `scope`."""
    return Security(_with_scopes, scopes=[scope])
