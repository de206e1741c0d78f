"""Requests a second of our list beside three peers that answer the same question, interleaved, as ratios.

The peers come from a Python package index and are installed into an environment of their own, which is thrown away
unless ``FOLDER`` names a place for it. A peer that does not answer exactly what we do ends the benchmark.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from benchmarks.figures import whole_number
from benchmarks.requests import CONNECTIONS, HERE, LIST, prepare_queries, requests_a_second, unseen_queries
from tests.serving import Server, free_port, is_listening, wait_until

PEERS_HERE = Path(__file__).parent

WORDS = """
{rounds} 轮 rounds × {seconds} s，各一个工作进程 one worker each，{connections} 个连接 connections，SQLite
取中位数，附最低和最高 · medians, with the least and the most
同一问题：73 项中个人可网上办的 29 项，字段相同
the same question: 29 of 73 services, those online for individuals, with the same members
从未问过 · unseen：每次另一种筛选条件，本目录不能记住
                   other filters in each request, so that ours remembers nothing
重复 · repeated：由本目录的响应缓存回答 · answered by our response cache
比值：本目录每秒请求数 ÷ 对方的 · ratio: our requests a second over the peer's
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A framework: the file that fills its database, how it is served, and what is asked of it."""

    name: str
    fills: str
    command: tuple[str, ...]
    path: str
    items: str


PEERS = (
    Peer(
        "Django REST Framework (granian)",
        "django_app.py",
        (
            "granian",
            "--interface",
            "wsgi",
            "--blocking-threads",
            "1",
            "--no-log",
            "--port={port}",
            "django_app:application",
        ),
        "/services/?online_for_individual=true",
        "results",
    ),
    Peer(
        "FastAPI (uvicorn)",
        "fastapi_app.py",
        ("uvicorn", "--no-access-log", "--log-level=warning", "--port={port}", "fastapi_app:app"),
        "/services?online_for=individual",
        "items",
    ),
    Peer(
        "Datasette",
        "data.py",
        ("datasette", "serve", "--port={port}", "{folder}/datasette.sqlite3"),
        "/datasette/service.json?_shape=objects&online_for_individual=1"
        "&_nocol=online_for_individual&_nocol=online_for_enterprise&_nosuggest=1"
        "&_json=audiences&_json=codes&_json=fees&_json=legal_basis&_json=life_events&_json=materials&_json=name"
        "&_json=online_channels&_json=provenance&_json=summary&_json=tags&_json=time_limits",
        "rows",
    ),
)


def installed(folder: Path) -> Path:
    """Return the programs of an environment with the peers, made in ``folder`` unless it is there."""
    programs = folder / "bin"
    if not (programs / "datasette").exists():
        venv.create(folder, with_pip=True, clear=True)
        options = ["-q", "--disable-pip-version-check", "-r", str(PEERS_HERE / "requirements.txt")]
        subprocess.run([programs / "python", "-m", "pip", "install", *options], check=True)
    return programs


@contextmanager
def serving(peer: Peer, programs: Path, folder: Path) -> Iterator[str]:
    """Yield the address of a peer whose database holds the documents in ``folder``."""
    port = free_port()
    environment = {**os.environ, "PEER_FOLDER": str(folder), "PYTHONPATH": str(PEERS_HERE)}
    subprocess.run([programs / "python", PEERS_HERE / peer.fills], check=True, env=environment)
    program, *arguments = (part.format(port=port, folder=folder) for part in peer.command)
    command, quiet = [programs / program, *arguments], subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as process:
        try:
            wait_until(lambda: is_listening(port) or process.poll() is not None, f"{peer.name} listens")
            yield f"http://127.0.0.1:{port}{peer.path}"
        finally:
            process.terminate()


def check(peer: Peer, address: str, wanted: list[dict[str, Any]]) -> None:
    """End the benchmark where a peer does not answer the same services with the same members."""
    answer = urllib3.request("GET", address, retries=False)
    items = answer.json().get(peer.items, []) if answer.status == 200 else []
    if sorted(items, key=lambda item: item["id"]) != wanted:
        sys.exit(f"{peer.name}: {answer.status}，答案不同 · another answer: {answer.data[:500]!r}")


def measure(server: Server, addresses: list[str], folder: Path, rounds: int, seconds: int) -> list[list[float]]:
    """Return, round by round, requests a second of ours unseen and repeated, then of each peer."""
    file, queries, figures = folder / "queries", unseen_queries(), []
    size = len(server.get(LIST).data)
    for _ in range(rounds + 1):
        prepare_queries(server, size, queries, seconds, file)
        script = "-s", str(HERE / "filters.lua")
        row = [requests_a_second(server.base + LIST, seconds, *script, queries=file)]
        row += [requests_a_second(address, seconds) for address in (server.base + LIST, *addresses)]
        figures.append(row)
    return figures[1:]  # the first round warms up


def spread(ratios: list[float]) -> str:
    """Return the median of ratios, the least and the most."""
    return f"{statistics.median(ratios):>8.1f}{min(ratios):>7.1f}{max(ratios):>7.1f}"


def main() -> None:
    """Print a row for ours and one for each peer."""
    rounds, seconds = whole_number("ROUNDS", 5), whole_number("SECONDS", 3)
    if shutil.which("wrk") is None:
        sys.exit("缺少 wrk；请安装 Debian 软件包 wrk · wrk is missing; install Debian's package wrk")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        programs = installed(Path(os.environ.get("FOLDER") or folder / "environment"))
        server = stack.enter_context(Server(folder))
        every = server.get("/api/v1/services?limit=1000").json()["items"]
        (folder / "services.json").write_text(json.dumps(every, ensure_ascii=False), encoding="utf-8")
        addresses = []
        for peer in PEERS:
            address = stack.enter_context(serving(peer, programs, folder))
            check(peer, address, server.get(LIST).json()["items"])
            addresses.append(address)
        print(WORDS.format(rounds=rounds, seconds=seconds, connections=CONNECTIONS))
        figures = measure(server, addresses, folder, rounds, seconds)
    unseen, repeated, *peers = (list(column) for column in zip(*figures, strict=True))
    print(f"{'a second':>9}  {'unseen':>6}{'least':>7}{'most':>7}  {'repeated':>6}{'least':>7}{'most':>7}")
    print(f"{statistics.median(unseen):>9.0f}{'':>46}  本目录，从未问过 · ours, unseen")
    print(f"{statistics.median(repeated):>9.0f}{'':>46}  本目录，重复 · ours, repeated")
    for peer, rates in zip(PEERS, peers, strict=True):
        ratios = [[one / other for one, other in zip(ours, rates, strict=True)] for ours in (unseen, repeated)]
        print(f"{statistics.median(rates):>9.0f}{spread(ratios[0])}{spread(ratios[1])}    {peer.name}", flush=True)


if __name__ == "__main__":
    main()
