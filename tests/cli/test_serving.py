"""The real server: it starts on nothing, survives company, keeps its data, and stops without dropping anybody."""

import ctypes
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
import urllib3
from sqlalchemy import make_url

from service_catalog.turns import BODIES
from tests.conftest import debian_program, prepare
from tests.serving import Server, environment, free_port, is_listening, run, wait_until
from tests.slow_connections import WAYS, expected, held, slow_connections


def troubles(server: Server) -> list[str]:
    """Return the lines in which the server complains."""
    return [line for line in server.lines if re.search('"level": "(error|warning)"|Traceback', line)]


def test_server_on_an_empty_folder_answers_with_the_73_services(server: Server) -> None:
    answer = server.get("/api/v1/services?online_for=individual").json()
    assert answer["total"] == 29
    assert any(server.base in line for line in server.lines)


def test_server_started_again_loses_no_data_and_makes_no_revision(tmp_path: Path) -> None:
    with Server(tmp_path) as first:
        before = first.get("/api/v1/services").data
    with Server(tmp_path) as second:
        assert second.get("/api/v1/services").data == before


@pytest.mark.parametrize("attempt", range(10))
def test_two_servers_started_at_once_on_an_empty_folder_both_serve(tmp_path: Path, attempt: int) -> None:
    one, other = Server(tmp_path), Server(tmp_path)
    with one, other:
        totals = [one.get("/api/v1/indicators").json(), other.get("/api/v1/indicators").json()]
        assert [(answer["total"], answer["revision"]) for answer in totals] == [(73, 1), (73, 1)]
    assert troubles(one) + troubles(other) == []
    assert run(tmp_path, "check").returncode == 0


def test_two_workers_share_one_port(tmp_path: Path) -> None:
    with Server(tmp_path, workers=2) as server:
        assert server.get("/api/v1/services").json()["total"] == 73
        assert len(server.worker_pids()) == 2


def test_server_on_postgresql_serves_the_same_bytes_as_on_sqlite(tmp_path: Path, postgresql: str) -> None:
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE DATABASE served")
    name = _in_database(postgresql, "served")
    with Server(tmp_path, DATABASE_URL=name) as server:
        answer = server.get("/api/v1/facets").json()
    assert answer["online_for"] == {"individual": 29, "enterprise": 33}


def test_question_that_takes_postgresql_too_long_is_503_and_the_server_goes_on(tmp_path: Path, postgresql: str) -> None:
    """The limit of ten seconds is the server's own; the address may name a shorter one."""
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE DATABASE slow")
    address = _in_database(postgresql, "slow")
    shorter = make_url(address).update_query_dict({"options": "-c statement_timeout=200"})
    url = shorter.render_as_string(hide_password=False)
    with Server(tmp_path, DATABASE_URL=url) as server, psycopg.connect(address) as holder:
        holder.execute("LOCK TABLE service IN ACCESS EXCLUSIVE MODE")
        slow = server.get("/api/v1/services")
        assert (slow.status, slow.json()["code"]) == (503, "database-unavailable")
        assert int(slow.headers["Retry-After"]) > 0
        assert b"statement" not in slow.data
        holder.rollback()
        assert server.get("/api/v1/services").status == 200
    assert "statement timeout" in troubles(server)[0]


def test_worker_answers_one_request_at_a_time(tmp_path: Path, postgresql: str) -> None:
    """The second request needs no table, yet is answered after the first, which waits for one."""
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE DATABASE queueing")
    address = _in_database(postgresql, "queueing")
    with Server(tmp_path, DATABASE_URL=address) as server, psycopg.connect(address) as holder:
        holder.execute("LOCK TABLE service IN ACCESS EXCLUSIVE MODE")
        first, second = (
            threading.Thread(target=server.get, args=(path,), kwargs={"X_Request_ID": name})
            for path, name in [("/api/v1/services", "first"), ("/healthz", "second")]
        )
        first.start()
        _wait_until_somebody_waits(address)
        second.start()
        second.join(timeout=1)  # with another thread it would be over by now
        holder.rollback()
        first.join(timeout=60)
        second.join(timeout=60)
    asked = [json.loads(line).get("request_id") for line in server.lines if '"service_catalog.access"' in line]
    assert asked[-2:] == ["first", "second"]


def test_server_limits_reads_on_postgresql_to_ten_seconds(tmp_path: Path, postgresql: str) -> None:
    program = (
        "from sqlalchemy import text\n"
        "from service_catalog.api.current import current_catalogue\n"
        "from service_catalog.app import application\n"
        "with application().test_request_context(), current_catalogue().database.reading() as session:\n"
        "    print(session.execute(text('SHOW statement_timeout')).scalar_one())\n"
    )
    settings = environment(tmp_path, DATABASE_URL=postgresql)
    shown = subprocess.run([sys.executable, "-c", program], env=settings, capture_output=True, text=True, check=True)
    assert shown.stdout == "10s\n"


