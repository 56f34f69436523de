"""The client itself."""

from answerdesk.core.outbound.policy import OutboundPolicy
from answerdesk.core.outbound.resolver import Resolver, SystemResolver
from answerdesk.core.outbound.types import OutboundRequest, OutboundResponse, Purpose


class Outbound:
    """Every fetch of this process goes through here; one per process, closed at its end."""

    def __init__(self, policy: OutboundPolicy, *, resolver: Resolver | None = None) -> None:
        self.policy = policy
        self._resolver = resolver or SystemResolver()

    async def fetch(self, purpose: Purpose, request: OutboundRequest) -> OutboundResponse:
        """Fetch one address, following its redirects, and read the answer whole.

        Every status is an answer; raises OutboundError when none came. Nothing else is raised.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """End every connection."""
        await self._resolver.close()
