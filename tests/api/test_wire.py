"""What only a real socket shows: the spelling of addresses, and bodies without end."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.api.test_http import PROBLEM
from tests.serving import Server, free_port, is_listening, wait_until

ROOT = Path(__file__).parents[2]
LARGEST = 16 * 1024 * 1024


def exchange(port: int, *parts: bytes) -> tuple[int, bytes]:
    """Send a request as it stands and return the status and all that follows, when the server has closed."""
    answered = b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # it may close before it has taken everything
            for part in parts:
                connection.sendall(part)
        with suppress(ConnectionResetError):
            while received := connection.recv(65536):
                answered += received
    return int(answered.split(b" ", 2)[1]), answered


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture(scope="module")
def probe_port() -> Iterator[int]:
    """Yield the port of the server that serve runs, with the calls of the tests' own."""
    port = free_port()
    options = ("--interface", "wsgi", "--factory", "--blocking-threads", "1", "--no-ws", "--port", str(port))
    command = (sys.executable, "-m", "granian", *options, "tests.api.probe:application")
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: is_listening(port), f"something listens on port {port}")
        yield port
        process.terminate()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("//api/v1/services", "not-found"),
        ("///api/v1/services", "not-found"),
        ("//healthz", "not-found"),
        ("/%2fapi/v1/services", "not-found"),
        ("/api//v1/services", "not-found"),
        ("/api/v1//services", "not-found"),
        ("/api/v1/services/", "not-found"),
        ("/api/v1/services//430203-card-application", "not-found"),
        ("/api/v1/./services", "not-found"),
        ("/api/v1/facets/../services", "not-found"),
        ("/api/v1/facets/%2e%2e/services", "not-found"),
        ("/api/v1/services/../services", "not-found"),
        ("/api/v1/services/..", "unknown-service"),
        ("/api/v1/services/%2e%2e", "unknown-service"),
        ("/api/v1/services/%2e%2e%2fservices", "not-found"),
        ("/api/v1/services/430203-card-application%00", "unknown-service"),
        ("/api/v1/services/430203-card-application%20", "unknown-service"),
        ("/api/v1/services/430203-card-application%0a", "unknown-service"),
        ("/api/v1/services/430203-CARD-application", "unknown-service"),
    ],
)
def test_address_in_another_spelling_is_404(live: Server, path: str, code: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    status, answered = exchange(live.port, request.encode())
    assert (status, f'"code":"{code}"'.encode() in answered) == (404, True), answered


@pytest.mark.parametrize("path", ["//docs", "/docs/swagger/%2e%2e/__init__.py", "/docs/assets/..%2f..%2fauth.py"])
def test_address_in_another_spelling_beside_the_api_is_a_page_with_404(live: Server, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    status, answered = exchange(live.port, request.encode())
    assert (status, b"<!doctype html>" in answered, b"import " in answered) == (404, True, False), answered


def post(*headers: bytes) -> bytes:
    lines = (b"POST /probe HTTP/1.1", b"Host: x", b"Content-Type: application/json", *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def assert_too_large(status: int, answered: bytes) -> None:
    assert (status, b'"code":"body-too-large"' in answered) == (413, True), answered
    assert b"connection: close\r\n" in answered
    assert all(f'"{member}":'.encode() in answered for member in PROBLEM)


def test_body_that_declares_too_much_is_413_before_it_is_sent(probe_port: int) -> None:
    assert_too_large(*exchange(probe_port, post(b"Content-Length: %d" % (LARGEST + 1))))


@pytest.mark.parametrize("text", [b"x", b" "])
def test_body_that_declares_no_length_and_runs_over_is_413_and_never_cut_off(probe_port: int, text: bytes) -> None:
    sent = b'{"text": "a"}'.ljust(LARGEST + 1, text)  # its first 16 MiB are a whole note where blanks follow
    chunk = b"%x\r\n" % len(sent) + sent + b"\r\n"
    assert_too_large(*exchange(probe_port, post(b"Transfer-Encoding: chunked"), chunk))


@pytest.mark.parametrize("declared", [True, False])
def test_body_of_just_the_largest_size_is_read(probe_port: int, declared: bool) -> None:
    sent = b'{"text": "a"}'.ljust(LARGEST, b" ")
    if declared:
        parts = (post(b"Connection: close", b"Content-Length: %d" % len(sent)), sent)
    else:
        chunk = b"%x\r\n" % len(sent) + sent + b"\r\n0\r\n\r\n"
        parts = (post(b"Connection: close", b"Transfer-Encoding: chunked"), chunk)
    status, answered = exchange(probe_port, *parts)
    assert (status, answered.endswith(b'{"text": "a"}')) == (200, True)


def test_body_that_nobody_reads_is_left_alone_and_ends_the_connection(live: Server) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, _ = exchange(live.port, asked, b"%x\r\n" % (LARGEST + 1), b"x" * 1000)
    assert status == 200
