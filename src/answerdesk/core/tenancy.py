"""Whose data it is: the tenant of a transaction, and the public ids.

An id is a random UUID (122 random bits). Its public form is `<prefix>_<32 hex digits>`, so that a
reader can tell what it names; a bare UUID is accepted, too.
"""

from typing import Final, NewType
from uuid import UUID, uuid4

AccountId = NewType("AccountId", UUID)
ProjectId = NewType("ProjectId", UUID)
ConversationId = NewType("ConversationId", UUID)
MessageId = NewType("MessageId", UUID)
UserId = NewType("UserId", UUID)

TENANT_SETTING: Final = "answerdesk.account_id"
"""The PostgreSQL setting that holds the account of the running transaction."""

USER_SETTING: Final = "answerdesk.user_id"
"""The PostgreSQL setting that holds the person, whose own rows belong to no account."""


def new_id() -> UUID:
    return uuid4()


def public_id(prefix: str, value: UUID) -> str:
    """Write the public form of an id: `proj_0f…`."""
    return f"{prefix}_{value.hex}"


def parse_public_id(prefix: str, text: str) -> UUID | None:
    """Parse an id of the kind `prefix`, with or without the prefix; None if `text` isn't one.

    Only the forms that we write ourselves are accepted (32 hex digits, or the hyphenated form), not
    everything that `uuid.UUID` accepts.
    """
    digits = text.removeprefix(f"{prefix}_")
    if len(digits) not in (32, 36):
        return None
    try:
        value = UUID(digits)
    except ValueError:
        return None
    return value if digits.lower() in (value.hex, str(value)) else None
