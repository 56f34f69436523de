"""Every operation that takes a body bounds it, whoever sends it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Server


@pytest.fixture(scope="module")
def narrow() -> Iterator[httpx.Client]:
    """A server that takes small bodies only, and its owner."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(
            Path(folder) / "data",
            ANSWERDESK_MAX_JSON_BYTES="2048",
            ANSWERDESK_MAX_FILE_BYTES="2048",
        ).start()
        with server.client(owner=True) as client:
            yield client
        server.stop()


def test_every_operation_with_a_body_refuses_one_that_is_too_large(narrow: httpx.Client) -> None:
    paths = narrow.get("/openapi.json").json()["paths"]
    with_body = [
        (method, path)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if "requestBody" in operation
    ]
    assert len(with_body) > 10
    unbounded = [
        f"{method} {path}"
        for method, path in with_body
        if not _says_too_large(narrow.request(method, path, content=b"x" * 40_000), path)
    ]
    assert unbounded == [], "give their router a `bounded_route` as its route_class"


def _says_too_large(answer: httpx.Response, path: str) -> bool:
    """Tell whether a body was refused for its size, natively or (below /api) by Novaro."""
    status, field = (400, "error") if path.startswith("/api/") else (413, "code")
    return answer.status_code == status and answer.json()[field] == "body_too_large"
