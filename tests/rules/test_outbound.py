"""Whatever opens a connection goes through `core/outbound`, or is listed here with its reason.

The database is not meant: its driver goes to the one server that the operator has configured.
"""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.rules.tree import PACKAGE, expect_none, parsed, python_files

GUARD = PACKAGE / "core/outbound"

# Everything in the standard library and in PyPI's well-known packages that connects by itself.
CLIENTS = {
    *("aiohttp", "httpx", "requests", "urllib3", "httpcore", "niquests", "pycurl", "h2", "h11"),
    *("websockets", "websocket", "grpc", "aiosmtplib", "paramiko", "asyncssh", "dns", "aiodns"),
    *("openai", "anthropic", "google.genai", "mistralai", "cohere", "boto3", "botocore"),
    *("urllib.request", "http.client", "ftplib", "smtplib", "poplib", "imaplib", "telnetlib"),
    *("xmlrpc.client", "socket", "ssl", "socketserver", "playwright", "selenium", "pyppeteer"),
}
CALLS = {"open_connection", "create_connection", "start_tls", "sock_connect", "getaddrinfo"}
PROGRAMS = {"curl", "wget", "nc", "chromium", "google-chrome", "ssh", "git"}

ALLOWED = {
    "core/database/watched.py": "ends a connection to the database; it opens none",
    "providers/smtp_mailer.py": "mail goes to the one server that the operator has configured",
    "entrypoints/cli/serve.py": "listens; it opens no connection",
    "entrypoints/cli/supervisor.py": "parent and children talk through pairs of sockets",
}


def connections(text: str) -> Iterator[str]:
    """Yield what a module imports or calls that could open a connection."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and node.attr in CALLS:
            yield f"{node.lineno}: calls {ast.unparse(node)}"
            continue
        elif isinstance(node, ast.List | ast.Tuple) and node.elts:
            first = node.elts[0]
            if isinstance(first, ast.Constant) and first.value in PROGRAMS:
                yield f"{node.lineno}: starts {first.value}"
            continue
        else:
            continue
        for name in names:
            found = next(
                (one for one in CLIENTS if name == one or name.startswith(f"{one}.")), None
            )
            if found is not None:
                yield f"{node.lineno}: imports {found}"
                break


def reason(path: PurePosixPath) -> str | None:
    """Return why this module may connect past the guard."""
    inside = path.relative_to(PACKAGE)
    return next((why for name, why in ALLOWED.items() if inside.is_relative_to(name)), None)


def test_nothing_but_the_guarded_client_connects() -> None:
    expect_none(
        f"{path}:{found}; fetch through core.outbound, which knows where not to go"
        for path, text in python_files(str(PACKAGE))
        if not path.is_relative_to(GUARD) and reason(path) is None
        for found in connections(text)
    )


def test_the_guarded_client_is_where_the_connections_are() -> None:
    """Else the rule above would look for names that nothing has."""
    inside = [text for path, text in python_files(str(GUARD)) for _ in connections(text)]
    assert len(inside) >= 3


def test_every_exception_is_still_needed() -> None:
    connecting = [
        path.relative_to(PACKAGE)
        for path, text in python_files(str(PACKAGE))
        if reason(path) is not None and any(connections(text))
    ]
    idle = [name for name in ALLOWED if not any(path.is_relative_to(name) for path in connecting)]
    assert idle == [], "these connect to nothing; take them off the list"


@pytest.mark.parametrize(
    "code",
    [
        "import httpx",
        "import aiohttp.web",
        "from aiohttp import ClientSession",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import http.client as client",
        "import socket",
        "def f():\n    import requests",
        "await asyncio.open_connection(host, 80)",
        "await loop.create_connection(factory, host, 80)",
        "subprocess.run(['curl', url])",
    ],
)
def test_another_way_out_is_reported(code: str) -> None:
    assert len(list(connections(code))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "from urllib.parse import urljoin",
        "from http import HTTPStatus",
        "import dnslike",
        "from answerdesk.core.outbound import Outbound",
        "subprocess.run(['tar', path])",
    ],
)
def test_what_does_not_connect_is_not_reported(code: str) -> None:
    assert list(connections(code)) == []
