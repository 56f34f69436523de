"""What an invitation is."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.accounts.letters import LetterState
from answerdesk.accounts.principal import Role
from answerdesk.core.tenancy import parse_public_id

INVITATION_PREFIX: Final = "inv"
OPERATOR: Final = "operator"
"""Who invited, if it was by command line."""

DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that waits to be accepted; `invited_by` is a public id or OPERATOR.

    `letter` is what became of the mail, None before it was tried; `letter_error` is for members.
    """

    id: UUID
    email: str
    role: Role
    invited_by: str
    token_hash: bytes
    expires_at: datetime
    created_at: datetime
    letter: LetterState | None
    letter_at: datetime | None
    letter_error: str | None
    open: bool


def make_token(key: bytes, invitation_id: UUID) -> str:
    """Return the token of an invitation: the same at every call, so that it need not be kept."""
    secret = base64.urlsafe_b64encode(hmac.digest(key, invitation_id.bytes, "sha256"))
    return f"{INVITATION_PREFIX}_{invitation_id.hex}_{secret.decode().rstrip('=')}"


def token_hash(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def token_of(keys: Sequence[bytes], invitation: Invitation) -> str | None:
    """Return the token of an invitation; None when its key is gone."""
    tokens = [make_token(key, invitation.id) for key in keys]
    return next((one for one in tokens if token_hash(one) == invitation.token_hash), None)


def id_of_token(token: str) -> UUID | None:
    """Return which invitation a token is for, if it is a token at all."""
    prefix, _, rest = token.partition("_")
    identifier, _, secret = rest.partition("_")
    if prefix != INVITATION_PREFIX or not secret or not secret.isascii():
        return None
    return parse_public_id(INVITATION_PREFIX, identifier)
