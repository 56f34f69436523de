"""What a domain is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.kit.origins import normalise_origin

DOMAIN_PREFIX: Final = "dom"
WEBSITE_PREFIX: Final = "wk_live"
"""Of website tokens, as Nova Chat writes them."""

URL_LENGTH: Final = 500
LABEL_LENGTH: Final = 200

Place = tuple[datetime, UUID] | None
"""The domain behind which a part of a list begins: its creation time and id."""

_EXAMPLE: Final = "as in https://example.com"


@dataclass(frozen=True, slots=True)
class DomainDraft:
    """A domain to add. `agent_id` is an opaque value here: agents are a higher slice."""

    website_url: str
    label: str = ""
    agent_id: UUID | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Domain:
    """A website of a project. Its token is public and can only begin conversations.

    While it is not active, conversations on it wait for a person. `agent_id` may name an agent that
    no longer exists.
    """

    id: UUID
    project_id: ProjectId
    website_url: str
    label: str
    token: UUID
    agent_id: UUID | None
    is_active: bool
    created_at: datetime

    @property
    def website_token(self) -> str:
        return public_id(WEBSITE_PREFIX, self.token)


Changes = Mapping[str, Any]
"""New values of a domain's `label`, `agent_id` and `is_active`; what is left out stays."""


def normalise_url(text: str) -> str:
    """Return a website's address in one spelling, so that it can be bound once.

    The origin is written as browsers do, a final slash is dropped, and so are query and fragment.
    Raises ValueError saying what is wrong.
    """
    text = text.strip()
    if len(text) > URL_LENGTH:
        msg = f"is longer than {URL_LENGTH} characters"
        raise ValueError(msg)
    if "*" in text or any(ord(sign) <= 0x20 for sign in text):
        msg = f"has a * or a space in it; write the address of one website, {_EXAMPLE}"
        raise ValueError(msg)
    try:
        split = urlsplit(text)
    except ValueError as error:
        msg = f"is not a web address, {_EXAMPLE}"
        raise ValueError(msg) from error
    if split.scheme not in ("https", "http"):
        msg = f"has to begin with https:// or http://, {_EXAMPLE}"
        raise ValueError(msg)
    try:
        origin = normalise_origin(f"{split.scheme}://{split.netloc}")
    except ValueError as error:
        msg = f"is not a web address: {error}"
        raise ValueError(msg) from error
    return origin + split.path.rstrip("/")
