"""A mixed load on the real server for minutes: whether its memory stays flat, and how long answers take meanwhile."""

import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.databases import engines, opened
from benchmarks.figures import whole_number
from benchmarks.plots import Panel, drawn
from benchmarks.requests import LIST, unseen_queries
from benchmarks.search import unseen_questions
from service_catalog.actions.signing_in import issue_token
from service_catalog.domain.access import Role
from service_catalog.domain.selection import ExportFormat
from tests.serving import Server

WORKERS = 2
READERS = 4
EACH = 5
"""Seconds between two samples."""

BETWEEN_WRITES = 1
"""Seconds; each write makes every worker forget the answers that it kept."""

WRITES_TO_AN_EXPORT = 15

AT_ONCE = "64"
"""KiB: a larger export, here of most formats, is written to a file by a process of its own."""

WARMING = 0.2
"""Part of the time that is left out of what is said about memory."""

FLAT = 0.03
"""How much more than its first half, at most, the second half of the rest may hold to count as flat."""

_PAGE = os.sysconf("SC_PAGE_SIZE")
_MIB = 2**20

WORDS = """
{engine}，{seconds} 秒 s，{workers} 个工作进程 workers，{readers} 个读者 readers
每 {between} 秒一次写入 · a write every {between} s, 每 15 次写入一次导出 an export every 15 writes
"""


@dataclass
class Taken:
    """What came in since the last sample, from every thread: milliseconds, and the statuses of all answers."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waits: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, milliseconds: float, status: int) -> None:
        """Enter one answer."""
        with self.lock:
            self.waits.append(milliseconds)
            self.statuses[status] += 1

    def sample(self) -> list[float]:
        """Return the milliseconds since the last sample, sorted."""
        with self.lock:
            waits, self.waits = self.waits, []
        return sorted(waits)


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment: MiB of each process that runs throughout, and of all others together; quantiles since the last."""

    seconds: float
    server: float
    workers: tuple[float, ...]
    others: float
    p50: float
    p99: float

    @property
    def lasting(self) -> float:
        """MiB of the processes that run throughout."""
        return self.server + sum(self.workers)


def requests(services: list[str], seed: int) -> Iterator[tuple[str, bool]]:
    """Yield addresses for ever, each with whether the reader has its answer already: what people ask, mixed."""
    chance = random.Random(seed)  # noqa: S311 - a load, not a secret
    filters, questions = islice(unseen_queries(), seed, None, READERS), islice(unseen_questions(), seed, None, READERS)
    kinds: list[tuple[int, Callable[[], tuple[str, bool]]]] = [
        (20, lambda: (LIST, False)),
        (15, lambda: (LIST, True)),
        (15, lambda: (f"/api/v1/services?{next(filters)}", False)),
        (15, lambda: (f"/api/v1/services/{chance.choice(services)}", False)),
        (5, lambda: (f"/api/v1/services/{chance.choice(services)}/history", False)),
        (5, lambda: (f"/api/v1/facets?division={chance.choice(('43', '4302', '430203'))}", False)),
        (3, lambda: ("/api/v1/indicators", False)),
        (8, lambda: (f"/api/v1/services?{next(questions)}", False)),
        (
            5,
            lambda: (f"/api/v1/suggestions?q={quote(chance.choice('社失工养老医保退')) * chance.randint(1, 3)}", False),
        ),
        (10, lambda: (f"{chance.choice(('', '/en'))}/services?online=true&limit={chance.randint(10, 60)}", False)),
        (5, lambda: (f"{chance.choice(('', '/en'))}/services/{chance.choice(services)}", False)),
        (5, lambda: (chance.choice(("/", "/indicators", "/audit", "/audit/revisions", "/api/v1", "/docs")), False)),
        (3, lambda: (f"/api/v1/changes?since={chance.randint(0, 1)}&limit=50", False)),
        (3, lambda: (f"/api/v1/log/entries?from={chance.randint(0, 70)}&limit=100", False)),
    ]
    weights = [weight for weight, _ in kinds]
    while True:
        yield chance.choices(kinds, weights)[0][1]()


def read(server: Server, services: list[str], seed: int, taken: Taken, stop: threading.Event) -> None:
    """Ask one question after another until told to stop."""
    tags: dict[str, str] = {}
    for path, is_known in requests(services, seed):
        if stop.is_set():
            return
        start = time.perf_counter()
        answer = server.get(path, **({"If_None_Match": tags[path]} if is_known and path in tags else {}))
        taken.add((time.perf_counter() - start) * 1000, answer.status)
        if path == LIST and "ETag" in answer.headers:
            tags[path] = answer.headers["ETag"]


