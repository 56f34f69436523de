"""What an installation allows: private networks by purpose, ports, and times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from ipaddress import IPv4Network, IPv6Network
from types import MappingProxyType
from typing import Final, Self

from answerdesk.core.outbound.types import Purpose
from answerdesk.core.settings import Settings

USER_AGENT_TOKEN: Final = "Answerdesk"  # noqa: S105  # What robots.txt calls us.

DEFAULT_PORTS: Final = frozenset({80, 443, 8080, 8443})
"""Where websites answer. An allow-listed address is reached at any port."""

SETTINGS: Final[Mapping[Purpose, str]] = MappingProxyType(
    {
        "pages": "ANSWERDESK_PAGE_NETWORKS",
        "webhooks": "ANSWERDESK_WEBHOOK_NETWORKS",
        "providers": "ANSWERDESK_PROVIDER_NETWORKS",
    }
)
"""Which setting allows a private network, by purpose."""

Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """What is allowed beyond public addresses, and for how long each step may take, in seconds."""

    networks: Mapping[Purpose, Networks] = field(default_factory=dict)
    ports: frozenset[int] = DEFAULT_PORTS
    connect_seconds: float = 10.0
    header_seconds: float = 20.0
    contact: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the policy that the operator's settings describe."""
        return cls(
            networks={
                "pages": settings.page_networks,
                "webhooks": settings.webhook_networks,
                "providers": settings.provider_networks,
            },
            contact=settings.public_url,
        )

    @property
    def user_agent(self) -> str:
        """Who asks, for the logs of the sites that are asked."""
        contact = f" (+{self.contact})" if self.contact and self.contact.isascii() else ""
        return f"{USER_AGENT_TOKEN}/{version('answerdesk')}{contact}"
