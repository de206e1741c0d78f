"""Seconds from ``make serve`` to the first answer, and what importing the application takes beside its libraries."""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import urllib3

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.figures import whole_number
from tests.serving import environment, free_port, is_listening, wait_until

ROOT = Path(__file__).parent.parent

MODULES = """
import sys
before = set(sys.modules)
import service_catalog.app
print(*(name for name in sys.modules if name not in before and not name.startswith("service_catalog")))
"""
APPLICATION = """
import time
began = time.process_time()
import service_catalog.app
print(time.process_time() - began)
"""
LIBRARIES = """
import sys, time
from importlib import import_module
names = sys.stdin.read().split()
began = time.process_time()
for name in names:
    if name not in sys.modules and not name.startswith("_openssl"):  # made by cryptography's own, found by no name
        import_module(name)
print(time.process_time() - began)
"""


def seconds_to_first_answer(data_dir: Path) -> float:
    """Run ``make serve`` until it has told how many services there are, then stop it."""
    port = free_port()
    begun = time.monotonic()
    with subprocess.Popen(
        ["make", "serve", f"PORT={port}"],
        cwd=ROOT,
        env=environment(data_dir, LOG_LEVEL="error"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            wait_until(lambda: is_listening(port) or process.poll() is not None, "make serve listens")
            answer = urllib3.request("GET", f"http://127.0.0.1:{port}/api/v1/services?limit=1", retries=False)
            taken = time.monotonic() - begun
            if answer.status != 200:
                sys.exit(f"{answer.status}: make serve 没有正常应答 · did not answer as it should")
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    return taken


def seconds_of_import(program: str, names: str = "") -> str:
    """Run a program that imports, by itself and with its bytecode at hand, and return what it prints."""
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=names, env=settings).stdout


def measure_imports(rounds: int) -> None:
    """Print the medians of importing the application, and all modules that it takes from elsewhere."""
    names = seconds_of_import(MODULES)
    pairs = [
        (float(seconds_of_import(APPLICATION)), float(seconds_of_import(LIBRARIES, names))) for _ in range(rounds + 1)
    ][1:]  # the first round writes the bytecode
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{ours:8.2f}  导入应用（处理器时间）· importing the application (seconds of the processor)")
    print(f"{theirs:8.2f}  只导入它所用的库 · importing its libraries alone")
    print(f"{ratio:8.2f}  比值 · ratio", flush=True)


def main() -> None:
    """Print the medians of the first and of the second start, and of importing."""
    rounds = whole_number("ROUNDS", 5)
    pairs = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            pairs.append([seconds_to_first_answer(Path(folder)) for _ in range(2)])
    first, second = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"从 make serve 到第一个应答的秒数，{rounds} 轮的中位数，不含安装依赖")
    print(f"seconds from make serve to the first answer, medians of {rounds} rounds, installation not included")
    print(f"{first:8.2f}  首次启动，空数据目录 · first start, on an empty data folder")
    print(f"{second:8.2f}  再次启动 · second start, on the same folder", flush=True)
    measure_imports(rounds)


if __name__ == "__main__":
    main()
