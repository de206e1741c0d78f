"""Requests a second of our reads beside a bare function that returns as many bytes, interleaved, as ratios."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, product
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.figures import whole_number
from tests.serving import Server, free_port, is_listening, wait_until

HERE = Path(__file__).parent
CONNECTIONS = 16
MOST_PER_SECOND = 20_000
"""Queries prepared for each second of a round: more than any worker of ours answers."""

WORDS = """
{rounds} 轮 rounds × {seconds} s，单个工作进程 one worker，{connections} 个连接 connections，取中位数 medians
比值：本目录每秒请求数 ÷ 同一服务器上直接返回同样多字节的空函数的每秒请求数；1 表示目录毫无开销，绝对数值只属于这台机器
ratio: our requests a second over those of a bare function that returns as many bytes on the same server;
       1 would mean that the catalogue costs nothing; the absolute figures belong to this machine
"""

CASES = {
    "73 项中的 29 项 · list, 29 of 73 services": ("/api/v1/services?online_for=individual", None),
    "单个事项 · one service": ("/api/v1/services/430203-card-application", None),
    "从未问过的筛选，仍是那 29 项 · filters never seen before, the same 29 services": (
        "/api/v1/services?online_for=individual",
        HERE / "filters.lua",
    ),
}


def unseen_queries() -> Iterator[str]:
    """Yield queries, each another combination of filters, that all find the 29 services of individuals online.

    What varies holds for all 29: the first choice of some is to say nothing.
    """
    choices = {
        "limit": range(29, 1001),
        "audience": (None, "individual"),
        "online": (None, "true"),
        "max_visits": (None, 1),
        "division": ("430203", "4302", "43"),
        "min_depth": ("consult", "submit", "preliminary-review", "accept"),
        "status": ("active", "any"),
        "sort": ("id", "-revision"),
        "online_for": ("individual",),
    }
    for backwards in (False, True):
        for values in product(*reversed(choices.values())):
            said = [pair for pair in zip(reversed(choices), values, strict=True) if pair[1] is not None]
            yield urlencode(said[::-1] if backwards else said)


@contextmanager
def bare_server(body: Path, application: str = "bare:application") -> Iterator[str]:
    """Yield the address of one granian worker that returns ``body``, by a bare function or another application."""
    port = free_port()
    command = [shutil.which("granian", path=str(Path(sys.executable).parent)) or "granian", "--interface", "wsgi"]
    options = ["--port", str(port), "--workers", "1", "--blocking-threads", "1", "--no-log", "--no-ws"]
    environment = {**os.environ, "BENCHMARK_BODY": str(body), "PYTHONPATH": str(HERE)}
    with subprocess.Popen([*command, *options, application], env=environment) as process:
        try:
            wait_until(lambda: is_listening(port), "the bare server listens")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def requests_a_second(address: str, seconds: int, script: Path | None = None, queries: Path | None = None) -> float:
    """Load an address with wrk and return its figure; any answer but 2xx stops the benchmark."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *(["-s", str(script)] if script else []), address]
    environment = {**os.environ, "QUERIES": str(queries)}
    report = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", report)
    if found is None or "Non-2xx" in report or "Socket errors" in report:
        sys.exit(f"{address} 没有全部应答 · did not answer everything:\n{report}")
    return float(found[1])


def prepare_queries(server: Server, size: int, queries: Iterator[str], seconds: int, file: Path) -> None:
    """Write the queries of one round; the last is asked, to see that it finds as many bytes as the bare function."""
    chosen = list(islice(queries, seconds * MOST_PER_SECOND))
    if len(chosen) < seconds * MOST_PER_SECOND:
        sys.exit("筛选组合已用完；请减小 ROUNDS 或 SECONDS · out of unseen filters; make ROUNDS or SECONDS smaller")
    last = chosen.pop()
    found = len(server.get(f"/api/v1/services?{last}").data)
    if found != size:
        sys.exit(f"{last}: {found} 字节，应为 · bytes instead of {size}")
    file.write_text("\n".join(chosen) + "\n", encoding="ascii")


def measure(
    server: Server, case: tuple[str, Path | None], folder: Path, rounds: int, seconds: int
) -> tuple[int, float, float, float]:
    """Return the answer's size, both medians in requests a second, and the median of the ratios round by round."""
    path, script = case
    body, file, queries = folder / "body", folder / "queries", unseen_queries()
    size = body.write_bytes(server.get(path).data)
    pairs = []
    with bare_server(body) as bare:
        for _ in range(rounds + 1):
            if script:
                prepare_queries(server, size, queries, seconds, file)
            ours = requests_a_second(server.base + path, seconds, script, file)
            pairs.append((ours, requests_a_second(bare + path, seconds)))
    ours, peers = zip(*pairs[1:], strict=True)  # the first round warms up
    ratio = statistics.median(one / other for one, other in pairs[1:])
    return size, statistics.median(ours), statistics.median(peers), ratio


def main() -> None:
    """Print one row a case."""
    rounds, seconds = whole_number("ROUNDS", 5), whole_number("SECONDS", 3)
    if shutil.which("wrk") is None:
        sys.exit("缺少 wrk；请安装 Debian 软件包 wrk · wrk is missing; install Debian's package wrk")
    print(WORDS.format(rounds=rounds, seconds=seconds, connections=CONNECTIONS))
    print(f"{'bytes':>8}{'ours/s':>9}{'bare/s':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), LOG_LEVEL="info") as server:
        for name, case in CASES.items():
            size, ours, bare, ratio = measure(server, case, Path(folder), rounds, seconds)
            print(f"{size:>8}{ours:>9.0f}{bare:>9.0f}{ratio:>8.3f}  {name}", flush=True)


if __name__ == "__main__":
    main()
