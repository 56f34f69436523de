"""What the processor can do for the model, and how many of its cores the model may keep busy."""

import os
import platform
from pathlib import Path
from typing import Final

_CPUINFO: Final = Path("/proc/cpuinfo")
_EXACT: Final = frozenset({"avx512_vnni", "avx_vnni", "asimddp"})
"""VNNI, and its like on ARM."""


def multiplies_int8() -> bool:
    """Tell whether products of eight bits are added without overflow.

    Elsewhere two of them are added in 16 bits, and the sum is cut off where it does not fit. Where
    the system does not tell, the answer is no, but for Apple's own processors.
    """
    if platform.system() == "Darwin":
        return platform.machine() == "arm64"
    try:
        lines = _CPUINFO.read_text(errors="replace").splitlines()
    except OSError:
        return False
    told = [line.partition(":") for line in lines]
    flags = [value for name, _, value in told if name.strip() in ("flags", "Features")]
    return bool(flags) and not _EXACT.isdisjoint(flags[0].split())


_TOPOLOGY: Final = Path("/sys/devices/system/cpu")
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def physical_cores() -> int:
    """Return the physical cores this process may use, at least 1.

    Two hyper-threads share one core's arithmetic, so a second thread there only waits. Where the
    system does not tell (no Linux), logical cores are counted. A container's quota is kept.
    """
    usable = (
        os.sched_getaffinity(0)
        if hasattr(os, "sched_getaffinity")
        else set(range(os.cpu_count() or 1))
    )
    return max(1, min(len({_core_of(cpu) for cpu in usable}), _quota()))


def _core_of(cpu: int) -> str:
    siblings = _TOPOLOGY / f"cpu{cpu}" / "topology" / "thread_siblings_list"
    try:
        return siblings.read_text().strip()
    except OSError:
        return str(cpu)


def _quota() -> int:
    """Return the whole cores that the container's limit leaves, or very many without a limit."""
    unlimited = 1 << 16
    try:
        quota, period = _QUOTA.read_text().split()
        return unlimited if quota == "max" else int(quota) // int(period)
    except (OSError, ValueError):
        return unlimited
