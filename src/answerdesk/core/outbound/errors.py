"""Why a fetch returned nothing. Each reason has a stable code, which callers show and store.

OutboundError
├── UrlRefused        the URL, as written or redirected to, is never fetched (InvalidInput)
├── AddressRefused    the host has an IP address that is not fetched from (InvalidInput)
├── HeaderRefused     a header of the request cannot be sent (InvalidInput)
├── HostUnknown       the host does not exist (InvalidInput)
├── TooManyRedirects  more redirects than are followed (InvalidInput)
├── ResponseTooLarge  the response is larger than allowed (InvalidInput)
├── MediaTypeRefused  the caller does not accept the response's media type (InvalidInput)
├── Unreachable       no response: unreachable, timed_out, tls_failed (Unavailable)
└── BadResponse       the response violates HTTP or its own encoding (Unavailable)
"""

from answerdesk.core.errors import DomainError, InvalidInput, Unavailable


class OutboundError(DomainError):
    """A fetch returned nothing; the subclass and its code say why."""


class UrlRefused(OutboundError, InvalidInput):
    """The address is not fetched as written, because of its scheme, user name, port or form.

    `suggestion` is the address that was probably meant; programs get it as a detail.
    """

    code = "url_refused"

    def __init__(
        self, message: str, *, code: str | None = None, suggestion: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.suggestion = suggestion
        if suggestion is not None:
            self.details = {"suggestion": suggestion}


class AddressRefused(OutboundError, InvalidInput):
    """The host has an IP address that is not fetched from, such as one of a private network."""

    code = "address_refused"


class HeaderRefused(OutboundError, InvalidInput):
    """A header of the request cannot be sent, or the caller may not set it."""

    code = "header_refused"


class HostUnknown(OutboundError, InvalidInput):
    """There is no host of this name."""

    code = "host_unknown"

    def __init__(self, host: str) -> None:
        super().__init__(f"There is no host named {host}; check how it is written")
        self.host = host


class TooManyRedirects(OutboundError, InvalidInput):
    """The address redirects more often than is followed."""

    code = "too_many_redirects"


class ResponseTooLarge(OutboundError, InvalidInput):
    """The response is larger than allowed, as sent or after decompression."""

    code = "response_too_large"


class MediaTypeRefused(OutboundError, InvalidInput):
    """The response has a media type that the caller does not accept; its body was not read."""

    code = "media_type_refused"


class Unreachable(OutboundError, Unavailable):
    """No response came; the same fetch may succeed later.

    The code is `unreachable`, `timed_out` or `tls_failed`.
    """

    code = "unreachable"


class BadResponse(OutboundError, Unavailable):
    """The response violates HTTP or its own encoding, or ends too early."""

    code = "bad_response"
