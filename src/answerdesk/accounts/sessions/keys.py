"""The keys that sign what a log-in carries; derived from the secret keys, one for each purpose."""

from dataclasses import dataclass
from typing import Final

from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database

_NAME: Final = "token_keys"


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """Keys by purpose, newest first: the first signs, all verify."""

    access: tuple[bytes, ...]
    refresh: tuple[bytes, ...]
    invitation: tuple[bytes, ...]
    limits: tuple[bytes, ...]


def install_token_keys(database: Database, sealer: Sealer) -> None:
    """Let whoever has `database` sign and verify tokens."""
    database.info[_NAME] = TokenKeys(
        access=sealer.derive_all("access tokens"),
        refresh=sealer.derive_all("refresh tokens"),
        invitation=sealer.derive_all("invitations"),
        limits=sealer.derive_all("names of rate windows"),
    )


def token_keys(database: Database) -> TokenKeys:
    """Return the keys of the installation that `database` belongs to."""
    keys = database.info[_NAME]
    assert isinstance(keys, TokenKeys)  # noqa: S101  # The line above has no type of its own.
    return keys
