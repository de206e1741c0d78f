"""``log fetch``: the log as the real server hands it out, and servers that cut, lie, stall or are not there."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.test_verifying import OFFLINE, ORDINARY
from tests.conftest import SIGNING_KEY
from tests.serving import COMMAND, Server, environment, free_port, run, wait_until
from tests.verification.samples import WORLD, World, grown

FORK = grown(reason_of_fork="另一个原因")
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as its server's ``answer`` does; ``world`` is the log that it has."""

    def do_GET(self) -> None:
        """Answer."""
        self.server.answer(self)  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send(self, body: bytes, status: int = 200, *, length: int | None = None) -> None:
        """Send an answer, or the first part of one of ``length`` bytes."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def send_log(self, world: World, revision: int = -1) -> None:
        """Send what a catalogue with this log would."""
        asked = urlsplit(self.path)
        if asked.path.endswith("/checkpoint"):
            self.send(world.checkpoint(revision).encode())
        else:
            start, limit = (int(parse_qs(asked.query)[name][0]) for name in ("from", "limit"))
            self.send(b"".join(leaf + b"\n" for leaf in world.leaves[start : start + limit]))


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Yield the address of a server that answers so."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.answer = answer  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def fetch(folder: Path, url: str) -> tuple[int, str]:
    """Fetch a log into ``log.jsonl`` and return the exit code and what was said."""
    said = run(folder, "log", "fetch", url, "--to", str(folder / "log.jsonl"), LOG_LEVEL="nonsense")
    assert said.returncode == 0 or said.stderr.count("\n") == 1, said.stderr
    return said.returncode, said.stdout + said.stderr


def kept(folder: Path) -> dict[str, bytes]:
    """Return what was kept."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith((".", "log."))}


def test_a_log_when_fetched_from_the_real_server_and_killed_midway_is_gone_on_with_and_verifies(tmp_path: Path) -> None:
    with Server(tmp_path / "data", SIGNING_KEY=SIGNING_KEY) as server:
        whole = server.get("/api/v1/log/entries?limit=10000").data
        note = server.get("/api/v1/log/checkpoint").data

        def stalling(handler: Handler) -> None:
            body = server.get(handler.path).data
            handler.send(body[:20_000], length=len(body))
            if body == whole:
                threading.Event().wait(30)

        with answering(stalling) as url:
            command = [*COMMAND, "log", "fetch", url, "--to", str(tmp_path / "log.jsonl")]
            running = subprocess.Popen(command, env=environment(tmp_path), start_new_session=True)
            wait_until(lambda: len(kept(tmp_path).get("log.jsonl", b"")) > 8000, "some of it is there")
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        partial = kept(tmp_path)
        assert (
            partial.keys() == {"log.jsonl"} and whole.startswith(partial["log.jsonl"]) and partial["log.jsonl"] != whole
        )
        code, said = fetch(tmp_path, server.base)
    assert code == 0 and f"{75 - partial['log.jsonl'].count(10)} entries fetched, 75 in all" in said
    assert kept(tmp_path) == {"log.jsonl": whole, "log.jsonl.checkpoint": note}
    paths = (str(tmp_path / "log.jsonl.checkpoint"), "--log", str(tmp_path / "log.jsonl"))
    assert run(tmp_path, "verify", *paths, *ORDINARY).returncode == 0


def test_a_log_when_it_grew_is_appended_to_and_otherwise_left_as_it_is(tmp_path: Path) -> None:
    for revision, fetched in ((2, 9), (2, 0), (4, 2)):
        with answering(lambda handler, to=revision: handler.send_log(WORLD, to)) as url:  # type: ignore[misc]
            code, said = fetch(tmp_path, f"{url}/")
        assert code == 0 and f"{fetched} entries fetched, {WORLD.sizes[revision]} in all" in said
        checkpoint = WORLD.checkpoint(revision).encode()
        assert kept(tmp_path) == {"log.jsonl": WORLD.log(revision), "log.jsonl.checkpoint": checkpoint}


@pytest.mark.parametrize("rest", [b"{", WORLD.leaves[9][:-1], WORLD.leaves[9]])
def test_a_last_line_when_unfinished_is_dropped_and_fetched_again(tmp_path: Path, rest: bytes) -> None:
    (tmp_path / "log.jsonl").write_bytes(WORLD.log(2) + rest)
    with answering(lambda handler: handler.send_log(WORLD)) as url:
        assert fetch(tmp_path, url)[0] == 0
    assert kept(tmp_path)["log.jsonl"] == WORLD.log()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda handler: handler.send_log(WORLD, 2), "it was rolled back"),
        (lambda handler: handler.send_log(FORK), "was rewritten"),
    ],
)
def test_a_server_when_its_log_contradicts_the_file_is_refused_and_its_checkpoint_kept(
    tmp_path: Path, answer: Answer, said: str
) -> None:
    with answering(lambda handler: handler.send_log(WORLD, 3)) as url:
        assert fetch(tmp_path, url)[0] == 0
    before = kept(tmp_path)
    with answering(answer) as url:
        code, told = fetch(tmp_path, url)
    assert code == 1 and said in told
    after = kept(tmp_path)
    assert after["log.jsonl.checkpoint"] == before["log.jsonl.checkpoint"]
    assert after["log.jsonl"].startswith(before["log.jsonl"])
    assert after["log.jsonl.contradiction"] in {WORLD.checkpoint(2).encode(), FORK.checkpoint().encode()}


