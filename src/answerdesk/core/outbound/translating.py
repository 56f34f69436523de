"""What the HTTP library raises, as our errors."""

from typing import Final

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientOSError,
    ClientSSLError,
    InvalidURL,
    ServerDisconnectedError,
)
from aiohttp.http_exceptions import HttpProcessingError

from answerdesk.core.outbound.errors import BadResponse, OutboundError, Unreachable, UrlRefused


def timed_out(host: str) -> Unreachable:
    """For a response that does not arrive, or not completely."""
    return Unreachable(f"{host} did not respond in time", code="timed_out")


def translated(error: Exception, host: str) -> OutboundError:
    """Translate a library's error during a fetch from `host` into ours."""
    match error:
        case OutboundError():
            return error
        case TimeoutError():
            return timed_out(host)
        case ClientConnectorCertificateError(certificate_error=cause):
            reason = getattr(cause, "verify_message", None) or "it is not valid"
            return Unreachable(f"{host} has a bad certificate: {reason}", code="tls_failed")
        case ClientSSLError():
            return Unreachable(f"{host} does not speak TLS correctly", code="tls_failed")
        case ClientConnectorError() | ServerDisconnectedError() | ClientOSError() | OSError():
            return Unreachable(f"{host} cannot be reached, or closes the connection")
        case RuntimeError():
            return Unreachable(f"The fetch from {host} was abandoned: this process is stopping")
        case InvalidURL():
            return UrlRefused(f"The address at {host} cannot be fetched as it is written")
        case _:
            return BadResponse(f"{host} sends a response that is not HTTP, or that ends too early")


RAISED: Final = (
    *(ClientError, HttpProcessingError, OSError, TimeoutError),
    *(ValueError, RuntimeError),
)
"""Everything that the library raises; `RuntimeError` if it was closed meanwhile."""
