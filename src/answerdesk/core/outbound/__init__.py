"""The one guarded HTTP client: every fetch of the product goes through it.

See `docs/explanation/outbound.md` for what is refused and why.
"""

from answerdesk.core.outbound.client import Outbound
from answerdesk.core.outbound.errors import (
    AddressRefused,
    BadResponse,
    HeaderRefused,
    HostUnknown,
    MediaTypeRefused,
    OutboundError,
    ResponseTooLarge,
    TooManyRedirects,
    Unreachable,
    UrlRefused,
)
from answerdesk.core.outbound.policy import USER_AGENT_TOKEN, OutboundPolicy
from answerdesk.core.outbound.resolver import FixedResolver, Resolver, SystemResolver
from answerdesk.core.outbound.types import Method, OutboundRequest, OutboundResponse, Purpose
from answerdesk.core.outbound.urls import checked_url

__all__ = [
    "USER_AGENT_TOKEN",
    "AddressRefused",
    "BadResponse",
    "FixedResolver",
    "HeaderRefused",
    "HostUnknown",
    "MediaTypeRefused",
    "Method",
    "Outbound",
    "OutboundError",
    "OutboundPolicy",
    "OutboundRequest",
    "OutboundResponse",
    "Purpose",
    "Resolver",
    "ResponseTooLarge",
    "SystemResolver",
    "TooManyRedirects",
    "Unreachable",
    "UrlRefused",
    "checked_url",
]
