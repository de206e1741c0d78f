"""Three real PostgreSQL servers: a primary and two standbys, one of which must confirm each commit."""

import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.serving import free_port, is_listening, wait_until

_USER = "pgserver"
"""As whom root's servers run: the package makes the user when it starts its own server."""

CONFIRMED_BY = "ANY 1 (one, two)"
"""Whose word a commit waits for."""

_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=16MB",
)


class Member:
    """One server of a cluster, in a folder and on a port of its own."""

    def __init__(self, programs: Path, folder: Path, name: str) -> None:
        """Choose its port; nothing is started yet."""
        self.programs, self.folder, self.name = programs, folder / name, name
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def conninfo(self, caller: str) -> str:
        """Return how a program that calls itself so is told where this server is."""
        return f"host=127.0.0.1 port={self.port} user=postgres application_name={caller}"

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL to its end."""
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, user=_user(), cwd=self.folder.parent, check=True, capture_output=True, timeout=120)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [word for setting in (f"port={self.port}", *_SETTINGS) for word in ("-c", setting)]
        command = [str(self.programs / "postgres"), "-D", str(self.folder), *settings]
        with (self.folder.parent / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(command, user=_user(), cwd=self.folder.parent, stdout=log, stderr=log)
        wait_until(lambda: is_listening(self.port) and self._answers(), f"{self.name} answers")

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False  # it is still recovering
        return True

    def kill(self) -> None:
        """End it and all its processes at once, as a machine that fails does."""
        if self._process is None:
            return
        number = self._process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii").split()
        for process in (number, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        self._process.wait(timeout=60)
        self._process = None

    def ask(self, statement: str) -> Any:
        """Run a statement and return the first column of the first row, or ``None`` where it has none."""
        with psycopg.connect(f"{self.conninfo('tests')} dbname=postgres", autocommit=True) as connection:
            ran = connection.execute(statement.encode())
            row = ran.fetchone() if ran.description else None
            return row[0] if row else None

    def received(self) -> int:
        """Return how far a standby has the primary's log, in bytes."""
        return int(self.ask("SELECT pg_last_wal_replay_lsn() - '0/0'"))


class Cluster:
    """A primary with two standbys."""

    def __init__(self, primary: Member, standbys: tuple[Member, Member]) -> None:
        """Take servers that run."""
        self.primary, self.standbys = primary, standbys

    def url(self, wanted: str, database: str = "postgres") -> str:
        """Return the address of all three, of which one that is ``wanted`` is taken (``target_session_attrs``)."""
        hosts = "&".join(f"host=127.0.0.1:{member.port}" for member in (self.primary, *self.standbys))
        return f"postgresql://postgres@/{database}?{hosts}&target_session_attrs={wanted}"

    def let_confirm(self, names: str) -> None:
        """Let the primary, and whoever takes over, wait for these standbys before a commit is over."""
        for member in (self.primary, *self.standbys):
            member.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
            member.ask("SELECT pg_reload_conf()")


@contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    """Yield three servers that were made for this; they and their files are gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if user := _user():
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        primary = Member(programs, folder, "primary")
        standbys = (Member(programs, folder, "one"), Member(programs, folder, "two"))
        try:
            primary.run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--pgdata", str(primary.folder))
            primary.start()
            for standby in standbys:
                follow = ("--write-recovery-conf", "--dbname", primary.conninfo(standby.name))
                primary.run("pg_basebackup", "--checkpoint=fast", "--no-sync", "--pgdata", str(standby.folder), *follow)
                standby.start()
            cluster = Cluster(primary, standbys)
            cluster.let_confirm(CONFIRMED_BY)
            yield cluster
        finally:
            for member in (primary, *standbys):
                member.kill()


def _user() -> str | None:
    """Return the user who runs the servers, where it is not the one who runs the tests: PostgreSQL refuses root."""
    return _USER if os.geteuid() == 0 else None
