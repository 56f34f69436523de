"""The one guarded HTTP client that makes every fetch of the product.

See `docs/explanation/outbound.md` for what it refuses and why.
"""

from importlib import import_module
from typing import TYPE_CHECKING

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
from answerdesk.core.outbound.types import Method, OutboundRequest, OutboundResponse, Purpose
from answerdesk.core.outbound.urls import checked_url

if TYPE_CHECKING:
    from answerdesk.core.outbound.client import Outbound
    from answerdesk.core.outbound.connecting import (
        FixedResolver,
        Resolver,
        SystemResolver,
        listens_here,
    )
    from answerdesk.core.outbound.cookies import Cookies
    from answerdesk.core.outbound.guard import USER_AGENT_TOKEN, OutboundPolicy
    from answerdesk.core.outbound.streaming import OutboundStream

__all__ = [
    "USER_AGENT_TOKEN",
    "AddressRefused",
    "BadResponse",
    "Cookies",
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
    "OutboundStream",
    "Purpose",
    "Resolver",
    "ResponseTooLarge",
    "SystemResolver",
    "TooManyRedirects",
    "Unreachable",
    "UrlRefused",
    "checked_url",
    "listens_here",
]

# Imported on first use: processes that only parse addresses, such as the one that reads documents,
# need no HTTP client, which takes half a second and 20 MB.
_LATER = {
    "Outbound": "client",
    "OutboundPolicy": "guard",
    "USER_AGENT_TOKEN": "guard",
    "FixedResolver": "connecting",
    "Resolver": "connecting",
    "SystemResolver": "connecting",
    "listens_here": "connecting",
    "Cookies": "cookies",
    "OutboundStream": "streaming",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
