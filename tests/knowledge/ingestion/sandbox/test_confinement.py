"""What a child cannot do, and what it has not got."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from answerdesk.knowledge.ingestion.sandbox.confinement import MEASURES
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from tests.knowledge.ingestion.sandbox.support import eventually, is_alive, operation


async def test_the_child_is_confined(parsing: ParsingProcess) -> None:
    attempts = dict(
        await parsing.run(operation("escape", tuple[tuple[str, bool], ...]), b"", name="a")
    )
    assert [name for name, succeeded in attempts.items() if succeeded] == []
    assert len(attempts) == 11
    assert [child.held for _, child in parsing._idle] == [MEASURES]


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
    print(await parsing.run(Operation(module + ":pid", int), b"", name="a"), flush=True)
    await parsing.run(Operation(module + ":{what}", str), b"", name="a")

asyncio.run(main())
"""


@pytest.mark.parametrize("what", ["spin", "spin_in_c"])
async def test_the_child_dies_with_its_parent(what: str) -> None:
    script = PARENT.format(root=str(Path(__file__).parents[4]), what=what)
    command = (sys.executable, "-c", script)
    parent = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    await asyncio.sleep(0.2)
    assert is_alive(child)
    parent.kill()
    await parent.wait()
    assert await eventually(lambda: not is_alive(child))
