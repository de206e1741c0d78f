"""Imported rows a second beside the database's own bulk load into the same tables and indexes, as ratios."""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from sqlalchemy import Table, select

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.databases import NewDatabase, engines, opened, write_rows
from benchmarks.figures import whole_number
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.importing import ImportRequest, import_services
from service_catalog.config import packaged_folder
from service_catalog.documents.canonical import canonical
from service_catalog.documents.seed import read_seed
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.domain.access import OPERATOR
from service_catalog.store import tables

WRITTEN = (
    tables.service,
    tables.service_version,
    tables.log_entry,
    tables.log_node,
    tables.search,
    tables.service_name,
)
WORDS = """
{rounds} 轮 rounds，{rows} 行 rows，JSONL，取中位数 medians
比值：批量装入（sqlite3 executemany、PostgreSQL COPY，同样的表和索引）用时 ÷ 导入用时；1 表示校验、日志和签名毫无开销
in turn：只计占用写入权、其他写入须等待的那一段
ratio: seconds of the bulk load (sqlite3 executemany, PostgreSQL COPY; same tables and indexes) over the import's;
       1 would mean that checking, logging and signing cost nothing; in turn: the part in which other writers wait
"""


def contents(count: int) -> Iterator[dict[str, Any]]:
    """Yield services to import: the seed's, in as many divisions as it takes."""
    seed = read_seed(packaged_folder("seed")).services
    for number in range(count):
        yield seed[number % len(seed)] | {"division": f"{100_000 + number // len(seed):06}"}


def measure_import(catalogue: Catalogue, file: BinaryIO) -> tuple[float, float]:
    """Import a JSONL file and return the seconds of the whole and of the write turn alone."""
    start = staged = time.perf_counter()

    def note(_: int, rows: int | None) -> None:
        nonlocal staged
        if rows is None:
            staged = time.perf_counter()

    import_services(catalogue, OPERATOR, ImportRequest(file, ImportFormat.JSONL, "benchmark", False), progress=note)
    end = time.perf_counter()
    return end - start, end - staged


def rows_of(catalogue: Catalogue) -> dict[Table, list[tuple[Any, ...]]]:
    """Return what an import wrote, as the bulk load will write it."""
    with catalogue.database.reading() as session:
        return {table: [tuple(row) for row in session.execute(select(table))] for table in WRITTEN}


def measure_bulk_load(url: str, rows: dict[Table, list[tuple[Any, ...]]]) -> float:
    """Write rows in one transaction by the fastest way that the database's own driver has; return the seconds."""
    return _by_executemany(url, rows) if url.startswith("sqlite") else _by_copy(url, rows)


def _by_executemany(url: str, rows: dict[Table, list[tuple[Any, ...]]]) -> float:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for table, values in rows.items():
            write_rows(connection, table, values)
        connection.execute("COMMIT")
        return time.perf_counter() - start


def _by_copy(url: str, rows: dict[Table, list[tuple[Any, ...]]]) -> float:
    with psycopg.connect(url) as connection:
        start = time.perf_counter()
        for table, values in rows.items():
            write_rows(connection, table, values)
        connection.commit()
        return time.perf_counter() - start


def measure(new: NewDatabase, file: BinaryIO, folder: Path, rounds: int) -> list[tuple[float, float, float]]:
    """Return the seconds of the import, of its turn, and of the bulk load, round by round."""
    figures = []
    for _ in range(rounds + 1):
        catalogue, empty = (opened(new(), folder / "key") for _ in range(2))
        whole, turn = measure_import(catalogue, file)
        url = empty.database.engine.url.set(drivername=empty.database.engine.dialect.name)
        empty.database.close()
        figures.append((whole, turn, measure_bulk_load(url.render_as_string(hide_password=False), rows_of(catalogue))))
        catalogue.database.close()
    return figures[1:]  # the first round warms up


def main() -> None:
    """Print one row an engine."""
    rounds, rows = whole_number("ROUNDS", 3), whole_number("ROWS", 20) * 1000
    print(WORDS.format(rounds=rounds, rows=rows))
    print(f"{'rows/s':>8}{'in turn':>9}{'bulk':>9}{'ratio':>8}{'in turn':>9}")
    with tempfile.TemporaryDirectory() as name, engines() as makers, tempfile.TemporaryFile() as file:
        file.writelines(canonical(content) + b"\n" for content in contents(rows))
        for engine, new in makers.items():
            figures = measure(new, file, Path(name), rounds)
            whole, turn, bulk = (rows / statistics.median(seconds) for seconds in zip(*figures, strict=True))
            of_whole = statistics.median(load / seconds for seconds, _, load in figures)
            of_turn = statistics.median(load / seconds for _, seconds, load in figures)
            print(f"{whole:>8.0f}{turn:>9.0f}{bulk:>9.0f}{of_whole:>8.3f}{of_turn:>9.3f}  {engine}", flush=True)


if __name__ == "__main__":
    main()
