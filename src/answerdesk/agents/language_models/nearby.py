"""An Ollama that runs on this machine: noticed by one look, and offered to the operator."""

import json
from dataclasses import dataclass
from typing import Any, Final

from answerdesk.accounts.principal import Principal
from answerdesk.core.outbound import (
    AddressRefused,
    Outbound,
    OutboundError,
    OutboundRequest,
    listens_here,
)
from answerdesk.core.tenancy import AccountId

PORT: Final = 11434
"""Where Ollama listens unless it is told otherwise."""

OPENED_BY: Final = "ANSWERDESK_PROVIDER_NETWORKS=127.0.0.1/32"
"""The setting with which models on this machine may be called."""

_SECONDS: Final = 2.0
_MOST_BYTES: Final = 256 * 1024
_MOST_MODELS: Final = 100
_LONGEST_NAME: Final = 200
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Nearby:
    """What was found: the base address of a service, its models, and the setting that opens it.

    `setting` is None if it is open already; without an address, nothing was found.
    """

    url: str | None = None
    models: tuple[str, ...] = ()
    setting: str | None = None


_NOTHING: Final = Nearby()


class Neighbourhood:
    """Looks for an Ollama on this machine, for those who run the installation."""

    def __init__(self, outbound: Outbound, installation: AccountId, port: int = PORT) -> None:
        self._outbound = outbound
        self._installation = installation
        self._port = port

    async def look(self, caller: Principal) -> Nearby:
        """Return what is found; nothing, without a look, for other accounts and for programs.

        If requests to this machine aren't allowed, a connection is opened and closed again, and
        nothing is sent.
        """
        is_operator = caller.account_id == self._installation and caller.kind != "api_key"
        if not is_operator or caller.role not in ("owner", "admin"):
            return _NOTHING
        address = f"http://127.0.0.1:{self._port}"
        request = OutboundRequest(
            url=f"{address}/api/tags",
            timeout=_SECONDS,
            max_bytes=_MOST_BYTES,
            max_redirects=0,
        )
        try:
            response = await self._outbound.fetch("providers", request)
        except AddressRefused:
            if await listens_here(self._port, _SECONDS):
                return Nearby(f"{address}/v1", (), OPENED_BY)
            return _NOTHING
        except OutboundError:
            return _NOTHING
        models = _names_in(response.body) if response.status == _OK else None
        return _NOTHING if models is None else Nearby(f"{address}/v1", models)


def _names_in(body: bytes) -> tuple[str, ...] | None:
    """Return the names of Ollama's models; None if it isn't Ollama that answers."""
    try:
        told: Any = json.loads(body)["models"]
        names = [one["name"] for one in told[:_MOST_MODELS]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return tuple(
        one
        for one in names
        if isinstance(one, str) and 0 < len(one) <= _LONGEST_NAME and one.isprintable()
    )
