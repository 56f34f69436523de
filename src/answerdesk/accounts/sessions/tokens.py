"""The tokens of a log-in as text, and the keys that sign them.

An access token is a JWT, valid for 15 minutes, or for a day where a dialect knows no refresh. A
refresh token is `adr_<session id>_<account id, generation, MAC>`. The MAC distinguishes our tokens,
even old ones, from invented ones: an old token can end the log-in, an invented one cannot.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import jwt

from answerdesk.accounts.sessions.types import ACCESS_SECONDS
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database
from answerdesk.core.errors import NotAuthenticated
from answerdesk.core.tenancy import AccountId, UserId, parse_public_id

_NAME: Final = "token_keys"


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """Keys by purpose, newest first: the first signs, all verify."""

    access: tuple[bytes, ...]
    refresh: tuple[bytes, ...]
    invitation: tuple[bytes, ...]
    email_change: tuple[bytes, ...]
    limits: tuple[bytes, ...]


def install_token_keys(database: Database, sealer: Sealer) -> None:
    """Make users of `database` able to sign and verify tokens."""
    database.info[_NAME] = TokenKeys(
        access=sealer.derive_all("access tokens"),
        refresh=sealer.derive_all("refresh tokens"),
        invitation=sealer.derive_all("invitations"),
        email_change=sealer.derive_all("changes of e-mail addresses"),
        limits=sealer.derive_all("names of rate windows"),
    )


def token_keys(database: Database) -> TokenKeys:
    """Return the keys of the installation that `database` belongs to."""
    keys = database.info[_NAME]
    assert isinstance(keys, TokenKeys)  # noqa: S101  # The line above has no type of its own.
    return keys


AUDIENCE: Final = "answerdesk:user"
REFRESH_PREFIX: Final = "adr"
_ALGORITHM: Final = "HS256"
_LEEWAY_SECONDS: Final = 5
_LONGEST: Final = 4096
_REFRESH: Final = struct.Struct(">16sI32s")


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Which log-in an access token stands for."""

    account_id: AccountId
    user_id: UserId
    session_id: UUID


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One of the successive refresh tokens of a log-in."""

    account_id: AccountId
    session_id: UUID
    generation: int
    mac: bytes

    def encode(self) -> str:
        packed = _REFRESH.pack(self.account_id.bytes, self.generation, self.mac)
        secret = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        return f"{REFRESH_PREFIX}_{self.session_id.hex}_{secret}"

    @property
    def hash(self) -> bytes:
        """The hash of it that is stored."""
        return hashlib.sha256(self.mac).digest()

    def is_ours(self, keys: Sequence[bytes]) -> bool:
        """Tell whether it was made with one of our keys."""
        macs = [_mac(key, self.account_id, self.session_id, self.generation) for key in keys]
        return any(hmac.compare_digest(self.mac, mac) for mac in macs)


def make_refresh_token(
    key: bytes, account_id: AccountId, session_id: UUID, generation: int
) -> RefreshToken:
    """Return the token of a generation. It is the same each time, so a response can be repeated."""
    mac = _mac(key, account_id, session_id, generation)
    return RefreshToken(account_id, session_id, generation, mac)


def read_refresh_token(text: str) -> RefreshToken | None:
    """Parse a refresh token without verifying it; None if `text` isn't one."""
    if len(text) > _LONGEST:
        return None
    prefix, _, rest = text.partition("_")
    identifier, _, secret = rest.partition("_")
    session_id = parse_public_id(REFRESH_PREFIX, identifier)
    if prefix != REFRESH_PREFIX or session_id is None:
        return None
    try:
        packed = base64.b64decode(secret + "=" * (-len(secret) % 4), altchars=b"-_", validate=True)
        account, generation, mac = _REFRESH.unpack(packed)
    except (binascii.Error, ValueError, struct.error):
        return None
    return RefreshToken(AccountId(UUID(bytes=account)), session_id, generation, mac)


def _mac(key: bytes, account_id: AccountId, session_id: UUID, generation: int) -> bytes:
    message = account_id.bytes + session_id.bytes + struct.pack(">I", generation)
    return hmac.digest(key, message, "sha256")


def make_access_token(
    key: bytes, claims: AccessClaims, now: datetime | None = None, seconds: int = ACCESS_SECONDS
) -> str:
    """Return a signed token that is valid for so many seconds."""
    issued = now or datetime.now(UTC)
    payload = {
        "aud": AUDIENCE,
        "sub": claims.user_id.hex,
        "account": claims.account_id.hex,
        "session": claims.session_id.hex,
        "iat": issued,
        "exp": issued + timedelta(seconds=seconds),
    }
    return jwt.encode(payload, key, _ALGORITHM)


def read_access_token(keys: Sequence[bytes], text: str) -> AccessClaims:
    """Return the claims of our own token; raises NotAuthenticated if it is foreign or expired."""
    if len(text) > _LONGEST:
        raise _invalid()
    for key in keys:
        try:
            payload = jwt.decode(
                text,
                key,
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["aud", "sub", "exp", "iat"]},
            )
            return AccessClaims(
                account_id=AccountId(UUID(payload["account"])),
                user_id=UserId(UUID(payload["sub"])),
                session_id=UUID(payload["session"]),
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.ExpiredSignatureError as error:
            message = "This access token has expired; get a new one with the refresh token"
            raise NotAuthenticated(message, code="access_token_expired") from error
        except (jwt.InvalidTokenError, KeyError, ValueError, AttributeError, TypeError) as error:
            raise _invalid() from error
    raise _invalid()


def _invalid() -> NotAuthenticated:
    return NotAuthenticated(
        "This is not a valid access token of this installation", code="access_token_invalid"
    )
