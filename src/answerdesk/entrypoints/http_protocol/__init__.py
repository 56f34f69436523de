"""The HTTP/1.1 of `serve`: uvicorn's server, with every aspect of a connection bounded."""

from answerdesk.entrypoints.http_protocol.bounds import Bounds
from answerdesk.entrypoints.http_protocol.protocol import BoundedHttpProtocol
from answerdesk.entrypoints.http_protocol.server import server_config

__all__ = ["BoundedHttpProtocol", "Bounds", "server_config"]