def only_entries(body: bytes, status: int = 200, *, length: int | None = None) -> Answer:
    """Answer with a sound checkpoint, and so where entries are asked for."""

    def answer(handler: Handler) -> None:
        if "entries" in handler.path:
            handler.send(body, status, length=length)
        else:
            handler.send_log(WORLD)

    return answer


def elsewhere(handler: Handler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "file:///etc/passwd")
    handler.end_headers()


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"\x00\xff" * 1000)


HALF = WORLD.log(2) + WORLD.leaves[9][:40]


@pytest.mark.parametrize(
    ("answer", "said", "lines"),
    [
        (lambda handler: handler.send(b"{}", 503), "the server answers 503", 0),
        (lambda handler: handler.send(b"", 404), "the server answers 404", 0),
        (elsewhere, "the server answers 302", 0),
        (lambda handler: handler.send(b"<html>\n\n</html>"), "is not a checkpoint", 0),
        (lambda handler: handler.send(b""), "is not a checkpoint", 0),
        (no_http, "not as HTTP has it", 0),
        (lambda handler: handler.send(WORLD.checkpoint().encode()[:50], length=400), "is not a checkpoint", 0),
        (only_entries(b"", 500), "the server answers 500", 0),
        (only_entries(b"<html>\n" * 20), "entry 0 is not a whole entry", 0),
        (only_entries(WORLD.log(2)), "entry 9 is not a whole entry", 9),
        (only_entries(HALF), "entry 9 is not a whole entry", 9),
        (only_entries(HALF, length=9999), "entry 9 is not a whole entry", 9),
        (only_entries(WORLD.leaves[0] + b"\n" + b"x" * 2**21), "entry 1 is not a whole entry", 1),
    ],
)
def test_a_server_when_it_answers_with_anything_else_leaves_whole_lines_and_one_clear_line(
    tmp_path: Path, answer: Answer, said: str, lines: int
) -> None:
    with answering(answer) as url:
        code, told = fetch(tmp_path, url)
    assert code == 2 and said in told
    assert kept(tmp_path) == {"log.jsonl": b"".join(leaf + b"\n" for leaf in WORLD.leaves[:lines])}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:{unused}", "Connection refused"),
        ("http://no-such-host.invalid", "there is no such host"),
        ("http://127.0.0.1:99999", "must be a server's address"),
        ("http://exa mple", "as HTTP has it"),
        ("file:///etc/passwd", "must be a server's address"),
        ("ftp://127.0.0.1", "must be a server's address"),
        ("catalogue.example", "must be a server's address"),
    ],
)
def test_a_server_when_it_cannot_be_asked_is_named(tmp_path: Path, url: str, said: str) -> None:
    told = run(tmp_path, "log", "fetch", url.format(unused=free_port()), "--to", str(tmp_path / "log.jsonl"))
    assert (told.returncode, told.stdout) == (2, "") and said in told.stderr
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told.stderr)
    assert kept(tmp_path) in ({}, {"log.jsonl": b""})


@pytest.mark.parametrize("content", [b"mine", b'{"header":{}}\n', WORLD.leaves[0] + b"x" * 2**20])
def test_a_file_when_it_is_no_log_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log.jsonl").write_bytes(content)
    with answering(lambda handler: handler.send_log(WORLD)) as url:
        code, said = fetch(tmp_path, url)
    assert code == 2 and "is not a log, and was left as it is" in said
    assert kept(tmp_path) == {"log.jsonl": content}


def test_a_log_when_another_process_fetches_it_is_not_written_twice(tmp_path: Path) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def waiting(handler: Handler) -> None:
        asked.set()
        go_on.wait(30)
        handler.send_log(WORLD)

    with answering(waiting) as url:
        command = [*COMMAND, "log", "fetch", url, "--to", str(tmp_path / "log.jsonl")]
        first = subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.DEVNULL)
        asked.wait(30)
        code, said = fetch(tmp_path, url)
        go_on.set()
        assert code == 2 and "another process is writing" in said
        assert first.wait(30) == 0


def test_log_fetch_loads_neither_web_nor_database(tmp_path: Path) -> None:
    program = OFFLINE.replace('("socket.", ', "(")
    with answering(lambda handler: handler.send_log(WORLD)) as url:
        command = [sys.executable, "-c", program, "log", "fetch", url, "--to", "log.jsonl"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.rpartition("loaded:")[2].split())
    assert not loaded & {"flask", "flask_smorest", "werkzeug", "sqlalchemy", "alembic", "marshmallow", "granian"}
