"""What parent and child tell each other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take.

    `seconds` are of processor time: however busy the machine is, a document that takes more is too
    much work. `wall_seconds` are of the clock, after which reading was not the document's fault and
    may be tried again. `quick_seconds`, of processor time, is for how long one may hold up others
    that wait; `niceness` is a priority as of nice(1): chats go first.
    """

    seconds: float = 25.0
    wall_seconds: float = 600.0
    memory_mb: int = 768
    most_answer_bytes: int = 32 * 1024 * 1024
    quick_seconds: float = 2.0
    niceness: int = 10


@dataclass(frozen=True, slots=True)
class Options:
    """How a child is to run.

    `parent` is its parent's process id, `seconds` the processor time of a call, `memory` bytes of
    address space.
    """

    parent: int
    seconds: float
    memory: int
    niceness: int
    most_calls: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Which limits hold for the child, by name."""

    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function, as "module:name", and what it takes after the document's bytes."""

    operation: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The result is complete; with `last`, the child takes no more calls."""

    last: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no result.

    `reason` refines the code where the error has one; `where` tells a maintainer what was raised,
    and holds nothing of the document.
    """

    code: str
    message: str
    reason: str | None
    where: str
    last: bool
