"""Identity tokens: a site's own server signs who its visitor is.

A JSON Web Token (RFC 7519), HS256 with the project's identity secret: `sub` is the site's id of its
user, `exp` at most 24 hours away; `email`, `name`, `iat`, `nbf` and `aud` (the project's id) are
optional.
"""

import time
from dataclasses import dataclass
from typing import Annotated, Any, Final

import jwt
from pydantic import BaseModel, Field, ValidationError

from answerdesk.conversations.errors import identity_expired, identity_invalid
from answerdesk.core.tenancy import ProjectId, parse_public_id
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.projects.types import PROJECT_PREFIX

LONGEST_LIFE: Final = 24 * 3600
"""Maximum seconds until an identity token's `exp`, so that leaked tokens expire by themselves."""

TOKEN_LENGTH: Final = 4096

_LEEWAY: Final = 60
"""Tolerated difference between the site's clock and ours, in seconds."""

_ALGORITHMS: Final = ("HS256",)


@dataclass(frozen=True, slots=True)
class Identity:
    """A visitor's identity, signed by the site and valid until `expires_at` (epoch seconds)."""

    subject: str
    email: str | None
    name: str | None
    expires_at: int


class _Claims(BaseModel):
    sub: Annotated[FilledText, Field(max_length=255)]
    email: Annotated[CleanText, Field(max_length=320)] | None = None
    name: Annotated[CleanText, Field(max_length=200)] | None = None


def verify_identity(token: str, secret: bytes, project_id: ProjectId) -> Identity:
    """Return the identity in `token`; raises NotAuthenticated with the reason."""
    claims = _signed_claims(token, secret)
    expires_at = int(claims["exp"])
    if expires_at > time.time() + LONGEST_LIFE + _LEEWAY:
        raise identity_invalid("exp is more than 24 hours away")
    _require_audience(claims.get("aud"), project_id)
    try:
        read = _Claims.model_validate(claims)
    except ValidationError as error:
        fields = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors()}))
        raise identity_invalid(f"{fields} is not text, or it is empty or too long") from error
    return Identity(read.sub, read.email or None, read.name or None, expires_at)


def _signed_claims(token: str, secret: bytes) -> dict[str, Any]:
    """Return the claims if the signature and the times are valid."""
    if len(token) > TOKEN_LENGTH:
        raise identity_invalid(f"it is longer than {TOKEN_LENGTH:,} characters")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=_ALGORITHMS,
            leeway=_LEEWAY,
            # `_require_audience` checks the audience, which may be written in several ways.
            options={"require": ["exp", "sub"], "verify_aud": False},
        )
    except jwt.ExpiredSignatureError as error:
        raise identity_expired() from error
    except jwt.ImmatureSignatureError as error:
        raise identity_invalid("iat or nbf is in the future; check the server's clock") from error
    except jwt.InvalidAlgorithmError as error:
        raise identity_invalid("it is not signed with the algorithm HS256") from error
    except jwt.InvalidSignatureError as error:
        raise identity_invalid("it is not signed with this project's identity secret") from error
    except jwt.MissingRequiredClaimError as error:
        raise identity_invalid(f"it has no {error.claim}") from error
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
        # The library lets through some bad values, such as 1e999 for a time.
        raise identity_invalid("it is not a well-formed JSON Web Token") from error
    return claims


def _require_audience(audience: object, project_id: ProjectId) -> None:
    """Refuse a token with another audience; a token without an audience is accepted."""
    named = audience if isinstance(audience, list) else [audience]
    if audience is None or any(
        isinstance(one, str) and parse_public_id(PROJECT_PREFIX, one) == project_id for one in named
    ):
        return
    raise identity_invalid("aud is not this project's id")
