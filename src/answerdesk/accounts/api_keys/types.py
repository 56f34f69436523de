"""What an API key is, and what its text looks like."""

import hashlib
import re
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args
from uuid import UUID

from answerdesk.core.tenancy import AccountId, ProjectId, UserId

API_KEY_PREFIX: Final = "key"
"""Prefix of a key's public id, which is not secret."""

KeyPrefix = Literal["ad_live_", "sk_", "sk_live_", "nc_live_", "orac_live_"]
"""Prefixes of keys: ours, and those that clients of other services expect."""

KEY_PREFIXES: Final[tuple[KeyPrefix, ...]] = tuple(
    sorted(get_args(KeyPrefix), key=len, reverse=True)
)
"""Longest first, so that a prefix that begins another one is tried after it."""

_ALPHABET: Final = string.ascii_letters + string.digits
_LENGTH: Final = 43
"""Letters and digits in a key's secret: 43 · log2(62) = 256 random bits. There is no underscore,
so a secret never continues a prefix by chance."""

_KEY: Final = re.compile(
    f"({'|'.join(re.escape(prefix) for prefix in KEY_PREFIXES)})[A-Za-z0-9]{{{_LENGTH}}}"
)
_HINT_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `hint` is its prefix and last characters; times are in UTC.

    `created_by_id` is the person who created it; None for the owner's key, and if unknown.
    """

    id: UUID
    name: str
    prefix: str
    hint: str
    scopes: Sequence[str]
    project_ids: Sequence[ProjectId] | None
    created_by: str
    created_by_id: UserId | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """Which keys to list: those that one person created, those that still work."""

    created_by_id: UserId | None = None
    working: bool = False


@dataclass(frozen=True, slots=True)
class KeysLeft:
    """What became of a person's keys in an account; `keys` are some of those that still work."""

    revoked: int
    working: int
    keys: Sequence[ApiKey]


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A presented key, as authentication needs it; `state` is its current state."""

    account_id: AccountId
    id: UUID
    name: str
    scopes: frozenset[str]
    project_ids: frozenset[ProjectId] | None
    state: Literal["good", "revoked", "expired"]
    suspended: bool
    unused_for_a_minute: bool
    plan: str


def new_key(prefix: KeyPrefix) -> str:
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def prefix_of(credential: str) -> KeyPrefix | None:
    """Return the prefix if the text has the form of a key; None otherwise."""
    if _KEY.fullmatch(credential) is None:
        return None
    return next(prefix for prefix in KEY_PREFIXES if credential.startswith(prefix))


def has_key(authorization: str | None) -> bool:
    """Tell whether an Authorization header has a credential in the form of a key."""
    return prefix_of((authorization or "").partition(" ")[2].strip()) is not None


def key_hash(key: str) -> bytes:
    """Return the stored hash. With 256 random bits in a key, a plain hash can't be reversed."""
    return hashlib.sha256(key.encode()).digest()


def hint_of(key: str, prefix: KeyPrefix) -> str:
    """Return the part of a key that distinguishes it without giving it away."""
    return f"{prefix}…{key[-_HINT_LENGTH:]}"
