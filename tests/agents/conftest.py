"""The same callers and the same somebody else as for projects."""

from tests.projects.conftest import confined, foreign, reader

__all__ = ["confined", "foreign", "reader"]
