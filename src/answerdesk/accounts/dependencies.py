"""Who calls: identified once per request, and checked for the scope that the endpoint needs."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer, SecurityScopes
from starlette.requests import HTTPConnection

from answerdesk.accounts.authentication import Authenticator
from answerdesk.accounts.principal import Principal, Scope
from answerdesk.core.dialects import Dialect
from answerdesk.core.ratelimit import Taken, WindowFull
from answerdesk.core.web.client_address import exact_client_address
from answerdesk.core.web.idempotency import hold_key
from answerdesk.core.web.rate_headers import note_rate
from answerdesk.core.web.wire import Admit

_bearer = HTTPBearer(
    scheme_name="bearer",
    description="An access token, an API key or the owner's key",
    auto_error=False,
)
_PRINCIPAL: Final = "principal"


async def principal_of(request: HTTPConnection, dialect: Dialect | None = None) -> Principal:
    """Return the sender of this request, looked up and counted against its rate only once.

    `dialect` is the one that the request speaks; None for the native API.

    Raises NotAuthenticated or NotPermitted for an invalid credential, and RateLimited.
    """
    known: Principal | None = getattr(request.state, _PRINCIPAL, None)
    if known is not None:
        return known
    authenticator: Authenticator = request.app.state.application.authenticator
    try:
        admitted = await authenticator.admit(request.headers.get("authorization"), dialect)
    except WindowFull as full:
        note_rate(request, Taken(full.window.limit, 0, full.ends_at))
        raise
    note_rate(request, admitted.rate)
    principal = replace(admitted.caller, address=exact_client_address(request))
    setattr(request.state, _PRINCIPAL, principal)
    return principal


def admitting(dialect: Dialect) -> Admit:
    """Return what a dialect's wrapper admits callers with."""

    async def admit(connection: HTTPConnection) -> None:
        await principal_of(connection, dialect)

    return admit


async def _principal(
    request: Request,
    _: Annotated[object, Security(_bearer)],  # Documents the header in OpenAPI.
) -> Principal:
    return await principal_of(request)


Caller = Annotated[Principal, Depends(_principal)]
"""The caller, whatever its scopes."""


async def _with_scopes(request: Request, scopes: SecurityScopes, caller: Caller) -> Principal:
    for scope in scopes.scopes:
        caller.require(scope)
    await hold_key(request, caller.account_id, caller.subject)
    return caller


def needs(scope: Scope) -> Any:  # noqa: ANN401  # What FastAPI's own markers return.
    """Annotate a parameter with this to get the caller, who must have `scope`."""
    return Security(_with_scopes, scopes=[scope])
