"""Why a fetch brought nothing: each reason has a stable code, which callers show and store.

OutboundError
├── UrlRefused        the address as written, or where it leads, is never fetched (InvalidInput)
├── AddressRefused    the host is at an address that is not fetched from (InvalidInput)
├── HeaderRefused     a header of the request cannot be sent (InvalidInput)
├── HostUnknown       there is no such host (InvalidInput)
├── TooManyRedirects  (InvalidInput)
├── ResponseTooLarge  more came than is read (InvalidInput)
├── MediaTypeRefused  what came is of a kind that the caller does not take (InvalidInput)
├── Unreachable       no answer: unreachable, timed_out, tls_failed (Unavailable)
└── BadResponse       an answer that breaks the protocol or its own encoding (Unavailable)
"""

from answerdesk.core.errors import DomainError, InvalidInput, Unavailable


class OutboundError(DomainError):
    """A fetch brought nothing; the subclass and its code say why."""


class UrlRefused(OutboundError, InvalidInput):
    """The address is not fetched as it is written: its scheme, user name, port or form.

    `suggestion` is the address that is surely meant, and goes to programs as a detail.
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
    """The host is at an address that is not fetched from, such as one of a private network."""

    code = "address_refused"


class HeaderRefused(OutboundError, InvalidInput):
    """A header of the request cannot be sent, or is not the caller's to set."""

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
    """More came than is read, as sent or once unpacked."""

    code = "response_too_large"


class MediaTypeRefused(OutboundError, InvalidInput):
    """The answer is of a kind that the caller does not take; its body was not read."""

    code = "media_type_refused"


class Unreachable(OutboundError, Unavailable):
    """No answer came; the same fetch may succeed later.

    The code is `unreachable`, `timed_out` or `tls_failed`.
    """

    code = "unreachable"


class BadResponse(OutboundError, Unavailable):
    """An answer came that breaks HTTP or its own encoding, or ends too early."""

    code = "bad_response"
