"""Exported services a second beside the database's own dump of the same documents; memory; readers meanwhile."""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.catalogues import fill
from benchmarks.commands import Taken, run_command
from benchmarks.databases import engines, opened
from benchmarks.figures import whole_number
from service_catalog.domain.selection import ExportFormat
from tests.serving import Server

DOCUMENTS = "SELECT {document} FROM service_version WHERE to_revision IS NULL ORDER BY service_id"
NOTHING = ("--division", "99")
"""An export without services: what starting the program takes, in time and in memory."""

PATH = "/api/v1/services?division=430203&online_for=individual"
WORDS = """
{rounds} 轮 rounds，{rows} 项 services，取中位数 medians，已减去启动所用 what starting takes is taken off
比值：数据库自己导出同样文档（sqlite3 .mode json、COPY）用时 ÷ 导出用时，都不写盘；1 表示一样快
ratio: seconds of the database's own dump of the same documents (sqlite3 .mode json, COPY) over the export's, neither
       of them to the disk; 1 is as fast; MiB over idle: the most memory beyond that of an export of nothing
"""
READERS = """
服务器在写大的导出时，读者最慢的百分之一（p99）与空闲时之比：一个工作进程，四个连接，写 XLSX
readers' p99 while a large export is written over that of the quiet server: one worker, four connections, XLSX
wrk 也在用这些核 · wrk itself uses the same cores
"""


def export(url: str, folder: Path, written_as: str, *options: str) -> Taken:
    """Export by the command, to nowhere as the dump, and return what it took."""
    arguments = "export", "--format", written_as, *options
    return run_command(*arguments, folder=folder, DATABASE_URL=url, DATA_DIR=str(folder))


def dump(url: str) -> float:
    """Have the database write the same documents by its own means and return the seconds."""
    start = time.perf_counter()
    if url.startswith("sqlite"):
        query = DOCUMENTS.format(document="CAST(document AS TEXT) AS document")
        command = ["sqlite3", "-readonly", url.removeprefix("sqlite:///"), ".mode json", f"{query};"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start
    copied = f"COPY ({DOCUMENTS.format(document='document')}) TO STDOUT (FORMAT binary)"
    with closing(psycopg.connect(url)) as connection, connection.cursor() as cursor:
        with cursor.copy(copied) as copy:  # type: ignore[call-overload]
            sum(map(len, copy))
        return time.perf_counter() - start


def p99(address: str, seconds: int) -> float:
    """Load an address with wrk and return the milliseconds within which 99 of 100 answers came."""
    command = ["wrk", "-t1", "-c4", f"-d{seconds}s", "--latency", address]
    report = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"99%\s+([\d.]+)(us|ms|s)", report)
    if found is None or "Non-2xx" in report:
        sys.exit(f"{address} 没有全部应答 · did not answer everything:\n{report}")
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]


def measure_readers(url: str, folder: Path, rounds: int, seconds: int) -> None:
    """Print one row: p99 of the quiet server and while it writes, and the median of their ratios."""
    pairs = []
    for number in range(rounds):
        with Server(folder, DATABASE_URL=url, EXPORTS_DIR=str(folder / f"exports{number}")) as server:
            p99(server.base + PATH, 1)
            quiet = p99(server.base + PATH, seconds)
            if server.get("/api/v1/export?format=xlsx").status != 202:
                sys.exit("导出太小，没有写成文件 · the export is too small for a file")
            pairs.append((quiet, p99(server.base + PATH, seconds)))
            if server.get("/api/v1/export?format=xlsx").status != 202:
                print("  (写得太快 · written before the reading ended)")
    quiet, busy = (statistics.median(one) for one in zip(*pairs, strict=True))
    print(f"{quiet:>9.2f} ms{busy:>9.2f} ms{statistics.median(b / q for q, b in pairs):>8.2f}", flush=True)


def measure(url: str, folder: Path, rounds: int, rows: int) -> None:
    """Print a row for each format; the ratio stands where the dump is of the same documents."""
    for written_as in ExportFormat:
        figures = []
        for _ in range(rounds if written_as is ExportFormat.JSONL else 1):
            idle, least, _ = export(url, folder, written_as, *NOTHING)
            seconds, most, _ = export(url, folder, written_as)
            figures.append((seconds - idle, most - least, dump(url) if written_as is ExportFormat.JSONL else 0))
        seconds, memory, _ = (statistics.median(one) for one in zip(*figures, strict=True))
        ratio = statistics.median(dumped / exported for exported, _, dumped in figures)
        beside = f"{ratio:>8.2f}" if ratio else " " * 8
        print(f"{rows / seconds:>10.0f}{beside}{memory:>10.1f}  {written_as}", flush=True)


def main() -> None:
    """Print the rows of each engine."""
    rounds, rows, seconds = whole_number("ROUNDS", 3), whole_number("ROWS", 50) * 1000, whole_number("SECONDS", 3)
    for program in ("sqlite3", "wrk"):
        if shutil.which(program) is None:
            sys.exit(f"缺少 {program}；请安装 Debian 软件包 · {program} is missing; install Debian's package {program}")
    print(WORDS.format(rounds=rounds, rows=rows))
    print(f"{'rows/s':>10}{'ratio':>8}{'MiB':>10}")
    with tempfile.TemporaryDirectory() as name, engines() as makers:
        for engine, new in makers.items():
            folder, url = Path(name) / engine, new()
            folder.mkdir()
            catalogue = opened(url, folder / "signing.key")
            fill(catalogue, rows)
            catalogue.database.close()
            print(engine)
            measure(url, folder, rounds, rows)
            print(READERS if engine == "SQLite" else "")
            measure_readers(url, folder, rounds, seconds)


if __name__ == "__main__":
    main()
