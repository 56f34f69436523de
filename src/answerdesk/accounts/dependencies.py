"""Who calls: until accounts exist, the owner, by the key of the installation."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from answerdesk.accounts.owner_key import require_owner
from answerdesk.core.tenancy import AccountId

_bearer = HTTPBearer(auto_error=False, description="The owner's key")


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever the credential stands for, and whose data it may reach."""

    account_id: AccountId


def _principal(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Principal:
    given = None if credentials is None else credentials.credentials
    require_owner(given, request.app.state.owner_key)
    return Principal(request.app.state.account_id)


Caller = Annotated[Principal, Depends(_principal)]
