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
        f"{method} {path}: {answer.status_code}"
        for method, path in with_body
        if (answer := narrow.request(method, path, content=b"x" * 40_000)).status_code != 413
        or answer.json()["code"] != "body_too_large"
    ]
    assert unbounded == [], "give their router a `bounded_route` as its route_class"
