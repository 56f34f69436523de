"""What a child cannot do, and what it has not got."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from answerdesk.knowledge.ingestion.sandbox.confinement import MEASURES
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from tests.knowledge.ingestion.sandbox.support import eventually, is_alive, operation


def expect_untouched(folder: Path) -> None:
    assert [(one.name, one.read_text()) for one in folder.iterdir()] == [("kept", "as it was")]


async def test_the_child_is_confined(parsing: ParsingProcess, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("as it was")
    content = str(tmp_path).encode()
    attempts = dict(
        await parsing.run(operation("escape", tuple[tuple[str, bool], ...]), content, name="a")
    )
    assert [name for name, succeeded in attempts.items() if succeeded] == []
    assert len(attempts) == 21
    expect_untouched(tmp_path)
    assert [child.held for _, child in parsing._children._idle] == [MEASURES]


async def test_the_child_has_nothing_of_ours(
    parsing: ParsingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERDESK_OWNER_KEY", "secret-secret-secret-secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    found = await parsing.run(operation("environment", dict[str, str]), b"", name="a")
    assert set(found) <= {"LANG", "MALLOC_ARENA_MAX", "LD_LIBRARY_PATH", "OPENBLAS_NUM_THREADS"}
    open_files = await parsing.run(operation("descriptors", tuple[str, ...]), b"", name="a")
    pipes = [one for one in open_files if one.startswith("pipe:")]
    others = {one for one in open_files if one not in pipes} - {"/dev/null"}
    assert len(pipes) == 2
    assert all("/fd" in one for one in others)


async def test_chats_go_first() -> None:
    parsing = ParsingProcess()
    expected = min(os.nice(0) + 10, 19)
    assert await parsing.run(operation("niceness", int), b"", name="a") == expected
    await parsing.close()


PARENT = """
import asyncio, os, sys
sys.path.insert(0, {root!r})
from answerdesk.knowledge.ingestion.sandbox.process import Operation, ParsingProcess

async def main():
    parsing = ParsingProcess()
    module = "tests.knowledge.ingestion.sandbox.misbehaviour"
    child = await parsing.run(Operation(module + ":pid", int), b"", name="a")
    print("child", child, flush=True)
    await parsing.run(Operation(module + ":{what}", str), b"", name="a")

asyncio.run(main())
"""


@pytest.mark.parametrize("what", ["spin", "spin_in_c"])
async def test_the_child_dies_with_its_parent(what: str) -> None:
    script = PARENT.format(root=str(Path(__file__).parents[4]), what=what)
    command = (sys.executable, "-c", script)
    parent = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    # Beside what is logged.
    lines = [line async for line in _until(parent.stdout, b"child ")]
    child = int(lines[-1].removeprefix(b"child "))
    await asyncio.sleep(0.2)
    assert is_alive(child)
    parent.kill()
    await parent.wait()
    assert await eventually(lambda: not is_alive(child))


async def _until(stream: asyncio.StreamReader, beginning: bytes) -> AsyncIterator[bytes]:
    """Yield lines up to the one that begins so, which has to come."""
    while line := await stream.readline():
        yield line
        if line.startswith(beginning):
            return
    raise AssertionError(f"no line begins with {beginning!r}")


WITHOUT_FILTERS = """
import asyncio, ctypes, platform, struct

def step(code, yes, no, value):
    return struct.pack("=HBBI", code, yes, no, value)

# Refuses prctl(PR_SET_SECCOMP), for good and for children too, as a kernel without filters does.
prctl = {"x86_64": 157, "aarch64": 167}[platform.machine()]
steps = [step(0x20, 0, 0, 0), step(0x15, 0, 3, prctl), step(0x20, 0, 0, 16), step(0x15, 0, 1, 22),
         step(6, 0, 0, 0x50000 | 22), step(6, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b"".join(steps))

class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

library = ctypes.CDLL(None)
assert library.prctl(38, 1, 0, 0, 0) == 0
program = Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
assert library.prctl(22, 2, ctypes.byref(program), 0, 0) == 0

from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess

async def main():
    parsing = ParsingProcess()
    for _ in range(2):
        print((await parsing.prepare(b"# Hours", "text/markdown", "a.md")).title)
        await parsing.close()
        parsing._children.is_closed = False

asyncio.run(main())
"""


async def test_a_kernel_without_filters_is_told_once_and_documents_are_read() -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WITHOUT_FILTERS), stdout=asyncio.subprocess.PIPE
    )
    written, _ = await child.communicate()
    lines = written.decode().splitlines()
    assert [line for line in lines if line == "Hours"] == ["Hours", "Hours"]
    (told,) = [line for line in lines if "document_reader_less_confined" in line]
    assert "missing=['system_calls']" in told
