"""Commands of the program, timed from start to end, with the processor's time and the most memory that they took."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

_TELL = """
import atexit, pathlib, runpy, sys, time
# VmHWM begins with the program; what wait4 tells begins with a copy of whoever started it.
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: print(time.process_time(), status.read_text().split("VmHWM:")[1].split()[0], file=sys.stderr))
runpy.run_module("service_catalog", run_name="__main__", alter_sys=True)
"""


class Taken(NamedTuple):
    """What a command took: seconds from start to end, its peak memory in MiB, and its own seconds of the processor."""

    seconds: float
    memory: float
    processor: float


def run_command(*arguments: str, folder: Path, **settings: str) -> Taken:
    """Run one command in a folder and return what it took; a failure ends the benchmark."""
    environment = {f"SERVICE_CATALOG_{name}": value for name, value in settings.items()}
    start = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", _TELL, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if ended.returncode:
        sys.exit(f"{' '.join(arguments)}: {ended.returncode}\n{ended.stderr}")
    *_, processor, memory = ended.stderr.split()
    return Taken(seconds, int(memory) / 1024, float(processor))
