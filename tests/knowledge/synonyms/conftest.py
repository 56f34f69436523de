"""The same callers and the same somebody else as for projects."""

from tests.projects.conftest import foreign, reader

__all__ = ["foreign", "reader"]
