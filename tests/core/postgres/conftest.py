"""Folders in which initdb has run once, for all the tests that are not about the first start."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.core.postgres.crew import Place


@contextmanager
def lasting_place() -> Iterator[Place]:
    with Place() as place:
        EmbeddedPostgres.start(place.data_dir).close()
        place.remember()
        yield place


@pytest.fixture(scope="session")
def _lasting_place() -> Iterator[Place]:
    with lasting_place() as place:
        yield place


@pytest.fixture(scope="session")
def _other_lasting_place() -> Iterator[Place]:
    with lasting_place() as place:
        yield place


@pytest.fixture
def place(_lasting_place: Place) -> Iterator[Place]:
    """A folder with a stopped server's data; tables of earlier tests may lie in it."""
    _lasting_place.restore()
    yield _lasting_place
    _lasting_place.restore()


@pytest.fixture
def other_place(_other_lasting_place: Place) -> Iterator[Place]:
    """Another such folder."""
    _other_lasting_place.restore()
    yield _other_lasting_place
    _other_lasting_place.restore()


@pytest.fixture
def new_place() -> Iterator[Place]:
    """A folder where nothing has been started yet."""
    with Place() as place:
        yield place
