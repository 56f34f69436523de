"""Servers with bounds of a test's own."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from tests.entrypoints.edge import LOOPS, PATIENT, Edge, Serve


@pytest.fixture(params=list(LOOPS))
def serve(request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Serve with the bounds that are named; all connections are closed in the end."""
    with ExitStack() as stack:

        def start(**bounds: Any) -> Edge:
            return stack.enter_context(Edge(replace(PATIENT, **bounds), request.param).running())

        yield start
