"""How long readers wait while Debian's slowhttptest holds 300 slow connections, beside the same server without them."""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

import urllib3

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.figures import whole_number
from tests.serving import Server
from tests.slow_connections import CONNECTIONS, WAYS, held, slow_connections

WORKERS = 2
REQUESTS = 20
SOON = 250
"""Milliseconds within which at least 19 of 20 requests should be answered."""

_PAUSE = 0.1
"""Seconds between two requests: less than how long slow connections are held, over the number of requests."""

WORDS = """
{rounds} 轮 rounds × {requests} 个请求 requests，各用新连接 each on a new connection，{workers} 个工作进程 workers
{connections} 个慢连接 slow connections: headers 慢请求头，reading 慢读取，bodies 慢请求内容
held：一直开着的；超出数目的慢请求内容即被拒绝 · those that stayed open; of slow bodies, what is too many is refused
within：{soon} 毫秒内得到回答的，最差一轮 · of 20, those answered within {soon} ms, in the worst round
"""

ASKED = (
    "/api/v1/services?online_for=individual&limit={}",
    "/api/v1/services/430203-card-application",
    "/api/v1/facets?division=430203",
    "/api/v1/services?q=%E7%A4%BE%E4%BF%9D&limit={}",
    "/services?audience=individual&limit={}",
)
"""What readers ask in turn; ``{}`` becomes another number each time, so that not all is answered from memory."""


def ask(server: Server, number: int) -> float:
    """Ask on a new connection and return the milliseconds; anything but 200 ends the benchmark."""
    path = ASKED[number % len(ASKED)].format(number % 900 + 100)
    start = time.perf_counter()
    with urllib3.HTTPConnectionPool("127.0.0.1", server.port, timeout=60) as fresh:
        status = fresh.request("GET", path, retries=False).status
    if status != 200:
        sys.exit(f"{path}: {status}")
    return (time.perf_counter() - start) * 1000


def measure(server: Server, way: str | None, rounds: int, numbers: Iterator[int]) -> tuple[list[list[float]], int]:
    """Return the milliseconds of each round while connections are slow in one way, and how many were held at least."""
    taken, least = [], CONNECTIONS
    for _ in range(rounds):
        with ExitStack() as stack:
            if way is not None:
                stack.enter_context(slow_connections("slowhttptest", server, way))
            waits = []
            for number in islice(numbers, REQUESTS):
                waits.append(ask(server, number))
                time.sleep(_PAUSE)
            least = min(least, held(server))
            taken.append(waits)
    return taken, least


def main() -> None:
    """Print a row for the quiet server and one for each way of being slow."""
    rounds = whole_number("ROUNDS", 5)
    if shutil.which("slowhttptest") is None:
        sys.exit("缺少 slowhttptest；请安装同名的 Debian 软件包 · slowhttptest is missing; install Debian's package")
    print(WORDS.format(rounds=rounds, requests=REQUESTS, workers=WORKERS, connections=CONNECTIONS, soon=SOON))
    print(f"{'held':>6}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}{'within':>8}")
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), workers=WORKERS) as server:
        numbers = count()
        measure(server, None, 1, numbers)  # warms up
        for way in (None, *WAYS):
            taken, least = measure(server, way, rounds, numbers)
            waits = sorted(one for waits in taken for one in waits)
            p95 = waits[len(waits) * 95 // 100]
            within = min(sum(one <= SOON for one in waits) for waits in taken)
            figures = f"{statistics.median(waits):>9.1f}{p95:>9.1f}{waits[-1]:>9.1f}{within:>8}"
            print(f"{least if way else 0:>6}{figures}  {way or '没有慢连接 · none'}", flush=True)


if __name__ == "__main__":
    main()
