"""Logged writes a second beside bare single-row commits of the same database, interleaved, as ratios."""

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.databases import NewDatabase, engines, opened
from benchmarks.figures import whole_number
from service_catalog.actions.browsing import get_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.editing import Target, edit_service
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.actions.signing_in import issue_token
from service_catalog.config import packaged_folder
from service_catalog.domain.access import OPERATOR, Role
from tests.serving import Server

CARD = "430203-card-application"
ADDRESS = f"/api/v1/services/{CARD}"
WORDS = """
{rounds} 轮 rounds × {seconds} s，一个连接 one connection，取中位数 medians
p50：一次写入的中位毫秒数，包含写者等待其他进程的缓存租约到期的 5 毫秒（不计等待的一行除外）
比值：本目录每秒写入数（校验、新版本、日志、签名、提交）÷ 同一数据库每秒单行提交数；1 表示这些毫无开销
p50: milliseconds of the median write, with the 5 in which a writer waits for the leases of other workers' caches to end
     (but for the row without waiting)
ratio: our writes a second (checks, new version, log, signature, commit) over single-row commits of the same database;
       1 would mean that all of it costs nothing; the absolute figures belong to this machine
"""

Step = Callable[[], None]
"""One write."""


def in_process(catalogue: Catalogue) -> Step:
    """Return an edit that turns one flag of a service over, through the action."""
    digest = get_service(catalogue, CARD).sha256
    flag = False

    def edit() -> None:
        nonlocal digest, flag
        target = Target(CARD, digest, "benchmark")
        digest = edit_service(catalogue, OPERATOR, target, {"single_window": flag}).stored.sha256
        flag = not flag

    return edit


def over_http(catalogue: Catalogue, server: Server) -> Step:
    """Return the same edit, sent to the real server as a PATCH."""
    _, secret = issue_token(catalogue, "benchmark", Role.ADMINISTRATOR, days=1, division=None)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    tag = server.get(ADDRESS).headers["ETag"]
    flag = True

    def edit() -> None:
        nonlocal tag, flag
        body = json.dumps({"changes": {"summary": {"en": f"Apply for the card: {flag}."}}, "reason": "benchmark"})
        answer = server.http.request("PATCH", server.base + ADDRESS, body=body, headers={**headers, "If-Match": tag})
        if answer.status != 200:
            sys.exit(f"PATCH: {answer.status} {answer.data.decode()}")
        tag, flag = answer.headers["ETag"], not flag

    return edit


@contextmanager
def bare(url: str, document: bytes) -> Iterator[Step]:
    """Yield an insert of one row with a service's document, committed by itself; other tables are left alone."""
    values = "(id INTEGER PRIMARY KEY, document BLOB)", "INSERT INTO bare (document) VALUES (?)"
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=60)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    else:
        connection = psycopg.connect(url, autocommit=True)
        values = "(id SERIAL PRIMARY KEY, document BYTEA)", "INSERT INTO bare (document) VALUES (%s)"
    with closing(connection):
        connection.execute(f"CREATE TABLE bare {values[0]}")
        yield lambda: connection.execute(values[1], (document,)) and None


def timed(step: Step, seconds: int) -> list[float]:
    """Repeat a write for so long and return the seconds that each one took."""
    start, taken = time.perf_counter(), []
    while (began := time.perf_counter()) - start < seconds:
        step()
        taken.append(time.perf_counter() - began)
    return taken


def measure(step: Step, peer: Step, rounds: int, seconds: int) -> tuple[float, float, float, float]:
    """Return our p50 in seconds, and medians of both rates and of their ratios, taken in turn; one round warms up."""
    pairs = [(timed(step, seconds), timed(peer, seconds)) for _ in range(rounds + 1)][1:]
    rates = [(len(ours) / sum(ours), len(peers) / sum(peers)) for ours, peers in pairs]
    ours, peers = zip(*rates, strict=True)
    p50 = statistics.median(one for taken, _ in pairs for one in taken)
    ratio = statistics.median(one / other for one, other in rates)
    return p50, statistics.median(ours), statistics.median(peers), ratio


def measure_engine(engine: str, new: NewDatabase, folder: Path, rounds: int, seconds: int) -> None:
    """Print a row for writes in process, one for them without waiting for leases, and one for writes over HTTP."""
    folder.mkdir()
    url = new()
    catalogue = opened(url, folder / "signing.key")
    seed_catalogue(catalogue, packaged_folder("seed"))
    unwaiting = replace(catalogue, wait=lambda _: None)
    with (
        bare(new(), get_service(catalogue, CARD).document) as peer,
        Server(folder, DATABASE_URL=url, WRITE_RATE="0", LOG_LEVEL="warning") as server,
    ):
        for how, prepared in (
            ("直接调用，不计等待 · in process, without waiting", lambda: in_process(unwaiting)),
            ("直接调用 · in process", lambda: in_process(catalogue)),
            ("经 HTTP · by HTTP", lambda: over_http(catalogue, server)),
        ):
            p50, ours, bare_ones, ratio = measure(prepared(), peer, rounds, seconds)
            print(f"{p50 * 1000:>8.2f}{ours:>8.0f}{bare_ones:>9.0f}{ratio:>8.3f}  {engine}, {how}", flush=True)
    catalogue.database.close()


def main() -> None:
    """Print three rows an engine."""
    rounds, seconds = whole_number("ROUNDS", 5), whole_number("SECONDS", 3)
    print(WORDS.format(rounds=rounds, seconds=seconds))
    print(f"{'p50 ms':>8}{'ours/s':>8}{'bare/s':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as name, engines() as makers:
        for engine, new in makers.items():
            measure_engine(engine, new, Path(name) / engine, rounds, seconds)


if __name__ == "__main__":
    main()