def write(server: Server, secret: str, services: list[str], taken: Taken, stop: threading.Event) -> None:
    """Edit one service after another, and ask for an export now and then, until told to stop."""
    headers, number = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}, 0
    formats = tuple(ExportFormat)
    while not stop.wait(BETWEEN_WRITES):
        number += 1
        address = f"/api/v1/services/{services[number % len(services)]}"
        tag = server.get(address).headers["ETag"]
        body = json.dumps({"changes": {"summary": {"en": f"Described {number} times."}}, "reason": "soak"})
        start = time.perf_counter()
        answer = server.http.request(
            "PATCH", server.base + address, body=body, headers={**headers, "If-Match": tag}, redirect=False
        )
        taken.add((time.perf_counter() - start) * 1000, answer.status)
        if number % WRITES_TO_AN_EXPORT == 0:
            written_as = formats[number // WRITES_TO_AN_EXPORT % len(formats)]
            start = time.perf_counter()
            answer = server.get(f"/api/v1/export?format={written_as}")
            taken.add((time.perf_counter() - start) * 1000, answer.status)


def memory(server: Server) -> dict[int, float]:
    """Return MiB of the server and of each process that comes of it, by process id."""
    parents, held = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            held[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * _PAGE / _MIB
        except (FileNotFoundError, ProcessLookupError):
            pass  # it has ended meanwhile
    return {pid: size for pid, size in held.items() if server.process.pid in _line(pid, parents)}


def _line(pid: int, parents: dict[int, int]) -> Iterator[int]:
    """Yield a process and those that it comes of."""
    while pid in parents:
        yield pid
        pid = parents[pid]


def sampled(server: Server, taken: Taken, start: float) -> Sample:
    """Return what is so at this moment."""
    held, waits = memory(server), taken.sample() or [0.0]
    own = held.pop(server.process.pid)
    workers = tuple(held.pop(pid) for pid in server.worker_pids())
    p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    return Sample(time.monotonic() - start, own, workers, sum(held.values()), p50, p99)


def soak(server: Server, secret: str, seconds: int) -> tuple[list[Sample], Taken]:
    """Load the server for so long and return the samples, and how many answers had which status."""
    services = [item["id"] for item in server.get("/api/v1/services?limit=1000").json()["items"]]
    taken, stop = Taken(), threading.Event()
    threads = [threading.Thread(target=read, args=(server, services, seed, taken, stop)) for seed in range(READERS)]
    threads.append(threading.Thread(target=write, args=(server, secret, services, taken, stop)))
    start = time.monotonic()
    for thread in threads:
        thread.start()
    samples = []
    while time.monotonic() - start < seconds:
        time.sleep(EACH)
        samples.append(sampled(server, taken, start))
    stop.set()
    for thread in threads:
        thread.join()
    return samples, taken


def tell(samples: list[Sample], taken: Taken) -> None:
    """Print how many answers there were, how long they took, and whether memory is flat."""
    seconds = samples[-1].seconds
    rest = [sample for sample in samples if sample.seconds >= seconds * WARMING]
    slope = statistics.linear_regression([one.seconds / 60 for one in rest], [one.lasting for one in rest]).slope
    halves = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    first, second = (statistics.median(one.lasting for one in half) for half in halves)
    statuses = ", ".join(f"{status}: {number}" for status, number in sorted(taken.statuses.items()))
    p50, p99 = (statistics.median(values) for values in zip(*((one.p50, one.p99) for one in rest), strict=True))
    verdict = "平 · flat" if second <= first * (1 + FLAT) else "不平 · not flat"
    print(f"应答 · answers           {statuses}")
    print(f"p50, p99                {p50:.1f} ms, {p99:.1f} ms（各次取样的中位数 · medians of the samples）")
    print(f"内存 · memory            {samples[0].lasting:.1f} → {samples[-1].lasting:.1f} MiB")
    print(f"前半、后半 · halves       {first:.1f}, {second:.1f} MiB（不计前五分之一 · the first fifth left out）")
    print(f"斜率 · slope             {slope:+.2f} MiB/min")
    print(f"临时进程 · passing ones   {max(one.others for one in samples):.1f} MiB 最多 · at most")
    print(verdict, flush=True)


def plot(samples: list[Sample], title: str) -> str:
    """Return memory and latencies over time as SVG."""
    times = [one.seconds for one in samples]
    workers = {f"进程 · worker {place + 1}": [one.workers[place] for one in samples] for place in range(WORKERS)}
    held = {**workers, "serve": [one.server for one in samples]}
    waits = {"p99": [one.p99 for one in samples], "p50": [one.p50 for one in samples]}
    return drawn(
        title, [Panel(f"内存 · memory, MiB — {title}", times, held), Panel("用时 · latency, ms", times, waits)]
    )


def main() -> None:
    """Load one engine, tell, and draw the plot where one is asked for."""
    engine, target = os.environ.get("ENGINE", "SQLite"), os.environ.get("PLOT")
    seconds = whole_number("SECONDS", 600, 9999)
    statuses = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, HTTPStatus.ACCEPTED, HTTPStatus.SEE_OTHER}
    with ExitStack() as stack:
        makers = stack.enter_context(engines())
        if engine not in makers:
            sys.exit(f"ENGINE={engine}: {' | '.join(makers)}")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = makers[engine]()
        print(WORDS.format(engine=engine, seconds=seconds, workers=WORKERS, readers=READERS, between=BETWEEN_WRITES))
        server = stack.enter_context(Server(folder, workers=WORKERS, DATABASE_URL=url, EXPORT_AT_ONCE=AT_ONCE))
        catalogue = opened(url, folder / "signing.key")
        _, secret = issue_token(catalogue, "soak", Role.ADMINISTRATOR, days=1, division=None)
        catalogue.database.close()
        samples, taken = soak(server, secret, seconds)
    tell(samples, taken)
    if target is not None:
        Path(target).write_text(plot(samples, f"{engine}, {seconds} s"), encoding="utf-8")
    if set(taken.statuses) - statuses:
        sys.exit("有不该有的应答 · some answers are not what they should be")


if __name__ == "__main__":
    main()
