"""A file of any length is imported in the same memory."""

import os
import subprocess
import sys
from pathlib import Path

from service_catalog.documents.canonical import canonical
from tests.conftest import SIGNING_KEY
from tests.domain.samples import content
from tests.serving import environment

FEW, MANY = 2_000, 20_000
MEASURED = """
import atexit, pathlib, runpy
atexit.register(lambda: print(*pathlib.Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[:1]))
runpy.run_module("service_catalog", run_name="__main__")
"""
"""Runs the command and prints the most KiB that its process ever had in memory."""


def peak(folder: Path, url: str, count: int) -> int:
    """Import so many new services and return the peak in KiB."""
    path = folder / f"{count}.jsonl"
    with path.open("wb") as file:
        for number in range(count):
            file.write(canonical(content(code=f"made-{count}-{number}")) + b"\n")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "import", path],
        env=environment(folder, DATABASE_URL=url, SIGNING_KEY=SIGNING_KEY),
        capture_output=True,
        text=True,
        check=True,
        cwd=os.fspath(Path(__file__).parents[2]),
    )
    assert f"created {count}" in done.stdout
    return int(done.stdout.split()[-1])


def test_file_that_is_ten_times_as_long_is_imported_in_about_the_same_memory(seeded_url: str, tmp_path: Path) -> None:
    assert peak(tmp_path, seeded_url, MANY) < peak(tmp_path, seeded_url, FEW) * 1.1