def test_log_has_one_json_line_a_request_without_query_values(server: Server) -> None:
    """The second answer comes from the response cache, and its line is the same."""
    for number in range(2):
        server.get("/api/v1/services?division=430203", X_Request_ID=f"traced-{number}")
    server.stop()
    lines = [json.loads(line) for line in server.lines if '"service_catalog.access"' in line]
    first, second = (line for line in lines if line["request_id"].startswith("traced-"))
    assert (first["method"], first["route"], first["status"]) == ("GET", "/api/v1/services", 200)
    assert first["level"] == "info" and datetime.fromisoformat(first["time"]) and first["ms"] >= 0
    assert "430203" not in json.dumps(first)
    assert {**second, "time": 0, "ms": 0, "request_id": 0} == {**first, "time": 0, "ms": 0, "request_id": 0}


def test_sigterm_lets_a_request_in_flight_finish(tmp_path: Path, postgresql: str) -> None:
    """The request waits for a table that somebody holds; the server is told to stop while it waits."""
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE DATABASE stopping")
    address = re.sub(r"/postgres(?=\?|$)", "/stopping", postgresql)
    answers: list[int] = []
    with Server(tmp_path, DATABASE_URL=address) as server, psycopg.connect(address) as holder:
        holder.execute("LOCK TABLE service IN ACCESS EXCLUSIVE MODE")
        asking = threading.Thread(target=lambda: answers.append(server.get("/api/v1/services").status))
        asking.start()
        _wait_until_somebody_waits(address)
        server.process.send_signal(signal.SIGTERM)
        server.wait_for_line("Stopping worker-1")
        holder.rollback()
        asking.join(timeout=60)
        assert server.process.wait(timeout=60) == 0
    assert answers == [200]


def _in_database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _wait_until_somebody_waits(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as watcher:
        query = "SELECT 1 FROM pg_locks WHERE NOT granted"
        wait_until(lambda: watcher.execute(query).fetchone() is not None, "the request reaches the table")


@pytest.mark.parametrize("attempt", range(5))
def test_sigterm_while_a_worker_starts_is_not_lost(tmp_path: Path, attempt: int) -> None:
    server = Server(tmp_path, workers=2)
    server.wait_for_line("Spawning worker-2")
    assert server.stop() == 0
    assert troubles(server) == []


def test_sigterm_that_another_thread_of_the_worker_takes_is_not_lost(server: Server) -> None:
    """Python runs a handler in the main thread alone, whichever thread the system gave the signal to."""
    (worker,) = server.worker_pids()
    other = max(int(path.name) for path in Path(f"/proc/{worker}/task").iterdir())
    assert ctypes.CDLL(None).tgkill(worker, other, signal.SIGTERM) == 0
    server.wait_for_line("Stopping worker-1")


def test_ctrl_c_which_reaches_every_process_stops_cleanly(tmp_path: Path) -> None:
    with Server(tmp_path, workers=2) as server:
        for _ in range(3):
            os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(timeout=60) == 0
    assert troubles(server) == []


def test_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        (worker,) = server.worker_pids()
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: len(server.worker_pids()) == 2 and is_listening(server.port), "another worker listens")
        assert server.get("/api/v1/services?limit=1").json()["total"] == 73


def test_client_that_stalls_does_not_keep_the_server_from_stopping(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as stalled:
        stalled.sendall(b"GET /api/v1/services?limit=1000 HTTP/1.1\r\nHost: x\r\n")
        assert server.get("/healthz").status == 200
        assert server.stop() == 0
    assert len(troubles(server)) == 1 and "killed" in troubles(server)[0]


@pytest.mark.parametrize("way", WAYS)
def test_300_slow_connections_do_not_keep_others_from_being_answered(tmp_path: Path, way: str) -> None:
    program = debian_program("slowhttptest")
    with Server(tmp_path, workers=2) as server, slow_connections(program, server, way):
        for _ in range(20):
            with urllib3.HTTPConnectionPool("127.0.0.1", server.port, timeout=60) as fresh:
                assert fresh.request("GET", "/api/v1/services?limit=1", retries=False).json()["total"] == 73
        assert held(server) >= expected(way)


def test_more_bodies_than_places_are_refused_and_those_before_are_answered(server: Server) -> None:
    form = (
        b"POST /admin/sign-in HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\ntoken="
    )
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(BODIES + 1)]
    for connection in slow:
        connection.sendall(form)
    (refused,), _, _ = select.select(slow, [], [], 60)
    answer = refused.recv(65536)
    assert answer.startswith(b"HTTP/1.1 503 ") and b"retry-after: 1\r\n" in answer
    for connection in slow:
        if connection is not refused:
            connection.sendall(b"x")
            assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")
        connection.close()


def test_port_that_is_taken_is_said_in_one_line(server: Server, tmp_path: Path) -> None:
    stopped = run(tmp_path, "serve", "--port", str(server.port))
    assert stopped.returncode == 1
    place = f"127.0.0.1:{server.port}"
    assert f"无法监听 {place}：地址已被占用 · cannot listen on {place}: Address already in use\n" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_serving_a_database_of_another_key_stops_before_it_serves(tmp_path: Path) -> None:
    prepare(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}").database.close()
    stopped = run(tmp_path, "serve", "--port", str(free_port()))
    assert stopped.returncode == 2
    assert "signing key of log tests is missing" in stopped.stderr
