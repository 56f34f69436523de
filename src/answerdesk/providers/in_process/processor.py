"""What the processor supports, and how many of its cores the model may use."""

import os
import platform
from pathlib import Path
from typing import Final

_CPUINFO: Final = Path("/proc/cpuinfo")
_EXACT: Final = frozenset({"avx512_vnni", "avx_vnni", "asimddp"})
"""VNNI, and its equivalent on ARM."""


def multiplies_int8() -> bool:
    """Tell whether the processor adds int8 products without overflow.

    Other processors add two products in 16 bits and saturate the sum. If the system doesn't report
    processor features, the result is False, except for Apple's own processors.
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
    """Return the number of physical cores that this process may use, at least 1.

    Two hyper-threads share one core's arithmetic, so a second thread there only waits. If the
    system doesn't report its cores (not Linux), logical cores are counted. A container's CPU quota
    is respected.
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
    """Return the whole cores of the container's CPU quota, or a very large number without one."""
    unlimited = 1 << 16
    try:
        quota, period = _QUOTA.read_text().split()
        return unlimited if quota == "max" else int(quota) // int(period)
    except (OSError, ValueError):
        return unlimited
