"""Many writers at once against the real server with several workers, and a server that is killed under them."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import urllib3

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.browsing import current_revision, get_service
from service_catalog.actions.catalogue import Catalogue, utc_now
from service_catalog.documents.canonical import stored_document
from tests.conftest import SIGNING_KEY
from tests.serving import Server
from tests.tokens import signed

API = "/api/v1"
CARD = "430203-card-application"
WRITERS = 8
ROUNDS = 60
KILLS = 20
BODY = {"Content-Type": "application/json"}


@pytest.fixture
def headers(catalogue: Catalogue) -> dict[str, str]:
    """Return an administrator's headers, good by the clock that the real server has."""
    return signed(replace(catalogue, clock=utc_now)) | BODY


def start(folder: Path, url: str, workers: int) -> Server:
    """Return the real server over the test's own database; entering it waits until it answers."""
    return Server(folder, workers=workers, DATABASE_URL=url, SIGNING_KEY=SIGNING_KEY, WRITE_RATE="0")


@pytest.fixture
def server(tmp_path: Path, seeded_url: str) -> Iterator[Server]:
    """Yield the real server with three workers."""
    with start(tmp_path, seeded_url, workers=3) as running:
        yield running


class Client:
    """One connection of its own, on which a busy answer is retried as it says."""

    def __init__(self, server: Server, headers: dict[str, str]) -> None:
        """Connect when first used."""
        self._http = urllib3.HTTPConnectionPool("127.0.0.1", server.port, maxsize=1, retries=False)
        self._headers = headers

    def send(self, method: str, path: str, body: object = None, **headers: str) -> urllib3.BaseHTTPResponse:
        """Send a request; after 503 again, when it says."""
        sent = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body)
        response = self._http.request(method, API + path, body=data, headers=sent)
        while response.status == 503:
            time.sleep(int(response.headers["Retry-After"]))
            response = self._http.request(method, API + path, body=data, headers=sent)
        return response

    def describe(self, service: str, tag: str, words: str) -> urllib3.BaseHTTPResponse:
        """Give a service another summary, if it still has this tag."""
        body = {"changes": {"summary": {"en": words}}, "reason": "race"}
        return self.send("PATCH", f"/services/{service}", body, If_Match=tag)

    def tag(self, service: str) -> str:
        """Return a service's tag."""
        return self.send("GET", f"/services/{service}").headers["ETag"]

    def close(self) -> None:
        """Hang up."""
        self._http.close()


@pytest.fixture
def clients(server: Server, headers: dict[str, str]) -> Iterator[list[Client]]:
    """Yield one connection for each writer."""
    opened = [Client(server, headers) for _ in range(WRITERS)]
    yield opened
    for client in opened:
        client.close()


def at_once(clients: list[Client], act: Callable[[int, Client], Any]) -> list[Any]:
    """Let each client act at the same moment, and return what came of it."""
    gate = threading.Barrier(len(clients))

    def run(number: int) -> Any:
        gate.wait(timeout=30)
        return act(number, clients[number])

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(run, range(len(clients))))


def test_one_of_eight_writers_with_the_same_tag_wins_each_round_and_the_others_are_told(
    clients: list[Client], catalogue: Catalogue
) -> None:
    for turn in range(ROUNDS):
        tag = clients[0].tag(CARD)
        answers = at_once(clients, lambda n, client: client.describe(CARD, tag, f"{turn} {n}"))  # noqa: B023 - run at once
        assert Counter(answer.status for answer in answers) == {200: 1, 412: WRITERS - 1}
        (won,) = [answer for answer in answers if answer.status == 200]
        assert clients[0].tag(CARD) == won.headers["ETag"]
    assert stored_document(get_service(catalogue, CARD).document)["version"] == 1 + ROUNDS
    assert current_revision(catalogue) == 2 + ROUNDS
    assert check_catalogue(catalogue).broken is None


def test_request_sent_by_eight_at_once_under_one_key_is_done_once_and_answered_alike(
    clients: list[Client], catalogue: Catalogue
) -> None:
    for turn in range(10):
        window = {("add" if turn % 2 else "remove"): ["single-window"]}
        body = {"changes": [{"id": CARD, **window}], "reason": "race"}
        key = f"key-{turn}"
        answers = at_once(clients, lambda _, client: client.send("POST", "/tag-changes", body, Idempotency_Key=key))  # noqa: B023
        assert {(answer.status, answer.data) for answer in answers} == {(200, answers[0].data)}
        assert answers[0].json()["counts"]["changed"] == 1
    assert current_revision(catalogue) == 2 + 10
    assert check_catalogue(catalogue).broken is None


def test_eight_writers_of_different_services_all_win(clients: list[Client], catalogue: Catalogue) -> None:
    items = clients[0].send("GET", f"/services?limit={WRITERS}").json()["items"]
    tags = [clients[0].tag(item["id"]) for item in items]
    answers = at_once(clients, lambda n, client: client.describe(items[n]["id"], tags[n], f"writer {n}"))
    assert [answer.status for answer in answers] == [200] * WRITERS
    revisions = sorted(answer.json()["service"]["revision"] for answer in answers)
    assert revisions == list(range(3, 3 + WRITERS))
    assert check_catalogue(catalogue).broken is None


@dataclass
class Ledger:
    """What the server acknowledged: the service, the revision and the tag of each write."""

    enough: int
    reached: threading.Event = field(default_factory=threading.Event)
    writes: list[tuple[str, int, str]] = field(default_factory=list)

    def note(self, answer: urllib3.BaseHTTPResponse) -> None:
        """Keep one acknowledgement."""
        service = answer.json()["service"]
        self.writes.append((service["id"], service["revision"], answer.headers["ETag"].strip('"')))
        if len(self.writes) >= self.enough:
            self.reached.set()


def write_until_killed(client: Client, service: str, words: str, ledger: Ledger) -> None:
    """Write one service again and again until the connection breaks."""
    try:
        tag = client.tag(service)
        for number in range(500):
            answer = client.describe(service, tag, f"{words} {number}")
            assert answer.status == 200, answer.data
            ledger.note(answer)
            tag = answer.headers["ETag"]
    except urllib3.exceptions.HTTPError:
        return


def test_server_killed_in_the_middle_of_writes_loses_none_that_it_acknowledged(
    tmp_path: Path, seeded_url: str, catalogue: Catalogue, headers: dict[str, str]
) -> None:
    services = [CARD, "430203-card-replacement", "430203-hr-services-filing", "430203-personnel-file-transfer"]
    for turn in range(KILLS):
        ledger = Ledger(enough=1 + turn % 7)
        with start(tmp_path, seeded_url, workers=2) as server, ThreadPoolExecutor(len(services)) as pool:
            clients = [Client(server, headers) for _ in services]
            writing = [
                pool.submit(write_until_killed, client, service, f"turn {turn}", ledger)
                for client, service in zip(clients, services, strict=True)
            ]
            ledger.reached.wait(timeout=30)
            server.kill()
            assert ledger.reached.is_set()
            for under_way in writing:
                under_way.result(timeout=30)
        for client in clients:
            client.close()
        for service, revision, sha256 in ledger.writes:
            stored = get_service(catalogue, service, revision)
            assert (stored.sha256, stored_document(stored.document)["revision"]) == (sha256, revision)
        assert check_catalogue(catalogue).broken is None
