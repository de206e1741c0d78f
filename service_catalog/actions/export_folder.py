"""The folder of exports that are too large to be answered while a reader waits: the only place that writes in it.

Each is written once, by a process of its own, and handed out by a file server from ``READY``, where nothing half
written ever stands; a writer's temporary files are in ``WORK`` beside it. Whoever writes holds a lock that ends with
the process, however that ends. The lock's file notes what is being written; a note that nobody holds the lock for tells
that its writer failed.
"""

import fcntl
import os
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from service_catalog import __version__
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.exporting import FoundExport, export
from service_catalog.domain.errors import ExportsUnavailable
from service_catalog.domain.revisions import digest_of
from service_catalog.domain.selection import ExportRequest
from service_catalog.domain.vocabulary import Text
from service_catalog.files import write_whole

READY = "ready"
"""The folder, inside the folder of exports, that is served."""

WORK = "writing"
"""The folder, inside the folder of exports, of what is not whole yet; nothing in it outlives its writer for long."""

REMEMBERED = 1000
"""Exports of which a process remembers that they are large."""

_NICEST = 19


class Progress(StrEnum):
    """How far an export is that is not there yet: it is being written, or another one is before it."""

    WRITING = "writing"
    WAITING = "waiting"


class ExportFolder:
    """The folder as one process of the server sees it."""

    def __init__(self, path: Path, address: str | None, most_kept: int, at_once: int, writer: tuple[str, ...]) -> None:
        """Note where things are; nothing is made yet.

        ``address`` is where ``READY`` is served, ``None`` where it is not; ``most_kept`` how many bytes are kept,
        ``at_once`` how many bytes of documents are answered without a file; ``writer`` the command of a writer.
        """
        self.at_once = at_once
        self._address = address
        self._most_kept = most_kept
        self._writer = writer
        self._ready = path / READY
        self._work = path / WORK
        self._lock = path / "writer.lock"
        self._large: deque[str] = deque(maxlen=REMEMBERED)
        self._child: subprocess.Popen[bytes] | None = None

    def find(self, found: FoundExport) -> str | None:
        """Return the address of an export's file, where it has been written."""
        name = file_name(found)
        is_there = self._address is not None and os.access(self._ready / name, os.R_OK)
        return f"{self._address}/{name}" if is_there else None

    def is_large(self, found: FoundExport) -> bool:
        """Tell whether the export was found too large before; its size never changes."""
        return file_name(found) in self._large

    def begin(self, found: FoundExport) -> Progress:
        """Have the file of a large export written, unless somebody is writing.

        Raises:
            ExportsUnavailable: where nothing serves the folder, it cannot be written, or the last attempt failed.
        """
        if self._address is None:
            raise _not_served()
        name = file_name(found)
        if name not in self._large:
            self._large.append(name)
        try:
            with self._turn() as lock:
                if self.find(found) is None:
                    self._start(lock, found)
            return Progress.WRITING
        except BlockingIOError:
            return Progress.WRITING if self._noted() == name else Progress.WAITING
        except OSError as error:
            raise _not_written(str(error)) from error

    def _start(self, lock: int, found: FoundExport) -> None:
        """Start a writer, which inherits the lock."""
        name = file_name(found)
        if self._noted() == name:
            os.ftruncate(lock, 0)
            raise _not_written(f"the writer of {name} ended before its file was whole")
        if self._child is not None:
            self._child.communicate()  # it is gone, or another could not have the lock
        shutil.rmtree(self._work, ignore_errors=True)  # what a writer that was killed left
        self._work.mkdir()
        os.ftruncate(lock, 0)
        os.pwrite(lock, name.encode(), 0)
        arguments = [str(found.revision.number), found.format, found.header.division or ""]
        # Its standard input is how it learns that this process has ended; so the child is kept, and never closed.
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [*self._writer, *arguments],
            env={**os.environ, "TMPDIR": str(self._work)},  # a workbook is put together in files, as large as itself
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=(lock,),
        )
        _let_readers_go_first(self._child.pid)

    def write(self, catalogue: Catalogue, request: ExportRequest) -> str:
        """Write the file of an export, remove the oldest of those that are too many, and return its name.

        For a writer alone, which holds the lock.

        Raises:
            OSError: where it cannot be written.
            UnknownRevision, DatabaseUnavailable: as ``export``.
        """
        begun = export(catalogue, request)
        place = self._ready / file_name(begun.found)
        self._work.mkdir(exist_ok=True)
        write_whole(place, begun.chunks, self._work / place.name)
        self._remove_oldest(place)
        self._forget()
        return place.name

    def give_up(self) -> None:
        """Leave nothing half written and no note, since the writer is told to stop."""
        shutil.rmtree(self._work, ignore_errors=True)
        self._forget()

    def prepare(self) -> None:
        """Make the folder, and remove what a writer that was killed left behind.

        Raises:
            OSError: where that cannot be done.
        """
        try:
            with self._turn():
                self.give_up()
        except BlockingIOError:
            pass  # the server beside this one has a writer at work

    @contextmanager
    def _turn(self) -> Iterator[int]:
        """Yield the file descriptor of the lock, which is held until the last copy of it is closed.

        Raises:
            BlockingIOError: where a writer holds it.
        """
        self._ready.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield lock
        finally:
            os.close(lock)

    def _noted(self) -> str:
        return self._lock.read_text(encoding="ascii")

    def _forget(self) -> None:
        os.truncate(self._lock, 0)

    def _remove_oldest(self, newest: Path) -> None:
        files = [(file.stat().st_mtime_ns, file.stat().st_size, file) for file in self._ready.iterdir()]
        kept = sum(size for _, size, _ in files)
        for _, size, file in sorted(files):
            if kept > self._most_kept and file != newest:
                file.unlink()
                kept -= size


def file_name(found: FoundExport) -> str:
    """Return the name under which an export is kept.

    It depends on the log as well, so that no file of another catalogue is taken for this one's, and on the release,
    since those formats that are no evidence may look otherwise in the next.
    """
    stem, _, ending = found.named.name.rpartition(".")
    tag = digest_of(f"{__version__}\n{found.revision.checkpoint}".encode())[:12]
    return f"{stem}-{tag}.{ending}"


def _let_readers_go_first(writer: int) -> None:
    """Have a process, from its start, use only what the others leave of the processor and of the disk.

    Linux lets whoever wakes take the processor from an idle process at once; from one that is only nice it waits some
    milliseconds, which is what the slowest answers then take. The price: while this server's own readers keep all cores
    busy, without a pause, the writer hardly gets on. Systems that know no such policy have niceness alone.
    """
    try:
        os.sched_setscheduler(writer, os.SCHED_IDLE, os.sched_param(0))
    except (AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, writer, _NICEST)


def _not_served() -> ExportsUnavailable:
    return ExportsUnavailable(
        Text(
            "导出太大，不能直接返回，而本服务器不提供导出文件；请用 division 缩小范围，或用命令 service-catalog export",
            "too large to be answered at once, and this server hands out no files; narrow it by division, or use the "
            "command service-catalog export",
        )
    )


def _not_written(cause: str) -> ExportsUnavailable:
    return ExportsUnavailable(
        Text(
            "导出太大，不能直接返回，而导出文件没有写成；请稍后再试，或联系管理员",
            "too large to be answered at once, and its file could not be written; try again later, or ask the operator",
        ),
        cause=cause,
    )
