"""HTTP/1.1 as `serve` speaks it: uvicorn's server, with connections that are bounded throughout."""

from answerdesk.entrypoints.http_protocol.bounds import Bounds
from answerdesk.entrypoints.http_protocol.protocol import BoundedHttpProtocol
from answerdesk.entrypoints.http_protocol.server import server_config

__all__ = ["BoundedHttpProtocol", "Bounds", "server_config"]
