"""A warm process is to a program what one of its own is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm

_ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "HOME": "/nowhere", "GIVEN": "caf\xe9"}
_TELL = """
import json, os, signal, sys
print(json.dumps({
    "arguments": sys.argv, "folder": os.getcwd(), "environment": dict(os.environ),
    "name": __name__, "first": sys.path[0], "given": sys.stdin.read(),
    "streams": [(one.encoding, one.errors, one.line_buffering, one.write_through)
                for one in (sys.stdin, sys.stdout)],
    "errors": (sys.stderr.encoding, sys.stderr.errors),
    "signals": [str(signal.getsignal(one)) for one in (signal.SIGINT, signal.SIGCHLD)],
    "open": len(os.listdir("/proc/self/fd")),
}))
sys.stderr.write("a word")
sys.exit(int(sys.argv[1]))
"""
_KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
_RAISE = "import atexit; atexit.register(print, 'the end'); raise ValueError('a reason')"


def _both(
    folder: Path, program: str, *arguments: str | bytes, given: bytes = b""
) -> list[subprocess.CompletedProcess[bytes]]:
    (folder / "program.py").write_text(program, encoding="utf-8")
    command: list[str | bytes | Path] = [folder / "program.py", *arguments]
    real = subprocess.run(
        [sys.executable, *command],
        env=_ENVIRONMENT,
        cwd=folder,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return [real, warm.run(command, env=_ENVIRONMENT, cwd=folder, given=given, timeout=60)]


@pytest.mark.parametrize("status", ["0", "3"])
def test_it_has_all_that_a_process_is_given(tmp_path: Path, status: str) -> None:
    real, ours = _both(tmp_path, _TELL, status, b"\xff", "zwölf", given="grün\n".encode())
    assert json.loads(ours.stdout) == json.loads(real.stdout)
    assert ours.stderr == real.stderr == b"a word"
    assert ours.returncode == real.returncode == int(status)


def test_its_end_is_told_whatever_it_is(tmp_path: Path) -> None:
    real, ours = _both(tmp_path, _KILL)
    assert ours.returncode == real.returncode == -9
    real, ours = _both(tmp_path, _RAISE)
    assert (ours.returncode, ours.stdout) == (real.returncode, real.stdout)
    assert ours.stderr.splitlines()[-1] == real.stderr.splitlines()[-1] == b"ValueError: a reason"


def test_it_is_signalled_and_waited_for(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import time; time.sleep(60)")
    process = warm.start([tmp_path / "program.py"], env=_ENVIRONMENT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.05)
    assert process.poll() is None
    process.terminate()
    assert process.wait(30) == process.poll() == -15
    process.kill()
