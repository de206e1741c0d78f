"""Where the time of a first-time answer goes: microseconds of its stages, one request at a time, without a server."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.databases import engines, opened
from benchmarks.figures import whole_number
from benchmarks.requests import unseen_queries
from benchmarks.search import unseen_questions
from service_catalog.actions.at_hand import SmallCatalogue
from service_catalog.actions.browsing import ServicePage, list_services
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.api.answering import answer_page
from service_catalog.app import create_app
from service_catalog.config import packaged_folder
from service_catalog.documents.query_strings import read_query
from service_catalog.documents.schemas.queries import ListQuery
from service_catalog.domain.selection import PageRequest

LIST = "/api/v1/services"
NAMES = ("whole", "question", "action", "answer", "rest", "flask", "memory")
CASES: dict[str, Callable[[], Iterator[str]]] = {
    "从未问过的筛选 · filters never seen before": unseen_queries,
    "从未问过的问题 · questions never seen before": unseen_questions,
}
WORDS = """
{requests} 次，每次另一个问题；中位数，微秒 · so many requests, each another one; medians in microseconds
whole     整个应用，经过数据库 · the whole application, by the database
question  读参数、理解问题 · reading parameters and what a question means
action    数据库和选取 · database and selection
answer    拼接、SHA-256、应答 · joining, SHA-256 and the response
rest      Flask 的路由和上下文、应答头 · Flask's routing and contexts, headers
flask     只有 Flask 的应用返回同样字节 · Flask alone with the same bytes
memory    小目录从内存选取，代替 action，也没有 rest · selection out of memory, in the place of action, without rest
"""


def taken(call: Callable[[], object]) -> float:
    """Return the microseconds of a call."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e6


def asked(app: Flask, query: str) -> Callable[[], bytes]:
    """Return what asks an application a query; what a client does is done before."""
    environ = EnvironBuilder(path=LIST, query_string=query).get_environ()
    return lambda: b"".join(run_wsgi_app(app.wsgi_app, environ)[0])


def measure(catalogue: Catalogue, queries: Iterator[str], requests: int, body: Path) -> dict[str, float]:
    """Return the median of each stage; no query is asked twice, so that none is remembered."""
    app = create_app(catalogue)
    body.write_bytes(asked(app, next(queries))())
    os.environ["BENCHMARK_BODY"] = str(body)
    sys.modules.pop("benchmarks.bare", None)  # it reads its bytes once
    flask: Flask = import_module("benchmarks.bare").flask
    stages: dict[str, list[float]] = {name: [] for name in (*NAMES[:4], "flask", "memory")}
    small, standing = SmallCatalogue(catalogue), object()

    def read(query: str) -> PageRequest:
        request: PageRequest = read_query(ListQuery, parse_qsl(query), len(query))
        return request

    def answer(page: ServicePage) -> None:
        with app.test_request_context(LIST):
            stages["answer"].append(taken(lambda: answer_page(page)))

    for _ in range(requests):
        stages["whole"].append(taken(asked(app, next(queries))))
        stages["flask"].append(taken(asked(flask, "")))
        query = next(queries)
        stages["question"].append(taken(lambda query=query: read(query)))  # type: ignore[misc]
        request = read(next(queries))
        stages["action"].append(taken(lambda request=request: list_services(catalogue, request)))  # type: ignore[misc]
        answer(list_services(catalogue, request))
        request = read(next(queries))
        stages["memory"].append(taken(lambda request=request: small.page(request, standing)))  # type: ignore[misc]
    medians = {name: statistics.median(times[requests // 10 :]) for name, times in stages.items()}
    return medians | {"rest": medians["whole"] - sum(medians[name] for name in ("question", "action", "answer"))}


def main() -> None:
    """Print a row for each engine and kind of question."""
    requests = whole_number("REQUESTS", 1000)
    print(WORDS.format(requests=requests))
    print("".join(f"{name:>10}" for name in NAMES))
    with tempfile.TemporaryDirectory() as folder, engines() as makers:
        for engine, new in makers.items():
            catalogue = opened(new(), Path(folder, "key"))
            seed_catalogue(catalogue, packaged_folder("seed"))
            for case, queries in CASES.items():
                medians = measure(catalogue, queries(), requests, Path(folder, "body"))
                print("".join(f"{medians[name]:>10.0f}" for name in NAMES) + f"  {engine}: {case}", flush=True)
            catalogue.database.close()


if __name__ == "__main__":
    main()
