"""No worker answers by what was there before a write that somebody was told of, wherever the write was made."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import product
from pathlib import Path

import sqlalchemy as sa

from service_catalog.actions.signing_in import issue_token
from service_catalog.domain.access import Role
from service_catalog.store.tables import lease
from tests.conftest import SIGNING_KEY, open_database
from tests.serving import Server

WRITES = 1_000
PAUSE = 0.001
"""Seconds between two questions: a lease lasts several times as long."""

CARD = "/api/v1/services/430203-card-application"


class Client:
    """Asks one server for one service, or changes it, over one connection."""

    def __init__(self, server: Server) -> None:
        """Connect with the first request."""
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def tag(self) -> str:
        """Return the service's tag."""
        return self._told("GET", None, {})

    def revision(self, query: str) -> int:
        """Return the revision of a list."""
        self._connection.request("GET", f"/api/v1/services?{query}")
        return int(json.loads(self._connection.getresponse().read())["revision"])

    def edit(self, changes: object, token: str, tag: str) -> str:
        """Change the service and return its new tag."""
        headers = {"Authorization": f"Bearer {token}", "If-Match": tag, "Content-Type": "application/json"}
        return self._told("PATCH", json.dumps({"changes": changes, "reason": "核对"}).encode(), headers)

    def _told(self, method: str, body: bytes | None, headers: dict[str, str]) -> str:
        self._connection.request(method, CARD, body, headers)
        answer = self._connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
        return answer.headers["ETag"]


@contextmanager
def asking_all_the_time(server: Server) -> Iterator[None]:
    """Ask in a thread of its own, so that the worker always has a lease that runs."""
    stop = threading.Event()
    reader = Client(server)

    def ask() -> None:
        while not stop.wait(PAUSE):
            reader.tag()

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        stop.set()
        asking.join()
        reader.close()


def test_write_that_was_acknowledged_by_one_worker_is_in_every_later_answer_of_another(
    seeded_url: str, tmp_path: Path
) -> None:
    catalogue = open_database(seeded_url)
    _, token = issue_token(catalogue, "tests", Role.ADMINISTRATOR, days=365, division=None)
    catalogue.database.close()
    settings = {"DATABASE_URL": seeded_url, "SIGNING_KEY": SIGNING_KEY, "LOG_LEVEL": "error", "WRITE_RATE": "0"}
    with ExitStack() as stack:
        writer, other = (stack.enter_context(Server(tmp_path, **settings)) for _ in range(2))
        stack.enter_context(asking_all_the_time(other))
        writes, reads = (stack.enter_context(closing(Client(server))) for server in (writer, other))
        tag = reads.tag()
        stale = 0
        for number in range(WRITES):
            tag = writes.edit({"single_window": bool(number % 2)}, token, tag)
            stale += reads.tag() != tag
    assert stale == 0


LISTS = 12
"""Lists asked for after each write: so many that the last ones come out of a worker's memory."""


def test_write_that_was_acknowledged_by_one_worker_is_in_every_list_of_another_however_new_the_question(
    seeded_url: str, tmp_path: Path
) -> None:
    catalogue = open_database(seeded_url)
    _, token = issue_token(catalogue, "tests", Role.ADMINISTRATOR, days=365, division=None)
    catalogue.database.close()
    settings = {"DATABASE_URL": seeded_url, "SIGNING_KEY": SIGNING_KEY, "LOG_LEVEL": "error", "WRITE_RATE": "0"}
    queries = (f"status={status}&limit={limit}" for status, limit in product(("active", "any"), range(1, 1001)))
    with ExitStack() as stack:
        writer, other = (stack.enter_context(Server(tmp_path, **settings)) for _ in range(2))
        writes, reads = (stack.enter_context(closing(Client(server))) for server in (writer, other))
        tag, before = writes.tag(), reads.revision("limit=1")
        for number in range(1, 151):
            tag = writes.edit({"single_window": not number % 2}, token, tag)
            assert {reads.revision(next(queries)) for _ in range(LISTS)} == {before + number}


def test_worker_answers_readers_while_a_writer_waits_for_the_leases_to_end(seeded_url: str, tmp_path: Path) -> None:
    catalogue = open_database(seeded_url)
    _, token = issue_token(catalogue, "tests", Role.ADMINISTRATOR, days=365, division=None)
    with catalogue.database.engine.begin() as connection:
        connection.execute(sa.update(lease).values(milliseconds=1000))
    catalogue.database.close()
    with (
        Server(tmp_path, DATABASE_URL=seeded_url, SIGNING_KEY=SIGNING_KEY, CACHE_MIB="0") as server,
        closing(Client(server)) as reader,
        closing(Client(server)) as writer,
    ):
        before = reader.tag()
        writing = threading.Thread(target=writer.edit, args=({"single_window": False}, token, before))
        writing.start()
        seen = 0
        while writing.is_alive():
            seen += reader.tag() != before
    assert seen > 1, "one answer may come while the writer's own is on its way"
