"""Each dialect keeps to its own description: schemathesis, with a key that may do everything."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from answerdesk.core.dialects import DIALECTS, Dialect
from tests.conformance.run import expect_conformance
from tests.conftest import Desk, Server

_SEED: Final = ("--seed", "20261130")


@pytest.fixture(scope="module")
def busy() -> Iterator[Server]:
    """A server of its own: what schemathesis does to it is nobody else's matter."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(Path(folder) / "data").start()
        with server.client(owner=True) as owner, server.client() as visitor:
            Desk(owner, visitor).add_text("Opening hours", "We are open from 7 to 18.")
        yield server
        server.stop()


# Without a key, an operation refuses its first request as it does the next, so it is sent one.
@pytest.mark.parametrize(
    "every_case", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["new paths", "all"]
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dialect_sends_only_what_it_describes(
    busy: Server, tmp_path: Path, dialect: Dialect, *, every_case: bool
) -> None:
    expect_conformance(
        busy,
        f"/{dialect}/openapi.json",
        tmp_path,
        *_SEED,
        credential=busy.owner_key,
        also={"nobody": None},
        every_case=every_case,
    )
