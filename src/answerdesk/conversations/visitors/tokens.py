"""Visitor tokens: short-lived JSON Web Tokens that we sign for one visitor of one project."""

import time
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import jwt

from answerdesk.conversations.errors import visitor_token_expired, visitor_token_invalid
from answerdesk.conversations.types import VisitorId
from answerdesk.core.crypto import Sealer
from answerdesk.core.tenancy import AccountId, ProjectId

AUDIENCE: Final = "answerdesk:visitor"
LIFE: Final = 15 * 60
"""Validity of a token, in seconds."""

_RESUME_AUDIENCE: Final = "answerdesk:resume"

_LEEWAY: Final = 60
"""Tolerated difference between the clocks of our own nodes, in seconds."""

_PURPOSE: Final = "visitor"
_ALGORITHM: Final = "HS256"


@dataclass(frozen=True, slots=True)
class VisitorClaims:
    """The visitor that a token represents, and its expiry (epoch seconds)."""

    account_id: AccountId
    project_id: ProjectId
    visitor_id: VisitorId
    expires_at: int


class VisitorTokens:
    """Signs and reads visitor tokens with keys derived from the installation's secret keys."""

    def __init__(self, sealer: Sealer) -> None:
        """Sign with the newest key; tokens signed with older keys are valid until they expire."""
        self._keys = sealer.derive_all(_PURPOSE)

    def sign(self, claims: VisitorClaims) -> str:
        return self._sign(claims, AUDIENCE)

    def sign_resume(self, claims: VisitorClaims) -> str:
        """Sign a token that does nothing but begin the visitor's next session on our own page.

        It may lie where a website's other scripts can read it, because it shows no conversation.
        """
        return self._sign(claims, _RESUME_AUDIENCE)

    def read_resume(self, token: str) -> VisitorClaims:
        """Return the claims of a resume token; raises NotAuthenticated."""
        return self._read(token, _RESUME_AUDIENCE, 0.0)

    def _sign(self, claims: VisitorClaims, audience: str) -> str:
        payload = {
            "aud": audience,
            "account": claims.account_id.hex,
            "project": claims.project_id.hex,
            "visitor": claims.visitor_id.hex,
            "iat": int(time.time()),
            "exp": claims.expires_at,
        }
        return jwt.encode(payload, self._keys[0], algorithm=_ALGORITHM)

    def read(self, token: str, *, expired_since: float = 0.0) -> VisitorClaims:
        """Return the token's claims; it may have expired up to `expired_since` seconds ago.

        Raises NotAuthenticated if it is older, or not a visitor token of ours.
        """
        return self._read(token, AUDIENCE, expired_since)

    def _read(self, token: str, audience: str, expired_since: float) -> VisitorClaims:
        payload = self._payload(token, audience)
        try:
            claims = VisitorClaims(
                account_id=AccountId(UUID(payload["account"])),
                project_id=ProjectId(UUID(payload["project"])),
                visitor_id=VisitorId(UUID(payload["visitor"])),
                expires_at=int(payload["exp"]),
            )
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
            raise visitor_token_invalid() from error
        if claims.expires_at + expired_since <= time.time():
            raise visitor_token_expired()
        return claims

    def _payload(self, token: str, audience: str) -> dict[str, Any]:
        """Return the payload if we have signed it, expired or not."""
        for key in self._keys:
            try:
                payload: dict[str, Any] = jwt.decode(
                    token,
                    key,
                    algorithms=[_ALGORITHM],
                    audience=audience,
                    leeway=_LEEWAY,
                    options={"require": ["exp", "iat", "aud"], "verify_exp": False},
                )
            except jwt.InvalidSignatureError:
                continue
            except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
                raise visitor_token_invalid() from error
            return payload
        raise visitor_token_invalid()
