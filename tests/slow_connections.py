"""Connections that are slow on purpose, held open by Debian's ``slowhttptest``."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service_catalog.turns import BODIES
from tests.serving import Server, wait_until

CONNECTIONS = 300
LONGEST = 60
"""Seconds after which slowhttptest gives up by itself."""

WAYS = {
    "headers": ("-H", "/api/v1/services"),
    "reading": ("-X", "/api/v1/export", "-w", "10", "-y", "20", "-n", "5", "-z", "32"),
    "bodies": ("-B", "/admin/sign-in", "-s", "8192", "-m", "text/html\r\nSec-Fetch-Site: same-origin"),
}
"""How each kind is slow: the option, what is asked, and how. What no browser would have sent from the page that the
form is on is refused before its body is read, so the body that is sent slowly says that it comes from there."""

_ESTABLISHED = "01"


def held(server: Server) -> int:
    """Return how many connections to the server's port are open, as the kernel counts them."""
    port = f":{server.port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return sum(row[1].endswith(port) and row[3] == _ESTABLISHED for row in rows)


def expected(way: str) -> int:
    """Return how many connections stay open at least: bodies beyond what a worker waits for are refused and closed.

    The kernel may give nearly all of them to one worker, while another is busy.
    """
    return BODIES if way == "bodies" else CONNECTIONS


@contextmanager
def slow_connections(program: str, server: Server, way: str) -> Iterator[None]:
    """Hold connections that are slow in one way, from when all are open to the end."""
    option, path, *how = WAYS[way]
    command = [program, option, "-c", str(CONNECTIONS), "-r", str(CONNECTIONS), "-i", "10", "-l", str(LONGEST)]
    with subprocess.Popen([*command, "-u", server.base + path, *how], stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: held(server) >= expected(way), "the slow connections are open")
            yield
        finally:
            process.terminate()
