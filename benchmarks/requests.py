"""Requests a second of our reads beside peers that return as many bytes, interleaved, on both engines, as ratios."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.databases import engines
from benchmarks.figures import whole_number
from service_catalog.turns import THREADS
from tests.serving import Server, free_port, is_listening, wait_until

HERE = Path(__file__).parent
CONNECTIONS = 16
WORKERS = (1, 2)
"""On so many worker processes each case is measured."""

MOST_PER_SECOND = 20_000
"""Queries prepared for each second of a round: more than any worker of ours answers."""

WORDS = """
{rounds} 轮 rounds × {seconds} s，工作进程数 workers: {workers}，{connections} 个连接 connections，取中位数 medians
比值：本目录每秒请求数 ÷ 同一服务器上直接返回同样多字节的空函数（function）或 Flask 本身（flask）的每秒请求数；
      1 表示目录毫无开销，绝对数值只属于这台机器
ratio: our requests a second over those of a bare function, or of Flask alone, that returns as many bytes on the same
       server; 1 would mean that the catalogue costs nothing; the absolute figures belong to this machine
同类服务器每进程的线程数与本目录相同（{threads}），可另设 PEER_THREADS
the peers' server has as many threads a worker as ours ({threads}), unless PEER_THREADS says otherwise
"""

LIST = "/api/v1/services?online_for=individual"
CARD = "/api/v1/services/430203-card-application"
FACETS = "/api/v1/facets?audience=individual"
SEARCH = f"/api/v1/services?q={quote('失业保险金')}"


@dataclass(frozen=True, slots=True)
class Load:
    """How many workers answer, and for how many rounds of how many seconds."""

    workers: int
    rounds: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request, and the peer of ``bare.py`` that it is held against."""

    name: str
    path: str
    peer: str = "function"
    is_known: bool = False
    is_unseen: bool = False


CASES = (
    Case("73 项中的 29 项，重复 · list, 29 of 73 services, repeated", LIST),
    Case("单个事项，重复 · one service, repeated", CARD),
    Case("分面，重复 · facets, repeated", FACETS),
    Case("检索，重复 · a search, repeated", SEARCH),
    Case("读者已有的列表，304 · the list, 304 to whoever has it", LIST, is_known=True),
    Case(
        "从未问过的筛选，仍是那 29 项 · filters never seen before, the same 29 services", LIST, "flask", is_unseen=True
    ),
)


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
def peer_server(peer: str, body: Path, workers: int) -> Iterator[str]:
    """Yield the address of a granian of so many workers on which a peer returns ``body``."""
    port, threads = free_port(), whole_number("PEER_THREADS", THREADS)
    command = [shutil.which("granian", path=str(Path(sys.executable).parent)) or "granian", "--interface", "wsgi"]
    command += ["--workers", str(workers), "--blocking-threads", str(threads)]
    options = ["--port", str(port), "--no-log", "--no-ws"]
    environment = {**os.environ, "BENCHMARK_BODY": str(body), "PYTHONPATH": str(HERE)}
    with subprocess.Popen([*command, *options, f"bare:{peer}"], env=environment) as process:
        try:
            wait_until(lambda: is_listening(port), "the peer listens")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def requests_a_second(address: str, seconds: int, *options: str, queries: Path | None = None) -> float:
    """Load an address with wrk and return its figure; any answer but 2xx or 3xx stops the benchmark."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *options, address]
    environment = {**os.environ, "QUERIES": str(queries)}
    report = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", report)
    if found is None or "Non-2xx" in report or "Socket errors" in report:
        sys.exit(f"{address} 没有全部应答 · did not answer everything:\n{report}")
    return float(found[1])


def prepare_queries(server: Server, size: int, queries: Iterator[str], seconds: int, file: Path) -> None:
    """Write the queries of one round; the last is asked, to see that it finds as many bytes as the peer returns."""
    chosen = list(islice(queries, seconds * MOST_PER_SECOND))
    if len(chosen) < seconds * MOST_PER_SECOND:
        sys.exit("筛选组合已用完；请减小 ROUNDS 或 SECONDS · out of unseen filters; make ROUNDS or SECONDS smaller")
    last = chosen.pop()
    found = len(server.get(f"/api/v1/services?{last}").data)
    if found != size:
        sys.exit(f"{last}: {found} 字节，应为 · bytes instead of {size}")
    file.write_text("\n".join(chosen) + "\n", encoding="ascii")


def measure(server: Server, case: Case, folder: Path, load: Load) -> tuple[float, float, list[float]]:
    """Return both medians in requests a second, and the ratios round by round, least first."""
    body, file, queries = folder / "body", folder / "queries", unseen_queries()
    answer = server.get(case.path)
    size = body.write_bytes(answer.data)
    options = ["-H", f"If-None-Match: {answer.headers['ETag']}"] if case.is_known else []
    options += ["-s", str(HERE / "filters.lua")] if case.is_unseen else []
    pairs = []
    with peer_server(case.peer, body, load.workers) as peer:
        for _ in range(load.rounds + 1):
            if case.is_unseen:
                prepare_queries(server, size, queries, load.seconds, file)
            ours = requests_a_second(server.base + case.path, load.seconds, *options, queries=file)
            pairs.append((ours, requests_a_second(peer + case.path, load.seconds)))
    ours, peers = zip(*pairs[1:], strict=True)  # the first round warms up
    return statistics.median(ours), statistics.median(peers), sorted(one / other for one, other in pairs[1:])


def main() -> None:
    """Print one row an engine, number of workers, and case."""
    rounds, seconds, workers = whole_number("ROUNDS", 5), whole_number("SECONDS", 3), WORKERS
    wanted, cache = os.environ.get("CASE", ""), str(whole_number("CACHE_MIB", 32, least=0))
    if shutil.which("wrk") is None:
        sys.exit("缺少 wrk；请安装 Debian 软件包 wrk · wrk is missing; install Debian's package wrk")
    print(WORDS.format(rounds=rounds, seconds=seconds, workers=workers, connections=CONNECTIONS, threads=THREADS))
    print(f"{'ours/s':>8}{'peer/s':>9}{'ratio':>8}{'least':>8}{'most':>8}")
    with tempfile.TemporaryDirectory() as name, engines() as makers:
        for (engine, new), number in product(makers.items(), workers):
            chosen = [case for case in CASES if re.search(wanted, f"{engine}, {number}: {case.name}")]
            if not chosen:
                continue
            folder = Path(name) / f"{engine}{number}"
            folder.mkdir()
            with Server(folder, workers=number, DATABASE_URL=new(), LOG_LEVEL="info", CACHE_MIB=cache) as server:
                for case in chosen:
                    ours, peers, ratios = measure(server, case, folder, Load(number, rounds, seconds))
                    spread = f"{statistics.median(ratios):>8.3f}{ratios[0]:>8.3f}{ratios[-1]:>8.3f}"
                    named = f"{engine}, {number}: {case.name} ({case.peer})"
                    print(f"{ours:>8.0f}{peers:>9.0f}{spread}  {named}", flush=True)


if __name__ == "__main__":
    main()
