"""What the processor can do for the model."""

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
