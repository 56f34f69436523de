"""What the tests of the limited child process share."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from answerdesk.knowledge.ingestion.sandbox.frames import Limits
from answerdesk.knowledge.ingestion.sandbox.process import Operation, ParsingProcess
from tests.waiting import PATIENCE

# Of the priority of the tests themselves, which may run beside others.
LIMITS = Limits(
    seconds=1, memory_mb=320, most_answer_bytes=2 * 1024 * 1024, quick_seconds=1, niceness=0
)
MARKDOWN = b"# Opening hours\n\nThe shop opens at nine.\n\n## Sundays\n\nOn Sundays it is closed.\n"


def operation(name: str, result: Any = str) -> Operation[Any]:
    return Operation(f"tests.knowledge.ingestion.sandbox.misbehaviour:{name}", result)


async def is_well(parsing: ParsingProcess) -> bool:
    echoed = await parsing.run(operation("echo", tuple[str, int]), b"abc", "ü", name="a.txt")
    return bool(echoed == ("ü", 3))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


async def eventually(holds: Callable[[], object], seconds: float = PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        await asyncio.sleep(0.02)
    return bool(holds())


def open_descriptors() -> int:
    """Return how many descriptors this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
