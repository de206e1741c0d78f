"""Commands of the program, timed from start to end, with the most memory that they held."""

import os
import subprocess
import sys
import time
from pathlib import Path

_TELL_MEMORY = """
import atexit, pathlib, runpy, sys
# VmHWM begins with the program; what wait4 tells begins with a copy of whoever started it.
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: print(status.read_text().split("VmHWM:")[1].split()[0], file=sys.stderr))
runpy.run_module("service_catalog", run_name="__main__", alter_sys=True)
"""


def run_command(*arguments: str, folder: Path, **settings: str) -> tuple[float, float]:
    """Run one command in a folder and return its seconds and its peak memory in MiB; a failure ends the benchmark."""
    environment = {f"SERVICE_CATALOG_{name}": value for name, value in settings.items()}
    start = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", _TELL_MEMORY, *arguments],
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
    return seconds, int(ended.stderr.split()[-1]) / 1024
