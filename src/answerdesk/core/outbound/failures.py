"""What the HTTP library raises, in our words."""

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientOSError,
    ClientSSLError,
    InvalidURL,
    ServerDisconnectedError,
)

from answerdesk.core.outbound.errors import BadResponse, OutboundError, Unreachable, UrlRefused


def timed_out(host: str) -> Unreachable:
    """Return the error for an answer that does not come, or not to its end."""
    return Unreachable(f"{host} did not answer in time", code="timed_out")


def translated(error: Exception, host: str) -> OutboundError:
    """Return the error of ours that says what `error` means for a fetch from `host`."""
    match error:
        case OutboundError():
            return error
        case TimeoutError():
            return timed_out(host)
        case ClientConnectorCertificateError(certificate_error=cause):
            reason = getattr(cause, "verify_message", None) or "it is not valid"
            return Unreachable(f"{host} has a bad certificate: {reason}", code="tls_failed")
        case ClientSSLError():
            return Unreachable(f"{host} does not speak TLS as it should", code="tls_failed")
        case ClientConnectorError() | ServerDisconnectedError() | ClientOSError() | OSError():
            return Unreachable(f"{host} cannot be reached, or ends the connection")
        case RuntimeError():
            return Unreachable(f"{host} was not asked any further: this process is stopping")
        case InvalidURL():
            return UrlRefused(f"The address at {host} cannot be asked for as it is written")
        case _:
            return BadResponse(f"{host} answers with something that is not HTTP, or ends too early")
