"""What a reader might do that should not: run by tests in the child, and nowhere in the product."""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from answerdesk.core.errors import InvalidInput


def echo(content: bytes, text: str) -> tuple[str, int]:
    return text, len(content)


def pid(_content: bytes) -> int:
    return os.getpid()


def sleep(_content: bytes, seconds: str) -> str:
    time.sleep(float(seconds))
    return "slept"


def work(_content: bytes, seconds: str) -> int:
    """Use so much of a processor."""
    ends = time.process_time() + float(seconds)
    while time.process_time() < ends:
        pass
    return os.getpid()


def spin(_content: bytes) -> str:
    while True:
        pass


def spin_in_c(_content: bytes) -> int:
    return sum(range(10**15))


def spin_for_ever(_content: bytes) -> str:
    """Spin without the timer that would end it, as a reader that was taken over would."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    while True:
        pass


def allocate(_content: bytes) -> int:
    kept = []
    while True:
        # Not a byte is touched: that takes a busy machine longer than the time allowed.
        kept.append(bytes(10_000_000))


def keep(content: bytes) -> int:
    """Leave memory behind, as a reader with a leak would."""
    leaked = vars(sys.modules[__name__]).setdefault("leaked", [])
    leaked.append(bytearray(int(content)))
    return os.getpid()


def recurse(content: bytes) -> int:
    return recurse(content) + 1


def fail(_content: bytes) -> str:
    raise KeyError("a word of the document")


def refuse(_content: bytes) -> str:
    raise InvalidInput("This is not taken", code="not_taken")


def read_null(_content: bytes) -> int:
    return len(ctypes.string_at(0))


def leave(_content: bytes) -> str:
    os._exit(0)


def print_much(_content: bytes) -> str:
    print("x" * 1_000_000)  # noqa: T201
    os.write(1, b"y" * 1_000_000)
    os.write(2, b"z" * 1_000_000)
    return "printed"


def write_garbage(_content: bytes) -> str:
    """Write to every descriptor that is open, the answers' among them."""
    for descriptor in range(3, 32):
        try:
            os.write(descriptor, b"garbage " * 100)
        except OSError:
            continue
    return "written"


def answer_much(_content: bytes, megabytes: str) -> Iterator[str]:
    for _ in range(int(megabytes)):
        yield "x" * 1024 * 1024


def answer_oddly(_content: bytes) -> object:
    return {"not": ["what", "was", "asked", 4]}


def environment(_content: bytes) -> dict[str, str]:
    return dict(os.environ)


def descriptors(_content: bytes) -> tuple[str, ...]:
    """What each open descriptor leads to, but the one that lists them."""
    folder = Path("/proc/self/fd")
    return tuple(str(one.readlink()) for one in sorted(folder.iterdir()) if one.is_symlink())


def niceness(_content: bytes) -> int:
    return os.nice(0)


def escape(content: bytes) -> tuple[tuple[str, bool], ...]:
    """Try what a reader that was taken over would; return which attempts succeeded.

    `content` names a folder with a file `kept`.
    """
    folder = Path(content.decode())
    kept, new = folder / "kept", folder / "new"
    attempts: dict[str, Callable[[], object]] = {
        "socket": socket.socket,
        "unix socket": lambda: socket.socket(socket.AF_UNIX),
        "socket pair": socket.socketpair,
        "fork": os.fork,
        "thread": threading.Thread(target=int).start,
        "exec": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "program": lambda: subprocess.run(["/bin/true"], check=True),
        "signal": lambda: os.kill(os.getppid(), 0),
        "more memory": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
        "more descriptors": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
        "write": lambda: new.write_bytes(b"x"),
        "empty file": new.touch,
        "create": lambda: os.close(os.open(new, os.O_RDONLY | os.O_CREAT)),
        "folder": new.mkdir,
        "link": lambda: new.symlink_to(kept),
        "empty": lambda: os.close(os.open(kept, os.O_RDONLY | os.O_TRUNC)),
        "truncate": lambda: os.truncate(kept, 0),
        "append": lambda: os.close(os.open(kept, os.O_WRONLY | os.O_APPEND)),
        "rename": lambda: kept.rename(new),
        "mode": lambda: kept.chmod(0o777),
        "remove": kept.unlink,
    }
    return tuple((name, _succeeds(attempt)) for name, attempt in attempts.items())


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError):
        return False
    return True
