"""Large exports on the real server: written once by a process of its own, while readers are answered."""

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.conftest import create_database
from tests.serving import Server, run, wait_until

EXPORT = "/api/v1/export?format=jsonl"
OTHER = "/api/v1/export?format=csv"
SMALL = "/api/v1/export?division=430204"
AT_ONCE = "20"
"""KiB; the 73 services have 190."""


def asked(server: Server, path: str = EXPORT) -> tuple[int, str]:
    """Return the status of an answer, and the status, the code or the type that it tells."""
    answer = server.get(path)
    told = answer.json() if "json" in answer.headers["Content-Type"].split("/")[1] else {}
    assert answer.status in (200, 303) or int(answer.headers["Retry-After"]) > 0
    return answer.status, told.get("code") or told.get("status") or ""


def wait_for_file(server: Server, path: str = EXPORT) -> str:
    """Return the address of a large export once it is written."""
    wait_until(lambda: server.get(path).status == 303, "the export is written")
    return server.get(path).headers["Location"]


@pytest.mark.parametrize(
    ("written_as", "content_type"), [("json", "application/json"), ("jsonl", None), ("csv", "text/csv")]
)
def test_large_export_is_written_and_then_served_as_the_bytes_that_the_command_writes(
    tmp_path: Path, written_as: str, content_type: str | None
) -> None:
    path, file = f"/api/v1/export?division=43&format={written_as}", tmp_path / "by-command"
    with Server(tmp_path, EXPORT_AT_ONCE=AT_ONCE) as server:
        assert asked(server, path) == (202, "writing")
        address = wait_for_file(server, path)
        answer = server.get(address)
        assert server.http.request("HEAD", server.base + path, redirect=False).headers["Location"] == address
        assert asked(server, SMALL)[0] == 200
    assert run(tmp_path, "export", "--division", "43", "--format", written_as, "--output", str(file)).returncode == 0
    assert (answer.status, answer.data) == (200, file.read_bytes())
    assert answer.headers.get("Content-Type") == content_type
    assert answer.headers["Cache-Control"] == "max-age=31536000"
    assert Path(address).name.startswith("service-catalog-43-r1-")


def test_workers_asked_at_once_have_one_writer(tmp_path: Path) -> None:
    with Server(tmp_path, workers=2, EXPORT_AT_ONCE=AT_ONCE) as server, ThreadPoolExecutor(16) as clients:
        answers = set(clients.map(lambda _: asked(server), range(32)))
        wait_for_file(server)
    assert answers <= {(202, "writing"), (303, "ready")}
    assert len([line for line in server.lines if "wrote the export" in line]) == 1


class Held:
    """A server whose writer waits for a table that the test holds."""

    def __init__(self, server: Server, folder: Path, holder: psycopg.Connection) -> None:
        """Note where it writes, and who holds the table."""
        self.server = server
        self.work = folder / "writing"
        self.note = folder / "writer.lock"
        self.holder = holder

    def begin(self) -> int:
        """Have a writer started; return its process id when it has begun its file."""
        wait_until(lambda: asked(self.server) == (202, "writing"), "the writer before it ends")
        wait_until(self.half, "the writer begins")
        (worker,) = self.server.worker_pids()
        processes = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
        (writer,) = [process for process in processes if _state(process) in (("S", worker), ("R", worker))]
        return writer

    def half(self) -> bool:
        """Tell whether anything stands there half written."""
        return any(self.work.glob("*"))


def _state(pid: int) -> tuple[str, int]:
    """Return the state of a process and its parent, or Z where it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return "Z", 0
    state, parent, *_ = stat.rpartition(")")[2].split()
    return state, int(parent)


def wait_for_end(pid: int) -> None:
    """Return when a process runs no more."""
    wait_until(lambda: _state(pid)[0] == "Z", "the process ends")


@pytest.fixture
def held(tmp_path: Path, postgresql: str) -> Iterator[Held]:
    """Yield a server that knows two exports as large, whose files are gone, while no writer can go on."""
    with Server(tmp_path, DATABASE_URL=create_database(postgresql), EXPORT_AT_ONCE=AT_ONCE) as server:
        folder = tmp_path / "exports"
        for path in (EXPORT, OTHER):
            wait_for_file(server, path)
        for file in (folder / "ready").iterdir():
            file.unlink()
        with psycopg.connect(server.settings["DATABASE_URL"]) as holder:
            holder.execute("LOCK TABLE service_version IN ACCESS EXCLUSIVE MODE")
            yield Held(server, folder, holder)


def test_readers_are_answered_while_a_writer_is_at_work(held: Held) -> None:
    writer = held.begin()
    assert os.sched_getscheduler(writer) == os.SCHED_IDLE
    assert f"TMPDIR={held.work}\0".encode() in Path(f"/proc/{writer}/environ").read_bytes()
    assert held.server.get("/api/v1/facets").status == 200
    assert (asked(held.server), asked(held.server, OTHER)) == ((202, "writing"), (202, "waiting"))


def test_writer_ends_with_its_server_and_leaves_nothing_half(held: Held) -> None:
    writer = held.begin()
    assert held.server.stop() == 0
    wait_for_end(writer)
    assert not held.half()
    assert held.note.read_bytes() == b""


def test_writer_that_is_killed_is_told_once_and_then_replaced(held: Held) -> None:
    writer = held.begin()
    os.kill(writer, signal.SIGKILL)
    wait_for_end(writer)
    (held.work / "temporary").write_bytes(b"half a workbook")
    # its lock is free when the last of its threads is gone
    wait_until(lambda: asked(held.server) == (503, "exports-unavailable"), "the failure is told")
    assert held.begin() != writer
    assert not (held.work / "temporary").exists()
    held.holder.rollback()
    assert wait_for_file(held.server)
    assert not held.half()


def test_clients_that_stall_on_a_file_keep_nobody_waiting_and_the_server_stops(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        with (tmp_path / "exports" / "ready" / "large.json").open("wb") as file:
            file.truncate(2**28)
        stalled = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        for connection in stalled:
            connection.sendall(b"GET /exports/large.json HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        assert [server.get("/api/v1/services?limit=1").status for _ in range(5)] == [200] * 5
        assert server.stop() == 0
        for connection in stalled:
            connection.close()


def test_folder_that_cannot_be_written_is_said_at_the_start_and_refuses_large_exports_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with Server(tmp_path, EXPORT_AT_ONCE=AT_ONCE, EXPORTS_DIR=str(tmp_path / "file" / "exports")) as server:
        assert asked(server) == (503, "exports-unavailable")
        assert asked(server, SMALL)[0] == 200
        server.wait_for_line("large exports will be refused")
        server.wait_for_line("exports-unavailable: [Errno 20]")
