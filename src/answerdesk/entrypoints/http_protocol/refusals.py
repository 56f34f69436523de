"""Errors sent below the application, each in the format that its caller expects."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse

from answerdesk.core.web.problems import problem
from answerdesk.core.web.wire import Fault
from answerdesk.dialects import DIALECTS
from answerdesk.dialects.dispatch import RootPaths

_ROOT_PATHS: Final = RootPaths(DIALECTS)
_NEVER_AGAIN: Final = (b"connection", b"close")
# These errors hold no private data, so a widget on any page may read them.
_FOR_EVERY_PAGE: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"retry-after"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a connection is no longer served; `retry_after` is in seconds."""

    status: HTTPStatus
    code: str
    detail: str
    retry_after: int | None = None

    def response(self, path: str) -> JSONResponse:
        """Return the response in the error format of the API that serves `path`."""
        wire = _ROOT_PATHS.wire_of(path)
        if wire is None:
            response = problem(self.status.value, self.code, self.detail)
            if self.retry_after is not None:
                response.headers["Retry-After"] = str(self.retry_after)
        else:
            fault = Fault(self.status.value, self.code, self.detail, self.retry_after)
            response = wire.response(fault)
        response.raw_headers += [_NEVER_AGAIN, *_FOR_EVERY_PAGE]
        return response

    def written(self, url: bytes, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
        """Return the raw HTTP/1.1 response to a request for `url`, which may be cut or empty."""
        response = self.response(url.partition(b"?")[0].decode("latin-1"))
        status = HTTPStatus(response.status_code)
        line = b"HTTP/1.1 %d %s\r\n" % (status.value, status.phrase.encode())
        fields = b"".join(b"%s: %s\r\n" % field for field in (*headers, *response.raw_headers))
        return line + fields + b"\r\n" + bytes(response.body)


class RefusedInside(Exception):  # Not an error, but how a parser callback stops parsing.
    """Ends the parsing of a request from within a callback."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


HEAD_TOO_SLOW: Final = Refusal(
    HTTPStatus.REQUEST_TIMEOUT,
    "head_timeout",
    "The request's head did not arrive in time; connect again and send it in one piece",
)
HEAD_TOO_LARGE: Final = Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "head_too_large",
    "The request's address and headers are too large; shorten the address, or send fewer cookies "
    "and headers",
)
MALFORMED: Final = Refusal(
    HTTPStatus.BAD_REQUEST, "malformed_request", "This is not an HTTP/1.1 request"
)
TOO_MANY_WAIT: Final = Refusal(
    HTTPStatus.TOO_MANY_REQUESTS,
    "pipeline_full",
    "Too many requests wait on this connection; read a response before you send the next request",
    retry_after=1,
)
CROWDED: Final = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "too_many_connections",
    "Too many connections are open here; try again in a few seconds",
    retry_after=5,
)
STOPPING: Final = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "shutting_down",
    "The server is being stopped or restarted; try again in a few seconds",
    retry_after=5,
)
REFUSALS: Final = (HEAD_TOO_SLOW, HEAD_TOO_LARGE, MALFORMED, TOO_MANY_WAIT, CROWDED, STOPPING)
