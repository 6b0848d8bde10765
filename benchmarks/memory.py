"""The most memory a process has taken."""

import re
from pathlib import Path


def peak_mib() -> int:
    """That of this process so far, in MiB; not, as with getrusage, of the one that started it."""
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak) // 1024
