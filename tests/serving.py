"""Running the real command line and the real server in processes of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import urllib3

COMMAND = (sys.executable, "-m", "service_catalog")


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """Return this process's environment with the given settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SERVICE_CATALOG_")}
    given = {f"SERVICE_CATALOG_{name}": value for name, value in settings.items()}
    return {**kept, "SERVICE_CATALOG_DATA_DIR": str(data_dir), **given}


def run(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data_dir, **settings),
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(something_holds: Callable[[], bool], what: str) -> None:
    """Return when it holds, or fail after a minute, which even a very busy machine does not need."""
    deadline = time.monotonic() + 60
    while not something_holds():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.02)


def is_listening(port: int) -> bool:
    """Tell whether something listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """``service-catalog serve`` in a process group of its own."""

    def __init__(self, data_dir: Path, *, workers: int = 1, **settings: str) -> None:
        """Start it; entering the context waits until it answers."""
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.settings = settings
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - stop() closes it
        self._said: list[str] | None = None
        arguments = ("serve", "--port", str(self.port), "--workers", str(workers))
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment(data_dir, **settings),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            process_group=0,  # no session: Linux shares the processor among sessions first, whatever their niceness
        )
        self.http = urllib3.PoolManager(retries=urllib3.Retry(connect=0, read=0, respect_retry_after_header=False))

    @property
    def lines(self) -> list[str]:
        """What it has printed so far: into a file, since whoever reads a pipe takes the processor away from it."""
        if self._said is not None:
            return self._said
        file = self._log.fileno()
        return os.pread(file, os.fstat(file).st_size, 0).decode().splitlines(keepends=True)

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        """Ask the server, once; where it leads elsewhere, nobody follows."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request("GET", self.base + path, headers=named, redirect=False)

    def worker_pids(self) -> list[int]:
        """Return the process ids of the workers, from the server's own log."""
        return [int(found) for line in self.lines for found in re.findall(r"Spawning worker-\d+ with PID: (\d+)", line)]

    def wait_for_line(self, part: str) -> None:
        """Return when the server has printed a line with ``part``."""
        wait_until(lambda: any(part in line for line in self.lines), f"a line with {part!r}")

    def stop(self) -> int:
        """Send SIGTERM where it still runs, and return the exit code; what it printed stays to be read."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(timeout=60)
        self.http.clear()
        if self._said is None:
            self._said = self.lines
            self._log.close()
        return code

    def kill(self) -> None:
        """End the server and its workers at once, wherever they are."""
        os.killpg(self.process.pid, signal.SIGKILL)  # the group is its own
        self.process.wait(timeout=60)

    def __enter__(self) -> Self:
        """Wait until the server answers."""
        try:
            wait_until(lambda: is_listening(self.port) or self.process.poll() is not None, "the server listens")
            response = self.get("/readyz")
            assert response.status == 200, response.data
        except BaseException as error:
            self.__exit__(None, None, None)
            raise AssertionError(self.lines) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()
