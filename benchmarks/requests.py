"""Requests a second of our reads beside a bare function that returns the same bytes, interleaved, as ratios."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.serving import Server, free_port, is_listening, wait_until

HERE = Path(__file__).parent
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS", "3"))
CONNECTIONS = 16

CASES = {
    "list, 29 of 73 services": ("/api/v1/services?online_for=individual", None),
    "one service": ("/api/v1/services/430203-card-application", None),
    "list, filters never seen before": ("/api/v1/services?domain=employment", HERE / "filters.lua"),
}


@contextmanager
def bare_server(body: Path) -> Iterator[str]:
    """Yield the address of one granian worker that returns ``body``."""
    port = free_port()
    command = [shutil.which("granian", path=str(Path(sys.executable).parent)) or "granian", "--interface", "wsgi"]
    options = ["--port", str(port), "--workers", "1", "--blocking-threads", "1", "--no-log", "--no-ws"]
    environment = {**os.environ, "BENCHMARK_BODY": str(body), "PYTHONPATH": str(HERE)}
    with subprocess.Popen([*command, *options, "bare:application"], env=environment) as process:
        try:
            wait_until(lambda: is_listening(port), "the bare server listens")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def requests_a_second(address: str, script: Path | None) -> float:
    """Load an address with wrk and return its figure; any answer but 2xx stops the benchmark."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *(["-s", str(script)] if script else []), address]
    report = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        sys.exit(f"{address} did not answer everything:\n{report}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1])  # type: ignore[index]


def measure(server: Server, path: str, script: Path | None, folder: Path) -> tuple[int, float, float, float]:
    """Return the answer's size, both medians in requests a second, and the median of the ratios round by round."""
    body = folder / "body"
    body.write_bytes(server.get(path).data)
    with bare_server(body) as bare:
        requests_a_second(server.base + path, script)
        requests_a_second(bare + path, None)
        pairs = [
            (requests_a_second(server.base + path, script), requests_a_second(bare + path, None)) for _ in range(ROUNDS)
        ]
    ours, peers = zip(*pairs, strict=True)
    ratio = statistics.median(one / other for one, other in pairs)
    return body.stat().st_size, statistics.median(ours), statistics.median(peers), ratio


def main() -> None:
    """Print one row a case."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing; install Debian's package wrk")
    print(f"one worker, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s each, medians")
    print(f"{'':34}{'bytes':>8}{'ours/s':>9}{'bare/s':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), LOG_LEVEL="info") as server:
        for name, (path, script) in CASES.items():
            size, ours, bare, ratio = measure(server, path, script, Path(folder))
            print(f"{name:34}{size:>8}{ours:>9.0f}{bare:>9.0f}{ratio:>8.3f}", flush=True)


if __name__ == "__main__":
    main()
